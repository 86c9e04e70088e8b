// SPDX-License-Identifier: Apache-2.0

package notify_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/notify"
)

// cast is everybody who might hear of a report.
type cast struct {
	*world
	recipients map[string]string // by their name in this test
	ids        map[string]uuid.UUID
	names      map[string]string // staff names, by recipient
}

const canary = "canary"

func newCast(t *testing.T) *cast {
	t.Helper()
	c := &cast{newWorld(t, models.DeliveryInApp), map[string]string{"system": "system"}, map[string]uuid.UUID{}, map[string]string{}}
	for name, is := range map[string]models.Staff{
		"operator": {Roles: []models.Role{models.RoleOperator}}, "verifier": {Roles: []models.Role{models.RoleVerifier}},
		"leader": {Roles: []models.Role{models.RoleLeader}}, "auditor": {Roles: []models.Role{models.RoleAuditor, models.RoleAdministrator}},
		"agent": {Roles: []models.Role{models.RoleAgent}}, "chairman": {Roles: []models.Role{models.RoleUnitHead}, Unit: ptr("ubnd")},
		"coordinator": {Roles: []models.Role{models.RoleCoordinator}, Unit: ptr("chieu-sang")},
		"both":        {Roles: []models.Role{models.RoleCoordinator, models.RoleUnitHead}, Unit: ptr("chieu-sang")},
		"handler":     {Roles: []models.Role{models.RoleHandler}, Unit: ptr("chieu-sang")},
		"support":     {Roles: []models.Role{models.RoleUnitHead}, Unit: ptr("moi-truong")},
		"stranger":    {Roles: []models.Role{models.RoleCoordinator, models.RoleUnitHead}, Unit: ptr("cay-xanh")},
		"gone":        {Roles: []models.Role{models.RoleCoordinator, models.RoleUnitHead}, Unit: ptr("chieu-sang"), PasswordHash: "gone"},
	} {
		is.JurisdictionID, is.ID, is.Login, is.Name, is.CreatedAt = c.j, uuid.New(), name, canary+" "+name, time.Now()
		is.Active = is.PasswordHash == ""
		c.create(&is)
		if !is.Active {
			check(t, c.db.DB.Gorm.WithContext(t.Context()).Exec("UPDATE staff SET active = false WHERE id = ?", is.ID).Error)
		}
		c.ids[name], c.recipients[name] = is.ID, "staff:"+is.ID.String()
		c.names[c.recipients[name]] = is.Name
	}
	for name, lang := range map[string]models.Language{"reporter": models.English, "follower": models.English, "late": models.Vietnamese, "former": models.Vietnamese} {
		c.ids[name] = *c.citizen(lang)
		c.recipients[name] = "citizen:" + c.ids[name].String()
		c.device(ptr(c.ids[name]), "", false)
	}
	c.ids["phone"] = *c.device(nil, "", false)
	c.recipients["phone"] = "device:" + c.ids["phone"].String()
	return c
}

// matter is a public report of a street light, with a lead and a supporting unit, three
// followers and texts; is changes it before anything hangs on it.
type matter struct {
	report        uuid.UUID
	lead, support uuid.UUID // tasks
}

