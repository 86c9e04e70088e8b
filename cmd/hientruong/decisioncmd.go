// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
)

// decisionCommand looks after authorities' orders about deadlines.
type decisionCommand struct {
	Make   decisionMakeCommand   `cmd:"" help:"Suspend or extend deadlines, as a document orders. Those that run are counted anew."`
	List   decisionListCommand   `cmd:"" help:"List the decisions."`
	Revoke decisionRevokeCommand `cmd:"" help:"Take a decision back."`
}

type decisionMakeCommand struct {
	userOf
	byWhom
	Document   string   `required:"" env:"-" help:"The document's number."`
	Kind       string   `required:"" env:"-" enum:"suspend,extend" help:"suspend: time in the interval is not counted; extend: what runs in it gets more days."`
	From       string   `required:"" env:"-" help:"The interval's first day, or its first moment."`
	Until      string   `required:"" env:"-" help:"Its last day, or the moment of its end."`
	Days       int      `env:"-" help:"How many days more, of an extension."`
	Areas      []string `env:"-" help:"Codes of areas, with commas; all where not set."`
	Categories []string `env:"-" help:"Codes of categories, with commas; all where not set."`
	Plan       bool     `env:"-" help:"Only count the open deadlines that it would move."`
}

// Run implements the command.
func (c decisionMakeCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stderr, os.Stdout)
}

func (c decisionMakeCommand) run(ctx context.Context, s *Settings, tell, out io.Writer) error {
	return c.with(ctx, s, func(m *Main, system models.Actor) error {
		by, err := c.actor(ctx, m, system.Jurisdiction, models.OpDecisionMake)
		if err != nil {
			return err
		}
		from, until, err := c.interval(m, system.Jurisdiction)
		if err != nil {
			return exitCode{2, err}
		}
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		intent := workflow.MakeDecision{
			Packs: m.packs.Load(), Actor: by, ID: id, Document: c.Document, Kind: models.DecisionKind(c.Kind), Areas: c.Areas, Categories: c.Categories,
			StartsAt: from, EndsAt: until, Days: c.Days,
		}
		if c.Plan {
			return c.plan(ctx, m, intent, tell, out)
		}
		done, err := m.ledger.Do(ctx, intent)
		if err != nil {
			return refusedFlags(err, c.faults(m, system.Jurisdiction))
		}
		fmt.Fprintf(out, "%s\n", id)
		n, err := countCovered(ctx, m, system.Jurisdiction, decisionIn(done.Change))
		if err == nil {
			fmt.Fprintf(tell, "%d open reports are being counted anew, by whichever process works (run or worker)\n", n)
		}
		return err
	})
}

// interval reads the two ends. A last day is over when the next begins.
func (c decisionMakeCommand) interval(m *Main, jurisdiction int32) (from, until time.Time, err error) {
	p, _ := m.packs.Load().Current(jurisdiction, time.Now())
	if p == nil {
		return from, until, errors.New("no pack is in force, so there are no deadlines yet")
	}
	if from, err = dayOr(c.From, p.Zone()); err != nil {
		return from, until, fmt.Errorf("--from: %w", err)
	}
	if until, err = dayOr(c.Until, p.Zone()); err != nil {
		return from, until, fmt.Errorf("--until: %w", err)
	}
	if len(c.Until) == len(time.DateOnly) {
		until = until.AddDate(0, 0, 1)
	}
	return from, until, nil
}

type decisionListCommand struct{ userOf }

// Run implements the command.
func (c decisionListCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stdout)
}

func (c decisionListCommand) run(ctx context.Context, s *Settings, out io.Writer) error {
	return c.with(ctx, s, func(m *Main, system models.Actor) error {
		all, err := models.DecisionsOf(ctx, m.db.Gorm, system.Jurisdiction)
		if err != nil {
			return err
		}
		zone, now := m.zone(system.Jurisdiction), time.Now()
		list := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(list, "id\tdocument\twhat\tstatus\tfrom\tto\tareas\tcategories\tby")
		for _, d := range all {
			what := string(d.Kind)
			if d.Days > 0 {
				what = fmt.Sprintf("%s by %d days", what, d.Days)
			}
			who, err := m.named(ctx, system.Jurisdiction, d.MadeBy)
			if err != nil {
				return err
			}
			fmt.Fprintf(list, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", d.ID, d.Document, what, decisionStands(d, now),
				shownAt(d.StartsAt, zone), shownAt(d.EndsAt, zone), allOr(d.Areas), allOr(d.Categories), who)
		}
		return list.Flush()
	})
}

// decisionStands tells how a decision stands.
func decisionStands(d models.Decision, now time.Time) string {
	switch {
	case d.RevokedAt != nil:
		return "revoked"
	case now.Before(d.StartsAt):
		return "to come"
	case now.Before(d.EndsAt):
		return "in force"
	default:
		return "over"
	}
}

type decisionRevokeCommand struct {
	userOf
	byWhom
	ID string `arg:"" help:"The decision's id, as list shows it."`
}

// Run implements the command.
func (c decisionRevokeCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stdout)
}

func (c decisionRevokeCommand) run(ctx context.Context, s *Settings, out io.Writer) error {
	id, err := uuid.Parse(c.ID)
	if err != nil {
		return exitCode{2, fmt.Errorf("%q is not a decision's id", c.ID)}
	}
	return c.with(ctx, s, func(m *Main, system models.Actor) error {
		by, err := c.actor(ctx, m, system.Jurisdiction, models.OpDecisionMake)
		if err != nil {
			return err
		}
		_, err = m.ledger.Do(ctx, workflow.RevokeDecision{Actor: by, ID: id})
		if errors.Is(err, models.E(models.CodeNotFound)) {
			return exitCode{2, fmt.Errorf("there is no decision %s", id)}
		}
		if err != nil {
			return refusedCommand(err)
		}
		fmt.Fprintf(out, "%s is revoked\n", id)
		return nil
	})
}

// zone is where a jurisdiction lives; UTC without a pack.
func (m *Main) zone(jurisdiction int32) *time.Location {
	if p, _ := m.packs.Load().Current(jurisdiction, time.Now()); p != nil {
		return p.Zone()
	}
	return time.UTC
}

func shownAt(t time.Time, zone *time.Location) string { return t.In(zone).Format("2006-01-02 15:04") }

func allOr(codes []string) string {
	if len(codes) == 0 {
		return "all"
	}
	return strings.Join(codes, ",")
}
