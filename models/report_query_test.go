// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/models/modelstest"
)

func staff(unit string, roles ...models.Role) models.Actor {
	return models.Actor{Kind: models.ActorStaff, ID: uuid.New(), Jurisdiction: 1, Roles: roles, Unit: unit}
}

func citizen(id, device uuid.UUID) models.Actor {
	return models.Actor{Kind: models.ActorCitizen, ID: id, DeviceID: device, Jurisdiction: 1, Roles: []models.Role{models.RoleCitizen}}
}

func device(id uuid.UUID) models.Actor {
	return models.Actor{Kind: models.ActorDevice, ID: id, DeviceID: id, Jurisdiction: 1, Roles: []models.Role{models.RoleCitizen}}
}

// who are callers of every role, with what they are to one report.
func who(owner, phone, agent uuid.UUID) map[string]models.Actor {
	all := map[string]models.Actor{
		"guest": models.Guest(1), "owner": citizen(owner, uuid.Nil), "owner's phone": device(phone), "another citizen": citizen(uuid.New(), uuid.New()),
		"next on the phone": citizen(uuid.New(), phone),
		"another phone":     device(uuid.New()), "another agent": staff("", models.RoleAgent), "lead unit": staff("chieu-sang", models.RoleHandler),
		"support unit": staff("moi-truong", models.RoleUnitHead), "other unit": staff("cap-nuoc", models.RoleCoordinator), "no unit": staff("", models.RoleHandler),
		"machine": staff("", models.RoleMachine),
	}
	filed := staff("", models.RoleAgent)
	filed.ID = agent
	all["agent"] = filed
	elsewhere := citizen(owner, phone)
	elsewhere.Jurisdiction = 2
	all["owner in another jurisdiction"] = elsewhere
	for _, r := range []models.Role{models.RoleOperator, models.RoleVerifier, models.RoleLeader, models.RolePress, models.RoleAuditor, models.RoleAdministrator} {
		all[string(r)] = staff("ioc", r)
	}
	there := staff("ioc", models.RoleOperator)
	there.Jurisdiction = 2
	all["operator in another jurisdiction"] = there
	return all
}

// viewWanted says in plain words what view somebody has of a sample.
func viewWanted(name string, s *modelstest.Sample) models.View {
	switch name {
	case "operator", "verifier", "leader", "auditor", "administrator":
		return models.ViewOperations
	case "lead unit", "support unit":
		for _, task := range s.Tasks {
			if task.Active() {
				return models.ViewUnit
			}
		}
	case "owner", "agent":
		return models.ViewOwn
	case "owner in another jurisdiction", "operator in another jurisdiction":
		return ""
	}
	if s.Report.Shown == models.ShownNone {
		return ""
	}
	return models.ViewPublic
}

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	owner, phone, agent := uuid.New(), uuid.New(), uuid.New()
	var samples []*modelstest.Sample
	for _, state := range modelstest.States() {
		for _, visibility := range []models.Visibility{models.VisibilityPrivate, models.VisibilityPublic, models.VisibilityRestricted, models.VisibilityHidden} {
			samples = append(samples, modelstest.Make(modelstest.Spec{
				State: state, Visibility: visibility, Support: "moi-truong", CitizenID: &owner, DeviceID: &phone, AgentID: &agent,
			}))
		}
	}
	modelstest.Insert(t, db, samples...)
	cases := 0
	for name, actor := range who(owner, phone, agent) {
		for _, s := range samples {
			cases++
			seen, err := models.FindReport(t.Context(), db, actor, s.Report.ID)
			byCode, errCode := models.FindReportByCode(t.Context(), db, actor, s.Report.Code)
			want := viewWanted(name, s)
			if seen.View != want || byCode.View != want {
				t.Errorf("%s sees a report in %s, %s as %q and by its code as %q, want %q", name, s.Report.State, s.Report.Visibility, seen.View, byCode.View, want)
			}
			facts, errFacts := models.FindFacts(t.Context(), db, actor, s.Report.ID)
			if want == "" {
				wantCode(t, err, models.CodeNotFound)
				wantCode(t, errCode, models.CodeNotFound)
				wantCode(t, errFacts, models.CodeNotFound)
			} else if err != nil || errFacts != nil || len(facts.Tasks) != len(s.Tasks) || len(facts.Photos) != len(s.Photos) {
				t.Errorf("%s: %v, %v, %+v", name, err, errFacts, facts)
			}
		}
		wantLists(t, db, name, actor, samples)
	}
	t.Logf("%d cases", cases)
}