func (c *cast) matter(is func(*models.Report)) matter {
	m := matter{lead: uuid.New(), support: uuid.New()}
	m.report = c.reportLike(func(r *models.Report) {
		r.Visibility, r.Shown, r.LeadUnit, r.CitizenID = models.VisibilityPublic, models.ShownFull, ptr("chieu-sang"), ptr(c.ids["reporter"])
		if is != nil {
			is(r)
		}
	})
	old := time.Now().Add(-time.Hour)
	for _, task := range []models.Task{
		{ID: m.lead, Unit: "chieu-sang", Lead: true, HandlerID: ptr(c.ids["handler"])}, {ID: m.support, Unit: "moi-truong"},
	} {
		task.JurisdictionID, task.ReportID, task.State, task.Version, task.CreatedAt, task.UpdatedAt = c.j, m.report, models.TaskWorking, 1, old, old
		c.create(&task)
	}
	for _, d := range []models.Deadline{
		{Kind: "tiep-nhan", Unit: ptr("ioc"), DueAt: time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)},
		{Kind: "xu-ly", Unit: ptr("chieu-sang"), DueAt: time.Date(2026, 11, 25, 1, 0, 0, 0, time.UTC)},
		{Kind: "cho-dan", Unit: ptr("ioc"), DueAt: time.Date(2026, 11, 26, 1, 0, 0, 0, time.UTC)},
		{Kind: "phoi-hop", Unit: ptr("moi-truong"), TaskID: &m.support, DueAt: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)},
	} {
		d.JurisdictionID, d.ID, d.ReportID, d.Counts, d.Rule, d.StartedAt = c.j, uuid.New(), m.report, models.CountsWorking, "r", old
		c.create(&d)
	}
	for name, f := range map[string]models.Follow{
		"follower": {CreatedAt: old}, "phone": {CreatedAt: old, MeToo: true}, "late": {CreatedAt: time.Now().Add(time.Hour)}, "former": {CreatedAt: old, EndedAt: &old},
		"reporter": {CreatedAt: old},
	} {
		f.JurisdictionID, f.ReportID, f.Follower = c.j, m.report, c.recipients[name]
		c.create(&f)
	}
	for _, kind := range []models.TextKind{models.TextDescription, models.TextNote, models.TextMessage, models.TextDirective, models.TextReason} {
		text := models.Draft{ID: uuid.New(), Body: canary + " " + string(kind)}.Text(&models.Report{JurisdictionID: c.j, ID: m.report}, kind, models.Vietnamese, "system", old)
		c.create(&text)
	}
	return m
}

func (c *cast) claimed(r *models.Report) {
	r.ClaimedBy, r.ClaimedUntil = ptr(c.ids["operator"]), ptr(time.Now().Add(time.Hour))
}

// happening is an event and who hears what of it.
type happening struct {
	what   string
	event  models.EventKind
	actor  string
	body   func(m matter) models.Body
	report func(*models.Report)
	tasks  string // SQL that makes the tasks as they are after it; $1 is the report, $2 the moment
	origin models.Origin
	age    time.Duration
	want   map[string]notify.Kind
	words  []string // in what everybody hears
	bare   bool     // the public knows no more than the state
}

func body(b models.Body) func(matter) models.Body { return func(matter) models.Body { return b } }

// full is a key of a report that the public is shown.
func full(state models.State, phase models.Phase) *models.Keys {
	k := keys(state, phase)
	k.Shown = models.ShownFull
	return &k
}

func shownAs(shown models.Shown) func(*models.Report) {
	return func(r *models.Report) {
		if r.Shown = shown; shown == models.ShownNone {
			r.Visibility = models.VisibilityPrivate
		}
	}
}

func move(from, to *models.Keys) func(matter) models.Body {
	return body(models.Body{Before: from, After: to, Unit: to.Unit, Reason: "da-xu-ly"})
}

// citizensHear is what the reporter and both followers hear alike.
func citizensHear(k notify.Kind) map[string]notify.Kind {
	return map[string]notify.Kind{"reporter": k, "follower": k, "phone": k}
}

// also adds to what citizens hear what staff hear.
func also(all map[string]notify.Kind, k notify.Kind, who ...string) map[string]notify.Kind {
	all = maps.Clone(all)
	if all == nil {
		all = map[string]notify.Kind{}
	}
	for _, name := range who {
		all[name] = k
	}
	return all
}

const (
	received = models.PhaseReceived
	working  = models.PhaseWorking
	answered = models.PhaseAnswered
	ended    = models.PhaseEnded
)

