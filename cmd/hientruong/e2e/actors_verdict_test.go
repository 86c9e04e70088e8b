// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"hientruong/models"
	"hientruong/packs"
	"hientruong/workflow/pack"
)

// judgeContest holds the city to its word after everybody has acted.
func (w *contest) judgeContest(t *testing.T) {
	t.Helper()
	db := w.open()
	w.settled(db, 30*time.Second)
	lives := readLives(t, db)
	for _, l := range lives {
		l.judge(t)
	}
	judgeSteps(t, lives)
	judgeDeeds(t, lives, w.done())
	judgeTasks(t, db)
	w.judgeReplays(t, db)
	w.judgeLog(t, db)
	if n := one[int](t, db, "SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()"); n != 0 {
		t.Errorf("PostgreSQL had to resolve %d deadlocks", n)
	}
	for _, p := range w.processes {
		for line := range strings.Lines(p.said.String()) {
			if strings.Contains(line, `"level":"ERROR"`) {
				t.Errorf("%s: %s", p.command, line)
			}
		}
	}
}

// happening is an event of a report, what it says, and the report's version before it.
type happening struct {
	models.Event
	says models.Body
	was  int64
}

// own says whether it is what somebody's step wrote down of itself. What follows by itself
// is the system's, and what it does to other reports names no step.
func (h *happening) own() bool {
	return h.says.Transition != "" && h.Actor != string(models.ActorSystem)
}

// life is a report as it is stored, and everything that happened to it.
type life struct {
	report models.Report
	events []happening
}

func readLives(t *testing.T, db *pgxpool.Pool) map[uuid.UUID]*life {
	t.Helper()
	lives := map[uuid.UUID]*life{}
	each(t, db, "SELECT id, state, phase, category, area, lead_unit, urgency, visibility, shown, tile, public_tile, version, event_seq FROM reports",
		func(row pgx.CollectableRow) error {
			l := &life{}
			r := &l.report
			err := row.Scan(&r.ID, &r.State, &r.Phase, &r.Category, &r.Area, &r.LeadUnit, &r.Urgency, &r.Visibility, &r.Shown, &r.Tile, &r.PublicTile, &r.Version, &r.EventSeq)
			lives[r.ID] = l
			return err
		})
	each(t, db, "SELECT pos, subject_id, subject_seq, kind, actor, at, body FROM events WHERE subject_kind = 'report' ORDER BY pos", func(row pgx.CollectableRow) (err error) {
		var h happening
		if err = row.Scan(&h.Pos, &h.SubjectID, &h.SubjectSeq, &h.Kind, &h.Actor, &h.At, &h.Body); err != nil {
			return err
		}
		l := lives[h.SubjectID]
		if l == nil {
			return fmt.Errorf("an event of no report: %s", h.SubjectID)
		}
		h.says, err = h.ParseBody()
		l.events = append(l.events, h)
		return err
	})
	return lives
}

func each(t *testing.T, db *pgxpool.Pool, sql string, do func(pgx.CollectableRow) error) {
	t.Helper()
	rows, err := db.Query(t.Context(), sql)
	if err == nil {
		_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) { return struct{}{}, do(row) })
	}
	if err != nil {
		t.Fatal(err)
	}
}

// judge folds the events: each begins where the one before ended, counts the version on
// where it changed what that stands for, and the last says what is stored.
func (l *life) judge(t *testing.T) {
	t.Helper()
	var now *models.Keys
	var version int64
	for i := range l.events {
		h := &l.events[i]
		if h.SubjectSeq != int64(i+1) {
			t.Errorf("%s: event %d is numbered %d", h.SubjectID, i+1, h.SubjectSeq)
		}
		h.was = version
		switch {
		case i == 0:
			if h.Kind != models.EventReportSubmitted || h.says.After == nil {
				t.Fatalf("%s begins with %s", h.SubjectID, h.Kind)
			}
			version = 1
		case h.Kind == models.EventReportMoved && (h.says.Before == nil || h.says.After == nil),
			h.says.Before != nil && *h.says.Before != *now:
			t.Errorf("%s, event %d, %s: it was %+v, and then %+v was moved on", h.SubjectID, i+1, h.says.Transition, now, h.says.Before)
		}
		if h.says.After != nil {
			if now != nil && versioned(*now) != versioned(*h.says.After) {
				version++
			}
			now = h.says.After
		}
		if h.says.Version != version {
			t.Errorf("%s, event %d, %s: version %d, want %d", h.SubjectID, i+1, h.Kind, h.says.Version, version)
		}
	}
	if r := &l.report; now == nil || *now != *r.Keys() || version != r.Version || int64(len(l.events)) != r.EventSeq {
		t.Errorf("%s: the log says %+v, version %d, %d events; stored is %+v, version %d, %d events",
			r.ID, now, version, len(l.events), r.Keys(), r.Version, r.EventSeq)
	}
}

// versioned is what a report's version stands for.
func versioned(k models.Keys) models.Keys {
	return models.Keys{State: k.State, Unit: k.Unit, Category: k.Category, Area: k.Area, Tile16: k.Tile16}
}

