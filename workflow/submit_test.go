// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

// validation is a change to a good form, and the faults that follow, "" for none.
type validation struct {
	category string
	change   func(*workflow.Form)
	want     string
}

func nowhere(f *workflow.Form) { f.Lat, f.Lon = nil, nil }

func placeValidations() map[string]validation {
	at := func(lat, lon float64) func(*workflow.Form) {
		return func(f *workflow.Form) { f.Lat, f.Lon = &lat, &lon }
	}
	return map[string]validation{
		"longest description": {"o-ga", func(f *workflow.Form) { f.Description = strings.Repeat("ộ", 4000) }, ""},
		"long description":    {"o-ga", func(f *workflow.Form) { f.Description = strings.Repeat("ộ", 4001) }, "body.description too_long"},
		"long address":        {"o-ga", func(f *workflow.Form) { f.Address = strings.Repeat("ộ", 501) }, "body.address too_long"},
		"long words":          {"o-ga", func(f *workflow.Form) { f.Words = strings.Repeat("ộ", 501) }, "body.location.words too_long"},
		"long reference":      {"o-ga", func(f *workflow.Form) { f.ExternalRef = strings.Repeat("x", 101) }, "body.external_ref too_long"},
		"no place":            {"o-ga", nowhere, "body.location place_missing"},
		"half a place":        {"o-ga", func(f *workflow.Form) { f.Lon = nil }, "body.location place_missing"},
		"a place in words":    {"o-ga", func(f *workflow.Form) { nowhere(f); f.Words = "ngã ba chợ" }, ""},
		"an address":          {"o-ga", func(f *workflow.Form) { nowhere(f); f.Address = "12 Bến Đò" }, ""},
		"an area":             {"o-ga", func(f *workflow.Form) { nowhere(f); f.AreaID = "90001@2025-07-01" }, ""},
		"an unknown area":     {"o-ga", func(f *workflow.Form) { nowhere(f); f.AreaID = "90001" }, "body.location.area_id invalid_value"},
		"swapped":             {"o-ga", at(107.58, 16.48), "body.location coordinates_swapped"},
		"zero":                {"o-ga", at(0, 0), "body.location coordinates_zero"},
		"projected":           {"o-ga", at(1823456, 562345), "body.location crs_suspected"},
		"no such latitude":    {"o-ga", at(91, 107.58), "body.location out_of_range"},
		"NaN":                 {"o-ga", at(math.NaN(), 107.58), "body.location out_of_range"},
		"outside every area":  {"o-ga", at(10.77, 106.7), ""},
		"unknown source":      {"o-ga", func(f *workflow.Form) { f.Source = "guess" }, "body.location.source invalid_value"},
		"negative accuracy":   {"o-ga", func(f *workflow.Form) { f.AccuracyM = new(-1.0) }, "body.location.accuracy_m out_of_range"},
		"accuracy NaN":        {"o-ga", func(f *workflow.Form) { f.AccuracyM = new(math.NaN()) }, "body.location.accuracy_m out_of_range"},
		"a long attribute":    {"den-duong", func(f *workflow.Form) { f.Attributes = map[string]string{"pole": strings.Repeat("1", 21)} }, "body.attributes.pole too_long"},
		"rescue nowhere":      {"sos", nowhere, ""},
		"a long water level":  {"sos", func(f *workflow.Form) { f.SOS.WaterLevel = strings.Repeat("m", 101) }, "body.sos.water_level too_long"},
		"several faults": {"o-ga", func(f *workflow.Form) { f.Category, f.Description = "", ""; nowhere(f) },
			"body.category required,body.description required,body.location place_missing"},
	}
}

