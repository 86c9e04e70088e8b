// SPDX-License-Identifier: Apache-2.0

package models

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// TileFilter says which reports a map shows; the zero value asks for all. Values of one
// field mean any of them, fields all of them. In the public's view it is a filter over what
// the public's map has.
type TileFilter struct {
	View         View // "" is the actor's widest
	Categories   []string
	States       []State
	Phases       []Phase
	Units        []string // the leads
	Urgent       *bool
	Overdue      *bool
	Clocks       []string // as in a ReportFilter
	CreatedSince *time.Time
	CreatedUntil *time.Time // before it
	Query        string     // words somebody typed
}

// viewOf is the view in which the actor is shown a map. It fails with CodeUnauthorized or
// CodeForbidden for one that the actor has not got.
func (f TileFilter) viewOf(a Actor) (View, error) {
	v := f.View
	if v == "" {
		v = WidestView(a)
	}
	if v == ViewOwn || !v.May(a) {
		return v, refusedTo(a)
	}
	return v, nil
}

// where gathers the conditions of a query and their arguments.
type where struct {
	all  []string
	args []any
}

// arg adds an argument and returns its placeholder.
func (w *where) arg(v any) string {
	w.args = append(w.args, v)
	return "$" + strconv.Itoa(len(w.args))
}

// add adds a condition; each ? in it stands for one of the arguments.
func (w *where) add(condition string, args ...any) {
	for _, v := range args {
		condition = strings.Replace(condition, "?", w.arg(v), 1)
	}
	w.all = append(w.all, condition)
}

func (w *where) sql() string { return strings.Join(w.all, " AND ") }

// anyIn narrows to rows with one of the values; none of them narrows nothing.
func anyIn[T ~string](w *where, column string, values []T) {
	if len(values) == 0 {
		return
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	w.add(column+" = ANY(?::text[])", texts)
}

// rows narrows a query over reports to what the actor sees on a map in a view and the
// filter asks for. It names no column that the indexes by tile do not hold, unless the
// filter does.
func (f TileFilter) rows(w *where, a Actor, v View) {
	w.add("reports.jurisdiction_id = ?", a.Jurisdiction)
	if f.open() {
		// Spelt out: what is a parameter does not lead the planner to the index of open reports.
		w.add("reports.phase IN ('received', 'working')")
	}
	anyIn(w, "reports.phase", f.Phases)
	anyIn(w, "reports.state", f.States)
	anyIn(w, "reports.category", f.Categories)
	anyIn(w, "reports.lead_unit", f.Units)
	if f.Urgent != nil {
		w.add("(reports.urgency <> 'normal') = ?", *f.Urgent)
	}
	if f.Overdue != nil {
		not := ""
		if !*f.Overdue {
			not = "NOT "
		}
		w.add(not + f.late(w, a, v))
	}
	if f.CreatedSince != nil {
		w.add("reports.created_at >= ? AND reports.id >= ?", *f.CreatedSince, idBefore(*f.CreatedSince))
	}
	if f.CreatedUntil != nil {
		w.add("reports.created_at < ?", *f.CreatedUntil)
	}
	if f.Query != "" {
		c := matches(f.Query, v)
		w.add(c.sql, c.args...)
	}
	if v == ViewUnit {
		w.add("EXISTS (SELECT FROM tasks t WHERE t.jurisdiction_id = ? AND t.report_id = reports.id AND t.unit = ? AND t.state IN ('open', 'working', 'done'))",
			a.Jurisdiction, a.Unit)
	}
}

// open says whether the filter asks for open reports alone.
func (f TileFilter) open() bool {
	return len(f.Phases) > 0 && !slices.Contains(f.Phases, PhaseAnswered) && !slices.Contains(f.Phases, PhaseEnded)
}

// late is the condition that a clock of the report, one that the view knows, has run out.
func (f TileFilter) late(w *where, a Actor, v View) string {
	late := "EXISTS (SELECT FROM deadlines d WHERE d.jurisdiction_id = " + w.arg(a.Jurisdiction) + " AND d.report_id = reports.id" +
		" AND d.stopped_at IS NULL AND d.paused_at IS NULL AND d.due_at < now()"
	if v == ViewPublic || len(f.Clocks) > 0 {
		late += " AND d.kind = ANY(" + w.arg(append([]string{}, f.Clocks...)) + "::text[])"
	}
	return late + ")"
}
