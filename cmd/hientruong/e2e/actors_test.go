// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
)

// The same few reports, everybody at once, and for how long: on a machine that has much
// else to do, until enough was done.
const (
	contested    = 50
	contestFor   = 30 * time.Second
	contestShort = 8 * time.Second
	contestMost  = 2 * time.Minute
	leastDone    = 300
)

// crowded are the units whose people take part: those that the reports below go to.
var crowded = []string{"ioc", "so-xay-dung", "moi-truong", "phuong-cau-may", "chieu-sang", "cong-an"}

// contestedCategories have every workflow of the demo, with and without supporters and an
// approval.
var contestedCategories = []string{"o-ga", "rac-ton-dong", "sos", "tieng-on", "cau-hong", "den-duong", "do-rac-trom", "xay-dung-trai-phep"}

// post is a kind of staff account, and how many there are; of one in a unit, in each.
type post struct {
	role    string
	inUnits bool
	many    int
}

// posts come to 150 people; with the 50 reporters they are 200.
var posts = []post{
	{"operator", false, 30}, {"verifier", false, 20}, {"leader", false, 10},
	{"unit_coordinator", true, 5}, {"handler", true, 6}, {"unit_head", true, 4},
}

// account is of somebody with one role, in a unit or "".
type account struct{ role, unit string }

// contest is a city in which many people act on the same reports, over two nodes.
type contest struct {
	*city
	nodes     [2]*phones
	processes []*process
	actors    []*actor
	reports   []uuid.UUID
	doneBy    map[string]*atomic.Int64 // by kind of actor
}

// actor is somebody who acts, and what came of it. Nobody else touches it meanwhile.
type actor struct {
	*contest
	kind, name string // a role; and as the log names them
	token      string
	home       int // the node that this one talks to
	inHand     uuid.UUID
	deeds      []deed
	answers    map[string]map[int]int // by step and status
	odd        []string               // answers that nobody should get
}

// deed is a step that was done: what was sent, so that it can be sent again.
type deed struct {
	who     *actor
	report  uuid.UUID
	step    string
	version int64 // of the report, as it was offered; 0 where it was a task's or none was needed
	path    string
	headers map[string]string
	body    map[string]any
}

// Two hundred people act on the same fifty reports. Nothing is lost, nothing is done
// twice, and nobody is shown more than that somebody else was faster.
func TestManyActorsOnTheSameReports(t *testing.T) {
	timed(t)
	w := newContest(t)
	lasts := contestFor
	if testing.Short() {
		lasts = contestShort
	}
	day, over := context.WithTimeout(t.Context(), contestMost)
	defer over()
	var all sync.WaitGroup
	for _, a := range w.actors {
		all.Go(func() { a.live(day) })
	}
	wait(day, lasts)
	poll(day, 50*time.Millisecond, w.enough)
	over()
	all.Wait()
	w.tell(t)
	w.judgeContest(t)
}

// enough says whether the day was long enough: everybody's kind did something.
func (w *contest) enough() bool {
	sum := int64(0)
	for _, n := range w.doneBy {
		if n.Load() == 0 {
			return false
		}
		sum += n.Load()
	}
	return sum >= leastDone
}

// newContest starts two nodes and a worker, makes the accounts and files the reports.
func newContest(t *testing.T) *contest {
	t.Helper()
	w := &contest{city: fresh(t), doneBy: map[string]*atomic.Int64{"citizen": {}}}
	for _, p := range posts {
		w.doneBy[p.role] = &atomic.Int64{}
	}
	for i := range w.nodes {
		edge := freeAddress(t)
		w.processes = append(w.processes, w.start(edge, "serve"))
		w.nodes[i] = newPhones(t, edge)
	}
	w.processes = append(w.processes, w.start(freeAddress(t), "worker"))
	began := time.Now()
	w.hire(t)
	w.file(t)
	t.Logf("%d actors and %d reports are there after %v", len(w.actors), len(w.reports), time.Since(began).Round(time.Millisecond))
	return w
}

// hire makes the staff's accounts by an administrator's, and signs everybody in.
func (w *contest) hire(t *testing.T) {
	t.Helper()
	said := w.command("user", "add", "admin", "--name", "Quản trị", "--role", "administrator").out.String()
	_, password, _ := strings.Cut(said, "password, shown this once: ")
	admin := w.join(t, 0, "administrator", "admin", strings.TrimSpace(password))
	var openings []account
	for _, p := range posts {
		units := []string{""}
		if p.inUnits {
			units = crowded
		}
		for _, unit := range units {
			openings = append(openings, slices.Repeat([]account{{p.role, unit}}, p.many)...)
		}
	}
	w.actors = make([]*actor, len(openings))
	// A node hashes two passwords at a time.
	everyone(4, len(openings), func(i int) {
		role, node := openings[i].role, i%len(w.nodes)
		login, password := fmt.Sprintf("%s.%d", role, i), "mật khẩu thử nghiệm"
		made := w.nodes[node].post(t.Context(), "/api/v1/admin/staff", admin.headers(), map[string]any{
			"login": login, "name": "Cán bộ " + strconv.Itoa(i), "password": password, "roles": []string{role}, "unit": openings[i].unit,
		})
		if made.status != http.StatusCreated {
			t.Errorf("the account of %s: %v", login, made)
		}
		w.actors[i] = w.join(t, node, role, login, password)
	})
	if t.Failed() {
		t.FailNow()
	}
}

