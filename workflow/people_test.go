// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

func personID(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceURL, []byte(name)) }

func citizenActor(name string) models.Actor {
	return models.Actor{
		Kind: models.ActorCitizen, ID: personID(name), DeviceID: personID(name + "'s phone"), Jurisdiction: jurisdiction,
		Roles: []models.Role{models.RoleCitizen}, Language: models.Vietnamese,
	}
}

func deviceActor(name string) models.Actor {
	id := personID(name + "'s phone")
	return models.Actor{
		Kind: models.ActorDevice, ID: id, DeviceID: id, Jurisdiction: jurisdiction, Roles: []models.Role{models.RoleCitizen},
	}
}

func staffActor(role models.Role, unit string) models.Actor {
	return models.Actor{
		Kind: models.ActorStaff, ID: personID(string(role) + "/" + unit), Jurisdiction: jurisdiction, Roles: []models.Role{role},
		Unit: unit, Language: models.Vietnamese,
	}
}

func reporter() models.Actor { return citizenActor("lan") }
func operator() models.Actor { return staffActor(models.RoleOperator, "ioc") }
func verifier() models.Actor { return staffActor(models.RoleVerifier, "ioc") }
func leader() models.Actor   { return staffActor(models.RoleLeader, "ubnd") }

// formOf is a good form for a category, in the middle of a ward.
func formOf(category string) workflow.Form {
	lat, lon := 16.4844, 107.5860
	f := workflow.Form{
		Category: category, Description: "Đèn trước nhà số 12 không sáng đã ba đêm.", Lat: &lat, Lon: &lon,
		Channel: models.ChannelApp, Language: models.Vietnamese, HideName: true,
	}
	switch category {
	case "sos":
		f.SOS = &models.SOS{People: 3}
	case "ho-so-tre":
		f.Attributes = map[string]string{"file_number": "X90.12-260303-0007"}
	case "mat-song":
		f.Attributes = map[string]string{"network": "mang-a"}
	}
	return f
}

// form is a good form for a category of the world's pack, whatever that asks.
func (w *world) form(category string) workflow.Form {
	f := formOf(category)
	if err := f.Validate(w.pack, w.now, true); err == nil {
		return f
	}
	f.Lat, f.Lon, f.Attributes, f.SOS = nil, nil, map[string]string{}, nil
	f.AreaID = pack.AreaID(w.pack.Areas().All()[0])
	c, _ := w.pack.Category(category)
	if c.SOS {
		f.SOS = &models.SOS{People: 3}
	}
	for _, a := range c.Attributes {
		if a.Required && len(a.Options) > 0 {
			f.Attributes[a.Code] = a.Options[0].Key
		} else if a.Required {
			f.Attributes[a.Code] = "1"
		}
	}
	return f
}

// submission is an intent to send a form in.
func (w *world) submission(a models.Actor, f workflow.Form) workflow.Submit {
	id := w.id()
	return workflow.Submit{
		Packs: w.packs, Actor: a, Origin: models.OriginLive, Form: f, ID: id, Code: "DEMO-" + id.String()[:8], Text: w.draft(f.Description),
	}
}

// submit sends a form in that is good.
func (w *world) submit(a models.Actor, f workflow.Form) uuid.UUID {
	w.t.Helper()
	if err := f.Validate(w.pack, w.now, true); err != nil {
		w.t.Fatalf("%v", err)
	}
	intent := w.submission(a, f)
	if _, err := w.do(intent); err != nil {
		w.t.Fatalf("%v", err)
	}
	return intent.ID
}

// photo is one that an actor has sent and nothing is tied to yet.
func (w *world) photo(a models.Actor, kind models.PhotoKind) uuid.UUID {
	p := w.newPhoto(a, kind)
	w.photos[p.ID] = p
	return p.ID
}

func (w *world) newPhoto(a models.Actor, kind models.PhotoKind) models.Photo {
	return models.Photo{
		JurisdictionID: jurisdiction, ID: w.id(), Owner: a.String(), Kind: kind, Status: models.PhotoPending, SHA256: make([]byte, 32),
		Bytes: 1000, Format: "jpeg", Width: 10, Height: 10, Origin: models.OriginLive, EventSeq: 1, CreatedAt: w.now,
	}
}

