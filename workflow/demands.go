// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"
	"unicode/utf8"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// demands says what of a transition's demands is missing or wrong.
func (m *move) demands(t *pack.Transition, a Action, facts models.Facts) []models.FieldError {
	var faults []models.FieldError
	for _, d := range t.Demands {
		d.Required = d.Required && !slices.Contains(d.Unless, string(a.Outcome))
		if code, params := m.demand(d, a, facts); code != "" {
			faults = append(faults, models.Field("body."+d.Field(), code, params))
		}
	}
	faults = append(faults, m.splitDemand(t, a)...)
	if code, params := tooLong(a.Document.Body, maxDocument); code != "" {
		faults = append(faults, models.Field("body.document", code, params))
	}
	return faults
}

// only keeps what was demanded. Nobody has looked at the rest, and it could say anything.
func (a Action) only(demands pack.Demands) Action {
	kept := Action{PhotoIDs: a.PhotoIDs, Part: a.Part}
	for _, d := range demands {
		switch d.Kind {
		case pack.DemandAnswer, pack.DemandNote, pack.DemandQuestion, pack.DemandResult, pack.DemandDirective:
			kept.Text = a.Text
		case pack.DemandRedactedText:
			kept.Redacted = a.Redacted
		case pack.DemandReason:
			kept.ReasonCode = a.ReasonCode
		case pack.DemandOutcome:
			kept.Outcome = a.Outcome
		case pack.DemandRating:
			kept.Level, kept.Comment = a.Level, a.Comment
		case pack.DemandProof, pack.DemandDocument:
			kept.Document = a.Document
		case pack.DemandHandler:
			kept.Handler = a.Handler
		case pack.DemandUrgency:
			kept.Urgency = a.Urgency
		case pack.DemandUnit:
			kept.Unit = a.Unit
		case pack.DemandSupport:
			kept.SupportUnits = a.SupportUnits
		case pack.DemandCategory:
			kept.Category = a.Category
		case pack.DemandUntil:
			kept.Until = a.Until
		case pack.DemandDuplicateOf:
			kept.DuplicateOf = a.DuplicateOf
		}
	}
	return kept
}

func (m *move) demand(d pack.Demand, a Action, facts models.Facts) (models.Code, models.Params) {
	switch d.Kind {
	case pack.DemandAnswer, pack.DemandNote, pack.DemandQuestion, pack.DemandResult, pack.DemandDirective:
		return textDemand(d, a.Text.Body)
	case pack.DemandDocument:
		return textDemand(d, a.Document.Body)
	case pack.DemandHandler:
		return m.handlerDemand(d, a, facts)
	case pack.DemandUrgency:
		return oneOfDemand(d, string(a.Urgency), slices.Contains(urgencies(), a.Urgency))
	case pack.DemandRedactedText:
		return textDemand(d, a.Redacted.Body)
	case pack.DemandReason:
		return m.reasonDemand(d, a.ReasonCode)
	case pack.DemandOutcome:
		return oneOfDemand(d, string(a.Outcome), a.Outcome.Valid())
	case pack.DemandRating:
		if code, params := oneOfDemand(d, string(a.Level), a.Level.Valid()); code != "" {
			return code, params
		}
		return tooLong(a.Comment.Body, pack.UsualText)
	case pack.DemandProof:
		return m.proofDemand(d, a)
	case pack.DemandUnit:
		return m.unitDemand(d, a.Unit)
	case pack.DemandSupport:
		return m.supportDemand(d, a.SupportUnits)
	case pack.DemandCategory:
		return m.categoryDemand(d, a.Category)
	case pack.DemandUntil:
		return m.untilDemand(d, a)
	case pack.DemandDuplicateOf:
		return m.duplicateDemand(d, a, facts)
	}
	return models.CodeInternal, nil
}

// absent is the answer to a demand that nothing came for.
func absent(d pack.Demand) (models.Code, models.Params) {
	if d.Required {
		return models.CodeDemandMissing, nil
	}
	return "", nil
}

func textDemand(d pack.Demand, text string) (models.Code, models.Params) {
	n := utf8.RuneCountInString(text)
	switch {
	case n == 0:
		return absent(d)
	case n < d.Min:
		return models.CodeTooShort, models.Params{"min": d.Min}
	case d.Max > 0:
		return tooLong(text, d.Max)
	default:
		return tooLong(text, pack.UsualText)
	}
}

