// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"hientruong/models"
	"hientruong/words"
)

// maxName bounds a staff member's name, in bytes.
const maxName = 200

var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{1,63}$`)

// Login signs a staff member in. Unknown log-ins, wrong passwords and people who work
// here no longer get one answer, after the same time. Tries are counted by login, not by
// address: after five, one a minute passes, until one succeeds. An installation, by the
// id that nobody but its client knows, uuid.Nil without one, has tries of its own for the
// log-ins that it was right about before. Errors: CodeInvalidCredentials,
// CodeTooManyTries with Retry-After, CodeQueueFull.
func (s *Service) Login(ctx context.Context, jurisdiction int32, login, password string, installation uuid.UUID) (Grant, error) {
	login = strings.ToLower(strings.TrimSpace(login))
	if !loginForm.MatchString(login) || len(password) > maxPassword {
		return Grant{}, models.E(models.CodeInvalidCredentials)
	}
	counted := Try{LaneLogin, fmt.Sprintf("%d|%s", jurisdiction, login)}
	known := Try{LaneLoginKnown, counted.Key + "|" + installation.String()}
	if installation != uuid.Nil && s.limiter.Trusted(known) {
		counted = known
	}
	if err := s.limiter.Take(counted.Lane, counted.Key); err != nil {
		return Grant{}, err
	}
	staff, err := models.StaffByLogin(ctx, s.db, jurisdiction, login)
	if err != nil && !errors.Is(err, models.E(models.CodeNotFound)) {
		return Grant{}, err
	}
	same, err := s.hasher.matches(ctx, password, staff.PasswordHash)
	if err != nil {
		return Grant{}, err
	}
	if !same || !staff.Active {
		return Grant{}, models.E(models.CodeInvalidCredentials)
	}
	s.limiter.Forget(counted.Lane, counted.Key)
	if installation != uuid.Nil {
		s.limiter.Trust(known)
	}
	return s.grantStaff(ctx, staff)
}

// grantStaff holds the staff member while it makes tokens: hashing takes time enough for
// the password to be changed, and who changes it revokes only the tokens that are there.
func (s *Service) grantStaff(ctx context.Context, staff models.Staff) (Grant, error) {
	var g Grant
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		same, err := models.HoldStaff(ctx, tx, staff)
		if err != nil {
			return err
		}
		if !same {
			return models.E(models.CodeInvalidCredentials)
		}
		g, err = s.grant(ctx, tx, holder{staff.JurisdictionID, models.ActorStaff, staff.ID, newID()})
		return err
	})
	return g, models.FromDatabase(err)
}

// NewStaff is a staff member to be.
type NewStaff struct {
	Login    string // 2 to 64 of a-z, 0-9, dot, dash, underscore and @
	Name     string
	Password string // at least 10 characters
	Roles    []models.Role
	Unit     string // a unit's code, "" without one
}

// CreateStaff makes a staff member. Errors: those of models.OpStaffManage, field errors;
// CodeInvalidValue at body.login when it is taken.
func (s *Service) CreateStaff(ctx context.Context, by models.Actor, in NewStaff) (models.Staff, error) {
	staff, _, err := s.CreateStaffOnce(ctx, by, in, nil)
	return staff, err
}

// CreateStaffOnce is CreateStaff with an idempotency key: a repeat is answered with the
// account as it is by now. The key may be nil. Errors: CodeIdempotencyConflict too.
func (s *Service) CreateStaffOnce(ctx context.Context, by models.Actor, in NewStaff, key *models.IdempotencyKey) (staff models.Staff, replayed bool, err error) {
	if err := mayManage(by); err != nil {
		return models.Staff{}, false, err
	}
	in.Login, in.Name = strings.ToLower(strings.TrimSpace(in.Login)), words.Clean(in.Name)
	if err := in.check(); err != nil {
		return models.Staff{}, false, err
	}
	_, err = models.StaffByLogin(ctx, s.db, by.Jurisdiction, in.Login)
	switch {
	case err == nil:
		return s.staffMade(ctx, by, key)
	case !errors.Is(err, models.E(models.CodeNotFound)):
		return models.Staff{}, false, err
	}
	if staff, err = s.staffToBe(ctx, by, in); err != nil {
		return models.Staff{}, false, err
	}
	done, err := s.ledger.Do(ctx, CreateStaff{By: by, Staff: staff, Key: key})
	if err != nil {
		return models.Staff{}, false, err
	}
	staff, err = models.StaffByID(ctx, s.db, by.Jurisdiction, done.Subject)
	return staff, done.Replayed, err
}

// staffMade answers for a login that is taken: by the same request, where it brings the
// key of the one that took it.
func (s *Service) staffMade(ctx context.Context, by models.Actor, key *models.IdempotencyKey) (models.Staff, bool, error) {
	taken := models.Invalid(models.Field("body.login", models.CodeInvalidValue, nil))
	if key == nil {
		return models.Staff{}, false, taken
	}
	kept, err := models.FindRepeated(ctx, s.db, by.Jurisdiction, *key)
	if errors.Is(err, models.E(models.CodeNotFound)) {
		return models.Staff{}, false, taken
	}
	if err != nil {
		return models.Staff{}, false, err
	}
	staff, err := models.StaffByID(ctx, s.db, by.Jurisdiction, kept.SubjectID)
	return staff, true, err
}

// staffToBe is the row of somebody new, with the password hashed.
func (s *Service) staffToBe(ctx context.Context, by models.Actor, in NewStaff) (models.Staff, error) {
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return models.Staff{}, err
	}
	staff := models.Staff{
		JurisdictionID: by.Jurisdiction, ID: newID(), Login: in.Login, Name: in.Name, PasswordHash: hash, Roles: in.Roles,
		Active: true,
	}
	if in.Unit != "" {
		staff.Unit = &in.Unit
	}
	return staff, nil
}

// CreateStaff is the intent of making a staff member.
type CreateStaff struct {
	By    models.Actor
	Staff models.Staff           // whole, but for CreatedAt
	Key   *models.IdempotencyKey // nil without one
}

// Needs names no row: who is new has none yet.
func (c CreateStaff) Needs() models.Needs {
	return models.Needs{Jurisdiction: c.By.Jurisdiction, Idempotency: c.Key}
}

// Decide makes the staff member. Errors: those of models.OpStaffManage.
func (c CreateStaff) Decide(_ models.Facts, now time.Time) (models.Change, error) {
	if err := mayManage(c.By); err != nil {
		return models.Change{}, err
	}
	staff := c.Staff
	staff.CreatedAt = now
	return models.Change{
		Insert: []models.Row{staff}, Events: []models.Event{staffEvent(c.By, staff, models.EventStaffCreated, "", now)}, Subject: staff.ID,
	}, nil
}

// SetPassword changes a staff member's password, one's own or, with
// models.OpStaffManage, another's, and revokes all of their sessions. Errors: field
// errors, CodeForbidden, CodeNotFound.
func (s *Service) SetPassword(ctx context.Context, by models.Actor, staff uuid.UUID, password string) error {
	if err := checkPassword(password); err != nil {
		return err
	}
	if err := mayChange(by, staff); err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	if _, err := s.ledger.Do(ctx, ChangeStaff{By: by, Staff: staff, PasswordHash: &hash}); err != nil {
		return err
	}
	return s.revokeAll(ctx, by, models.ActorStaff, staff, "staff_changed")
}

// Deactivate ends what a staff member may do and revokes all of their sessions. Errors:
// those of models.OpStaffManage, CodeNotFound.
func (s *Service) Deactivate(ctx context.Context, by models.Actor, staff uuid.UUID) error {
	active := false
	if _, err := s.ledger.Do(ctx, ChangeStaff{By: by, Staff: staff, Active: &active}); err != nil {
		return err
	}
	return s.revokeAll(ctx, by, models.ActorStaff, staff, "staff_changed")
}

// ChangeStaff is the intent of changing a staff member; what is nil stays.
type ChangeStaff struct {
	By           models.Actor
	Staff        uuid.UUID
	PasswordHash *string
	Active       *bool
}

// Needs names the staff member.
func (c ChangeStaff) Needs() models.Needs {
	return models.Needs{Jurisdiction: c.By.Jurisdiction, Staff: []uuid.UUID{c.Staff}}
}

// Decide changes what is given. A password one may change oneself. Errors: CodeForbidden,
// CodeUnauthorized, CodeNotFound.
func (c ChangeStaff) Decide(f models.Facts, now time.Time) (models.Change, error) {
	err := mayManage(c.By)
	if c.Active == nil {
		err = mayChange(c.By, c.Staff)
	}
	if err != nil {
		return models.Change{}, err
	}
	staff, ok := f.Staff[c.Staff]
	if !ok {
		return models.Change{}, models.E(models.CodeNotFound)
	}
	reason := "password"
	if c.PasswordHash != nil {
		staff.PasswordHash = *c.PasswordHash
	}
	if c.Active != nil {
		staff.Active, reason = *c.Active, "active"
	}
	return models.Change{
		Update: []models.Row{staff}, Events: []models.Event{staffEvent(c.By, staff, models.EventStaffChanged, reason, now)}, Subject: staff.ID,
	}, nil
}

// mayManage lets administrators through, and the system: who runs the program's commands
// on the machine has the database anyway.
func mayManage(by models.Actor) error {
	if by.Kind == models.ActorSystem {
		return nil
	}
	return by.Require(models.OpStaffManage)
}

func mayChange(by models.Actor, staff uuid.UUID) error {
	if by.IsStaff() && by.ID == staff {
		return nil
	}
	return mayManage(by)
}

// staffEvent says that somebody changed, and not into what: a name or login is personal.
// Staff keep no count of their events, so it has no SubjectSeq; positions order them.
func staffEvent(by models.Actor, staff models.Staff, kind models.EventKind, reason string, at time.Time) models.Event {
	body := models.Body{Reason: reason}
	if staff.Unit != nil {
		body.Unit = *staff.Unit
	}
	return models.Event{
		JurisdictionID: staff.JurisdictionID, SubjectKind: models.SubjectStaff, SubjectID: staff.ID,
		Kind: kind, Origin: originOf(by), Actor: by.String(), At: at, Body: body.Canonical(),
	}
}

func (in NewStaff) check() error {
	var wrong []models.FieldError
	if !loginForm.MatchString(in.Login) {
		wrong = append(wrong, models.Field("body.login", models.CodeInvalidValue, nil))
	}
	switch {
	case in.Name == "":
		wrong = append(wrong, models.Field("body.name", models.CodeRequired, nil))
	case len(in.Name) > maxName:
		wrong = append(wrong, models.Field("body.name", models.CodeTooLong, models.Params{"max": maxName}))
	}
	unknown := func(r models.Role) bool { return !r.Valid() || r == models.RoleCitizen }
	if len(in.Roles) == 0 || slices.ContainsFunc(in.Roles, unknown) {
		wrong = append(wrong, models.Field("body.roles", models.CodeInvalidValue, nil))
	} else if inUnit, above, apart := models.RolesApart(in.Roles); apart {
		wrong = append(wrong, models.Field("body.roles", models.CodeRolesApart, models.Params{"role": inUnit, "other": above}))
	}
	if len(wrong) > 0 {
		return models.Invalid(wrong...)
	}
	return checkPassword(in.Password)
}
