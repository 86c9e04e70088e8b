// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/models/modelstest"
)

// A plan counts what a decision would move, and moves nothing.
func TestDecisionPlan(t *testing.T) {
	t.Parallel()
	s, ctx := newSettings(t), t.Context()
	var tell, out bytes.Buffer
	reports(t, s, modelstest.Spec{State: "assigned"}, modelstest.Spec{State: "assigned", Category: "o-ga"}, modelstest.Spec{State: "in_progress", Category: "o-ga"}, modelstest.Spec{State: "closed"})
	now := time.Now()
	day := func(n int) string { return now.AddDate(0, 0, n).Format(time.DateOnly) }
	figure(t, s, `WITH made AS (INSERT INTO deadlines (jurisdiction_id, id, report_id, kind, counts, rule, started_at, due_at, total_s, counted_from, left_s)
		SELECT jurisdiction_id, gen_random_uuid(), id, 'xu-ly', 'wall', '', now(), now() + interval '10 days', 864000, now(), 864000 FROM reports WHERE phase <> 'ended' RETURNING 1)
		SELECT count(*) FROM made`)
	flood := decisionMakeCommand{Document: "77/QĐ-UBND", Kind: "suspend", From: day(2), Until: day(3), Plan: true}
	if err := flood.run(ctx, s, &tell, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, "77/QĐ-UBND would move 3 deadlines, of 3 open reports; it is about 3\n", "o-ga       2        2")
	flood.Categories = []string{"o-ga"}
	if err := flood.run(ctx, s, &tell, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, "would move 2 deadlines, of 2 open reports; it is about 2\n")
	flood.From, flood.Until = day(100), day(101)
	if err := flood.run(ctx, s, &tell, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, "would move 0 deadlines, of 0 open reports; it is about 2\n")
	if n := figure(t, s, "SELECT (SELECT count(*) FROM decisions) + (SELECT count(*) FROM events WHERE kind = 'deadline.retimed')"); n != 0 {
		t.Errorf("a plan wrote %d rows", n)
	}
	flood.Plan = false
	if err := flood.run(ctx, s, &tell, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &tell, fmt.Sprintf("%d open reports are being counted anew", 2))
	flood.Plan, flood.Days = true, 2
	refuses(t, flood.run(ctx, s, &tell, &out), "a suspension takes no --days")
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	s, ctx := newSettings(t), t.Context()
	var out bytes.Buffer
	made := decisionMakeCommand{Document: "77/QĐ-UBND", Kind: "suspend", From: "2026-10-05", Until: "2026-10-07", Areas: []string{"90001"}}
	if err := made.run(ctx, s, io.Discard, &out); err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(out.String())
	out.Reset()
	extend := decisionMakeCommand{Document: "78/QĐ-UBND", Kind: "extend", From: "2026-10-05", Until: "2026-10-07T12:00:00+07:00", Days: 3, Categories: []string{"o-ga", "den-duong"}}
	if err := extend.run(ctx, s, io.Discard, &out); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := (decisionListCommand{}).run(ctx, s, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, id, "77/QĐ-UBND", "status", "2026-10-05 00:00  2026-10-08 00:00  90001  all", "extend by 3 days", "over", "system", "2026-10-07 12:00", "den-duong,o-ga")
	for range 2 {
		if err := (decisionRevokeCommand{ID: id}).run(ctx, s, &out); err != nil {
			t.Fatal(err)
		}
		says(t, &out, id+" is revoked")
	}
	if err := (decisionListCommand{}).run(ctx, s, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, "suspend           revoked")
	if n := figure(t, s, "SELECT count(*) FROM events WHERE kind LIKE 'decision.%'"); n != 3 {
		t.Errorf("%d events, want 3", n)
	}
	for named, change := range map[string]func(*decisionMakeCommand){
		"--from":                     func(c *decisionMakeCommand) { c.From = "mai" },
		"--until":                    func(c *decisionMakeCommand) { c.Until = "5/10" },
		"--until lies before --from": func(c *decisionMakeCommand) { c.Until = "2026-10-01" },
		`no area "1": write the ward's code, such as 9`:            func(c *decisionMakeCommand) { c.Areas = []string{"1"} },
		`no category "khong-co"`:                                   func(c *decisionMakeCommand) { c.Categories = []string{"khong-co"} },
		"--days is missing (an extension needs 1 to 365)":          func(c *decisionMakeCommand) { c.Days = 0 },
		"--days 400 is out of range (an extension needs 1 to 365)": func(c *decisionMakeCommand) { c.Days = 400 },
		"a suspension takes no --days":                             func(c *decisionMakeCommand) { c.Kind = "suspend" },
		"--document":                                               func(c *decisionMakeCommand) { c.Document = strings.Repeat("1", 101) },
		"--by":                                                     func(c *decisionMakeCommand) { c.By = "nobody" },
	} {
		wrong := extend
		change(&wrong)
		refuses(t, wrong.run(ctx, s, io.Discard, &out), named)
	}
	refuses(t, decisionRevokeCommand{ID: "77"}.run(ctx, s, &out), "not a decision")
	refuses(t, decisionRevokeCommand{ID: uuid.NewString()}.run(ctx, s, &out), "no decision")
}
