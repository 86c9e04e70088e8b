// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"hientruong/identity"
	"hientruong/models"
)

func TestSealContact(t *testing.T) {
	t.Parallel()
	keys := newKeys(t)
	report := uuid.New()
	for name, c := range map[string]struct {
		person identity.Person
		phone  string // as it was written
		want   models.Code
	}{
		"everything":    {identity.Person{Name: "Trần Văn Bình", Phone: "+84912345678", Email: "binh@example.vn"}, "091 234.5678", ""},
		"phone only":    {identity.Person{Phone: "+842343822222"}, "(0234) 3822222", ""},
		"name only":     {identity.Person{Name: "Bình"}, "", ""},
		"nothing":       {identity.Person{}, "", ""},
		"not a number":  {identity.Person{}, "0123", models.CodePhoneInvalid},
		"a short code":  {identity.Person{}, "113", models.CodePhoneInvalid},
		"an odd number": {identity.Person{}, strings.Repeat("9", 1<<16), models.CodePhoneInvalid},
	} {
		sealed, err := keys.SealContact(report, 1, c.person.Name, c.phone, c.person.Email)
		wantCode(t, name, err, c.want)
		if c.want != "" {
			continue
		}
		if opened, err := keys.OpenContact(sealed); err != nil || opened != c.person {
			t.Errorf("%s: opened another person, %v", name, err)
		}
		if (sealed.PhoneSealed == nil) != (sealed.PhoneIndex == nil) || (sealed.PhoneSealed == nil) != (sealed.PhoneLast4 == nil) {
			t.Errorf("%s: parts of a phone", name)
		}
		if whole, _ := json.Marshal(sealed); c.person.Name != "" && bytes.Contains(whole, []byte(c.person.Name)) {
			t.Errorf("%s: the name shows", name)
		}
		if sealed.PhoneSealed != nil {
			last4 := c.person.Phone[len(c.person.Phone)-4:]
			if !keys.MatchesLast4(sealed, last4) || keys.MatchesLast4(sealed, "0000") || keys.MatchesLast4(sealed, "") {
				t.Errorf("%s: last four digits", name)
			}
		} else if keys.MatchesLast4(sealed, "") {
			t.Errorf("%s: no number matches none", name)
		}
		moved := sealed
		moved.ReportID = uuid.New()
		if _, err := keys.OpenContact(moved); err == nil && c.person != (identity.Person{}) {
			t.Errorf("%s: opened at another report", name)
		}
	}
}

func TestPersonIsNotPrinted(t *testing.T) {
	t.Parallel()
	p := identity.Person{Name: "Trần Văn Bình", Phone: "+84912345678", Email: "binh@example.vn"}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "person", p)
	for _, text := range []string{fmt.Sprint(p), fmt.Sprintf("%v %+v %#v %s", p, p, p, p), fmt.Sprintf("%+v", struct{ P identity.Person }{p}), log.String()} {
		if strings.Contains(text, "Bình") || strings.Contains(text, "912345678") || strings.Contains(text, "binh@") {
			t.Errorf("printed: %s", text)
		}
	}
}

// report files one with a contact and returns its id.
func (h *house) report() uuid.UUID {
	h.tb.Helper()
	now := h.clock.Now()
	r := models.Report{
		JurisdictionID: h.j, ID: uuid.New(), Code: uuid.NewString(), PackVersion: 1, Workflow: "thuong", State: "submitted",
		Phase: models.PhaseReceived, Visibility: models.VisibilityPrivate, Shown: models.ShownNone, Category: "den-duong",
		Urgency: models.UrgencyNormal, Channel: models.ChannelApp, Language: models.Vietnamese, Origin: models.OriginLive,
		LocationSource: models.SourceWords, LocationPrecision: models.PrecisionExact, Attributes: json.RawMessage("{}"),
		DescriptionID: uuid.New(), HasContact: true, Version: 1, EventSeq: 1, CreatedAt: now, UpdatedAt: now,
	}
	contact, err := h.keys.SealContact(r.ID, h.j, "Trần Văn Bình", "0912345678", "")
	if err != nil {
		h.tb.Fatal(err)
	}
	contact.CreatedAt = now
	for _, row := range []any{&r, &contact} {
		if err := h.db.Gorm.Create(row).Error; err != nil {
			h.tb.Fatal(err)
		}
	}
	return r.ID
}

func TestReadContact(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	report := h.report()
	h.staff("hoa", models.RoleOperator)
	operator := h.login("hoa").Actor
	for i, reason := range []string{"call_back", "verify"} {
		p, _, err := h.ReadContact(t.Context(), identity.ReadContact{By: operator, Report: report, Reason: reason})
		wantCode(t, reason, err, "")
		if p != (identity.Person{Name: "Trần Văn Bình", Phone: "+84912345678"}) {
			t.Errorf("%s: another person", reason)
		}
		events := h.events(report)
		if len(events) != i+1 {
			t.Fatalf("%d events after %d readings", len(events), i+1)
		}
		e := events[i]
		body, err := e.ParseBody()
		if err != nil || e.Kind != models.EventContactRead || e.Actor != operator.String() || body.Reason != reason || e.SubjectSeq != int64(i+2) {
			t.Errorf("event %+v, %v", e, err)
		}
	}
	var kept models.Report
	if err := h.db.Gorm.Where("id = ?", report).Take(&kept).Error; err != nil || kept.EventSeq != 3 || kept.Version != 1 {
		t.Errorf("the report's count is %d, its version %d, %v", kept.EventSeq, kept.Version, err)
	}
	_, _, err := h.service(broken{}, nil).ReadContact(t.Context(), identity.ReadContact{By: operator, Report: report, Reason: "verify"})
	wantCode(t, "when it cannot be logged", err, models.CodeQueueFull)
}

func TestReadContactOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.staff("hoa", models.RoleOperator)
	intent := identity.ReadContact{
		By: h.login("hoa").Actor, Report: h.report(), Reason: "verify", Key: &models.IdempotencyKey{Key: uuid.New(), Fingerprint: [32]byte{1}},
	}
	for i := range 3 {
		p, replayed, err := h.ReadContact(t.Context(), intent)
		wantCode(t, "operator", err, "")
		if replayed != (i > 0) || p.Name != "Trần Văn Bình" {
			t.Errorf("try %d: replayed %v", i, replayed)
		}
	}
	moved := intent
	moved.By.Roles = append(moved.By.Roles, models.RoleHandler)
	p, _, err := h.ReadContact(t.Context(), moved)
	if wantCode(t, "who works for a unit by now", err, models.CodeForbidden); p != (identity.Person{}) {
		t.Error("and was shown who it is")
	}
	other := intent
	other.Key = &models.IdempotencyKey{Key: intent.Key.Key, Fingerprint: [32]byte{2}}
	_, _, err = h.ReadContact(t.Context(), other)
	wantCode(t, "another request", err, models.CodeIdempotencyConflict)
	if n := len(h.events(intent.Report)); n != 1 {
		t.Errorf("%d events of one reading", n)
	}
}

func TestReadContactRefusals(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	report := h.report()
	staff := func(roles ...models.Role) models.Actor {
		return models.Actor{Kind: models.ActorStaff, ID: uuid.New(), Jurisdiction: h.j, Roles: roles, Unit: "p-thuan-hoa"}
	}
	operator := staff(models.RoleOperator)
	stranger := operator
	stranger.Jurisdiction++
	for name, c := range map[string]struct {
		by     models.Actor
		report uuid.UUID
		reason string
		want   models.Code
	}{
		"guest":                        {models.Guest(h.j), report, "verify", models.CodeUnauthorized},
		"device":                       {h.device().Actor, report, "verify", models.CodeForbidden},
		"handler":                      {staff(models.RoleHandler), report, "verify", models.CodeForbidden},
		"all of a unit":                {staff(models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead), report, "verify", models.CodeForbidden},
		"operator who is also handler": {staff(models.RoleOperator, models.RoleHandler), report, "verify", models.CodeForbidden},
		"leader":                       {staff(models.RoleLeader), report, "verify", models.CodeForbidden},
		"administrator":                {staff(models.RoleAdministrator), report, "verify", models.CodeForbidden},
		"system":                       {models.System(h.j), report, "verify", models.CodeForbidden},
		"no reason":                    {operator, report, "", models.CodeUnknownReason},
		"a reason in words":            {operator, report, "vì tôi muốn biết", models.CodeUnknownReason},
		"no such report":               {operator, uuid.New(), "verify", models.CodeNotFound},
		"of another jurisdiction":      {stranger, report, "verify", models.CodeNotFound},
	} {
		_, _, err := h.ReadContact(t.Context(), identity.ReadContact{By: c.by, Report: c.report, Reason: c.reason})
		wantCode(t, name, err, c.want)
	}
	if n := len(h.events(report)); n != 0 {
		t.Errorf("%d events of refused readings", n)
	}
}

func TestNoUnitReadsContacts(t *testing.T) {
	t.Parallel()
	report := models.Report{JurisdictionID: 1, ID: uuid.New(), HasContact: true, EventSeq: 1}
	facts := models.Facts{Reports: map[uuid.UUID]*models.ReportFacts{report.ID: {Report: report}}}
	unit := []models.Role{models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead}
	rapid.Check(t, func(t *rapid.T) {
		roles := append(rapid.SliceOf(rapid.SampledFrom(models.Roles())).Draw(t, "roles"), rapid.SampledFrom(unit).Draw(t, "unit role"))
		intent := identity.ReadContact{
			By:     models.Actor{Kind: models.ActorStaff, ID: uuid.New(), Jurisdiction: 1, Roles: roles, Unit: rapid.SampledFrom([]string{"", "a"}).Draw(t, "unit")},
			Report: report.ID, Reason: rapid.SampledFrom(identity.ContactReasons()).Draw(t, "reason"),
		}
		if change, err := intent.Decide(facts, time.Now()); err == nil || len(change.Events) > 0 {
			t.Fatalf("%v reads a contact", roles)
		}
	})
}

func TestLostKeysAreNoticed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other := newKeys(t)
	if err := other.Check(t.Context(), h.db.Gorm, h.j); err != nil {
		t.Errorf("an empty database: %v", err)
	}
	h.report()
	if err := h.keys.Check(t.Context(), h.db.Gorm, h.j); err != nil {
		t.Errorf("the right keys: %v", err)
	}
	if err := other.Check(t.Context(), h.db.Gorm, h.j); !errors.Is(err, identity.ErrUnknownKey) {
		t.Errorf("other keys: %v, want ErrUnknownKey", err)
	}
}
