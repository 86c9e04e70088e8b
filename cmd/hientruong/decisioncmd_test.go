// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestDecisions(t *testing.T) {
	t.Parallel()
	s, ctx := newSettings(t), t.Context()
	var out bytes.Buffer
	made := decisionMakeCommand{Document: "77/QĐ-UBND", Kind: "suspend", From: "2026-10-05", Until: "2026-10-07", Areas: []string{"90001"}}
	if err := made.run(ctx, s, &out); err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(out.String())
	out.Reset()
	extend := decisionMakeCommand{Document: "78/QĐ-UBND", Kind: "extend", From: "2026-10-05", Until: "2026-10-07T12:00:00+07:00", Days: 3, Categories: []string{"o-ga", "den-duong"}}
	if err := extend.run(ctx, s, &out); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := (decisionListCommand{}).run(ctx, s, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, id, "77/QĐ-UBND", "2026-10-05 00:00 to 2026-10-08 00:00  areas 90001  categories all", "extend 3", "2026-10-07 12:00", "den-duong,o-ga")
	for range 2 {
		if err := (decisionRevokeCommand{ID: id}).run(ctx, s, &out); err != nil {
			t.Fatal(err)
		}
		says(t, &out, id+" is revoked")
	}
	if err := (decisionListCommand{}).run(ctx, s, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, "suspend (revoked)")
	if n := figure(t, s, "SELECT count(*) FROM events WHERE kind LIKE 'decision.%'"); n != 3 {
		t.Errorf("%d events, want 3", n)
	}
	for named, change := range map[string]func(*decisionMakeCommand){
		"--from":     func(c *decisionMakeCommand) { c.From = "mai" },
		"--until":    func(c *decisionMakeCommand) { c.Until = "5/10" },
		"ends_at":    func(c *decisionMakeCommand) { c.Until = "2026-10-01" },
		"areas":      func(c *decisionMakeCommand) { c.Areas = []string{"1"} },
		"categories": func(c *decisionMakeCommand) { c.Categories = []string{"khong-co"} },
		"days":       func(c *decisionMakeCommand) { c.Days = 0 },
		"document":   func(c *decisionMakeCommand) { c.Document = strings.Repeat("1", 101) },
		"--by":       func(c *decisionMakeCommand) { c.By = "nobody" },
	} {
		wrong := extend
		change(&wrong)
		refuses(t, wrong.run(ctx, s, &out), named)
	}
	refuses(t, decisionRevokeCommand{ID: "77"}.run(ctx, s, &out), "not a decision")
	refuses(t, decisionRevokeCommand{ID: uuid.NewString()}.run(ctx, s, &out), "no decision")
}
