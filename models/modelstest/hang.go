// SPDX-License-Identifier: Apache-2.0

package modelstest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"hientruong/models"
)

// text adds a text of a kind, written at a moment by somebody.
func (m *maker) text(kind models.TextKind, author string, at time.Time) *uuid.UUID {
	draft := models.Draft{ID: NewID(at), Body: m.spec.Mark + "-" + string(kind)}
	if kind != models.TextShared && kind != models.TextAnswer && kind != models.TextDocument && m.spec.Phone != "" {
		draft.Body += " " + m.spec.Phone
	}
	t := draft.Text(&m.sample.Report, kind, models.Vietnamese, author, at)
	m.sample.Texts = append(m.sample.Texts, t)
	return &t.ID
}

func (m *maker) texts() {
	r := &m.sample.Report
	citizen, staff := "citizen:"+uuid.NewString(), "staff:"+uuid.NewString()
	r.DescriptionID = *m.text(models.TextDescription, citizen, r.CreatedAt)
	m.text(models.TextAddress, citizen, r.CreatedAt)
	if m.spec.Consent {
		m.text(models.TextConsent, staff, r.CreatedAt)
		m.sample.Texts[len(m.sample.Texts)-1].Body = new(m.spec.Mark + "-consent")
	}
	if m.spec.State != "submitted" {
		m.text(models.TextNote, staff, r.CreatedAt.Add(time.Minute))
		m.text(models.TextQuestion, staff, r.CreatedAt.Add(2*time.Minute))
		m.text(models.TextReply, citizen, r.CreatedAt.Add(3*time.Minute))
		m.text(models.TextReason, staff, m.now)
		m.text(models.TextMessage, staff, r.CreatedAt.Add(4*time.Minute))
		m.text(models.TextDirective, staff, r.CreatedAt.Add(5*time.Minute))
	}
	switch {
	case r.AcceptedAt == nil:
	case m.spec.SharedIsOriginal:
		r.SharedTextID = &r.DescriptionID
	default:
		r.SharedTextID = m.text(models.TextShared, staff, *r.AcceptedAt)
	}
	if r.ResolvedAt != nil {
		r.AnswerID = m.text(models.TextAnswer, staff, *r.ResolvedAt)
		m.text(models.TextDocument, staff, *r.ResolvedAt)
	}
	if r.Rating != nil {
		comment := m.text(models.TextComment, citizen, m.now)
		m.sample.Ratings = append(m.sample.Ratings, models.Rating{
			JurisdictionID: r.JurisdictionID, ReportID: r.ID, Level: *r.Rating, CommentID: comment, CreatedAt: m.now,
		})
	}
}

// work makes the units' parts and the clocks.
func (m *maker) work() {
	r := &m.sample.Report
	clock := models.Deadline{
		JurisdictionID: r.JurisdictionID, ID: uuid.New(), ReportID: r.ID, Kind: "tiep-nhan", Counts: models.CountsWorking,
		Rule: r.Category + "/tiep-nhan", StartedAt: r.CreatedAt, DueAt: r.CreatedAt.Add(8 * time.Hour),
	}
	if r.AcceptedAt != nil || r.EndedAt != nil {
		stop(&clock, m.now)
	}
	m.sample.Deadlines = append(m.sample.Deadlines, clock)
	if !m.stage.has(m.spec.State, "assigned") {
		return
	}
	r.LeadUnit = &m.spec.Unit
	state := models.TaskOpen
	switch {
	case r.ResolvedAt != nil:
		state = models.TaskDone
	case r.EndedAt != nil:
		state = models.TaskCancelled
	case m.stage.has(m.spec.State, "in_progress"):
		state = models.TaskWorking
	}
	units := []string{m.spec.Unit}
	if m.spec.Support != "" {
		units = append(units, m.spec.Support)
	}
	for i, unit := range units {
		m.sample.Tasks = append(m.sample.Tasks, models.Task{
			JurisdictionID: r.JurisdictionID, ID: NewID(*r.AcceptedAt), ReportID: r.ID, Unit: unit, Lead: i == 0, State: state,
			HandlerID: m.spec.HandlerID, Version: 1, CreatedAt: *r.AcceptedAt, UpdatedAt: m.now,
		})
		if i > 0 {
			m.support(len(m.sample.Tasks) - 1)
		}
	}
	work := models.Deadline{
		JurisdictionID: r.JurisdictionID, ID: uuid.New(), ReportID: r.ID, Kind: "xu-ly", Unit: &m.spec.Unit, Counts: models.CountsWorking,
		Rule: r.Category + "/xu-ly", StartedAt: *r.AcceptedAt, DueAt: r.AcceptedAt.Add(72 * time.Hour),
	}
	if r.ResolvedAt != nil || r.EndedAt != nil {
		stop(&work, m.now)
	}
	m.sample.Deadlines = append(m.sample.Deadlines, work)
}