func otherValidations(now time.Time) map[string]validation {
	return map[string]validation{
		"good":                   {"o-ga", func(*workflow.Form) {}, ""},
		"no category":            {"o-ga", func(f *workflow.Form) { f.Category = "" }, "body.category required"},
		"unknown category":       {"o-ga", func(f *workflow.Form) { f.Category = "khong-co" }, "body.category unknown_category"},
		"no description":         {"o-ga", func(f *workflow.Form) { f.Description = "" }, "body.description required"},
		"a fast clock":           {"o-ga", func(f *workflow.Form) { f.ObservedAt = new(now.Add(10 * time.Minute)) }, ""},
		"in the future":          {"o-ga", func(f *workflow.Form) { f.ObservedAt = new(now.Add(11 * time.Minute)) }, "body.observed_at out_of_range"},
		"too many photos":        {"o-ga", func(f *workflow.Form) { f.PhotoIDs = make([]uuid.UUID, 7) }, "body.photo_ids photo_limit"},
		"unknown channel":        {"o-ga", func(f *workflow.Form) { f.Channel = "fax" }, "body.channel invalid_value"},
		"no required attribute":  {"ho-so-tre", func(f *workflow.Form) { f.Attributes = nil }, "body.attributes.file_number attribute_missing"},
		"a bad attribute":        {"o-ga", func(f *workflow.Form) { f.Attributes = map[string]string{"owner": "toi"} }, "body.attributes.owner attribute_invalid"},
		"an unknown attribute":   {"o-ga", func(f *workflow.Form) { f.Attributes = map[string]string{"<b>": "1"} }, "body.attributes attribute_invalid"},
		"fifty-one attributes":   {"o-ga", func(f *workflow.Form) { f.Attributes = many(51) }, "body.attributes attribute_invalid"},
		"rescue for a pothole":   {"o-ga", func(f *workflow.Form) { f.SOS = &models.SOS{} }, "body.sos invalid_value"},
		"rescue":                 {"sos", func(*workflow.Form) {}, ""},
		"rescue without details": {"sos", func(f *workflow.Form) { f.SOS = nil }, "body.sos sos_incomplete"},
		"negative people":        {"sos", func(f *workflow.Form) { f.SOS.People = -1 }, "body.sos.people out_of_range"},
		"a battery of 101 %":     {"sos", func(f *workflow.Form) { f.SOS.Battery = new(101) }, "body.sos.battery out_of_range"},
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := placeValidations()
	maps.Copy(cases, otherValidations(w.now))
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := formOf(tt.category)
			tt.change(&f)
			err := f.Validate(w.pack, w.now, true)
			if got := strings.Join(fieldsOf(err), ","); got != tt.want || (err == nil) != (tt.want == "") {
				t.Errorf("%q, expected %q", got, tt.want)
			}
		})
	}
	if err := formOf("sos").Validate(w.pack, w.now, false); !slices.Equal(fieldsOf(err), []string{"body.reporter.phone sos_incomplete"}) {
		t.Errorf("rescue by nobody: %v", err)
	}
}

// What is too long says how long it may be, also where the pack leaves that open.
func TestTooLongAttributeSaysHowLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		category, attribute string
		want                int
	}{{"den-duong", "pole", 20}, {"o-ga", "owner", 200}} {
		f := formOf(c.category)
		f.Attributes = map[string]string{c.attribute: strings.Repeat("1", c.want+1)}
		var e *models.Error
		if err := f.Validate(w.pack, w.now, true); !errors.As(err, &e) || e.Code != models.CodeTooLong || e.Fields[0].Params["max"] != c.want {
			t.Errorf("%s: %+v, want at most %d characters", c.attribute, e, c.want)
		}
	}
}

func many(n int) map[string]string {
	out := map[string]string{}
	for i := range n {
		out[strings.Repeat("x", i+1)] = "1"
	}
	return out
}

func TestSubmittedRow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := formOf("den-duong")
	f.Urgent, f.ExternalRef, f.Attributes = true, "zalo-77", map[string]string{"pole": "CM-12/045", "owner": ""}
	id := w.submit(deviceActor("lan"), f)
	r := w.report(id)
	switch {
	case r.CitizenID != nil || *r.DeviceID != personID("lan's phone") || r.AgentID != nil:
		t.Errorf("reporter: %v %v %v", r.CitizenID, r.DeviceID, r.AgentID)
	case string(r.Attributes) != `{"pole":"CM-12/045"}`, *r.ExternalRef != "zalo-77", r.Urgency != models.UrgencyUrgent:
		t.Errorf("report: %+v", r)
	case r.Visibility != models.VisibilityPrivate || r.Shown != models.ShownNone || r.PublicTile != nil:
		t.Error("mere submission shows something")
	case *r.Area != "90001@2025-07-01" || r.LocationSource != models.SourcePin || r.Version != 1 || r.PackVersion != 1:
		t.Errorf("report: %+v", r)
	}
	if len(w.events) != 1 || w.events[0].Kind != models.EventReportSubmitted {
		t.Errorf("events: %+v", w.events)
	}
	if _, err := w.do(w.submission(elsewhere(reporter()), f)); codeOf(err) != models.CodeUnavailable {
		t.Errorf("without a pack: %v", err)
	}
}