func moves() []happening {
	status, link, secret, unled := full("rejected", ended), full("duplicate", ended), full("assigned", working), full("accepted", working)
	status.Shown, link.Shown, unled.Unit = models.ShownStatus, models.ShownLink, ""
	secret.Category = "xam-hai"
	needs := full("needs_info", working)
	needs.Shown = models.ShownStatus
	unseen := keys("accepted", working)
	reporter := func(k notify.Kind) map[string]notify.Kind { return map[string]notify.Kind{"reporter": k} }
	moved := func(what, actor string, from, to *models.Keys, want map[string]notify.Kind, words ...string) happening {
		return happening{what: what, event: models.EventReportMoved, actor: actor, body: move(from, to), want: want, words: words}
	}
	all := []happening{
		moved("accepted", "operator", full("verifying", received), full("accepted", working), citizensHear(notify.KindAccepted), "Street light|Đèn đường"),
		moved("assigned", "operator", full("accepted", working), full("assigned", working), citizensHear(notify.KindAssigned), "Công ty Chiếu sáng"),
		moved("begun", "handler", full("assigned", working), full("in_progress", working), citizensHear(notify.KindInProgress)),
		moved("scheduled", "handler", full("in_progress", working), full("scheduled", working), citizensHear(notify.KindScheduled)),
		moved("asked", "operator", full("in_progress", working), needs, citizensHear(notify.KindNeedsInfo)),
		moved("resolved", "handler", full("in_progress", working), full("resolved", working), nil),
		moved("published", "verifier", full("resolved", working), full("published", answered), citizensHear(notify.KindPublished)),
		moved("closed", "system", full("published", answered), full("closed", ended), citizensHear(notify.KindClosed)),
		moved("a step of the pack's own", "handler", full("assigned", working), full("inspected", working), citizensHear(notify.KindMoved)),
		moved("shown to nobody", "operator", full("verifying", received), &unseen, reporter(notify.KindAccepted)),
		moved("of a sensitive kind", "operator", full("accepted", working), secret, citizensHear(notify.KindAssigned), "the unit in charge|đơn vị phụ trách"),
		moved("withdrawn", "reporter", full("assigned", working), &models.Keys{State: "withdrawn", Phase: ended}, nil),
		moved("reopened", "reporter", full("published", answered), full("assigned", working),
			also(citizensHear(notify.KindReopened), notify.KindTaskAgain, "coordinator", "both", "handler")),
		moved("reopened without a unit", "reporter", full("published", answered), unled, also(citizensHear(notify.KindReopened), notify.KindTaskAgain, "verifier")),
		moved("rework", "verifier", full("resolved", working), full("in_progress", working),
			also(nil, notify.KindTaskAgain, "coordinator", "both", "handler"), "08:00 25/11/2026"),
		moved("not ours", "coordinator", full("assigned", working), unled,
			also(nil, notify.KindTaskReturned, "verifier"), "Công ty Chiếu sáng"),
		moved("answered the question", "reporter", needs, full("in_progress", working), also(nil, notify.KindWritten, "verifier")),
		moved("appealed", "reporter", status, &models.Keys{State: "verifying", Phase: received}, also(reporter(notify.KindAppealed), notify.KindObjected, "verifier")),
	}
	rejected := moved("rejected", "operator", full("verifying", received), status, citizensHear(notify.KindRejected))
	rejected.report, rejected.bare = shownAs(models.ShownStatus), true
	merged := moved("merged", "operator", full("verifying", received), link, citizensHear(notify.KindDuplicate))
	merged.report, merged.bare = shownAs(models.ShownLink), true
	transferred := moved("transferred", "operator", full("verifying", received), &models.Keys{State: "transferred", Phase: ended, Shown: models.ShownStatus}, citizensHear(notify.KindTransferred))
	transferred.bare = true
	since := moved("shown less since", "handler", full("assigned", working), full("in_progress", working), citizensHear(notify.KindInProgress))
	since.report, since.bare = shownAs(models.ShownStatus), true
	hidden := moved("hidden since", "operator", full("verifying", received), full("accepted", working), reporter(notify.KindAccepted))
	hidden.report = shownAs(models.ShownNone)
	return append(all, rejected, merged, transferred, since, hidden)
}

