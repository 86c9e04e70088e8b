// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// SearchSource is one text of a report, and of the report what search needs to know. A
// report without texts comes once, with an empty one.
type SearchSource struct {
	ReportID     uuid.UUID
	Code         string
	PackVersion  int32
	Category     string
	Area         *string
	Phase        Phase
	PublishedAt  *time.Time
	SharedTextID *uuid.UUID
	AnswerID     *uuid.UUID
	TextID       *uuid.UUID
	TextKind     *TextKind
	Body         *string
}

// SearchSources returns every text by which reports can be found, in the order of reports.
func SearchSources(ctx context.Context, tx pgx.Tx, jurisdiction int32, reports []uuid.UUID) ([]SearchSource, error) {
	rows, err := tx.Query(ctx, `
		SELECT r.id AS report_id, r.code, r.pack_version, r.category, r.area, r.phase, r.published_at, r.shared_text_id, r.answer_id, t.id AS text_id, t.kind AS text_kind, t.body
		FROM reports r LEFT JOIN texts t ON t.jurisdiction_id = $1 AND t.report_id = r.id AND t.body IS NOT NULL
		WHERE r.jurisdiction_id = $1 AND r.id = ANY($2) ORDER BY r.id`, jurisdiction, reports)
	if err != nil {
		return nil, FromDatabase(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[SearchSource])
	return found, FromDatabase(err)
}