func TestOwnershipInSQLIsOwnershipInGo(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	owner, phone, agent := uuid.New(), uuid.New(), uuid.New()
	s := modelstest.Make(modelstest.Spec{CitizenID: &owner, DeviceID: &phone, AgentID: &agent})
	unnamed := modelstest.Make(modelstest.Spec{DeviceID: &phone})
	none := modelstest.Make(modelstest.Spec{})
	modelstest.Insert(t, db, s, unnamed, none)
	for name, actor := range who(owner, phone, agent) {
		if actor.Jurisdiction != 1 {
			continue
		}
		for _, sample := range []*modelstest.Sample{s, unnamed, none} {
			var n int64
			if err := db.Model(&models.Report{}).Scopes(models.ReportScope(actor, models.ViewOwn)).Where("id = ?", sample.Report.ID).Count(&n).Error; err != nil {
				t.Fatal(err)
			}
			if (n == 1) != actor.Owns(&sample.Report) {
				t.Errorf("%s: %d rows, Owns says %v", name, n, actor.Owns(&sample.Report))
			}
			// What a person sent in stays theirs when the phone is another's.
			if onPhone := actor.DeviceID == phone; onPhone && (n == 1) != (sample == unnamed) {
				t.Errorf("%s, on the phone of %v: %d rows", name, sample.Report.CitizenID, n)
			}
		}
	}
}