func (c *cast) work() []happening {
	task := func(b models.Body, of func(matter) uuid.UUID) func(matter) models.Body {
		return func(m matter) models.Body {
			b.Task = ptr(of(m))
			return b
		}
	}
	lead, support := func(m matter) uuid.UUID { return m.lead }, func(m matter) uuid.UUID { return m.support }
	routed := body(models.Body{Unit: "chieu-sang", Support: []string{"moi-truong"}})
	handed := models.Body{Unit: "chieu-sang", Ref: ptr(c.ids["handler"])}
	given := "UPDATE tasks SET state = 'returned', updated_at = $2 WHERE report_id = $1 AND NOT lead"
	return []happening{
		{what: "given to units", event: models.EventReportRouted, actor: "system", body: routed, tasks: "UPDATE tasks SET created_at = $2 WHERE report_id = $1",
			want: also(also(nil, notify.KindTask, "coordinator", "both"), notify.KindTaskSupport, "support"), words: []string{"08:00 25/11/2026|08:00 23/11/2026"}},
		{what: "another unit's support", event: models.EventReportRouted, actor: "operator", body: routed, tasks: "UPDATE tasks SET created_at = $2 WHERE report_id = $1 AND NOT lead",
			want: also(nil, notify.KindTaskSupport, "support")},
		{what: "support asked once more", event: models.EventReportRouted, actor: "operator", body: routed, tasks: "UPDATE tasks SET updated_at = $2, state = 'open' WHERE report_id = $1 AND NOT lead",
			want: also(nil, notify.KindTaskSupport, "support")},
		{what: "handed", event: models.EventTaskHanded, actor: "coordinator", body: task(handed, lead), want: also(nil, notify.KindTaskHanded, "handler"), words: []string{"08:00 25/11/2026"}},
		{what: "handed to oneself", event: models.EventTaskHanded, actor: "handler", body: task(handed, lead)},
		{what: "inherited", event: models.EventTaskHanded, actor: "auditor", body: task(models.Body{Unit: "chieu-sang", From: "doi-cu"}, lead), want: also(nil, notify.KindTaskInherited, "coordinator", "both")},
		{what: "support given back", event: models.EventTaskMoved, actor: "support", tasks: given, body: task(models.Body{Unit: "moi-truong", Reason: "r"}, support),
			want: also(nil, notify.KindSupportReturned, "verifier"), words: []string{"Công ty Môi trường"}},
		{what: "support given back to who has it", event: models.EventTaskMoved, actor: "support", tasks: given, report: c.claimed, body: task(models.Body{Unit: "moi-truong", Reason: "r"}, support),
			want: also(nil, notify.KindSupportReturned, "operator")},
		{what: "support done", event: models.EventTaskMoved, actor: "support", body: task(models.Body{Unit: "moi-truong"}, support)},
		{what: "urged", event: models.EventReportUrged, actor: "leader", body: body(models.Body{Unit: "chieu-sang"}), want: also(nil, notify.KindUrged, "coordinator", "both"), words: []string{"canary leader"}},
		{what: "urged by its reporter", event: models.EventReportUrged, actor: "reporter", body: body(models.Body{Unit: "chieu-sang"}), want: also(nil, notify.KindUrged, "coordinator", "both"), words: []string{"Người gửi"}},
		{what: "directed", event: models.EventReportDirected, actor: "leader", body: body(models.Body{Unit: "moi-truong", Document: canary}), want: also(nil, notify.KindDirected, "support"), words: []string{"canary leader"}},
		{what: "directed before it has a unit", event: models.EventReportDirected, actor: "leader", body: body(models.Body{}), want: also(nil, notify.KindDirected, "verifier")},
		{what: "the reporter writes", event: models.EventReportMessage, actor: "reporter", body: body(models.Body{}), want: also(nil, notify.KindWritten, "verifier")},
		{what: "the reporter writes to who has it", event: models.EventReportMessage, actor: "reporter", report: c.claimed, body: body(models.Body{}), want: also(nil, notify.KindWritten, "operator")},
		{what: "whoever filed it writes", event: models.EventReportMessage, actor: "agent", body: body(models.Body{}), want: also(nil, notify.KindWritten, "verifier"),
			report: func(r *models.Report) { r.AgentID = ptr(c.ids["agent"]) }},
		{what: "the centre writes", event: models.EventReportMessage, actor: "operator", body: body(models.Body{}), want: also(nil, notify.KindMessage, "reporter")},
		{what: "a demo's past", event: models.EventReportUrged, actor: "leader", origin: models.OriginDemo, age: 25 * time.Hour, body: body(models.Body{Unit: "chieu-sang"})},
		{what: "a demo's present", event: models.EventReportUrged, actor: "leader", origin: models.OriginDemo, body: body(models.Body{Unit: "chieu-sang"}), want: also(nil, notify.KindUrged, "coordinator", "both")},
		{what: "an import", event: models.EventReportUrged, actor: "leader", origin: models.OriginImport, body: body(models.Body{Unit: "chieu-sang"})},
		{what: "a drill", event: models.EventReportUrged, actor: "leader", origin: models.OriginDrill, body: body(models.Body{Unit: "chieu-sang"})},
	}
}

