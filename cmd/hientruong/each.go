// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// each carries out one intent for each of many reports. Done twice it does nothing twice,
// so that one that was stopped can be run again.
type each struct {
	of     int // how many there are, for the progress
	page   func(after uuid.UUID, limit int) ([]models.OpenReport, error)
	intent func(models.OpenReport) models.Intent
	dry    bool // decides and writes nothing
}

// Reports that are asked for at a time, and intents under way at a time: they share commits.
const (
	eachPage = 500
	eachWide = 64
)

// tally is what came of many intents.
type tally struct {
	mu      sync.Mutex
	done    int
	refused map[string][]string // the codes of reports, by the reason
	states  map[string]bool     // that the version to move to does not have
}

// dry decides as the intent does, on the same facts, and changes nothing.
type dry struct{ models.Intent }

// Decide implements models.Intent.
func (d dry) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	_, err := d.Intent.Decide(facts, now)
	return models.Change{}, err
}

// run tells its progress once a second. An error is one that no report is to blame for.
func (e each) run(ctx context.Context, m *Main, tell io.Writer) (*tally, error) {
	t := &tally{refused: map[string][]string{}, states: map[string]bool{}}
	after, next, seen := uuid.Nil, time.Now().Add(time.Second), 0
	for {
		page, err := e.page(after, eachPage)
		if err != nil || len(page) == 0 {
			return t, err
		}
		for chunk := range slices.Chunk(page, eachWide) {
			if err := e.chunk(ctx, m, chunk, t); err != nil {
				return t, err
			}
			seen += len(chunk)
			if now := time.Now(); now.After(next) {
				next = now.Add(time.Second)
				fmt.Fprintf(tell, "%d of %d\n", seen, max(seen, e.of))
			}
		}
		after = page[len(page)-1].ID
	}
}

// chunk carries out the intents of some reports at once.
func (e each) chunk(ctx context.Context, m *Main, reports []models.OpenReport, t *tally) error {
	errs := make([]error, len(reports))
	var under sync.WaitGroup
	for i, r := range reports {
		under.Go(func() {
			intent := e.intent(r)
			if e.dry {
				intent = dry{intent}
			}
			_, err := m.ledger.Do(ctx, intent)
			errs[i] = t.note(r, err)
		})
	}
	under.Wait()
	return errors.Join(errs...)
}

// note counts an answer, and gives back what is no refusal.
func (t *tally) note(r models.OpenReport, err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var refused *models.Error
	switch {
	case err == nil:
		t.done++
	case errors.As(err, &refused) && len(refused.Fields) > 0:
		t.refused[reasonOf(refused)] = append(t.refused[reasonOf(refused)], r.Code)
		for _, f := range refused.Fields {
			if f.Location == "body.states" {
				t.states[fmt.Sprint(f.Params["state"])] = true
			}
		}
	default:
		return err
	}
	return nil
}

