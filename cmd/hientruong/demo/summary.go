// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// Summary counts what happened. It is safe for concurrent use.
type Summary struct {
	mu       sync.Mutex
	reports  int
	photos   int
	states   map[uuid.UUID]models.State // where each report stands
	seen     map[models.State]int       // how many reports were ever in a state
	steps    map[string]int
	late     map[string]int // deadlines that ran out, by their clock
	refused  map[string]int // what the server turned away as it should, by code
	waited   int            // answers that said to come back later
	problems []string
	wrong    int
	episodes map[string]*Episode
}

func newSummary() *Summary {
	return &Summary{
		states: map[uuid.UUID]models.State{}, seen: map[models.State]int{}, steps: map[string]int{}, late: map[string]int{}, refused: map[string]int{},
		episodes: map[string]*Episode{},
	}
}

// keptProblems is how many problems are told in full.
const keptProblems = 10

func (s *Summary) do(what func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	what()
}

func (s *Summary) filed()             { s.do(func() { s.reports++ }) }
func (s *Summary) photographed()      { s.do(func() { s.photos++ }) }
func (s *Summary) took(name string)   { s.do(func() { s.steps[name]++ }) }
func (s *Summary) missed(kind string) { s.do(func() { s.late[kind]++ }) }
func (s *Summary) turnedAway(code string) {
	s.do(func() { s.refused[code]++ })
}
func (s *Summary) toldToWait() { s.do(func() { s.waited++ }) }

func (s *Summary) reached(id uuid.UUID, state models.State) {
	s.do(func() {
		if s.states[id] != state {
			s.seen[state]++
		}
		s.states[id] = state
	})
}

func (s *Summary) problem(format string, values ...any) {
	s.do(func() {
		if s.wrong++; len(s.problems) < keptProblems {
			s.problems = append(s.problems, fmt.Sprintf(format, values...))
		}
	})
}

// Reports is how many were filed.
func (s *Summary) Reports() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reports
}

// Problems are what went wrong that should not have: the first few, and how many in all.
func (s *Summary) Problems() ([]string, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems), s.wrong
}

// States counts the reports by where they stand.
func (s *Summary) States() map[models.State]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[models.State]int{}
	for _, state := range s.states {
		counts[state]++
	}
	return counts
}

// Seen counts the reports that were ever in a state.
func (s *Summary) Seen() map[models.State]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.seen)
}

// Steps counts the steps that were taken, by name.
func (s *Summary) Steps() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.steps)
}

// count is how many reports stand in one of some states, written with spaces between.
func (s *Summary) count(states string) int {
	counts, n := s.States(), 0
	for _, state := range strings.Fields(states) {
		n += counts[models.State(state)]
	}
	return n
}

// String tells all of it, in some lines.
func (s *Summary) String() string {
	states, steps, seen := s.States(), s.Steps(), s.Episodes()
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	fmt.Fprintf(&b, "%d reports, %d pictures\n", s.reports, s.photos)
	tally(&b, "states", states)
	tally(&b, "steps", steps)
	tally(&b, "deadlines that ran out", s.late)
	tellEpisodes(&b, seen)
	tally(&b, "refused as they should be", s.refused)
	if s.waited > 0 {
		fmt.Fprintf(&b, "  told to come back later: %d times\n", s.waited)
	}
	fmt.Fprintf(&b, "  problems: %d\n", s.wrong)
	for _, p := range s.problems {
		fmt.Fprintf(&b, "    %s\n", p)
	}
	return b.String()
}

func tally[K ~string](b *strings.Builder, title string, counts map[K]int) {
	if len(counts) == 0 {
		return
	}
	names := slices.SortedFunc(maps.Keys(counts), func(x, y K) int {
		if counts[x] != counts[y] {
			return counts[y] - counts[x]
		}
		return strings.Compare(string(x), string(y))
	})
	fmt.Fprintf(b, "  %s:", title)
	for _, name := range names {
		fmt.Fprintf(b, " %s %d", name, counts[name])
	}
	b.WriteByte('\n')
}

// bar shows how far something has come, on one line of a terminal.
type bar struct {
	out   io.Writer
	whole time.Duration
	shown time.Time
}

const barWidth = 30

func newBar(out io.Writer, whole time.Duration) *bar { return &bar{out: out, whole: whole} }

// show draws the bar, at most a few times a second.
func (b *bar) show(done time.Duration, s *Summary) {
	if b.out == nil || time.Since(b.shown) < 300*time.Millisecond {
		return
	}
	b.shown = time.Now()
	b.draw(done, s)
}

func (b *bar) draw(done time.Duration, s *Summary) {
	full := int(float64(barWidth) * float64(done) / float64(b.whole))
	_, _ = fmt.Fprintf(b.out, "\r[%s%s] day %d of %d, %d reports ", strings.Repeat("#", full), strings.Repeat("-", barWidth-full),
		int(done.Hours()/24), int(b.whole.Hours()/24), s.Reports())
}

func (b *bar) finish(s *Summary) {
	if b.out != nil {
		b.draw(b.whole, s)
		_, _ = fmt.Fprintln(b.out)
	}
}
