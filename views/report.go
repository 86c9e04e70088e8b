// SPDX-License-Identifier: Apache-2.0

package views

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/words"
	"hientruong/workflow/pack"
)

// Public is what everybody may know of a report. Where the public is shown the state
// alone, all that says what it is about is absent.
type Public struct {
	ID           uuid.UUID         `json:"id" format:"uuid"`
	Code         string            `json:"code" doc:"The public code, such as DEMO-7K3F-9QXD-2MWT"`
	State        models.State      `json:"state" doc:"A state of the pack's workflow"`
	Phase        models.Phase      `json:"phase" enum:"received,working,answered,ended"`
	StateLabel   string            `json:"state_label" doc:"What the state is called, in the caller's language"`
	Status       models.Status     `json:"status" enum:"open,closed" doc:"Open311's status"`
	Category     *CategoryRef      `json:"category,omitempty"`
	Description  string            `json:"description,omitempty" doc:"The text without personal data; to its reporter, as they wrote it"`
	Location     *Location         `json:"location,omitempty" doc:"Absent where only the ward is told"`
	Area         *AreaRef          `json:"area,omitempty"`
	Unit         *UnitRef          `json:"unit,omitempty" doc:"The lead"`
	Attributes   map[string]string `json:"attributes,omitempty" doc:"To the public: choices, yes or no, and bounded numbers only"`
	Urgent       bool              `json:"urgent"`
	SOS          bool              `json:"sos"`
	Language     models.Language   `json:"language,omitempty" enum:"vi,en"`
	Channel      models.Channel    `json:"channel,omitempty" enum:"app,web,hotline,agent,machine,open311,sms,import"`
	Deadlines    []Deadline        `json:"deadlines"`
	Photos       []Photo           `json:"photos"`
	Answer       string            `json:"answer,omitempty"`
	Outcome      *models.Outcome   `json:"outcome,omitempty" enum:"fixed,planned,nothing_found,not_possible"`
	ScheduledFor *time.Time        `json:"scheduled_for,omitempty"`
	Rating       *Rating           `json:"rating,omitempty"`
	Followers    int32             `json:"followers" doc:"How many want to hear what becomes of it"`
	MeToo        int32             `json:"me_too" doc:"How many of them are affected as well"`
	DuplicateOf  *uuid.UUID        `json:"duplicate_of,omitempty" format:"uuid"`
	SplitFrom    *uuid.UUID        `json:"split_from,omitempty" format:"uuid" doc:"The report that this one was a part of"`
	Parts        []uuid.UUID       `json:"parts,omitempty" doc:"Reports that were a part of this one"`
	Transferred  *Named            `json:"transferred_to,omitempty"`
	ReopensLeft  *int              `json:"reopens_left,omitempty" doc:"How often its reporter can still reopen it, were they unsatisfied"`
	CreatedAt    time.Time         `json:"created_at"`
	UpdatedAt    time.Time         `json:"updated_at"`
	Version      int64             `json:"version" doc:"Moves with state, lead, category and place"`
}

// Rating is what the reporter thought of the answer. The comment is theirs and the
// operations centre's; nobody has redacted it.
type Rating struct {
	Level   models.Level `json:"level" enum:"satisfied,acceptable,unsatisfied"`
	Comment string       `json:"comment,omitempty"`
}

// Named is a code and what it is called.
type Named struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Own is a report to the one who sent it in: public, with what they wrote.
type Own struct {
	Public
	SOSDetails *models.SOS  `json:"sos_details,omitempty"`
	Address    string       `json:"address,omitempty"`
	Reason     string       `json:"reason,omitempty" doc:"Why it ended without an answer"`
	Rejected   *Named       `json:"rejected_for,omitempty" doc:"The reason it was not taken on, as citizens are told it"`
	Original   *Standing    `json:"original,omitempty" doc:"Of a duplicate: how the report stands that it was merged into"`
	Thread     []ThreadItem `json:"thread"`
}

// Standing is how another report stands. Without an id it is not the caller's to read.
type Standing struct {
	ID         *uuid.UUID   `json:"id,omitempty" format:"uuid"`
	Code       string       `json:"code,omitempty"`
	State      models.State `json:"state"`
	Phase      models.Phase `json:"phase" enum:"received,working,answered,ended"`
	StateLabel string       `json:"state_label"`
}