func (c *cast) clocks() []happening {
	const reminded, missed, escalated = models.EventDeadlineReminded, models.EventDeadlineMissed, models.EventDeadlineEscalated
	of := func(rule, unit string) func(matter) models.Body {
		return func(m matter) models.Body {
			b := models.Body{Rule: rule, Unit: unit, Degree: 50}
			if rule == "phoi-hop" {
				b.Task = &m.support
			}
			return b
		}
	}
	clock := func(what string, event models.EventKind, rule, unit string, want map[string]notify.Kind, words ...string) happening {
		return happening{what: what, event: event, actor: "system", body: of(rule, unit), want: want, words: words}
	}
	claimed := clock("reminded who has it", reminded, "tiep-nhan", "ioc", also(nil, notify.KindDue, "verifier"), "Hạn tiếp nhận", "08:00 24/11/2026")
	claimed.report = func(r *models.Report) {
		c.claimed(r)
		r.ClaimedBy = ptr(c.ids["verifier"])
	}
	until := func(rule string) func(matter) models.Body {
		return body(models.Body{Rule: rule, Until: ptr(time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)), Reason: canary})
	}
	extendedUnseen := happening{what: "extended, shown to nobody", event: models.EventDeadlineExtended, actor: "both", body: until("xu-ly"), report: shownAs(models.ShownNone), want: also(nil, notify.KindExtended, "reporter"), words: []string{"01/12/2026"}}
	return []happening{
		clock("reminded of the work", reminded, "xu-ly", "chieu-sang", also(nil, notify.KindDue, "coordinator", "both", "handler"), "Hạn xử lý", "08:00 25/11/2026"),
		clock("reminded of the support", reminded, "phoi-hop", "moi-truong", also(nil, notify.KindDue, "support"), "Hạn phối hợp", "08:00 23/11/2026"),
		clock("reminded the centre", reminded, "tiep-nhan", "ioc", also(nil, notify.KindDue, "operator"), "Hạn tiếp nhận", "08:00 24/11/2026"),
		claimed,
		clock("reminded of the question", reminded, "cho-dan", "ioc", also(nil, notify.KindInfoWaits, "reporter"), "08:00 26/11/2026"),
		clock("work missed", missed, "xu-ly", "chieu-sang", also(nil, notify.KindMissed, "both"), "Công ty Chiếu sáng", "Hạn xử lý"),
		clock("support missed", missed, "phoi-hop", "moi-truong", also(nil, notify.KindMissed, "support"), "Công ty Môi trường"),
		clock("the centre missed", missed, "tiep-nhan", "ioc", also(nil, notify.KindMissed, "verifier"), "Trung tâm"),
		clock("nothing answered", missed, "cho-dan", "ioc", nil),
		clock("closes by itself", missed, "dong", "ioc", nil),
		clock("up to the parent", escalated, "xu-ly", "ubnd", also(nil, notify.KindEscalated, "chairman"), "Công ty Chiếu sáng"),
		clock("up to the centre", escalated, "phoi-hop", "ioc", also(nil, notify.KindEscalated, "verifier"), "Công ty Môi trường"),
		clock("up to the leader", escalated, "xu-ly", "", also(nil, notify.KindEscalated, "leader"), "Công ty Chiếu sáng"),
		{what: "extended", event: models.EventDeadlineExtended, actor: "both", body: until("xu-ly"), want: citizensHear(notify.KindExtended), words: []string{"01/12/2026"}},
		{what: "extended within the house", event: models.EventDeadlineExtended, actor: "verifier", body: until("tiep-nhan")},
		extendedUnseen,
		{what: "submitted", event: models.EventReportSubmitted, actor: "reporter", body: body(models.Body{}), want: also(nil, notify.KindReceived, "reporter")},
		{what: "split off", event: models.EventReportSubmitted, actor: "operator", body: body(models.Body{Ref: ptr(uuid.New())}), want: also(nil, notify.KindPart, "reporter")},
		{what: "merged into", event: models.EventReportMerged, actor: "operator", body: body(models.Body{Ref: ptr(uuid.New())})},
		{what: "noted", event: models.EventReportNoted, actor: "operator", body: body(models.Body{})},
		{what: "hidden", event: models.EventReportHidden, actor: "operator", body: body(models.Body{Visibility: models.VisibilityHidden, Reason: canary})},
		{what: "retimed", event: models.EventDeadlineRetimed, actor: "system", body: until("xu-ly")},
		{what: "erased", event: models.EventTextErased, actor: "verifier", body: body(models.Body{})},
	}
}