// Whoever files for somebody acts for them later; who works in a unit besides, does both.
func TestAgents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := staffActor(models.RoleAgent, "")
	s := story{w, w.submit(agent, formOf("o-ga"))}
	s.accept()
	s.publish()
	s.refused(staffActor(models.RoleAgent, "buu-dien-2"), "rate", workflow.Action{Level: models.LevelSatisfied}, models.CodeNotFound)
	agent.Roles, agent.Unit = append(agent.Roles, models.RoleHandler), "cap-nuoc"
	s.step(agent, "rate", workflow.Action{Level: models.LevelUnsatisfied})
}

// What an agent writes for the reporter is the reporter's; what they write as somebody of a
// unit is not for the reporter to read.
func TestAgentsSpeakForTheReporter(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	agent := staffActor(models.RoleAgent, "")
	s := story{w, w.submit(agent, formOf("o-ga"))}
	s.step(operator(), "claim", workflow.Action{})
	s.step(operator(), "ask", s.say("Ổ gà ở làn nào vậy ạ?"))
	answer := s.say("Bác ấy nói ở làn bên phải.")
	s.step(agent, "provide_info", answer)
	if kind := s.texts[answer.Text.ID].Kind; kind != models.TextReply {
		t.Errorf("the answer is a %s", kind)
	}
	s.step(operator(), "accept", workflow.Action{})
	agent.Roles, agent.Unit = append(agent.Roles, models.RoleCoordinator), s.lead()
	internal := s.say("Đoạn đường này của đơn vị khác.")
	internal.ReasonCode = s.pack.Reasons("return")[0].Code
	s.step(agent, "return", internal)
	if kind := s.texts[internal.Text.ID].Kind; kind != models.TextReason {
		t.Errorf("what the unit notes is a %s", kind)
	}
}

func TestPhotosComeAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.submit(reporter(), formOf("o-ga"))
	mine := w.photo(reporter(), models.PhotoBefore)
	tied, refused := w.photos[w.photo(reporter(), models.PhotoBefore)], w.photos[w.photo(reporter(), models.PhotoBefore)]
	tied.ReportID = &other
	refused.Status, refused.Reason = models.PhotoRefused, new("photo_broken")
	w.photos[tied.ID], w.photos[refused.ID] = tied, refused
	for name, id := range map[string]uuid.UUID{
		"of somebody else": w.photo(citizenActor("minh"), models.PhotoBefore), "of another report": tied.ID, "refused": refused.ID, "not there": uuid.New(),
	} {
		f := formOf("o-ga")
		f.PhotoIDs = []uuid.UUID{mine, id}
		if _, err := w.do(w.submission(reporter(), f)); !slices.Equal(fieldsOf(err), []string{"body.photo_ids photo_not_found"}) {
			t.Errorf("a photo %s: %v", name, err)
		}
	}
	f := formOf("o-ga")
	f.PhotoIDs = []uuid.UUID{mine, mine}
	intent := w.submission(reporter(), f)
	intent.Staged = []models.Photo{w.newPhoto(reporter(), models.PhotoBefore)}
	change, err := w.do(intent)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(w.reports[intent.ID].Photos); n != 2 || *w.photos[mine].ReportID != intent.ID {
		t.Errorf("%d photos", n)
	}
	if len(change.Events) != 2 || change.Events[0].Kind != models.EventPhotoStaged || change.Events[0].SubjectID != intent.Staged[0].ID {
		t.Errorf("events: %+v", change.Events)
	}
	w.fillUp(t, intent.ID)
}

