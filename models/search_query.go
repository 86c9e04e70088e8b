// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"hientruong/words"
)

// SearchRow is what a report is found by: words.Fold of its texts. Operations holds all
// that the operations centre may search; Shared only what units and public may read of
// the report as it stands, the answer not before it is shown.
type SearchRow struct {
	JurisdictionID int32
	ReportID       uuid.UUID
	Operations     string
	Shared         string
}

// longestWord is how much of a word counts, in bytes: far beyond any real one, and what
// a tsvector can hold.
const longestWord = 128

// mostWords bounds a query: more words than anybody types.
const mostWords = 16

// UpsertSearch makes the reports findable by the rows' words and no longer by any they
// had before, in one statement. The last of two rows of the same report counts.
func UpsertSearch(ctx context.Context, q PGX, rows []SearchRow) error {
	type key struct {
		jurisdiction int32
		report       uuid.UUID
	}
	last := map[key]SearchRow{}
	for _, row := range rows {
		last[key{row.JurisdictionID, row.ReportID}] = row
	}
	var jurisdictions []int32
	var ids []uuid.UUID
	var operations, shared []string
	for _, row := range last {
		jurisdictions, ids = append(jurisdictions, row.JurisdictionID), append(ids, row.ReportID)
		operations = append(operations, strings.Join(searchWords(row.Operations), " "))
		shared = append(shared, strings.Join(searchWords(row.Shared), " "))
	}
	// The words are split here and not by PostgreSQL's parser, which has its own ideas of
	// what a number, a host or a file name is.
	_, err := q.Exec(ctx, `
		INSERT INTO report_search (jurisdiction_id, report_id, operations, shared)
		SELECT j, r, array_to_tsvector(string_to_array(o, ' ')), array_to_tsvector(string_to_array(s, ' '))
		FROM unnest($1::int[], $2::uuid[], $3::text[], $4::text[]) AS new (j, r, o, s)
		ORDER BY j, r
		ON CONFLICT (jurisdiction_id, report_id) DO UPDATE SET operations = excluded.operations, shared = excluded.shared`,
		jurisdictions, ids, operations, shared)
	return FromDatabase(err)
}

// searchWords splits folded text into its different words.
func searchWords(folded string) []string {
	all := strings.Fields(folded)
	for i, w := range all {
		all[i] = cut(w, longestWord)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// cut shortens s to at most n bytes without cutting a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// tsquery makes of what somebody typed a query for all its words, the last one possibly
// unfinished; "" where it holds no word.
func tsquery(typed string) string {
	all := strings.Fields(words.Fold(typed))
	if len(all) > mostWords {
		all = all[:mostWords]
	}
	terms := make([]string, len(all))
	for i, w := range all {
		terms[i] = "'" + cut(w, longestWord) + "'"
		if i == len(all)-1 {
			terms[i] += ":*"
		}
	}
	return strings.Join(terms, " & ")
}

// matches is the condition that a report has the words somebody typed in what the view
// may search.
func matches(typed string, v View) condition {
	query := tsquery(typed)
	if query == "" {
		return condition{sql: isNobodys}
	}
	column := "shared"
	if v == ViewOperations {
		column = "operations"
	}
	return condition{
		"EXISTS (SELECT FROM report_search s WHERE s.jurisdiction_id = reports.jurisdiction_id AND s.report_id = reports.id AND s." + column + " @@ ?::tsquery)",
		[]any{query},
	}
}