// Every kind of event: who hears what of it, and what must never be in it.
func TestWhoHearsWhat(t *testing.T) {
	t.Parallel()
	c := newCast(t)
	all := slices.Concat(moves(), c.work(), c.clocks())
	reports := make([]uuid.UUID, len(all))
	for i, h := range all {
		m := c.matter(h.report)
		if h.origin == "" {
			h.origin = models.OriginLive
		}
		e := c.eventBy(c.recipients[h.actor], m.report, h.event, h.origin, h.body(m))
		if h.tasks != "" {
			_, err := c.db.DB.Pool.Exec(t.Context(), h.tasks, m.report, e.At)
			check(t, err)
		}
		c.log[i].At = e.At.Add(-h.age)
		reports[i] = m.report
	}
	c.read()
	heard := map[uuid.UUID][]models.Notification{}
	for _, n := range c.notifications() {
		heard[n.ReportID] = append(heard[n.ReportID], n)
	}
	told := map[notify.Kind]bool{}
	for i, h := range all {
		got := map[string]notify.Kind{}
		for _, n := range heard[reports[i]] {
			who := c.nameOf(n.Recipient)
			got[who], told[notify.Kind(n.Kind)] = notify.Kind(n.Kind), true
			c.fit(h, who, n)
		}
		if h.want == nil {
			h.want = map[string]notify.Kind{}
		}
		if diff := cmp.Diff(h.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", h.what, diff)
		}
	}
	for _, kind := range slices.Concat(notify.Kinds(), notify.FollowKinds(), notify.StaffKinds()) {
		if !told[kind] {
			t.Errorf("nothing in this test says %s", kind)
		}
	}
	before := c.notifications()
	c.read()
	if diff := cmp.Diff(before, c.notifications()); diff != "" {
		t.Errorf("read again (-first +again):\n%s", diff)
	}
	c.staffHaveNoPhones(before)
}

func (c *cast) nameOf(recipient string) string {
	for name, r := range c.recipients {
		if r == recipient {
			return name
		}
	}
	return recipient
}

// fit holds a notification against what may be in it.
func (c *cast) fit(h happening, who string, n models.Notification) {
	c.t.Helper()
	text := n.Title + "\n" + n.Body
	staff := strings.HasPrefix(n.Recipient, "staff:")
	if lang := map[bool]models.Language{true: models.English, false: models.Vietnamese}[who == "reporter" || who == "follower"]; n.Language != lang {
		c.t.Errorf("%s: %s reads %s", h.what, who, n.Language)
	}
	if staff && (h.event == models.EventReportUrged || h.event == models.EventReportDirected) {
		text = strings.ReplaceAll(text, c.names[c.recipients[h.actor]], "") // colleagues may know
	}
	for _, never := range []string{canary, "…", "xam-hai", "trẻ em", "da-xu-ly"} {
		if strings.Contains(text, never) {
			c.t.Errorf("%s: %s reads %q in %q", h.what, who, never, text)
		}
	}
	if follows := who == "follower" || who == "phone"; follows && h.bare && (strings.Contains(text, "Street light") || strings.Contains(text, "Đèn đường") || strings.Contains(text, "Chiếu sáng")) {
		c.t.Errorf("%s: %s reads more than the state in %q", h.what, who, text)
	}
	if who != "reporter" && strings.Contains(text, "Sự việc đã được xử lý") {
		c.t.Errorf("%s: %s reads why in %q", h.what, who, text)
	}
	for _, want := range h.words {
		if !slices.ContainsFunc(strings.Split(want, "|"), func(one string) bool { return strings.Contains(n.Title+"\n"+n.Body, one) }) {
			c.t.Errorf("%s: %s does not read %q in %q", h.what, who, want, text)
		}
	}
}

// staffHaveNoPhones: what staff hear is in their inbox alone, and in no other.
func (c *cast) staffHaveNoPhones(all []models.Notification) {
	c.t.Helper()
	theirs := map[uuid.UUID]bool{}
	want := 0
	for _, n := range all {
		if n.Recipient == c.recipients["verifier"] {
			want++
		}
		if strings.HasPrefix(n.Recipient, "staff:") {
			theirs[n.ID] = true
		}
	}
	for _, d := range c.deliveries() {
		if theirs[d.NotificationID] {
			c.t.Errorf("a notice to staff is delivered to %v", d.DeviceID)
		}
	}
	actor := models.Actor{Kind: models.ActorStaff, ID: c.ids["verifier"], Jurisdiction: c.j, DeviceID: c.ids["phone"]}
	page, err := models.Notifications(c.t.Context(), c.db.DB.Gorm, c.j, actor.Inbox(), "", 1000)
	check(c.t, err)
	if n := len(page.Notifications); n != want || want == 0 {
		c.t.Errorf("the verifier reads %d, want %d", n, want)
	}
}
