// SPDX-License-Identifier: Apache-2.0

package live_test

import (
	"bufio"
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"hientruong/geo"
	"hientruong/live"
	"hientruong/models"
	"hientruong/workflow"
)

var (
	operator = staff("ioc", models.RoleOperator, models.RoleVerifier)
	handler  = staff("chieu-sang", models.RoleHandler)
)

// lamp is a report of a street lamp, which the public sees once it was taken on, and which
// goes to the unit chieu-sang.
func (c *city) lamp() uuid.UUID {
	lat, lon := 16.4637, 107.5909
	return c.submit("den-duong", &lat, &lon)
}

func (c *city) accept(id uuid.UUID) {
	c.t.Helper()
	c.act(id, "claim", operator, workflow.Action{})
	c.act(id, "accept", operator, workflow.Action{Redacted: draft("Đèn tắt")})
}

func (c *city) hide(id uuid.UUID) {
	c.t.Helper()
	reason := c.pack.Reasons("hide")[0].Code
	c.act(id, "hide", operator, workflow.Action{ReasonCode: reason})
}

// about are the events of a report, by name.
func (w *watcher) about(id uuid.UUID) string {
	w.catchUp()
	w.mu.Lock()
	defer w.mu.Unlock()
	var names []string
	for _, h := range w.heard {
		if strings.Contains(h.data, id.String()) {
			names = append(names, h.event)
		}
	}
	return strings.Join(names, " ")
}

// The life of a report as everybody hears of it: the public from when it is shown until it
// is hidden, a unit from when it has a part, the operations centre of all.
func TestEverybodyHearsTheirPart(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	hub := c.node()
	public, mine, other, centre := c.watch(hub, live.Ask{Actor: models.Guest(1)}), c.watch(hub, live.Ask{Actor: handler}),
		c.watch(hub, live.Ask{Actor: staff("cap-nuoc", models.RoleHandler)}), c.watch(hub, live.Ask{Actor: operator, Language: models.English})
	id := c.lamp()
	c.act(id, "claim", operator, workflow.Action{})
	for w, want := range map[*watcher]string{public: "", mine: "", other: ""} {
		if got := w.about(id); got != want {
			t.Errorf("before it was taken on: %q, want %q", got, want)
		}
	}
	if got := centre.about(id); !strings.HasPrefix(got, "upsert") {
		t.Errorf("the operations centre heard %q", got)
	}
	c.act(id, "accept", operator, workflow.Action{Redacted: draft("Đèn tắt")})
	for name, w := range map[string]*watcher{"public": public, "unit": mine} {
		if got := w.about(id); !strings.Contains(got, "upsert") || strings.Contains(got, "leave") {
			t.Errorf("%s heard %q once it was taken on", name, got)
		}
	}
	c.hide(id)
	if got := public.about(id); !strings.HasSuffix(got, "leave") {
		t.Errorf("the public heard %q when it was hidden", got)
	}
	before := len(public.said("leave"))
	c.act(id, "start", handler, workflow.Action{})
	if got := public.about(id); len(public.said("leave")) != before || strings.Count(got, "leave") != before {
		t.Errorf("the public heard of the hidden report: %q", got)
	}
	if got := other.about(id); got != "" {
		t.Errorf("a unit without a part heard %q", got)
	}
	if got := mine.about(id); strings.Contains(got, "leave") {
		t.Errorf("the unit heard %q", got)
	}
	last := centre.said("upsert")[len(centre.said("upsert"))-1].read(t)
	if last.Report.State != "in_progress" || last.Report.Category == nil || last.Lat == nil || *last.Lat != 16.4637 || last.Report.Label == "" {
		t.Errorf("the operations centre was told %+v", last)
	}
	for _, h := range public.said("upsert") {
		if said := h.read(t); said.Lat == nil || *said.Lat == 16.4637 {
			t.Errorf("the public was told %s: the place is its tile's", h.data)
		}
	}
}

// A unit that gives a report back hears that it left, once.
func TestAUnitHearsOnceThatItsPartEnded(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.watch(c.node(), live.Ask{Actor: handler})
	id := c.lamp()
	c.accept(id)
	if got := w.about(id); !strings.HasSuffix(got, "upsert") || strings.Contains(got, "leave") {
		t.Errorf("the unit heard %q of its part", got)
	}
	coordinator := staff("chieu-sang", models.RoleCoordinator)
	c.act(id, "return", coordinator, workflow.Action{ReasonCode: c.pack.Reasons("return")[0].Code, Text: draft("Không thuộc phạm vi quản lý của đơn vị.")})
	if got := w.about(id); strings.Count(got, "leave") != 1 {
		t.Errorf("the unit heard %q", got)
	}
	c.hide(id)
	if got := w.about(id); strings.Count(got, "leave") != 1 {
		t.Errorf("the unit heard %q of what is no longer theirs", got)
	}
}

