// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/hmac"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/words"
)

// Person is an opened contact. It prints and logs as nothing, so that no log holds it
// by mistake.
type Person struct {
	Name  string
	Phone string // E.164
	Email string
}

const hidden = "[hidden]"

// String hides the person from fmt.
func (Person) String() string { return hidden }

// GoString hides the person from fmt's %#v.
func (Person) GoString() string { return hidden }

// LogValue hides the person from slog.
func (Person) LogValue() slog.Value { return slog.StringValue(hidden) }

// SealContact seals who reported. Phone is written in any way that words.Phone reads;
// empty parts stay out. CreatedAt is the caller's to set. Error: CodePhoneInvalid.
func (k *KeyRing) SealContact(reportID uuid.UUID, jurisdiction int32, name, phone, email string) (models.Contact, error) {
	c := models.Contact{JurisdictionID: jurisdiction, ReportID: reportID, KeyID: k.current}
	if phone != "" {
		e164, err := words.Phone(phone)
		if err != nil {
			return models.Contact{}, models.E(models.CodePhoneInvalid)
		}
		c.PhoneSealed = k.sealPart(c, "phone", e164)
		c.PhoneIndex = k.PhoneIndex(e164)
		c.PhoneLast4 = k.Last4Index(reportID, e164[len(e164)-4:])
	}
	c.NameSealed = k.sealPart(c, "name", name)
	c.EmailSealed = k.sealPart(c, "email", email)
	return c, nil
}

// OpenContact opens what SealContact made. Errors: ErrUnknownKey, ErrSealed.
func (k *KeyRing) OpenContact(c models.Contact) (Person, error) {
	var p Person
	parts := []struct {
		name   string
		sealed []byte
		into   *string
	}{{"name", c.NameSealed, &p.Name}, {"phone", c.PhoneSealed, &p.Phone}, {"email", c.EmailSealed, &p.Email}}
	for _, part := range parts {
		if part.sealed == nil {
			continue
		}
		plain, err := k.Open(c.KeyID, part.sealed, rowPart("contact", c.JurisdictionID, c.ReportID, part.name))
		if err != nil {
			return Person{}, fmt.Errorf("contact of report %s: %w", c.ReportID, err)
		}
		*part.into = string(plain)
	}
	return p, nil
}

// MatchesLast4 says, in constant time, whether a contact's number ends in four digits.
func (k *KeyRing) MatchesLast4(c models.Contact, last4 string) bool {
	return len(c.PhoneLast4) > 0 && hmac.Equal(c.PhoneLast4, k.Last4Index(c.ReportID, last4))
}

func (k *KeyRing) sealPart(c models.Contact, part, plain string) []byte {
	if plain == "" {
		return nil
	}
	_, sealed := k.Seal([]byte(plain), rowPart("contact", c.JurisdictionID, c.ReportID, part))
	return sealed
}

// rowPart names one column of one row, as additional data to seal it with.
func rowPart(table string, jurisdiction int32, id uuid.UUID, column string) []byte {
	return fmt.Appendf(nil, "%s|%d|%s|%s", table, jurisdiction, id, column)
}

// ContactReasons are the codes of why somebody may read who reported. The set is closed:
// the log keeps the code, and a free one could hold a name.
func ContactReasons() []string { return []string{"call_back", "verify", "rescue", "safety", "legal"} }

// ReadContact is the intent of reading who reported a report. It writes the event; to
// open the contact is for Service.ReadContact.
type ReadContact struct {
	By     models.Actor
	Report uuid.UUID
	Reason string                 // of ContactReasons
	Key    *models.IdempotencyKey // its fingerprint tells readers apart; nil without one
}

// Needs locks the report, whose count of events moves.
func (r ReadContact) Needs() models.Needs {
	return models.Needs{Jurisdiction: r.By.Jurisdiction, Reports: []uuid.UUID{r.Report}, Idempotency: r.Key}
}

// Decide lets the operations centre read, and nobody who also works for a handling
// unit. Errors: CodeUnauthorized, CodeForbidden, CodeUnknownReason, CodeNotFound.
func (r ReadContact) Decide(f models.Facts, now time.Time) (models.Change, error) {
	if err := r.permitted(); err != nil {
		return models.Change{}, err
	}
	facts, ok := f.Reports[r.Report]
	if !ok || !facts.Report.HasContact {
		return models.Change{}, models.E(models.CodeNotFound)
	}
	report := facts.Report
	report.EventSeq++
	event := models.Event{
		JurisdictionID: report.JurisdictionID, SubjectKind: models.SubjectReport, SubjectID: report.ID, SubjectSeq: report.EventSeq,
		Kind: models.EventContactRead, Origin: report.Origin, Actor: r.By.String(), At: now, Body: models.Body{Reason: r.Reason}.Canonical(),
	}
	return models.Change{Update: []models.Row{report}, Events: []models.Event{event}, Subject: report.ID}, nil
}

func (r ReadContact) permitted() error {
	if err := r.By.Require(models.OpContactRead); err != nil {
		return err
	}
	ofUnit := func(role models.Role) bool {
		return role == models.RoleCoordinator || role == models.RoleHandler || role == models.RoleUnitHead
	}
	if r.By.Reach(models.OpContactRead) < models.ReachAll || slices.ContainsFunc(r.By.Roles, ofUnit) {
		return models.E(models.CodeForbidden)
	}
	if !slices.Contains(ContactReasons(), r.Reason) {
		return models.Invalid(models.Field("body.reason", models.CodeUnknownReason, models.Params{"allowed": strings.Join(ContactReasons(), ", ")}))
	}
	return nil
}

// ReadContact logs that somebody reads who reported a report, and then opens it: the event
// is there before anybody sees anything. A repeat with the same key is the same reading,
// which is logged already; it shows nothing to who may read no longer, and nothing that was
// erased since. Errors: those of the intent, CodeIdempotencyConflict, CodeInternal where no
// key opens the contact.
func (s *Service) ReadContact(ctx context.Context, r ReadContact) (who Person, replayed bool, err error) {
	if err := r.permitted(); err != nil { // a repeat is not decided again
		return Person{}, false, err
	}
	done, err := s.ledger.Do(ctx, r)
	if err != nil {
		return Person{}, false, err
	}
	contact, err := models.ContactOf(ctx, s.db, r.By.Jurisdiction, r.Report)
	if err != nil {
		return Person{}, false, err
	}
	if who, err = s.keys.OpenContact(contact); err != nil {
		return Person{}, false, models.Wrap(models.CodeInternal, err)
	}
	return who, done.Replayed, nil
}
