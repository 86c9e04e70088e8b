// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

// faults are what to say of each flag that can be wrong.
func (c decisionMakeCommand) faults(m *Main, jurisdiction int32) map[string]string {
	days := fmt.Sprintf("--days %d is out of range (an extension needs 1 to 365)", c.Days)
	switch {
	case c.Kind == string(models.DecisionSuspend):
		days = "a suspension takes no --days"
	case c.Days == 0:
		days = "--days is missing (an extension needs 1 to 365)"
	}
	said := map[string]string{
		"days": days, "ends_at": "--until lies before --from",
		"document": "--document is empty or too long: write its number, such as 12/QĐ-UBND",
	}
	p, _ := m.packs.Load().Current(jurisdiction, time.Now())
	if p == nil {
		return said
	}
	for _, code := range c.Areas {
		if !p.HasArea(code) {
			said["areas"] = fmt.Sprintf("--areas: the pack in force has no area %q: write the ward's code", code)
			if all := p.Areas().All(); len(all) > 0 {
				said["areas"] += ", such as " + all[0].Code
			}
			break
		}
	}
	for _, code := range c.Categories {
		if _, ok := p.Category(code); !ok {
			said["categories"] = fmt.Sprintf("--categories: the pack in force has no category %q: write its code", code)
			if all := p.Categories(); len(all) > 0 {
				said["categories"] += ", such as " + all[0].Code
			}
			break
		}
	}
	return said
}

// decisionIn is the decision that a change makes.
func decisionIn(change models.Change) (made models.Decision) {
	for _, row := range change.Insert {
		if d, ok := row.(models.Decision); ok {
			made = d
		}
	}
	return made
}

// countCovered is how many open reports a decision is about.
func countCovered(ctx context.Context, m *Main, jurisdiction int32, d models.Decision) (int, error) {
	groups, err := models.OpenReports{}.Groups(ctx, m.db.Gorm, jurisdiction)
	n := 0
	for _, g := range groups {
		if d.Covers(areaCode(g.Area), g.Category) {
			n += g.Count
		}
	}
	return n, err
}

func areaCode(area *string) string {
	if area == nil {
		return ""
	}
	code, _, _ := strings.Cut(*area, "@")
	return code
}

// movedClocks counts the deadlines that a decision would move.
type movedClocks struct {
	mu sync.Mutex
	of map[[2]string]map[uuid.UUID]int // by area and category, of each report
}

// weighed decides as the intent does, notes how many deadlines come out otherwise, and
// changes nothing.
type weighed struct {
	models.Intent
	report models.OpenReport
	into   *movedClocks
}

// Decide implements models.Intent.
func (w weighed) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	change, err := w.Intent.Decide(facts, now)
	n := 0
	for _, e := range change.Events {
		if e.Kind == models.EventDeadlineRetimed {
			n++
		}
	}
	if n > 0 {
		w.into.mu.Lock()
		defer w.into.mu.Unlock()
		key := [2]string{cmp.Or(areaCode(w.report.Area), "-"), w.report.Category}
		if w.into.of[key] == nil {
			w.into.of[key] = map[uuid.UUID]int{}
		}
		w.into.of[key][w.report.ID] = n
	}
	return models.Change{}, err
}

// plan counts what a decision would move, by area and category.
func (c decisionMakeCommand) plan(ctx context.Context, m *Main, intent workflow.MakeDecision, tell, out io.Writer) error {
	j := intent.Actor.Jurisdiction
	change, err := intent.Decide(models.Facts{}, time.Now())
	if err != nil {
		return refusedFlags(err, c.faults(m, j))
	}
	made := decisionIn(change)
	packs := m.packs.Load()
	packs = packs.WithDecisions(j, append(slices.Clone(packs.Decisions(j)), made))
	moved := movedClocks{of: map[[2]string]map[uuid.UUID]int{}}
	all := each{
		page: coveredBy(ctx, m, j, made),
		intent: func(r models.OpenReport) models.Intent {
			retime := workflow.Retime{Packs: packs, Jurisdiction: j, ReportID: r.ID, Cause: workflow.Cause{Decision: &made.ID, Document: made.Document}}
			return weighed{retime, r, &moved}
		},
	}
	if all.of, err = countCovered(ctx, m, j, made); err != nil {
		return err
	}
	if _, err = all.run(ctx, m, tell); err != nil {
		return err
	}
	return moved.tell(made.Document, all.of, out)
}

// coveredBy pages through the open reports that a decision is about.
func coveredBy(ctx context.Context, m *Main, jurisdiction int32, d models.Decision) func(uuid.UUID, int) ([]models.OpenReport, error) {
	return func(after uuid.UUID, limit int) ([]models.OpenReport, error) {
		for {
			page, err := models.OpenReports{}.Page(ctx, m.db.Gorm, jurisdiction, after, limit)
			if err != nil || len(page) == 0 {
				return nil, err
			}
			after = page[len(page)-1].ID
			if page = slices.DeleteFunc(page, func(r models.OpenReport) bool { return !d.Covers(areaCode(r.Area), r.Category) }); len(page) > 0 {
				return page, nil
			}
		}
	}
}

// tell writes what was counted.
func (c *movedClocks) tell(document string, covered int, out io.Writer) error {
	deadlines, reports := 0, 0
	for _, group := range c.of {
		reports += len(group)
		for _, n := range group {
			deadlines += n
		}
	}
	fmt.Fprintf(out, "%s would move %d deadlines, of %d open reports; it is about %d\n", document, deadlines, reports, covered)
	if reports == 0 {
		return nil
	}
	list := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(list, "area\tcategory\treports\tdeadlines")
	keys := slices.SortedFunc(maps.Keys(c.of), func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, key := range keys {
		n := 0
		for _, one := range c.of[key] {
			n += one
		}
		fmt.Fprintf(list, "%s\t%s\t%d\t%d\n", key[0], key[1], len(c.of[key]), n)
	}
	return list.Flush()
}