// fillUp adds photos until there are as many as there may be.
func (w *world) fillUp(t *testing.T, id uuid.UUID) {
	t.Helper()
	attach := func(a models.Actor, n int, ids ...uuid.UUID) error {
		intent := workflow.Attach{Packs: w.packs, Actor: a, ReportID: id, PhotoIDs: ids}
		for range n {
			intent.Staged = append(intent.Staged, w.newPhoto(a, models.PhotoBefore))
		}
		_, err := w.do(intent)
		return err
	}
	full := []string{"body.photo_ids photo_limit"}
	if err := attach(reporter(), 0); !slices.Equal(fieldsOf(err), []string{"body.photos required"}) {
		t.Errorf("nothing attached: %v", err)
	}
	if err := attach(reporter(), 4); err != nil {
		t.Error(err)
	}
	if err := attach(reporter(), 1); !slices.Equal(fieldsOf(err), full) {
		t.Errorf("a seventh photo: %v", err)
	}
	if err := attach(reporter(), 0, w.photo(reporter(), models.PhotoBefore)); !slices.Equal(fieldsOf(err), full) {
		t.Errorf("a seventh photo that was sent before: %v", err)
	}
	if err := attach(citizenActor("minh"), 1); codeOf(err) != models.CodeNotFound {
		t.Errorf("by a stranger: %v", err)
	}
	if err := attach(operator(), 24); err != nil {
		t.Error(err)
	}
	if err := attach(operator(), 1); !slices.Equal(fieldsOf(err), full) {
		t.Errorf("a 31st photo: %v", err)
	}
	if _, err := w.act(reporter(), id, "withdraw", workflow.Action{}); err != nil {
		t.Error(err)
	}
	if err := attach(operator(), 1); codeOf(err) != models.CodeTransitionRefused {
		t.Errorf("to what has ended: %v", err)
	}
}

// Photos that come with a step count as all others do.
func TestPhotosOfStepsAreLimited(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.step(operator(), "claim", workflow.Action{})
	s.step(operator(), "ask", s.say("Ổ gà ở làn nào, trước số nhà bao nhiêu?"))
	with := s.say("Đây là ảnh.")
	for range 7 {
		with.PhotoIDs = append(with.PhotoIDs, s.photo(reporter(), models.PhotoBefore))
	}
	s.refused(reporter(), "provide_info", with, models.CodePhotoLimit)
	with.PhotoIDs = with.PhotoIDs[:6]
	s.step(reporter(), "provide_info", with)
}

const canary = "CANARY"

// The log keeps nothing that somebody wrote, not even where it was not asked for.
func TestEventsHoldNoFreeText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := formOf("den-duong")
	f.Description, f.Address, f.Words, f.ExternalRef = canary, canary, canary, canary
	f.Attributes = map[string]string{"pole": canary}
	intent := w.submission(reporter(), f)
	intent.Text, intent.Address, intent.Consent = w.draft(canary+" 0905123456"), w.draft(canary), w.draft(canary)
	intent.Contact = &models.Contact{
		JurisdictionID: jurisdiction, ReportID: intent.ID, KeyID: "k1", NameSealed: []byte(canary), PhoneSealed: []byte(canary),
		PhoneIndex: []byte(canary), PhoneLast4: []byte(canary),
	}
	if _, err := w.do(intent); err != nil {
		t.Fatal(err)
	}
	s := story{w, intent.ID}
	handler := staffActor(models.RoleHandler, "chieu-sang")
	s.poisoned(operator(), "claim", workflow.Action{})
	s.poisoned(operator(), "ask", workflow.Action{})
	s.poisoned(reporter(), "provide_info", workflow.Action{})
	s.poisoned(operator(), "accept", workflow.Action{})
	s.poisoned(handler, "start", workflow.Action{})
	s.poisoned(handler, "schedule", workflow.Action{Until: new(w.now.AddDate(0, 0, 3))})
	s.poisoned(handler, "resolve", workflow.Action{Outcome: models.OutcomePlanned})
	s.poisoned(verifier(), "publish", workflow.Action{})
	s.poisoned(reporter(), "rate", workflow.Action{Level: models.LevelUnsatisfied})
	s.poisoned(reporter(), "reopen", workflow.Action{})
	texts := 0
	for _, text := range w.texts {
		if strings.Contains(*text.Body, canary) {
			texts++
		}
	}
	if texts < 10 {
		t.Errorf("only %d texts hold what was planted", texts)
	}
	for _, e := range w.events {
		for _, secret := range []string{canary, "0905", "16.48", "107.58"} {
			if strings.Contains(e.Body, secret) || strings.Contains(e.Actor, secret) {
				t.Errorf("%s says %s", e.Kind, e.Body)
			}
		}
	}
}

