// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// What a decision can hold at most.
const (
	documentMax     = 100 // characters of its number
	decisionDaysMax = 365
)

// MakeDecision puts an authority's order about deadlines into force: a flood suspends or
// extends them. ID was drawn by the caller; the areas are codes.
type MakeDecision struct {
	Packs      *pack.Store
	Actor      models.Actor
	ID         uuid.UUID
	Document   string // its number
	Kind       models.DecisionKind
	Areas      []string // codes; empty for all
	Categories []string // codes; empty for all
	StartsAt   time.Time
	EndsAt     time.Time
	Days       int // of an extension
	Key        *models.IdempotencyKey
}

// Needs implements models.Intent.
func (d MakeDecision) Needs() models.Needs {
	return models.Needs{Jurisdiction: d.Actor.Jurisdiction, Idempotency: d.Key}
}

// Decide implements models.Intent. The refusals are CodeUnauthorized and CodeForbidden,
// and an invalid request that names every field at fault.
func (d MakeDecision) Decide(_ models.Facts, now time.Time) (models.Change, error) {
	if err := d.Actor.Require(models.OpDecisionMake); err != nil {
		return models.Change{}, err
	}
	p, _ := d.Packs.Current(d.Actor.Jurisdiction, now)
	if p == nil {
		return models.Change{}, models.E(models.CodeUnavailable)
	}
	if faults := slices.Concat(d.faultsOfTerm(), d.faultsOfReach(p)); len(faults) > 0 {
		return models.Change{}, models.Invalid(faults...)
	}
	made := models.Decision{
		JurisdictionID: d.Actor.Jurisdiction, ID: d.ID, Document: d.Document, Kind: d.Kind, Areas: sorted(d.Areas), Categories: sorted(d.Categories),
		StartsAt: second(d.StartsAt.UTC()), EndsAt: second(d.EndsAt.UTC()), Days: int16(d.Days), //nolint:gosec // at most decisionDaysMax
		MadeBy: d.Actor.String(), MadeAt: now,
	}
	return models.Change{
		Subject: d.ID, Insert: []models.Row{made}, Events: []models.Event{decided(made, models.EventDecisionMade, 1, d.Actor, now)},
	}, nil
}

// faultsOfTerm is what is wrong with the number, the kind and the times.
func (d MakeDecision) faultsOfTerm() []models.FieldError {
	var faults []models.FieldError
	switch n := utf8.RuneCountInString(d.Document); {
	case n == 0:
		faults = append(faults, models.Field("body.document", models.CodeRequired, nil))
	case n > documentMax:
		faults = append(faults, models.Field("body.document", models.CodeTooLong, models.Params{"max": documentMax}))
	case !utf8.ValidString(d.Document) || slices.ContainsFunc([]rune(d.Document), unicode.IsControl):
		faults = append(faults, models.Field("body.document", models.CodeInvalidValue, nil))
	}
	least, greatest := 0, 0
	switch d.Kind {
	case models.DecisionSuspend:
	case models.DecisionExtend:
		least, greatest = 1, decisionDaysMax
	default:
		faults = append(faults, models.Field("body.kind", models.CodeInvalidValue, nil))
		greatest = decisionDaysMax
	}
	if d.Days < least || d.Days > greatest {
		faults = append(faults, models.Field("body.days", models.CodeOutOfRange, models.Params{"min": least, "max": greatest}))
	}
	switch {
	case d.StartsAt.IsZero():
		faults = append(faults, models.Field("body.starts_at", models.CodeRequired, nil))
	case !second(d.EndsAt).After(second(d.StartsAt)):
		faults = append(faults, models.Field("body.ends_at", models.CodeOutOfRange, nil))
	}
	return faults
}

// faultsOfReach is what is wrong with the areas and categories.
func (d MakeDecision) faultsOfReach(p *pack.Pack) []models.FieldError {
	var faults []models.FieldError
	if slices.ContainsFunc(d.Areas, func(code string) bool { return !p.HasArea(code) }) {
		faults = append(faults, models.Field("body.areas", models.CodeInvalidValue, nil))
	}
	if slices.ContainsFunc(d.Categories, func(code string) bool { _, ok := p.Category(code); return !ok }) {
		faults = append(faults, models.Field("body.categories", models.CodeUnknownCategory, nil))
	}
	return faults
}

// sorted is a list in order, each once, never nil.
func sorted(list []string) []string {
	out := append([]string{}, list...)
	slices.Sort(out)
	return slices.Compact(out)
}

// RevokeDecision takes a decision back: its suspension is counted, its days are taken away
// again. A decision that has been revoked stays so.
type RevokeDecision struct {
	Actor models.Actor
	ID    uuid.UUID
	Key   *models.IdempotencyKey
}

// Needs implements models.Intent.
func (r RevokeDecision) Needs() models.Needs {
	return models.Needs{Jurisdiction: r.Actor.Jurisdiction, Decisions: []uuid.UUID{r.ID}, Idempotency: r.Key}
}

// Decide implements models.Intent. The refusals are CodeUnauthorized, CodeForbidden and
// CodeNotFound.
func (r RevokeDecision) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	if err := r.Actor.Require(models.OpDecisionMake); err != nil {
		return models.Change{}, err
	}
	d, ok := facts.Decisions[r.ID]
	switch {
	case !ok:
		return models.Change{}, models.E(models.CodeNotFound)
	case d.RevokedAt != nil:
		return models.Change{Subject: d.ID}, nil
	}
	d.RevokedAt = &now
	return models.Change{
		Subject: d.ID, Update: []models.Row{d}, Events: []models.Event{decided(d, models.EventDecisionRevoked, 2, r.Actor, now)},
	}, nil
}

// decided is the event of a decision. It holds nothing that was written but the number.
func decided(d models.Decision, kind models.EventKind, seq int64, a models.Actor, now time.Time) models.Event {
	return models.Event{
		SubjectKind: models.SubjectDecision, SubjectID: d.ID, SubjectSeq: seq, Kind: kind, Origin: models.OriginLive, Actor: a.String(), At: now,
		Body: models.Body{Document: d.Document, Ref: &d.ID}.Canonical(),
	}
}