// Unit is a report to a unit that has a part in it. Whoever reported is not in it.
type Unit struct {
	Public
	SOSDetails *models.SOS  `json:"sos_details,omitempty"`
	Address    string       `json:"address,omitempty" doc:"The place in words, phone numbers and the like taken out"`
	Tasks      []Task       `json:"tasks"`
	Notes      []Note       `json:"notes"`
	Trace      *Trace       `json:"trace,omitempty"`
	Thread     []ThreadItem `json:"thread" doc:"Phone numbers and the like taken out"`
	Document   string       `json:"document,omitempty" doc:"The number of the document that proves the answer"`

	FirstCategory *CategoryRef `json:"first_category,omitempty" doc:"What its reporter chose, where that was corrected"`
	Rejected      *Named       `json:"rejected_for,omitempty" doc:"The reason it was not taken on"`
	Original      *Standing    `json:"original,omitempty" doc:"Of a duplicate: how the report stands that it was merged into"`
	Escalated     int16        `json:"escalated" doc:"How often a clock that ran out was taken up the tree"`
	Urged         int16        `json:"urged" doc:"How often somebody asked for haste"`
	Directives    []Directive  `json:"directives"`
	StateAt       time.Time    `json:"state_at" doc:"Since when it is in its state"`
}

// Operations is a report to the operations centre.
type Operations struct {
	Unit
	OriginalText  OriginalText      `json:"original_text"`
	Visibility    models.Visibility `json:"visibility" enum:"private,public,restricted,hidden"`
	HiddenReason  *string           `json:"hidden_reason,omitempty"`
	Shown         models.Shown      `json:"shown" enum:"none,status,link,full" doc:"What the public sees"`
	PublicPrecise models.Precision  `json:"public_precision" enum:"exact,snapped,ward" doc:"How exactly the public knows the place"`
	Claim         *Claim            `json:"claim,omitempty"`
	HasContact    bool              `json:"has_contact"`
	ExternalRef   *string           `json:"external_ref,omitempty"`
}

// Claim says who has a report in hand, and until when.
type Claim struct {
	By    uuid.UUID `json:"by" format:"uuid"`
	Name  string    `json:"name,omitempty"`
	Until time.Time `json:"until"`
}

// Public assembles the public's view. It fails with CodeNotFound where the public is
// shown nothing.
func (a Assembler) Public(r *models.Report, b *models.Bundle) (Public, error) {
	s, err := a.sight(models.ViewPublic, r, b)
	if err != nil {
		return Public{}, err
	}
	return s.public(), nil
}

// Own assembles the reporter's own view.
func (a Assembler) Own(r *models.Report, b *models.Bundle) (Own, error) {
	s, err := a.sight(models.ViewOwn, r, b)
	if err != nil {
		return Own{}, err
	}
	own := Own{Public: s.public(), SOSDetails: s.sos(), Address: s.latest(models.TextAddress), Thread: s.thread(), Rejected: s.rejected(), Original: s.original()}
	own.Description = s.bundle.Body(&r.DescriptionID)
	if r.Phase == models.PhaseEnded {
		own.Reason = s.latest(models.TextReason)
	}
	return own, nil
}

// Unit assembles the view of a unit that has a part in the report.
func (a Assembler) Unit(r *models.Report, b *models.Bundle) (Unit, error) {
	s, err := a.sight(models.ViewUnit, r, b)
	if err != nil {
		return Unit{}, err
	}
	return s.unit(), nil
}

// Operations assembles the operations centre's view.
func (a Assembler) Operations(r *models.Report, b *models.Bundle) (Operations, error) {
	s, err := a.sight(models.ViewOperations, r, b)
	if err != nil {
		return Operations{}, err
	}
	o := Operations{
		Unit: s.unit(), OriginalText: marked(s.bundle.Body(&r.DescriptionID)), Visibility: r.Visibility, HiddenReason: r.HiddenReason,
		Shown: r.Shown, PublicPrecise: r.LocationPrecision, HasContact: r.HasContact, ExternalRef: r.ExternalRef,
	}
	if r.ClaimedBy != nil && r.ClaimedUntil != nil && r.ClaimedUntil.After(a.Now) {
		o.Claim = &Claim{By: *r.ClaimedBy, Name: s.bundle.Staff[*r.ClaimedBy], Until: *r.ClaimedUntil}
	}
	return o, nil
}

// public is what all views have, each as far as it may know it.
func (s *sight) public() Public {
	r := s.report
	p := Public{
		ID: r.ID, Code: r.Code, State: r.State, Phase: r.Phase, StateLabel: s.label(r.State), Status: s.status(),
		Deadlines: []Deadline{}, Photos: []Photo{}, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), Version: r.Version,
	}
	if s.full() || r.Shown == models.ShownLink {
		p.DuplicateOf = idOrNil(s.bundle.Original)
	}
	if !s.full() {
		return p
	}
	p.Category, p.Location, p.Area, p.Unit = s.categoryRef(), s.location(), s.areaRef(), s.lead()
	p.Description = s.bundle.Body(r.SharedTextID)
	p.Attributes = s.attributes()
	p.Urgent, p.SOS = r.Urgency != models.UrgencyNormal, r.Urgency == models.UrgencySOS
	p.Language, p.Channel, p.ScheduledFor = r.Language, r.Channel, r.ScheduledFor
	p.Deadlines, p.Photos, p.ReopensLeft = s.deadlines(), s.photos(), s.reopensLeft()
	p.Followers, p.MeToo, p.SplitFrom, p.Parts = r.Followers, r.MeToo, s.bundle.SplitFrom, s.bundle.Parts
	if s.answers() {
		p.Answer, p.Outcome, p.Rating = s.bundle.Body(r.AnswerID), r.Outcome, s.rating()
	}
	if r.TransferredTo != nil {
		p.Transferred = &Named{Code: *r.TransferredTo, Name: *r.TransferredTo}
		if reason, ok := s.pack.Reason(pack.ReasonsTransfer, *r.TransferredTo); ok {
			p.Transferred.Name = s.words(reason.Label)
		}
	}
	return p
}