// support gives a supporting unit's part what it did, and a clock of its own.
func (m *maker) support(i int) {
	t := &m.sample.Tasks[i]
	t.ResultID = m.text(models.TextResult, "staff:"+uuid.NewString(), t.CreatedAt)
	m.sample.Texts[len(m.sample.Texts)-1].TaskID = &t.ID
	clock := models.Deadline{
		JurisdictionID: t.JurisdictionID, ID: uuid.New(), ReportID: t.ReportID, TaskID: &t.ID, Kind: "phoi-hop", Unit: &t.Unit, Counts: models.CountsWorking,
		Rule: "phoi-hop", StartedAt: t.CreatedAt, DueAt: t.CreatedAt.Add(96 * time.Hour),
	}
	if m.sample.Report.ResolvedAt != nil || m.sample.Report.EndedAt != nil {
		stop(&clock, m.now)
	}
	m.sample.Deadlines = append(m.sample.Deadlines, clock)
}

func stop(d *models.Deadline, at time.Time) {
	left := int64(d.DueAt.Sub(at) / time.Second)
	d.StoppedAt, d.RemainingS = &at, &left
}

// photos makes one of each kind that the report has by now, all rendered.
func (m *maker) photos() {
	r := &m.sample.Report
	kinds := map[models.PhotoKind]string{models.PhotoBefore: reporterOf(r)}
	if r.ResolvedAt != nil {
		kinds[models.PhotoAfter], kinds[models.PhotoDocument] = "staff:"+uuid.NewString(), "staff:"+uuid.NewString()
	}
	for kind, owner := range kinds {
		blurhash, at := "LEHV6nWB2yk8pyo0adR*.7kCMdnj", r.CreatedAt
		m.sample.Photos = append(m.sample.Photos, models.Photo{
			JurisdictionID: r.JurisdictionID, ID: NewID(at), ReportID: &r.ID, Owner: owner, Kind: kind, Status: models.PhotoReady,
			SHA256: digest(string(kind)), Bytes: 1000, Format: "jpeg", Width: 1600, Height: 1200, Blurhash: &blurhash, TakenAt: &at,
			Lat: r.Lat, Lon: r.Lon, Origin: r.Origin, EventSeq: 2, CreatedAt: at, RenderedAt: &at,
		})
	}
}

// reporterOf names who sent the report in; it is somebody unknown where the sample names nobody.
func reporterOf(r *models.Report) string {
	switch {
	case r.CitizenID != nil:
		return "citizen:" + r.CitizenID.String()
	case r.DeviceID != nil:
		return "device:" + r.DeviceID.String()
	case r.AgentID != nil:
		return "staff:" + r.AgentID.String()
	}
	return "guest"
}

