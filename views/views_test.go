// SPDX-License-Identifier: Apache-2.0

package views_test

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"hientruong/database/dbtest"
	"hientruong/models"
	"hientruong/models/modelstest"
	"hientruong/views"
	"hientruong/workflow/pack"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var demoOnce = sync.OnceValues(func() (*pack.Pack, error) {
	p, faults := pack.Parse(os.DirFS("../packs/demo"))
	return p, faults.Err()
})

func demo(t testing.TB) *pack.Pack {
	t.Helper()
	p, err := demoOnce()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// monday is a working morning a little after the samples were made.
var monday = time.Date(2026, 3, 3, 2, 0, 0, 0, time.UTC)

func assembler(t testing.TB, lang models.Language) views.Assembler {
	return views.Assembler{Packs: pack.NewStore().With(1, 1, demo(t), time.Time{}), Language: lang, Now: monday}
}

func open(t *testing.T) *gorm.DB {
	t.Helper()
	db := dbtest.New(t).DB.Gorm
	if _, err := models.EnsureJurisdiction(t.Context(), db, "demo"); err != nil {
		t.Fatal(err)
	}
	return db
}

func text(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const (
	staffName = "Tôn Nữ Thị Chim Hoàng Yến"
	phone     = "0905 123 456"
	reply     = "attribute-canary"
)

// canary is a report whose every secret can be recognised in bytes.
type canary struct {
	*modelstest.Sample
	spec modelstest.Spec
}

func canaries() (all []canary) {
	owner, handset, agent, handler, operator := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	n := 0
	for _, state := range modelstest.States() {
		for _, visibility := range []models.Visibility{models.VisibilityPrivate, models.VisibilityPublic, models.VisibilityRestricted, models.VisibilityHidden} {
			for _, precision := range []models.Precision{models.PrecisionExact, models.PrecisionSnapped, models.PrecisionWard} {
				n++
				spec := modelstest.Spec{
					State: state, Visibility: visibility, Precision: precision, Support: "moi-truong", Lat: 16.46012345, Lon: 107.57045678,
					CitizenID: &owner, DeviceID: &handset, AgentID: &agent, HandlerID: &handler, ClaimedBy: &operator, Phone: phone, Consent: true,
					Mark: "cn" + strconv.Itoa(n) + "z", SharedIsOriginal: n%5 == 0, Created: monday.Add(-25 * time.Hour),
					Attributes: map[string]string{"owner": "do-thi", "pole": reply, "file_number": reply, "loose": reply + " " + phone},
				}
				sample := modelstest.Make(spec)
				if sample.Report.ClaimedUntil != nil {
					until := monday.Add(time.Minute)
					sample.Report.ClaimedUntil = &until
				}
				all = append(all, canary{sample, spec})
			}
		}
	}
	return all
}

func callers(c canary) map[string]models.Actor {
	staff := func(unit string, roles ...models.Role) models.Actor {
		return models.Actor{Kind: models.ActorStaff, ID: uuid.New(), Jurisdiction: 1, Roles: roles, Unit: unit}
	}
	citizens := []models.Role{models.RoleCitizen}
	all := map[string]models.Actor{
		"guest": models.Guest(1), "lead unit": staff("chieu-sang", models.RoleHandler), "support unit": staff("moi-truong", models.RoleUnitHead),
		"other unit": staff("cap-nuoc", models.RoleCoordinator), "another agent": staff("", models.RoleAgent), "machine": staff("", models.RoleMachine),
		"owner":   {Kind: models.ActorCitizen, ID: *c.spec.CitizenID, Jurisdiction: 1, Roles: citizens},
		"phone":   {Kind: models.ActorDevice, ID: *c.spec.DeviceID, DeviceID: *c.spec.DeviceID, Jurisdiction: 1, Roles: citizens}, // the next who has it
		"citizen": {Kind: models.ActorCitizen, ID: uuid.New(), DeviceID: uuid.New(), Jurisdiction: 1, Roles: citizens},
	}
	for _, role := range []models.Role{models.RoleOperator, models.RoleVerifier, models.RoleLeader, models.RolePress, models.RoleAuditor, models.RoleAdministrator} {
		all[string(role)] = staff("ioc", role)
	}
	return all
}

// secrets are what may stand nowhere in the bytes that a caller with a view gets, and
// open what has to, so that the test cannot pass by showing nothing.
func (c canary) secrets(v models.View) (secret, open []string) {
	r, mark := &c.Report, c.spec.Mark
	of := func(kind models.TextKind) string { return mark + "-" + string(kind) }
	secret = []string{of("contact"), "PhoneSealed", "sha256", "dhash"}
	people := []string{staffName, "staff:", c.spec.CitizenID.String(), c.spec.DeviceID.String(), c.spec.AgentID.String()}
	shared := of(models.TextShared)
	if c.spec.SharedIsOriginal && r.AcceptedAt != nil {
		shared = of(models.TextDescription)
	}
	switch v {
	case models.ViewPublic:
		secret = append(append(secret, people...), of(models.TextQuestion), of(models.TextReply), of(models.TextReason), of(models.TextNote), of(models.TextComment),
			of(models.TextAddress), of(models.TextDocument), of(models.TextMessage), of(models.TextDirective), of(models.TextResult), mark+"-consent", reply, phone,
			"thread", "tasks", "notes", "original_text", "has_contact", "tiep-nhan", "phoi-hop", "escalated", "urged", "directives", "tre-han-noi-bo", "stood_",
			"report.directed", "report.urged", "report.message", "report.followed", "first_category", "rejected_for", "state_at", `"step"`, "stood_")
		if shared != of(models.TextDescription) {
			secret = append(secret, of(models.TextDescription))
		}
		if r.State != "published" && r.State != "closed" || r.Shown != models.ShownFull {
			secret = append(secret, of(models.TextAnswer), `"outcome"`, `"rating"`)
		} else {
			open = append(open, of(models.TextAnswer), `"outcome":"fixed"`, `"level":"satisfied"`)
		}
		if r.Shown == models.ShownFull {
			open = append(open, shared)
		} else {
			secret = append(secret, shared, "den-duong", "chieu-sang", "90001", `"location"`, "xu-ly")
		}
		if r.LocationPrecision != models.PrecisionExact || r.Shown != models.ShownFull {
			secret = append(secret, "16.4601", "107.5704")
		}
	case models.ViewOwn:
		secret = append(secret, staffName, "staff:", of(models.TextNote), mark+"-consent", of(models.TextDocument), of(models.TextDirective), of(models.TextResult), `"tasks"`, `"notes"`, "tiep-nhan",
			"phoi-hop", "escalated", "urged", "directives", "tre-han-noi-bo", "report.directed", "report.urged", "report.followed", "state_at", `"step"`, "stood_")
		open = []string{of(models.TextDescription), of(models.TextAddress), "16.46012345"}
		if r.State != "submitted" {
			open = append(open, of(models.TextMessage), "report.message")
		}
		if r.Phase != models.PhaseEnded {
			secret = append(secret, of(models.TextReason))
		}
		if r.State == "resolved" {
			secret = append(secret, of(models.TextAnswer))
		}
	case models.ViewUnit:
		secret = append(append(secret, people...), mark+"-consent", of(models.TextComment), "original_text", "has_contact", "taken_at", "distance_m", phone, "report.followed", `"author"`)
		if shared != of(models.TextDescription) {
			secret = append(secret, of(models.TextDescription))
		}
		open = []string{shared, of(models.TextReply), of(models.TextAddress), "16.46012345", of(models.TextDirective), of(models.TextResult), of(models.TextMessage),
			`"escalated":2`, `"urged":3`, "report.directed", "phoi-hop"}
	case models.ViewOperations:
		open = []string{of(models.TextDescription), of(models.TextAddress), `"has_contact":true`, staffName, "distance_m"}
		secret = []string{"report.followed"}
	}
	return secret, open
}

// Every view of every report for every role, with its timeline, is read as bytes.
func TestTheReporterStaysHidden(t *testing.T) {
	t.Parallel()
	db, all := open(t), canaries()
	samples := make([]*modelstest.Sample, 0, len(all))
	for i := range all {
		samples = append(samples, all[i].Sample)
	}
	modelstest.Insert(t, db, samples...)
	for i, id := range []*uuid.UUID{all[0].spec.HandlerID, all[0].spec.ClaimedBy} {
		person := models.Staff{
			JurisdictionID: 1, ID: *id, Login: "login" + strconv.Itoa(i), Name: staffName, PasswordHash: "x",
			Roles: []models.Role{models.RoleHandler}, CreatedAt: monday,
		}
		if err := db.Create(&person).Error; err != nil {
			t.Fatal(err)
		}
	}
	a := assembler(t, models.Vietnamese)
	cases, byView := 0, map[models.View]int{}
	for name, actor := range callers(all[0]) {
		for i := range all {
			c := &all[i]
			cases++
			seen, err := models.FindReport(t.Context(), db, actor, c.Report.ID)
			if models.CodeOf(err) == models.CodeNotFound {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			byView[seen.View]++
			got := shown(t, db, a, seen)
			secret, open := c.secrets(seen.View)
			for _, s := range secret {
				if strings.Contains(got, s) {
					t.Errorf("%s reads %q in the %s view of a report in %s, %s, %s:\n%s", name, s, seen.View, c.Report.State, c.Report.Visibility, c.spec.Precision, got)
				}
			}
			for _, s := range open {
				if !strings.Contains(got, s) {
					t.Errorf("%s lacks %q in the %s view of a report in %s, %s, %s:\n%s", name, s, seen.View, c.Report.State, c.Report.Visibility, c.spec.Precision, got)
				}
			}
			if t.Failed() {
				return
			}
		}
	}
	t.Logf("%d cases, shown %v", cases, byView)
	if len(byView) != 4 {
		t.Errorf("only the views %v were shown", byView)
	}
}

// shown is all that is told of one report, as bytes.
func shown(t *testing.T, db *gorm.DB, a views.Assembler, seen models.Seen) string {
	t.Helper()
	bundles, err := models.LoadBundle(t.Context(), db, []models.Report{seen.Report}, seen.View)
	if err != nil {
		t.Fatal(err)
	}
	bundle := bundles[seen.Report.ID]
	report, err := a.Render(seen.View, &seen.Report, bundle)
	if err != nil {
		t.Fatal(err)
	}
	events, err := models.TimelineEvents(t.Context(), db, &seen.Report, seen.View)
	if err != nil {
		t.Fatal(err)
	}
	timeline, err := a.Timeline(seen.View, &seen.Report, bundle, events)
	if err != nil {
		t.Fatal(err)
	}
	short, err := a.Short(seen.View, &seen.Report)
	if err != nil {
		t.Fatal(err)
	}
	return text(t, []any{report, timeline, short})
}

// Rows and bundles as the database gives them hold no more than their view: what is not
// there cannot be shown by mistake.
func TestABundleOfTheWrongViewShowsNothingMore(t *testing.T) {
	t.Parallel()
	db := open(t)
	owner := uuid.New()
	s := modelstest.Make(modelstest.Spec{State: "in_progress", Mark: "secret", Phone: phone, CitizenID: &owner, Precision: models.PrecisionWard})
	modelstest.Insert(t, db, s)
	for _, v := range []models.View{models.ViewPublic, models.ViewUnit} {
		row := s.Report.For(v)
		bundles, err := models.LoadBundle(t.Context(), db, []models.Report{row}, v)
		if err != nil {
			t.Fatal(err)
		}
		got := text(t, []any{row, bundles[row.ID]})
		for _, secret := range []string{"secret-description", phone, owner.String(), "secret-contact"} {
			if strings.Contains(got, secret) {
				t.Errorf("what was read for the %s view holds %q", v, secret)
			}
		}
		if strings.Contains(got, "16.4678") && v == models.ViewPublic {
			t.Error("what was read for the public holds the exact place")
		}
	}
}
