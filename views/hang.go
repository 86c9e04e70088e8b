// SPDX-License-Identifier: Apache-2.0

package views

import (
	"encoding/json"
	"math"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/google/uuid"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/words"
	"hientruong/workflow/pack"
)

// Deadline is a clock of a report. Seconds are negative once it is late.
type Deadline struct {
	Kind             string    `json:"kind" doc:"The pack's clock"`
	Label            string    `json:"label,omitempty"`
	DueAt            time.Time `json:"due_at"`
	Met              *bool     `json:"met,omitempty" doc:"Absent while there is still time"`
	Paused           bool      `json:"paused"`
	RemainingWorking int64     `json:"remaining_working_s" doc:"Seconds left as the clock counts; while it stands, those left when it came to stand"`
	Wall             *int64    `json:"wall_s,omitempty" doc:"Seconds left on the wall's clock; absent while it stands"`
	Rule             string    `json:"rule" doc:"What set it"`
	Extended         bool      `json:"extended" doc:"It was given more time"`
	Document         string    `json:"document,omitempty" doc:"The number of the decision that gave it more time"`
}

// deadlines are the clocks of the report that the view sees: all of them, or those the pack
// shows to citizens. Those of supporting units are with their tasks.
func (s *sight) deadlines() []Deadline {
	out := []Deadline{}
	for _, d := range s.bundle.Deadlines {
		clock := s.clock(d.Kind)
		if d.TaskID == nil && (s.staff() || clock != nil && clock.Public) {
			out = append(out, s.deadline(d, clock))
		}
	}
	return out
}

// clock is one of the workflow's, nil where it knows none of the name.
func (s *sight) clock(kind string) *pack.Clock {
	if s.flow == nil {
		return nil
	}
	clock, _ := s.flow.Clock(kind)
	return clock
}

func (s *sight) deadline(d models.Deadline, clock *pack.Clock) Deadline {
	out := Deadline{Kind: d.Kind, DueAt: d.DueAt.UTC(), Paused: d.PausedAt != nil && d.StoppedAt == nil, Rule: d.Rule}
	out.Extended = d.ExtendedAt != nil || d.Document != nil
	if d.Document != nil {
		out.Document = *d.Document
	}
	if clock != nil {
		out.Label = s.words(clock.Label)
	}
	if d.Running() {
		unit := ""
		if d.Unit != nil {
			unit = *d.Unit
		}
		wall := seconds(d.DueAt.Sub(s.Now))
		out.RemainingWorking, out.Wall = s.left(d, unit), &wall
		if s.Now.After(d.DueAt) {
			out.Met = new(bool)
		}
		return out
	}
	if d.RemainingS != nil {
		out.RemainingWorking = *d.RemainingS
	}
	if met := out.RemainingWorking >= 0; d.StoppedAt != nil || !met {
		out.Met = &met
	}
	return out
}

