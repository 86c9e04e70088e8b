// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Episodes are what is worth seeing in a city's life, in the order in which they are
// told: most are steps and bear their names.
var episodes = []struct{ name, told string }{
	{"split", "a second matter split off"},
	{stepMeToo, "a neighbour is affected as well"},
	{stepFollow, "a neighbour follows"},
	{"merge", "merged into another, followers and all"},
	{"return", "\"not ours\""},
	{"assign", "given to another unit by hand"},
	{"hand", "handed to a handler"},
	{"ask", "the clocks stand for a question"},
	{"provide_info", "answered by its reporter"},
	{"expire", "ended because nobody answered"},
	{"support_start", "a supporting unit begins its part"},
	{"support_done", "a supporting unit hands its part in"},
	{"support_return", "a supporting unit refuses its part"},
	{"schedule", "a repair scheduled"},
	{"take_up", "and taken up on its day"},
	{"rework", "sent back by the verifier"},
	{episodeTemplate, "an answer begun from a template"},
	{"approve", "approved by the head of the unit"},
	{episodeReminded, "a clock reminds"},
	{episodeMissed, "late"},
	{episodeEscalated, "taken up the tree"},
	{"urge", "urged"},
	{"instruct", "a leader's directive"},
	{"extend", "given more time"},
	{"reopen", "reopened after a bad rating"},
	{"appeal", "a refusal appealed against"},
	{"hide", "hidden from the public"},
	{"show", "and shown again"},
	{stepMessage, "a message between reporter and centre"},
	{stepNote, "an internal note"},
	{episodeSOS, "a call for rescue"},
	{episodeInstant, "answered in public at once, by the instant workflow"},
}

// The episodes that are no steps.
const (
	episodeTemplate  = "template"
	episodeReminded  = "reminded"
	episodeMissed    = "missed"
	episodeEscalated = "escalated"
	episodeSOS       = "sos"
	episodeInstant   = "instant"
)

// Episode is something worth seeing: how often it was seen, and the first reports in which
// it can be looked up.
type Episode struct {
	Name  string
	Told  string // in plain English
	Count int
	Codes []string
	First uuid.UUID // the id of the report with the first of the codes
}

// keptCodes is how many reports an episode is told with.
const keptCodes = 2

// saw counts an episode of a report's.
func (s *Summary) saw(name string, id uuid.UUID, code string) {
	s.do(func() {
		e := s.episodes[name]
		if e == nil {
			e = &Episode{Name: name, First: id}
			s.episodes[name] = e
		}
		e.Count++
		if len(e.Codes) < keptCodes && !slices.Contains(e.Codes, code) {
			e.Codes = append(e.Codes, code)
		}
	})
}

// Episodes are all that are worth seeing; those that were not seen have a count of 0.
func (s *Summary) Episodes() []Episode {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Episode, len(episodes))
	for i, one := range episodes {
		if e := s.episodes[one.name]; e != nil {
			out[i] = *e
			out[i].Codes = slices.Clone(e.Codes)
		}
		out[i].Name, out[i].Told = one.name, one.told
	}
	return out
}

// tellEpisodes writes what was to be seen, and where; and what was not.
func tellEpisodes(b *strings.Builder, all []Episode) {
	b.WriteString("  to be seen:\n")
	var unseen []string
	for _, e := range all {
		if e.Count == 0 {
			unseen = append(unseen, e.Name)
			continue
		}
		fmt.Fprintf(b, "    %-14s %5d  %s (%s)\n", e.Name, e.Count, strings.Join(e.Codes, ", "), e.Told)
	}
	if len(unseen) > 0 {
		fmt.Fprintf(b, "    not seen: %s\n", strings.Join(unseen, ", "))
	}
}