// poisoned takes a step with canaries in every field that is not given.
func (s story) poisoned(a models.Actor, name string, with workflow.Action) {
	s.t.Helper()
	flow, _ := s.pack.WorkflowNamed("thuong")
	step, ok := flow.Transition(name)
	if !ok {
		s.t.Fatalf("no step %s", name)
	}
	long := strings.Repeat(canary+" ", 10)
	with.Text, with.Redacted, with.Comment, with.Document = s.draft(long), s.draft(canary), s.draft(canary), s.draft(canary)
	demanded := map[string]bool{}
	for _, d := range step.Demands {
		demanded[d.Field()] = true
	}
	for field, value := range map[string]*string{"reason_code": &with.ReasonCode, "unit": &with.Unit, "category": &with.Category} {
		if !demanded[field] {
			*value = canary
		}
	}
	if !demanded["outcome"] {
		with.Outcome = canary
	}
	if !demanded["rating"] {
		with.Level = canary
	}
	if !demanded["support_units"] {
		with.SupportUnits = []string{canary}
	}
	s.step(a, name, with)
}

// The limits of what comes with a step.
func TestDemandLimits(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	h := staffActor(models.RoleHandler, "so-xay-dung")
	s.step(h, "start", workflow.Action{})
	for name, tt := range map[string]struct {
		change func(*workflow.Action)
		want   string
	}{
		"a short answer":     {func(a *workflow.Action) { a.Text = s.draft(strings.Repeat("ộ", 29)) }, "body.text too_short"},
		"a long answer":      {func(a *workflow.Action) { a.Text = s.draft(strings.Repeat("ộ", 10_001)) }, "body.text too_long"},
		"an unknown outcome": {func(a *workflow.Action) { a.Outcome = "magic" }, "body.outcome invalid_value"},
		"a long document":    {func(a *workflow.Action) { a.Document = s.draft(strings.Repeat("x", 101)) }, "body.document too_long"},
		"a photo of before":  {func(a *workflow.Action) { a.PhotoIDs = []uuid.UUID{s.photo(h, models.PhotoBefore)} }, "body.photo_ids demand_missing"},
		"a stranger's photo": {func(a *workflow.Action) { a.PhotoIDs = []uuid.UUID{s.photo(operator(), models.PhotoAfter)} }, "body.photo_ids photo_not_found"},
		"nothing at all": {func(a *workflow.Action) { *a = workflow.Action{} },
			"body.text demand_missing,body.outcome demand_missing,body.photo_ids demand_missing"},
	} {
		with := s.resolution(h)
		tt.change(&with)
		if _, err := s.act(h, s.id, "resolve", with); strings.Join(fieldsOf(err), ",") != tt.want {
			t.Errorf("%s: %v, expected %q", name, err, tt.want)
		}
	}
	if _, err := s.act(operator(), s.id, "assign", workflow.Action{Unit: "chieu-sang", SupportUnits: []string{"x"}}); !slices.Equal(fieldsOf(err), []string{"body.support_units unknown_unit"}) {
		t.Errorf("unknown support: %v", err)
	}
	if _, err := s.act(operator(), s.id, "dance", workflow.Action{}); codeOf(err) != models.CodeNotFound {
		t.Errorf("an unknown step: %v", err)
	}
}

// A photo that is attached first proves the answer that comes after it.
func TestProofThatWasAttached(t *testing.T) {
	t.Parallel()
	s := tell(t, "o-ga")
	s.accept()
	h := staffActor(models.RoleHandler, "so-xay-dung")
	s.step(h, "start", workflow.Action{})
	if _, err := s.do(workflow.Attach{Packs: s.packs, Actor: h, ReportID: s.id, Staged: []models.Photo{s.newPhoto(h, models.PhotoAfter)}}); err != nil {
		t.Fatal(err)
	}
	with := s.resolution(h)
	with.PhotoIDs = nil
	s.step(h, "resolve", with)
}