// left is how many seconds a running clock has, by the calendars and decisions of the day,
// as it was set by them.
func (s *sight) left(d models.Deadline, unit string) int64 {
	counter := s.Packs.Counter(s.report, d.Counts, unit, s.Now)
	if counter == nil {
		counter = s.pack.Counter(d.Counts, unit)
	}
	return seconds(counter.Between(s.Now, d.DueAt))
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// Photo is a picture. Until it is ready it has no addresses.
type Photo struct {
	ID          uuid.UUID          `json:"id" format:"uuid"`
	Kind        models.PhotoKind   `json:"kind" enum:"before,after,document"`
	Status      models.PhotoStatus `json:"status" enum:"pending,ready,refused"`
	Reason      *string            `json:"reason,omitempty" doc:"Why it was refused"`
	ThumbURL    string             `json:"thumb_url,omitempty"`
	ViewURL     string             `json:"view_url,omitempty"`
	OriginalURL string             `json:"original_url,omitempty"`
	Width       int32              `json:"width"`
	Height      int32              `json:"height"`
	Blurhash    *string            `json:"blurhash,omitempty"`
	Alt         *string            `json:"alt,omitempty"`
	TakenAt     *time.Time         `json:"taken_at,omitempty" doc:"Evidence, for the operations centre"`
	DistanceM   *int64             `json:"distance_m,omitempty" doc:"Metres from the report's place; evidence, for the operations centre"`
}

// photos are those that the view shows; what proves an answer comes out with it.
func (s *sight) photos() []Photo {
	out := []Photo{}
	for _, p := range s.bundle.Photos {
		if p.Kind == models.PhotoBefore || s.answers() || p.Status != models.PhotoReady {
			out = append(out, s.photo(p))
		}
	}
	return out
}

func (s *sight) photo(p models.Photo) Photo {
	out := s.Photo(p, s.view)
	if s.view == models.ViewOperations {
		out.TakenAt, out.DistanceM = p.TakenAt, distance(p, s.report)
	}
	return out
}

// Photo assembles a photo without its evidence.
func (a Assembler) Photo(p models.Photo, v models.View) Photo {
	out := Photo{ID: p.ID, Kind: p.Kind, Status: p.Status, Reason: p.Reason, Width: p.Width, Height: p.Height, Blurhash: p.Blurhash, Alt: p.Alt}
	if p.Status != models.PhotoReady {
		return out
	}
	link := a.Link
	if link == nil {
		link = func(p models.Photo, _ models.View, size string) string {
			return "/api/v1/photos/" + p.ID.String() + "?size=" + size
		}
	}
	out.ThumbURL, out.ViewURL, out.OriginalURL = link(p, v, "thumb"), link(p, v, "view"), link(p, v, "original")
	return out
}

func distance(p models.Photo, r *models.Report) *int64 {
	if p.Lat == nil || p.Lon == nil || r.Lat == nil || r.Lon == nil {
		return nil
	}
	at, errAt := geo.NewPoint(*p.Lat, *p.Lon)
	from, errFrom := geo.NewPoint(*r.Lat, *r.Lon)
	if errAt != nil || errFrom != nil {
		return nil
	}
	metres := int64(math.Round(at.Metres(from)))
	return &metres
}

// Trace says why a report went where it went.
type Trace struct {
	Rule   int               `json:"rule" doc:"The number of the rule that was taken, from 1"`
	Why    string            `json:"why,omitempty"`
	Steps  []pack.TraceStep  `json:"steps" doc:"Every rule that was tried, in order"`
	Values map[string]string `json:"values,omitempty" doc:"What the rules looked at; for the operations centre"`
}

// trace is that of the lead's routing, the newest; nil where a person chose.
func (s *sight) trace() *Trace {
	var out *Trace
	for _, t := range s.bundle.Tasks {
		var route pack.RouteResult
		if !t.Lead || len(t.Route) == 0 || json.Unmarshal(t.Route, &route) != nil {
			continue
		}
		out = &Trace{Rule: route.Rule, Why: s.words(route.Why), Steps: route.Trace}
		if s.view == models.ViewOperations {
			out.Values = route.Values
		}
	}
	return out
}

// OriginalText is what somebody sent in, with what looks like personal data marked.
type OriginalText struct {
	Text  string `json:"text"`
	Marks []Mark `json:"marks"`
}

// Mark is a piece of a text, in UTF-16 code units as browsers and phones count.
type Mark struct {
	Start int            `json:"start"`
	End   int            `json:"end"`
	Kind  words.MarkKind `json:"kind" enum:"phone,id_number,plate,email"`
}

func marked(text string) OriginalText {
	out := OriginalText{Text: text, Marks: []Mark{}}
	units, done := 0, 0
	upTo := func(at int) int {
		units += len(utf16.Encode([]rune(text[done:at])))
		done = at
		return units
	}
	for _, m := range words.Sensitive(text) {
		start := upTo(m.Start)
		out.Marks = append(out.Marks, Mark{Start: start, End: upTo(m.End), Kind: m.Kind})
	}
	return out
}

// paragraphs joins texts that came with one step.
func paragraphs(texts []string) string { return strings.Join(texts, "\n\n") }