// join signs a staff member in.
func (w *contest) join(t *testing.T, node int, role, login, password string) *actor {
	t.Helper()
	a := w.nodes[node].post(t.Context(), "/api/v1/auth/login", map[string]string{}, map[string]any{"login": login, "password": password})
	var grant struct {
		Token string
		Actor struct{ ID uuid.UUID }
	}
	if err := json.Unmarshal(a.body, &grant); a.status != http.StatusOK || err != nil {
		t.Errorf("%s signs in: %v", login, a)
	}
	return w.newActor(role, "staff:"+grant.Actor.ID.String(), grant.Token, node)
}

func (w *contest) newActor(kind, name, token string, home int) *actor {
	return &actor{contest: w, kind: kind, name: name, token: token, home: home, answers: map[string]map[int]int{}}
}

// file sends the reports in, each from a phone of its own.
func (w *contest) file(t *testing.T) {
	t.Helper()
	w.reports = make([]uuid.UUID, contested)
	reporters := make([]*actor, contested)
	everyone(8, contested, func(i int) {
		node := i % len(w.nodes)
		p, a := w.nodes[node].signIn(t.Context())
		if a.status != http.StatusOK {
			t.Errorf("a phone signs in: %v", a)
			return
		}
		key := uuid.New()
		what := describe(key)
		if what["category"] = contestedCategories[i%len(contestedCategories)]; what["category"] == "sos" {
			what["sos"] = map[string]any{"people": 3, "water_level": "mái nhà", "callback": "0912 345 678"}
		}
		if a = p.report(t.Context(), key, what); a.status != http.StatusCreated {
			t.Errorf("a report of %s: %v", what["category"], a)
		}
		w.reports[i] = a.reportID()
		reporters[i] = w.newActor("citizen", "device:"+p.id.String(), p.token, node)
	})
	if t.Failed() {
		t.FailNow()
	}
	for i, r := range reporters {
		r.inHand = w.reports[i]
	}
	w.actors = append(w.actors, reporters...)
}

// everyone does something for each of n, some at once.
func everyone(atOnce, n int, do func(i int)) {
	next := make(chan int)
	var all sync.WaitGroup
	for range atOnce {
		all.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
}

// headers are those of a request with a new key.
func (a *actor) headers() map[string]string {
	return map[string]string{"Authorization": "Bearer " + a.token, "Idempotency-Key": uuid.NewString()}
}

// done is everything that was answered as done.
func (w *contest) done() []deed {
	var all []deed
	for _, a := range w.actors {
		all = append(all, a.deeds...)
	}
	return all
}

// tell prints what happened, and fails where it was too little or not to be.
func (w *contest) tell(t *testing.T) {
	t.Helper()
	steps, codes := map[string]map[int]int{}, map[int]int{}
	for _, a := range w.actors {
		for _, odd := range a.odd {
			t.Errorf("an answer that nobody should get, to %s: %s", a.kind, odd)
		}
		for step, counts := range a.answers {
			if steps[step] == nil {
				steps[step] = map[int]int{}
			}
			for status, n := range counts {
				steps[step][status] += n
				codes[status] += n
			}
		}
	}
	for _, step := range slices.SortedFunc(maps.Keys(steps), func(x, y string) int {
		return cmp.Or(cmp.Compare(steps[y][http.StatusOK], steps[x][http.StatusOK]), cmp.Compare(x, y))
	}) {
		t.Logf("%-14s %s", step, counted(steps[step]))
	}
	t.Logf("in all: %s", counted(codes))
	for _, kind := range slices.Sorted(maps.Keys(w.doneBy)) {
		n := w.doneBy[kind].Load()
		if t.Logf("%-16s %d done", kind, n); n == 0 {
			t.Errorf("no %s did anything", kind)
		}
	}
	if n := codes[http.StatusOK] + codes[http.StatusNoContent]; n < leastDone {
		t.Errorf("only %d actions were done", n)
	}
	if codes[http.StatusPreconditionFailed] == 0 || codes[http.StatusUnprocessableEntity] == 0 {
		t.Error("nobody was late, or nobody left out what was demanded")
	}
}

// counted writes how often there was each status.
func counted(statuses map[int]int) string {
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(statuses)) {
		parts = append(parts, fmt.Sprintf("%d× %d", statuses[status], status))
	}
	return strings.Join(parts, ", ")
}