func (s *sight) unit() Unit {
	return Unit{
		Public: s.public(), SOSDetails: s.sos(), Address: s.latest(models.TextAddress), Tasks: s.tasks(), Notes: s.notes(), Trace: s.trace(),
		Thread: s.thread(), Document: s.proof(), FirstCategory: s.firstCategory(), Rejected: s.rejected(), Original: s.original(),
		Escalated: s.report.Escalated, Urged: s.report.Urged, Directives: s.directives(), StateAt: s.report.StateAt.UTC(),
	}
}

// latest is the newest text of a kind, "" without one.
func (s *sight) latest(kind models.TextKind) string {
	all := s.bundle.TextsOf(kind)
	if len(all) == 0 || all[len(all)-1].Body == nil {
		return ""
	}
	return *all[len(all)-1].Body
}

func (s *sight) sos() *models.SOS {
	var sos models.SOS
	if len(s.report.SOS) == 0 || json.Unmarshal(s.report.SOS, &sos) != nil {
		return nil
	}
	return &sos
}

func (s *sight) rating() *Rating {
	if s.report.Rating == nil {
		return nil
	}
	rating := &Rating{Level: *s.report.Rating}
	for _, round := range s.bundle.Ratings {
		if round.Round == s.report.Reopens && round.CommentID != nil {
			rating.Comment = s.bundle.Body(round.CommentID)
		}
	}
	return rating
}

// attributes are the answers to the category's questions. What people wrote freely, file
// numbers and numbers without a bound can name somebody: the public is not told them, and
// a unit with phone numbers and the like taken out.
func (s *sight) attributes() map[string]string {
	values := map[string]string{}
	if len(s.report.Attributes) == 0 || json.Unmarshal(s.report.Attributes, &values) != nil {
		return nil
	}
	category, known := s.pack.Category(s.report.Category)
	for code, value := range values {
		var asked *pack.Attribute
		if known {
			asked, _ = category.Attribute(code)
		}
		switch {
		case s.view == models.ViewPublic && !impersonal(asked):
			delete(values, code)
		case s.view == models.ViewUnit && (asked == nil || asked.Type == pack.AttributeString):
			values[code] = words.Redact(value, words.Sensitive(value))
		}
	}
	return values
}

func impersonal(a *pack.Attribute) bool {
	if a == nil {
		return false
	}
	return a.Type == pack.AttributeSelect || a.Type == pack.AttributeBool || a.Type == pack.AttributeNumber && a.Max > 0
}

// maxReopens is how far reopensLeft looks: a pack without a limit has none to tell.
const maxReopens = 10

// reopensLeft asks the pack's guards how often the report could still be reopened.
func (s *sight) reopensLeft() *int {
	if s.flow == nil || s.report.Phase != models.PhaseAnswered {
		return nil
	}
	for _, t := range s.flow.From(s.report.State) {
		if !t.Has(pack.EffectReopen) || !t.MayBe(models.RoleCitizen) {
			continue
		}
		for left := range maxReopens {
			yes, err := s.pack.Holds(t.Guard(), s.asked(int(s.report.Reopens)+left))
			if err != nil {
				return nil
			}
			if !yes {
				return &left
			}
		}
	}
	return nil
}

// asked is what a guard sees of the report, had it been reopened so often and were its
// reporter unsatisfied.
func (s *sight) asked(reopens int) pack.Input {
	r := s.report
	in := pack.Input{Category: r.Category, Now: s.Now, Rating: pack.RatingInput{Level: string(models.LevelUnsatisfied)}}
	in.Report = pack.ReportInput{
		State: string(r.State), Channel: string(r.Channel), Language: string(r.Language), Reopens: reopens, Appeals: int(r.Appeals),
		Approved: r.ApprovedAt != nil, CreatedAt: r.CreatedAt,
	}
	in.Report.Set(r.Urgency)
	for to, from := range map[*time.Time]*time.Time{
		&in.Report.AcceptedAt: r.AcceptedAt, &in.Report.ResolvedAt: r.ResolvedAt, &in.Report.PublishedAt: r.PublishedAt, &in.Report.EndedAt: r.EndedAt,
	} {
		if from != nil {
			*to = *from
		}
	}
	return in
}