// Whoever comes back hears how things stand: nothing that was hidden in the meantime is
// shown, whether the node remembers or the log is read.
func TestAReplayNeverShowsWhatWasHidden(t *testing.T) {
	t.Parallel()
	for name, recent := range map[string]int{"remembered": 1000, "read": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCity(t)
			w := c.watch(c.node(), live.Ask{Actor: models.Guest(1)})
			seen, unseen := c.lamp(), c.lamp()
			c.accept(seen)
			c.catchUpAndLeave(w)
			c.accept(unseen)
			c.hide(unseen)
			c.hide(seen)
			w.connect(c.node(func(c *live.Config) { c.Recent = recent }))
			if got := w.about(seen); !strings.HasSuffix(got, "leave") {
				t.Errorf("of what was seen: %q", got)
			}
			if got := w.about(unseen); strings.Contains(got, "upsert") {
				t.Errorf("of what was hidden: %q", got)
			}
			if n := len(w.said("reset")); n > 0 {
				t.Errorf("%d resets", n)
			}
		})
	}
}

func (c *city) catchUpAndLeave(w *watcher) {
	w.catchUp()
	w.leave()
}

func TestWhoCannotGoOnBeginsAnew(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	for range 5 {
		c.lamp()
	}
	plain := c.watch(c.node(), live.Ask{Actor: models.Guest(1)})
	plain.catchUp()
	epoch, _, _ := strings.Cut(plain.lastID(), ".")
	for name, try := range map[string]struct {
		id, why string
		change  func(*live.Config)
	}{
		"nonsense":     {"x", "unknown", nil},
		"no number":    {epoch + ".1e3", "unknown", nil},
		"a huge one":   {epoch + ".9999999999999999999", "unknown", nil},
		"the future":   {epoch + ".1000000", "unknown", nil},
		"other epoch":  {uuid.NewString() + ".1", "epoch", nil},
		"too far back": {epoch + ".1", "too_far", func(c *live.Config) { c.Behind = 2 }},
		"too old":      {epoch + ".1", "too_old", func(c *live.Config) { c.Age = time.Nanosecond }},
		"good":         {epoch + ".1", "", nil},
		"the newest":   {plain.lastID(), "", nil},
	} {
		figures := prometheus.NewRegistry()
		hub := c.node(func(config *live.Config) {
			config.Metrics = figures
			if try.change != nil {
				try.change(config)
			}
		})
		w := c.watch(hub, live.Ask{Actor: models.Guest(1), LastEventID: try.id})
		until(t, name, func() bool { return len(w.said("reset"))+len(w.said("ready")) > 0 })
		why := ""
		if resets := w.said("reset"); len(resets) > 0 {
			why = resets[0].read(t).Reason
		}
		if why != try.why {
			t.Errorf("%s: reset for %q, want %q", name, why, try.why)
		}
		families, err := figures.Gather()
		counted := false
		for _, f := range families {
			counted = counted || f.GetName() == "hientruong_live_resets_total"
		}
		if err != nil || counted != (try.why != "") {
			t.Errorf("%s: resets were counted: %v (%v)", name, counted, err)
		}
		w.holds(name)
		w.leave()
	}
}

// A restore renews the log's epoch: who watches is told to begin anew, and goes on.
func TestARenewedLogResetsEverybody(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.watch(c.node(), live.Ask{Actor: operator})
	c.lamp()
	w.holds("before")
	if _, err := c.db.DB.Pool.Exec(t.Context(), "UPDATE log_head SET epoch = gen_random_uuid()"); err != nil {
		t.Fatal(err)
	}
	until(t, "a reset", func() bool { return len(w.said("reset")) == 1 })
	c.lamp()
	w.holds("after")
	if why := w.said("reset")[0].read(t).Reason; why != "epoch" {
		t.Errorf("reset for %q", why)
	}
}