// judgeSteps: each step began where a workflow of the pack lets it begin, and led where
// that leads.
func judgeSteps(t *testing.T, lives map[uuid.UUID]*life) {
	t.Helper()
	demo, faults := pack.Parse(packs.Demo())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	for id, l := range lives {
		for _, h := range l.events {
			before, after := h.says.Before, h.says.After
			if h.says.Transition == "" || before == nil || after == nil {
				continue
			}
			if !slices.ContainsFunc(demo.Workflows(), func(w *pack.Workflow) bool {
				step, ok := w.Transition(h.says.Transition)
				return ok && step.Leaves(before.State) && (step.To == pack.Back || step.To == after.State || step.To == pack.Stay && before.State == after.State)
			}) {
				t.Errorf("%s: %s led from %s to %s", id, h.says.Transition, before.State, after.State)
			}
		}
	}
}

// theirs is one actor's doing one step on one report.
type theirs struct {
	report      uuid.UUID
	actor, step string
}

// judgeDeeds: what was answered as done is in the log as often, and nothing else is; and
// who named a version decided on that version.
func judgeDeeds(t *testing.T, lives map[uuid.UUID]*life, done []deed) {
	t.Helper()
	logged, answered := map[theirs][]int64{}, map[theirs]int{}
	for id, l := range lives {
		for _, h := range l.events {
			if h.own() {
				one := theirs{id, h.Actor, h.says.Transition}
				logged[one] = append(logged[one], h.was)
			}
		}
	}
	for _, d := range done {
		one := theirs{d.report, d.who.name, d.step}
		answered[one]++
		if d.version == 0 {
			continue
		}
		if i := slices.Index(logged[one], d.version); i < 0 {
			t.Errorf("%+v was done of version %d, and the log has it of %v", one, d.version, logged[one])
		} else {
			logged[one][i] = 0 // taken: versions begin with 1
		}
	}
	for one, versions := range logged {
		if answered[one] != len(versions) {
			t.Errorf("%+v is in the log %d times, and was answered as done %d times", one, len(versions), answered[one])
		}
	}
	for one, n := range answered {
		if len(logged[one]) == 0 {
			t.Errorf("%+v was answered as done %d times, and is not in the log", one, n)
		}
	}
	t.Logf("%d steps done, each once in the log", len(done))
}

// judgeTasks: one unit at most has a report in charge, and it is the one that the report
// names.
func judgeTasks(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	for _, line := range column[string](t, db, `
		SELECT r.id || ' is with ' || coalesce(r.lead_unit, 'nobody') || ', the tasks say ' || coalesce(string_agg(k.unit, ', '), 'nobody') FROM reports r
		LEFT JOIN tasks k ON k.jurisdiction_id = r.jurisdiction_id AND k.report_id = r.id AND k.lead AND k.state IN ('open', 'working', 'done')
		GROUP BY r.jurisdiction_id, r.id, r.lead_unit, r.phase
		HAVING count(k.id) > 1 OR r.phase <> 'ended' AND min(k.unit) IS DISTINCT FROM r.lead_unit`) {
		t.Error(line)
	}
}

// replayedAtMost bounds how much is sent once more.
const replayedAtMost = 2000

// judgeReplays sends what was done once more, to the other node: it is answered as done,
// and nothing changes.
func (w *contest) judgeReplays(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	again := w.done()
	if step := len(again)/replayedAtMost + 1; step > 1 {
		again = slices.DeleteFunc(again, func(d deed) bool { return d.headers["Idempotency-Key"][0]%byte(step) != 0 })
	}
	// Reminders are the clocks' and may come at any time.
	const all = `SELECT concat_ws(' ', (SELECT count(*) FROM events WHERE actor <> 'system'), (SELECT count(*) FROM texts), (SELECT count(*) FROM ratings),
		(SELECT md5(string_agg(concat_ws('/', r.id, r.version, r.state, r.lead_unit, r.category, r.urged, r.reopens, r.me_too), ' ' ORDER BY r.id)) FROM reports r),
		(SELECT md5(string_agg(concat_ws('/', k.id, k.version, k.state, k.handler_id), ' ' ORDER BY k.id)) FROM tasks k))`
	before := one[string](t, db, all)
	codes := make([]int, len(again))
	everyone(64, len(again), func(i int) {
		d := again[i]
		other := *d.who
		other.home = (other.home + 1) % len(w.nodes)
		got := other.patiently(t, d)
		codes[i] = got.status
		if got.status != http.StatusOK && got.status != http.StatusNoContent || !got.replayed {
			t.Errorf("%s of %s once more: %v, replayed %v", d.step, d.who.kind, got, got.replayed)
		}
	})
	if after := one[string](t, db, all); after != before {
		t.Errorf("what was done once more changed something: %s, then %s", before, after)
	}
	counts := map[int]int{}
	for _, code := range codes {
		counts[code]++
	}
	t.Logf("%d steps sent once more: %s", len(again), counted(counts))
}

// patiently sends a step again, and waits where the limiter says so.
func (a *actor) patiently(t *testing.T, d deed) (got answer) {
	for range 10 {
		if got = a.send(http.MethodPost, d.path, d.headers, d.body); got.status != http.StatusTooManyRequests {
			return got
		}
		wait(t.Context(), time.Second)
	}
	return got
}
