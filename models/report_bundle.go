// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Bundle is what hangs on a report, as far as a view may know it. What the view may not
// know was never read.
type Bundle struct {
	Texts     map[uuid.UUID]Text // by id
	Tasks     []Task             // of units and the operations centre only, oldest first
	Deadlines []Deadline         // oldest first
	Photos    []Photo            // oldest first; their evidence for the operations centre only
	Ratings   []Rating           // by round
	Staff     map[uuid.UUID]string
	Reporters map[uuid.UUID]bool // of the thread's messages those that are the reporter's own

	Original  *uuid.UUID  // the report that this one is a duplicate of, where the view may know it
	Survivor  *Report     // the same, with no more than how it stands; its reporter is told that in any case
	SplitFrom *uuid.UUID  // the report that this one was a part of, where the view may know it
	Parts     []uuid.UUID // the reports that were a part of this one, where the view may know them, oldest first
}

// TextsOf returns the texts of some kinds, oldest first.
func (b *Bundle) TextsOf(kinds ...TextKind) []Text {
	var out []Text
	for _, t := range b.Texts {
		if slices.Contains(kinds, t.Kind) {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(x, y Text) int {
		if c := x.CreatedAt.Compare(y.CreatedAt); c != 0 {
			return c
		}
		return slices.Compare(x.ID[:], y.ID[:])
	})
	return out
}

// Body is what a text says, "" where it is not there, not for this view or erased.
func (b *Bundle) Body(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	if t := b.Texts[*id]; t.Body != nil {
		return *t.Body
	}
	return ""
}

// LoadBundle reads what hangs on reports of one jurisdiction for a view, in a fixed
// number of queries however many they are. The reports are as FindReport, ListReports
// and Changes return them for that view.
func LoadBundle(ctx context.Context, db *gorm.DB, reports []Report, v View) (map[uuid.UUID]*Bundle, error) {
	l := loader{db: db.WithContext(ctx), view: v, bundles: make(map[uuid.UUID]*Bundle, len(reports))}
	for i := range reports {
		r := &reports[i]
		l.bundles[r.ID] = &Bundle{Texts: map[uuid.UUID]Text{}, Staff: map[uuid.UUID]string{}, Reporters: map[uuid.UUID]bool{}}
		l.ids, l.jurisdiction = append(l.ids, r.ID), r.JurisdictionID
	}
	if len(reports) == 0 {
		return l.bundles, nil
	}
	for _, load := range []func([]Report) error{l.texts, l.addresses, l.tasks, l.deadlines, l.photos, l.ratings, l.related, l.parts, l.staff} {
		if err := load(reports); err != nil {
			return nil, FromDatabase(err)
		}
	}
	return l.bundles, nil
}

type loader struct {
	db           *gorm.DB
	view         View
	jurisdiction int32
	ids          []uuid.UUID
	bundles      map[uuid.UUID]*Bundle
}

// of is a query over what hangs on the reports.
func (l *loader) of() *gorm.DB {
	return l.db.Where("jurisdiction_id = ? AND report_id IN ?", l.jurisdiction, l.ids)
}

// AnswerIsOut says whether units' answers to a report in that phase, published then, are
// for its reporter and the public: a report that ended another way has one that never was.
func AnswerIsOut(phase Phase, publishedAt *time.Time) bool {
	return publishedAt != nil && (phase == PhaseAnswered || phase == PhaseEnded)
}

func answered(r *Report) bool { return AnswerIsOut(r.Phase, r.PublishedAt) }

func (l *loader) tasks([]Report) error {
	if l.view != ViewUnit && l.view != ViewOperations {
		return nil
	}
	var all []Task
	err := l.of().Order("created_at, id").Find(&all).Error
	for _, t := range all {
		b := l.bundles[t.ReportID]
		b.Tasks = append(b.Tasks, t)
	}
	return err
}

func (l *loader) deadlines(reports []Report) error {
	query := l.of()
	if l.view == ViewPublic {
		query = l.db.Where("jurisdiction_id = ? AND report_id IN ?", l.jurisdiction, idsOf(reports, func(r *Report) bool { return r.Shown == ShownFull }))
	}
	var all []Deadline
	err := query.Order("started_at, id").Find(&all).Error
	for _, d := range all {
		b := l.bundles[d.ReportID]
		b.Deadlines = append(b.Deadlines, d)
	}
	return err
}

func (l *loader) ratings(reports []Report) error {
	query := l.of()
	if l.view == ViewPublic {
		query = l.db.Where("jurisdiction_id = ? AND report_id IN ?", l.jurisdiction, idsOf(reports, publicAnswer))
	}
	var all []Rating
	err := query.Order("round").Find(&all).Error
	for _, r := range all {
		b := l.bundles[r.ReportID]
		if l.view == ViewPublic || l.view == ViewUnit {
			r.CommentID = nil
		}
		b.Ratings = append(b.Ratings, r)
	}
	return err
}

// staff finds the names of those who have the reports in hand, for the operations centre
// alone.
func (l *loader) staff(reports []Report) error {
	if l.view != ViewOperations {
		return nil
	}
	wanted := map[uuid.UUID][]*Bundle{}
	for i := range reports {
		b := l.bundles[reports[i].ID]
		if by := reports[i].ClaimedBy; by != nil {
			wanted[*by] = append(wanted[*by], b)
		}
		for _, t := range b.Tasks {
			if t.HandlerID != nil {
				wanted[*t.HandlerID] = append(wanted[*t.HandlerID], b)
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, 0, len(wanted))
	for id := range wanted {
		ids = append(ids, id)
	}
	var people []Staff
	err := l.db.Select("id", "name").Where("jurisdiction_id = ? AND id IN ?", l.jurisdiction, ids).Find(&people).Error
	for _, p := range people {
		for _, b := range wanted[p.ID] {
			b.Staff[p.ID] = p.Name
		}
	}
	return err
}

// idsOf are the ids of those reports for which something holds.
func idsOf(reports []Report, holds func(*Report) bool) []uuid.UUID {
	var ids []uuid.UUID
	for i := range reports {
		if holds(&reports[i]) {
			ids = append(ids, reports[i].ID)
		}
	}
	return ids
}

func publicAnswer(r *Report) bool { return r.Shown == ShownFull && answered(r) }