func tooLong(text string, limit int) (models.Code, models.Params) {
	if utf8.RuneCountInString(text) > limit {
		return models.CodeTooLong, models.Params{"max": limit}
	}
	return "", nil
}

func (m *move) reasonDemand(d pack.Demand, code string) (models.Code, models.Params) {
	if code == "" {
		return absent(d)
	}
	if _, ok := m.pack.Reason(d.Reasons, code); !ok {
		return models.CodeUnknownReason, nil
	}
	return "", nil
}

func oneOfDemand(d pack.Demand, value string, known bool) (models.Code, models.Params) {
	switch {
	case value == "":
		return absent(d)
	case !known, len(d.AnyOf) > 0 && !slices.Contains(d.AnyOf, value):
		return models.CodeInvalidValue, nil
	}
	return "", nil
}

// proofDemand wants a photo of a kind, or a document. A photo counts that came with this
// step, or with an earlier one since the report was last answered.
func (m *move) proofDemand(d pack.Demand, a Action) (models.Code, models.Params) {
	after, document := proves(d, pack.ProofAfterPhoto), proves(d, pack.ProofDocument)
	if document && a.Document.Body != "" {
		return "", nil
	}
	for _, p := range m.photos {
		fits := after && p.Kind == models.PhotoAfter || document && p.Kind == models.PhotoDocument
		if fits && p.Status != models.PhotoRefused && !m.usedBefore(p) {
			return "", nil
		}
	}
	return absent(d)
}

func proves(d pack.Demand, proof string) bool {
	return len(d.AnyOf) == 0 || slices.Contains(d.AnyOf, proof)
}

// maxDocument is the longest number of a document, in characters.
const maxDocument = 100

// usedBefore says whether a photo proved an answer that was already given.
func (m *move) usedBefore(p models.Photo) bool {
	return m.report.ResolvedAt != nil && !p.CreatedAt.After(*m.report.ResolvedAt) && !slices.Contains(m.photoIDs, p.ID)
}

func (m *move) unitDemand(d pack.Demand, code string) (models.Code, models.Params) {
	if code == "" {
		return absent(d)
	}
	if u, ok := m.pack.Unit(code); !ok || !u.ValidAt(m.now.In(m.pack.Zone())) {
		return models.CodeUnknownUnit, nil
	}
	return "", nil
}

func (m *move) supportDemand(d pack.Demand, codes []string) (models.Code, models.Params) {
	if len(codes) == 0 {
		return absent(d)
	}
	if len(codes) > 20 {
		return models.CodeOutOfRange, nil
	}
	for _, code := range codes {
		if fault, params := m.unitDemand(pack.Demand{Required: true}, code); fault != "" {
			return fault, params
		}
	}
	return "", nil
}

func (m *move) categoryDemand(d pack.Demand, code string) (models.Code, models.Params) {
	if code == "" {
		return absent(d)
	}
	if _, ok := m.pack.Category(code); !ok {
		return models.CodeUnknownCategory, nil
	}
	return "", nil
}

func (m *move) untilDemand(d pack.Demand, a Action) (models.Code, models.Params) {
	switch {
	case a.Until == nil:
		return absent(d)
	case !a.Until.After(m.now), a.Until.After(m.now.AddDate(3, 0, 0)):
		return models.CodeOutOfRange, nil
	}
	return "", nil
}

// duplicateDemand wants another report that can stand for this one.
func (m *move) duplicateDemand(d pack.Demand, a Action, facts models.Facts) (models.Code, models.Params) {
	if a.DuplicateOf == nil {
		return absent(d)
	}
	other, ok := facts.Reports[*a.DuplicateOf]
	if !ok || other.Report.ID == m.report.ID || !Sees(m.actor, other) || !survives(other) {
		return models.CodeInvalidValue, nil
	}
	return "", nil
}

// survives says whether a report can stand for others: it goes on, or was answered, in sight.
// A duplicate would send followers in circles; what was hidden or ended without an answer
// would take the matter along to where nobody hears of it again.
func survives(f *models.ReportFacts) bool {
	r := &f.Report
	switch {
	case r.DuplicateOf != nil, r.Visibility == models.VisibilityHidden:
		return false
	case r.Phase != models.PhaseEnded:
		return true
	case r.TransferredTo != nil, r.RejectedFor != nil:
		return false
	}
	return slices.ContainsFunc(f.Tasks, func(t models.Task) bool { return t.Lead && t.State == models.TaskDone })
}