// Who reads nothing is cut off, and costs no more memory than the bound; everybody else goes on.
func TestTheSlowAreCutOff(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	hub := c.node(func(c *live.Config) { c.Pending = 4000 })
	viewer, err := hub.Join(t.Context(), live.Ask{Actor: operator, Language: models.Vietnamese})
	if err != nil {
		t.Fatal(err)
	}
	from, to := io.Pipe()
	var got strings.Builder
	var reading sync.WaitGroup
	reading.Go(func() { _ = viewer.Stream(bufio.NewWriterSize(to, 16), nil); _ = to.Close() })
	in := bufio.NewReaderSize(from, 16)
	for line := ""; !strings.Contains(line, "still here"); { // by then the feed has them
		if line, err = in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	quick := c.watch(hub, live.Ask{Actor: operator})
	for range 20 {
		c.lamp()
		quick.holds("who reads")
	}
	if n := len(quick.said("reset")); n > 0 {
		t.Errorf("who reads was reset %d times", n)
	}
	if _, err := io.Copy(&got, in); err != nil {
		t.Fatal(err)
	}
	reading.Wait()
	if !strings.Contains(got.String(), "event: reset\n") || !strings.Contains(got.String(), `"slow"`) || len(got.String()) > 16000 {
		t.Errorf("who did not read was told %d bytes: %.300s", len(got.String()), got.String())
	}
}

// A session that ends takes its stream with it: by its event, and where that is late by
// asking.
func TestARevokedSessionEndsItsStream(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	hub := c.node()
	session := func() models.Actor {
		a := operator
		a.SessionID = uuid.New()
		now := time.Now()
		row := models.Token{
			Hash: append(a.SessionID[:], a.SessionID[:]...), JurisdictionID: 1, SessionID: a.SessionID, Kind: models.TokenAccess, ActorKind: models.ActorStaff,
			ActorID: a.ID, IssuedAt: now, ExpiresAt: now.Add(time.Hour),
		}
		if err := models.InsertTokens(t.Context(), c.db.DB.Gorm, []models.Token{row}); err != nil {
			t.Fatal(err)
		}
		return a
	}
	gone, stays := session(), session()
	w, other, guest := c.watch(hub, live.Ask{Actor: gone}), c.watch(hub, live.Ask{Actor: stays}), c.watch(hub, live.Ask{Actor: models.Guest(1)})
	c.lamp()
	w.holds("in session")
	if _, err := models.RevokeTokens(t.Context(), c.db.DB.Gorm, 1, gone.SessionID, time.Now()); err != nil {
		t.Fatal(err)
	}
	until(t, "the end", w.isEnded)
	if len(w.said("end")) != 1 {
		t.Errorf("the stream ended without a word")
	}
	c.lamp()
	other.holds("another session")
	guest.holds("a guest")
}

// A process that stops sends everybody away with a time to come back, and takes nobody else.
func TestAHubThatClosesSendsEverybodyAway(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	hub := c.node()
	var watchers []*watcher
	for range 5 {
		watchers = append(watchers, c.watch(hub, live.Ask{Actor: models.Guest(1)}))
	}
	c.within(hub.Close)
	for _, w := range watchers {
		until(t, "the end of a stream", w.isEnded)
	}
	if _, err := hub.Join(t.Context(), live.Ask{Actor: models.Guest(1)}); models.CodeOf(err) != models.CodeUnavailable {
		t.Errorf("a closed hub said %v", err)
	}
	c.lamp()
	next := c.node()
	for _, w := range watchers {
		w.connect(next)
		w.holds("on the next node")
		if len(w.said("reset")) > 0 {
			t.Error("somebody had to begin anew")
		}
	}
}

func TestWhoMayWatchWhat(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	hub := c.node(func(c *live.Config) { c.Viewers = 1 })
	yes, now := true, time.Now()
	for name, try := range map[string]struct {
		actor models.Actor
		f     models.ReportFilter
		want  models.Code
	}{
		"a guest the centre's":         {models.Guest(1), models.ReportFilter{View: models.ViewOperations}, models.CodeUnauthorized},
		"a citizen the centre's":       {citizen(), models.ReportFilter{View: models.ViewOperations}, models.CodeForbidden},
		"a unit the centre's":          {handler, models.ReportFilter{View: models.ViewOperations}, models.CodeForbidden},
		"somebody of no unit a unit's": {staff("", models.RoleHandler), models.ReportFilter{View: models.ViewUnit}, models.CodeForbidden},
		"a citizen their own":          {citizen(), models.ReportFilter{View: models.ViewOwn}, models.CodeForbidden},
		"a guest what was escalated":   {models.Guest(1), models.ReportFilter{Escalated: &yes}, models.CodeUnauthorized},
		"words":                        {operator, models.ReportFilter{Query: "ngập"}, models.CodeInvalidValue},
		"what changed":                 {operator, models.ReportFilter{UpdatedSince: &now}, models.CodeInvalidValue},
		"a circle without a radius":    {operator, models.ReportFilter{Near: &geo.Point{}}, models.CodeInvalidValue},
	} {
		if _, err := hub.Join(t.Context(), live.Ask{Actor: try.actor, Filter: try.f}); models.CodeOf(err) != try.want {
			t.Errorf("%s: %v, want %s", name, err, try.want)
		}
	}
	w := c.watch(hub, live.Ask{Actor: operator, Filter: models.ReportFilter{View: models.ViewPublic}})
	id := c.lamp()
	if got := w.about(id); got != "" {
		t.Errorf("the public's stream said %q of a secret report to an operator", got)
	}
	if _, err := hub.Join(t.Context(), live.Ask{Actor: operator}); models.CodeOf(err) != models.CodeUnavailable {
		t.Errorf("one too many: %v", err)
	}
	w.leave()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	viewer, err := hub.Join(ctx, live.Ask{Actor: operator})
	if err != nil {
		t.Fatalf("after somebody left: %v", err)
	}
	viewer.Leave()
}
