// SPDX-License-Identifier: Apache-2.0

package relay

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"hientruong/ledger"
	"hientruong/models"
	"hientruong/words"
	"hientruong/workflow/pack"
)

// Search is the reader that keeps reports findable by their words, with and without
// diacritics. What units and public may find is a document of its own.
type Search struct{ Packs *pack.Holder }

// Name implements ledger.Reader.
func (Search) Name() string { return "search" }

// Read implements ledger.Reader.
func (s Search) Read(ctx context.Context, tx ledger.Tx, events []models.Event) error {
	changed := map[int32][]uuid.UUID{}
	seen := map[uuid.UUID]bool{}
	for _, e := range events {
		if e.SubjectKind == models.SubjectReport && worded(e) && !seen[e.SubjectID] {
			seen[e.SubjectID] = true
			changed[e.JurisdictionID] = append(changed[e.JurisdictionID], e.SubjectID)
		}
	}
	for jurisdiction, reports := range changed {
		if err := s.index(ctx, tx, jurisdiction, reports); err != nil {
			return err
		}
	}
	return nil
}

// worded says whether an event can have changed the words a report is found by.
func worded(e models.Event) bool {
	switch e.Kind {
	case models.EventReportSubmitted, models.EventReportShared, models.EventTextErased:
		return true
	case models.EventReportMoved:
		body, err := e.ParseBody()
		if err != nil || body.Before == nil || body.After == nil {
			return true
		}
		return len(body.Texts) > 0 || body.Before.Category != body.After.Category || body.Before.Phase != body.After.Phase
	default:
		return false
	}
}

// index writes the documents of reports anew.
func (s Search) index(ctx context.Context, tx ledger.Tx, jurisdiction int32, reports []uuid.UUID) error {
	sources, err := models.SearchSources(ctx, tx, jurisdiction, reports)
	if err != nil {
		return err
	}
	rows := map[uuid.UUID]*models.SearchRow{}
	for _, source := range sources {
		row, ok := rows[source.ReportID]
		if !ok {
			named := s.names(jurisdiction, source)
			row = &models.SearchRow{JurisdictionID: jurisdiction, ReportID: source.ReportID, Operations: named, Shared: named}
			rows[source.ReportID] = row
		}
		if source.Body == nil {
			continue
		}
		folded := " " + words.Fold(*source.Body)
		row.Operations += folded
		if shared(source) {
			row.Shared += " " + words.Fold(asShared(source))
		}
	}
	all := make([]models.SearchRow, 0, len(rows))
	for _, row := range rows {
		all = append(all, *row)
	}
	return models.UpsertSearch(ctx, tx, all)
}

// shared says whether units and public read the text: the shared one, and the answer once
// it is out.
func shared(s models.SearchSource) bool {
	is := func(id *uuid.UUID) bool { return id != nil && *id == *s.TextID }
	return is(s.SharedTextID) || is(s.AnswerID) && models.AnswerIsOut(s.Phase, s.PublishedAt)
}

// asShared is a shared text as units and public read it: without phone numbers and the
// like where it is the original, which nobody has redacted.
func asShared(s models.SearchSource) string {
	if *s.TextKind != models.TextDescription {
		return *s.Body
	}
	return words.Redact(*s.Body, words.Sensitive(*s.Body))
}

// names are the words of the pack that a report is found by: its category and area.
func (s Search) names(jurisdiction int32, source models.SearchSource) string {
	text := source.Code
	p, ok := s.Packs.Load().Version(jurisdiction, source.PackVersion)
	if !ok {
		return words.Fold(text)
	}
	if c, ok := p.Category(source.Category); ok && c.Visibility == models.VisibilityPublic {
		for _, name := range c.Name {
			text += " " + name
		}
	}
	if source.Area != nil {
		if a, ok := p.Area(*source.Area); ok {
			text += " " + a.Name + " " + strings.Join(a.Aliases, " ")
		}
	}
	return words.Fold(text)
}