// all is an action with everything that a transition on a report can demand.
func (w *world) all(a models.Actor, id uuid.UUID, t *pack.Transition) workflow.Action {
	until := w.now.Add(100 * 24 * time.Hour)
	other := w.other()
	all := workflow.Action{
		Text: w.draft("Đã thay bóng và kiểm tra lại, đèn sáng bình thường từ tối nay."), Redacted: w.draft("Đèn không sáng đã ba đêm."),
		Outcome: models.OutcomeFixed, Unit: w.unit(0), SupportUnits: []string{w.spare(id), w.spare(id), w.unit(0)}, Until: &until,
		DuplicateOf: &other, Level: models.LevelUnsatisfied, Comment: w.draft("Vẫn tối."), ReasonCode: "khong-co",
		Document: w.draft("123/UBND-VP"), Handler: w.handlerOf(a.Unit), Urgency: models.UrgencyUrgent,
		Part: workflow.Part{ID: w.id(), Code: "DEMO-" + w.id().String()[:8]},
	}
	if d, ok := t.Demands.Get(pack.DemandReason); ok {
		all.ReasonCode = w.pack.Reasons(d.Reasons)[0].Code
	}
	if d, ok := t.Demands.Get(pack.DemandOutcome); ok && len(d.AnyOf) > 0 {
		all.Outcome = models.Outcome(d.AnyOf[0])
	}
	if d, ok := t.Demands.Get(pack.DemandCategory); ok && d.Required {
		all.Category = w.pack.Categories()[0].Code
	}
	if _, ok := t.Demands.Get(pack.DemandProof); ok {
		all.PhotoIDs = []uuid.UUID{w.photo(a, models.PhotoAfter)}
	}
	return all
}

// units are those that there are now, apart from the operations centre and the city itself.
func (w *world) units() []string {
	var out []string
	for _, u := range w.pack.Units() {
		if u.ValidAt(w.now) && u.Code != w.pack.Settings().Operations && u.Parent != "" {
			out = append(out, u.Code)
		}
	}
	return out
}

func (w *world) unit(n int) string { return w.units()[n] }

// spare is a unit that has had no part in a report, as long as there is one.
func (w *world) spare(id uuid.UUID) string {
	for _, unit := range w.units()[1:] {
		if !slices.ContainsFunc(w.reports[id].Tasks, func(t models.Task) bool { return t.Unit == unit }) {
			return unit
		}
	}
	return w.unit(1)
}

// handlerOf is somebody at work in a unit.
func (w *world) handlerOf(unit string) uuid.UUID {
	id := personID("a handler of " + unit)
	w.staff[id] = models.Staff{
		JurisdictionID: jurisdiction, ID: id, Roles: []models.Role{models.RoleHandler}, Unit: &unit, Active: true, CreatedAt: w.now,
	}
	return id
}

// other is a second report, which others can be merged into.
func (w *world) other() uuid.UUID {
	id := personID("another report")
	if _, ok := w.reports[id]; !ok {
		intent := w.submission(citizenActor("nam"), w.form(w.pack.Categories()[0].Code))
		intent.ID = id
		if _, err := w.do(intent); err != nil {
			w.t.Fatalf("%v", err)
		}
	}
	return id
}

// unitOf is the lead of a report, or the one that had it last.
func (w *world) unitOf(id uuid.UUID) string {
	if lead := w.reports[id].Lead(); lead != nil {
		return lead.Unit
	}
	return w.unit(2)
}

// whoMay is somebody who holds a role in the right place for a report.
func (w *world) whoMay(role models.Role, id uuid.UUID) models.Actor {
	switch role {
	case models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead:
		return staffActor(role, w.unitOf(id))
	case models.RoleCitizen:
		return reporter()
	case models.RoleSystem:
		return models.System(jurisdiction)
	default:
		return staffActor(role, "ioc")
	}
}