func TestTrackReport(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	s := modelstest.Make(modelstest.Spec{Mark: "track"})
	modelstest.Insert(t, db, s)
	seen, err := models.TrackReport(t.Context(), db, 1, s.Report.Code, modelstest.Last4)
	if err != nil || seen.View != models.ViewOwn || seen.Report.ID != s.Report.ID {
		t.Errorf("%+v, %v", seen, err)
	}
	for name, c := range map[string]struct {
		jurisdiction int32
		code         string
		index        func(uuid.UUID) []byte
	}{
		"wrong digits":         {1, s.Report.Code, func(uuid.UUID) []byte { return make([]byte, 32) }},
		"no digits":            {1, s.Report.Code, func(uuid.UUID) []byte { return nil }},
		"wrong code":           {1, "DEMO-NO", modelstest.Last4},
		"another jurisdiction": {2, s.Report.Code, modelstest.Last4},
	} {
		if _, err := models.TrackReport(t.Context(), db, c.jurisdiction, c.code, c.index); models.CodeOf(err) != models.CodeNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFindKeptKey(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	s := modelstest.Make(modelstest.Spec{})
	k := models.KeptKey{JurisdictionID: 1, Installation: uuid.New(), Key: uuid.New(), Fingerprint: make([]byte, 32), SubjectID: s.Report.ID, CreatedAt: s.Report.CreatedAt}
	if err := db.Create(&k).Error; err != nil {
		t.Fatal(err)
	}
	if got, err := models.FindKeptKey(t.Context(), db, 1, k.Installation, k.Key); err != nil || !cmp.Equal(got, k) {
		t.Errorf("%v: %s", err, cmp.Diff(k, got))
	}
	_, err := models.FindKeptKey(t.Context(), db, 1, uuid.Nil, k.Key)
	wantCode(t, err, models.CodeNotFound)
}

func TestFindPhoto(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	owner := uuid.New()
	for _, state := range []models.State{"submitted", "resolved", "published"} {
		s := modelstest.Make(modelstest.Spec{State: state, CitizenID: &owner, Precision: models.PrecisionWard})
		modelstest.Insert(t, db, s)
		for name, actor := range map[string]models.Actor{"guest": models.Guest(1), "owner": citizen(owner, uuid.Nil), "unit": staff("chieu-sang", models.RoleHandler), "operator": staff("ioc", models.RoleOperator)} {
			got := map[models.PhotoKind]bool{}
			for _, p := range s.Photos {
				photo, view, err := models.FindPhoto(t.Context(), db, actor, p.ID)
				got[p.Kind] = err == nil
				if err == nil && view != models.ViewOperations && (photo.Lat != nil || photo.TakenAt != nil || photo.Owner != "") {
					t.Errorf("%s reads the evidence of a photo", name)
				}
			}
			if diff := cmp.Diff(photosWanted(name, state), got); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", name, state, diff)
			}
		}
	}
}

// What came along with a duplicate is somebody else's: the reporter of the survivor sees it as
// the public does, and whoever took it sees it wherever it went.
func TestWhatWasMergedIsItsOwners(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	owner, stranger, phone := uuid.New(), uuid.New(), uuid.New()
	for _, c := range []struct {
		visibility models.Visibility
		status     models.PhotoStatus
		public     bool
	}{{models.VisibilityPublic, models.PhotoReady, true}, {models.VisibilityPublic, models.PhotoPending, false}, {models.VisibilityPrivate, models.PhotoReady, false}} {
		s := modelstest.Make(modelstest.Spec{State: "in_progress", CitizenID: &owner, DeviceID: &phone, Visibility: c.visibility})
		copied := modelstest.Make(modelstest.Spec{State: "duplicate", CitizenID: &stranger, DuplicateOf: &s.Report.ID})
		came := copied.Photos[0]
		came.ReportID, came.Status = &s.Report.ID, c.status
		if c.status == models.PhotoPending {
			came.RenderedAt = nil
		}
		copied.Photos = []models.Photo{came}
		own := s.Photos[0]
		own.ID, own.Owner, own.Status, own.RenderedAt = uuid.New(), device(phone).String(), models.PhotoPending, nil
		s.Photos = append(s.Photos, own)
		modelstest.Insert(t, db, s, copied)
		want := 2
		if c.public {
			want = 3
		}
		rows := []models.Report{s.Report.For(models.ViewOwn), copied.Report.For(models.ViewOwn)}
		bundles := must[map[uuid.UUID]*models.Bundle](t)(models.LoadBundle(t.Context(), db, rows, models.ViewOwn))
		if got := bundles[s.Report.ID].Photos; len(got) != want {
			t.Errorf("%s, %s: the reporter of the survivor sees %d pictures, want %d", c.visibility, c.status, len(got), want)
		}
		if got := bundles[copied.Report.ID].Photos; len(got) != 1 || got[0].ID != came.ID {
			t.Errorf("%s, %s: who took it sees %d pictures of theirs", c.visibility, c.status, len(got))
		}
		for name, can := range map[string]struct {
			actor models.Actor
			want  bool
		}{
			"whoever took it": {citizen(stranger, uuid.New()), true}, "the survivor's reporter": {citizen(owner, phone), c.public},
			"a guest": {models.Guest(1), c.public}, "another": {citizen(uuid.New(), uuid.New()), c.public},
		} {
			photo, view, err := models.FindPhoto(t.Context(), db, can.actor, came.ID)
			if (err == nil) != can.want || view == models.ViewOperations || photo.Lat != nil {
				t.Errorf("%s, %s: %s fetches it: %v", c.visibility, c.status, name, err)
			}
		}
	}
}

func photosWanted(name string, state models.State) map[models.PhotoKind]bool {
	open, working, out := name != "guest" || state != "submitted", name == "unit" || name == "operator", state == "published"
	if name == "unit" && state == "submitted" {
		open = false
	}
	want := map[models.PhotoKind]bool{models.PhotoBefore: open}
	if state != "submitted" {
		want[models.PhotoAfter] = working || out
		want[models.PhotoDocument] = working || out && name == "owner"
	}
	return want
}

func TestALoosePhotoIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	mine, other := device(uuid.New()), device(uuid.New())
	for _, owner := range []string{mine.String(), "guest"} {
		p := modelstest.Make(modelstest.Spec{}).Photos[0]
		p.ReportID, p.Owner = nil, owner
		if err := db.Create(&p).Error; err != nil {
			t.Fatal(err)
		}
		for actor, want := range map[*models.Actor]bool{&mine: owner != "guest", &other: false, {Kind: models.ActorGuest, Jurisdiction: 1}: false} {
			if _, _, err := models.FindPhoto(t.Context(), db, *actor, p.ID); (err == nil) != want {
				t.Errorf("%s reads the photo of %s: %v", fmt.Sprint(actor.Kind), owner, err)
			}
		}
	}
}