// reasonOf words a refusal that names its fields, such as "states: invalid_value (state: assigned)".
func reasonOf(e *models.Error) string {
	var parts []string
	for _, f := range e.Fields {
		part := strings.TrimPrefix(f.Location, "body.") + ": " + string(f.Code)
		for _, name := range slices.Sorted(maps.Keys(f.Params)) {
			part += fmt.Sprintf(" (%s: %v)", name, f.Params[name])
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "; ")
}

// shownCodes is how many reports are named where many are meant.
const shownCodes = 10

// codes names the first reports of many.
func codes(all []string) string {
	if len(all) <= shownCodes {
		return strings.Join(all, " ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:shownCodes], " "), len(all)-shownCodes)
}

// tell writes what was refused, and returns how many reports that were.
func (t *tally) tell(out io.Writer) int {
	refused := 0
	for _, reason := range slices.Sorted(maps.Keys(t.refused)) {
		all := t.refused[reason]
		slices.Sort(all)
		refused += len(all)
		fmt.Fprintf(out, "  %d refused: %s: %s\n", len(all), reason, codes(all))
	}
	return refused
}

// proposeStates says how to go on where a version lacks states that reports are in.
func (t *tally) proposeStates(out io.Writer, to *pack.Pack, number string) {
	if len(t.states) == 0 {
		return
	}
	flags := ""
	for _, state := range slices.Sorted(maps.Keys(t.states)) {
		flags += " --state " + state + "=NEW"
	}
	names := map[string]bool{}
	for _, w := range to.Workflows() {
		for _, s := range w.AllStates() {
			names[string(s.Name)] = true
		}
	}
	fmt.Fprintf(out, "say what a state is called there: hientruong pack move --to %s%s\nNEW is one of %s\n",
		number, flags, strings.Join(slices.Sorted(maps.Keys(names)), ", "))
}

// byWhom says who answers for what is done.
type byWhom struct {
	By string `env:"-" placeholder:"LOGIN" help:"Log-in of who answers for it; who runs this machine where not set."`
}

// actor is who answers, somebody who may do it.
func (b byWhom) actor(ctx context.Context, m *Main, jurisdiction int32, what models.Operation) (models.Actor, error) {
	if b.By == "" {
		return models.System(jurisdiction), nil
	}
	staff, err := m.staff(ctx, jurisdiction, b.By)
	if err != nil {
		return models.Actor{}, exitCode{2, fmt.Errorf("--by: %w; %s", err, b.howToMake(m, jurisdiction, what))}
	}
	if !staff.Active {
		return models.Actor{}, exitCode{2, fmt.Errorf("--by: %s may do nothing any more", staff.Login)}
	}
	actor := staff.Actor()
	if !actor.May(what) {
		return models.Actor{}, exitCode{2, fmt.Errorf("--by: none of the roles of %s (%s) may do that; who may has the role %s",
			staff.Login, joined(staff.Roles), strings.Join(rolesThatMay(what), " or "))}
	}
	return actor, nil
}

// howToMake says how the account is made that is missing.
func (b byWhom) howToMake(m *Main, jurisdiction int32, what models.Operation) string {
	command := func(code string) string {
		return fmt.Sprintf("hientruong user add %s --name NAME --role %s --jurisdiction %s", b.By, rolesThatMay(what)[0], code)
	}
	if p, _ := m.packs.Load().Current(jurisdiction, time.Now()); p != nil {
		return "make it with " + command(p.ID())
	}
	return "the first version can be applied without --by, and then accounts are made with " + command("CODE")
}

// rolesThatMay are the roles of staff that may do something.
func rolesThatMay(what models.Operation) []string {
	var may []string
	for _, r := range models.Roles() {
		if (models.Actor{Kind: models.ActorStaff, Roles: []models.Role{r}}).May(what) && r != models.RoleSystem {
			may = append(may, string(r))
		}
	}
	return may
}

// dayOr reads a day (its beginning in the zone) or a moment.
func dayOr(text string, zone *time.Location) (time.Time, error) {
	if t, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return t, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("%q is neither a day such as 2026-12-01 nor a moment such as 2026-12-01T07:00:00+07:00", text)
}

// refusedFlags words a refusal by the flags at fault: by the name of a field, what to say of
// its flag.
func refusedFlags(err error, flags map[string]string) error {
	var refused *models.Error
	if !errors.As(err, &refused) || len(refused.Fields) == 0 {
		return refusedCommand(err)
	}
	var parts []string
	for _, f := range refused.Fields {
		part, known := flags[strings.TrimPrefix(f.Location, "body.")]
		if !known {
			part = reasonOf(&models.Error{Fields: []models.FieldError{f}})
		}
		parts = append(parts, part)
	}
	return exitCode{2, errors.New(strings.Join(parts, "; "))}
}

// refusedCommand words a refusal for whoever typed the command.
func refusedCommand(err error) error {
	var refused *models.Error
	switch {
	case !errors.As(err, &refused):
		return err
	case refused.Code == models.CodeForbidden:
		return exitCode{2, errors.New("--by: none of this account's roles may do that")}
	case len(refused.Fields) > 0:
		return exitCode{2, errors.New(reasonOf(refused))}
	default:
		return err
	}
}