// history makes the events by which the report came to where it is.
func (m *maker) history() {
	r := &m.sample.Report
	marks := map[models.TextKind]models.TextMark{}
	for _, t := range m.sample.Texts {
		marks[t.Kind] = t.Mark()
	}
	before := *r
	before.State, before.Phase, before.Shown, before.LeadUnit = "submitted", models.PhaseReceived, models.ShownNone, nil
	m.event(models.EventReportSubmitted, r.CreatedAt, models.Body{After: before.Keys(), Channel: r.Channel, Pack: 1,
		Texts: map[string]models.TextMark{"description": marks[models.TextDescription], "address": marks[models.TextAddress]}})
	steps := slices.Concat(m.stage.path, []models.State{r.State})
	for i, state := range steps[1:] {
		after := *r
		if state != r.State {
			was := stageOf(state)
			after.State, after.Phase, after.Shown = state, was.phase, models.ShownNone
			if r.Visibility == models.VisibilityPublic {
				after.Shown = was.public
			}
		}
		body := models.Body{Before: before.Keys(), After: after.Keys(), Transition: string(state), WallS: new(int64(3600)), WorkingS: new(int64(1800))}
		switch state {
		case "verifying":
			body.Texts = map[string]models.TextMark{"question": marks[models.TextQuestion], "reply": marks[models.TextReply], "note": marks[models.TextNote]}
		case "resolved":
			body.Texts = map[string]models.TextMark{"answer": marks[models.TextAnswer]}
		}
		m.event(models.EventReportMoved, m.at(i+1), body)
		before = after
	}
	if m.spec.State != "submitted" {
		m.event(models.EventReportDirected, m.now, models.Body{Texts: map[string]models.TextMark{"directive": marks[models.TextDirective]}})
		m.event(models.EventReportMessage, m.now, models.Body{Texts: map[string]models.TextMark{"message": marks[models.TextMessage]}})
		m.event(models.EventReportUrged, m.now, models.Body{Reason: "tre-han-noi-bo"})
		m.event(models.EventReportFollowed, m.now, models.Body{Follower: "citizen:" + uuid.NewString()})
		r.Escalated, r.Urged = 2, 3
	}
	m.event(models.EventReportClaimed, m.now, models.Body{})
	m.event(models.EventContactRead, m.now, models.Body{Reason: "call-back"})
	r.EventSeq = int64(len(m.sample.Events))
}

func (m *maker) event(kind models.EventKind, at time.Time, body models.Body) {
	r := &m.sample.Report
	m.sample.Events = append(m.sample.Events, models.Event{
		JurisdictionID: r.JurisdictionID, SubjectKind: models.SubjectReport, SubjectID: r.ID, SubjectSeq: int64(len(m.sample.Events) + 1),
		Kind: kind, Origin: r.Origin, Actor: "staff:" + m.spec.Mark, At: at, Body: body.Canonical(), Hash: digest("event"),
	})
}

// Insert writes samples as the ledger would, and their events behind those that are
// there. The jurisdictions must be there.
func Insert(tb testing.TB, db *gorm.DB, samples ...*Sample) {
	tb.Helper()
	err := db.WithContext(context.Background()).Transaction(func(tx *gorm.DB) error {
		for _, s := range samples {
			rows := []any{&s.Report, &s.Texts, &s.Contact, &s.Deadlines, &s.Photos}
			if len(s.Tasks) > 0 {
				rows = append(rows, &s.Tasks)
			}
			if len(s.Ratings) > 0 {
				rows = append(rows, &s.Ratings)
			}
			for _, row := range rows {
				if err := tx.Create(row).Error; err != nil {
					return err
				}
			}
			if err := appendEvents(tx, s.Events); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatalf("modelstest: %v", err)
	}
}

// InsertEvents writes events behind those that are there.
func InsertEvents(tb testing.TB, db *gorm.DB, events ...models.Event) {
	tb.Helper()
	if err := db.Transaction(func(tx *gorm.DB) error { return appendEvents(tx, events) }); err != nil {
		tb.Fatalf("modelstest: %v", err)
	}
}

func appendEvents(tx *gorm.DB, events []models.Event) error {
	for i := range events {
		e := &events[i]
		if len(e.Hash) == 0 {
			e.Hash = digest("event")
		}
		err := tx.Raw("UPDATE log_head SET pos = pos + 1, hash = ? WHERE jurisdiction_id = ? RETURNING pos", e.Hash, e.JurisdictionID).Scan(&e.Pos).Error
		if err != nil {
			return err
		}
		if err := tx.Create(e).Error; err != nil {
			return err
		}
	}
	return nil
}
