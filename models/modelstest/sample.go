// SPDX-License-Identifier: Apache-2.0

// Package modelstest makes reports for tests: whole ones, with the rows and events that
// a report in a given state has, each consistent with all the others and with what the
// database demands.
package modelstest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/geo"
	"hientruong/models"
)

// Spec says what report is wanted; every zero value gets what is said beside it.
type Spec struct {
	Jurisdiction int32             // 1
	State        models.State      // submitted
	Visibility   models.Visibility // public once accepted, before that private
	Category     string            // den-duong
	Area         string            // 90001@2025-07-01
	Precision    models.Precision  // exact
	Unit         string            // chieu-sang
	Support      string            // none
	Lat, Lon     float64           // 16.4678, 107.5791
	Created      time.Time         // 2 March 2026, 08:00 in Vietnam
	CitizenID    *uuid.UUID
	DeviceID     *uuid.UUID
	AgentID      *uuid.UUID
	HandlerID    *uuid.UUID
	ClaimedBy    *uuid.UUID
	Urgency      models.Urgency
	Attributes   map[string]string
	DuplicateOf  *uuid.UUID
	// Mark is written into every text, followed by "-" and the kind of the text.
	Mark string
	// Phone stands in every text but the redacted one, the answer and its document.
	Phone string
	// Consent: somebody filed for the reporter, and a text says how they agreed.
	Consent bool
	// SharedIsOriginal: nothing had to be taken out when the report was accepted.
	SharedIsOriginal bool
}

// Sample is a report and all that hangs on it.
type Sample struct {
	models.ReportFacts
	Texts   []models.Text
	Contact models.Contact
	Events  []models.Event
}

// stage is what the default workflow says of a state.
type stage struct {
	phase  models.Phase
	public models.Shown
	path   []models.State // by which a report comes to it
}

// States are those of the default workflow.
func States() []models.State {
	return []models.State{
		"submitted", "verifying", "needs_info", "accepted", "assigned", "in_progress", "scheduled", "resolved", "published",
		"closed", "rejected", "duplicate", "transferred", "withdrawn",
	}
}

func stageOf(s models.State) stage {
	way := []models.State{"submitted", "verifying", "accepted", "assigned", "in_progress", "resolved", "published", "closed"}
	switch s {
	case "submitted", "verifying":
		return stage{models.PhaseReceived, models.ShownNone, way[:1]}
	case "needs_info":
		return stage{models.PhaseWorking, models.ShownStatus, way[:5]}
	case "accepted":
		return stage{models.PhaseWorking, models.ShownFull, way[:2]}
	case "assigned":
		return stage{models.PhaseWorking, models.ShownFull, way[:3]}
	case "in_progress":
		return stage{models.PhaseWorking, models.ShownFull, way[:4]}
	case "scheduled", "resolved":
		return stage{models.PhaseWorking, models.ShownFull, way[:5]}
	case "published":
		return stage{models.PhaseAnswered, models.ShownFull, way[:6]}
	case "closed":
		return stage{models.PhaseEnded, models.ShownFull, way[:7]}
	case "duplicate":
		return stage{models.PhaseEnded, models.ShownLink, way[:3]}
	case "rejected", "transferred":
		return stage{models.PhaseEnded, models.ShownStatus, way[:2]}
	case "withdrawn":
		return stage{models.PhaseEnded, models.ShownNone, way[:4]}
	}
	panic("modelstest: the default workflow has no state " + string(s))
}

// has says whether the report has been in a state.
func (st stage) has(now, s models.State) bool {
	for _, was := range append([]models.State{now}, st.path...) {
		if was == s {
			return true
		}
	}
	return false
}

func (s Spec) withDefaults() Spec {
	if s.Jurisdiction == 0 {
		s.Jurisdiction = 1
	}
	if s.Created.IsZero() {
		s.Created = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	}
	if s.Lat == 0 && s.Lon == 0 {
		s.Lat, s.Lon = 16.4678, 107.5791
	}
	for value, standard := range map[*string]string{
		(*string)(&s.State): "submitted", &s.Category: "den-duong", &s.Area: "90001@2025-07-01", &s.Unit: "chieu-sang",
		(*string)(&s.Precision): string(models.PrecisionExact), (*string)(&s.Urgency): string(models.UrgencyNormal), &s.Mark: "mark",
	} {
		if *value == "" {
			*value = standard
		}
	}
	return s
}

// Make makes the rows of a report; Insert writes them.
func Make(spec Spec) *Sample {
	spec = spec.withDefaults()
	m := &maker{spec: spec, stage: stageOf(spec.State), sample: &Sample{}}
	m.report()
	m.texts()
	m.place()
	m.work()
	m.photos()
	m.sample.Contact = models.Contact{
		JurisdictionID: spec.Jurisdiction, ReportID: m.id, KeyID: "test", NameSealed: []byte(spec.Mark + "-contact"),
		PhoneSealed: []byte(spec.Mark + "-contact"), PhoneIndex: digest(spec.Mark, "phone"), PhoneLast4: Last4(m.id), CreatedAt: spec.Created,
	}
	m.history()
	return m.sample
}

// Last4 is what the last digits of the phone of a sample's reporter are kept as.
func Last4(report uuid.UUID) []byte { return digest(report.String(), "last4") }

func digest(parts ...string) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", parts))
	return sum[:]
}

type maker struct {
	spec   Spec
	stage  stage
	sample *Sample
	id     uuid.UUID
	now    time.Time // of the newest step
}

// NewID draws an id of a moment, as UUIDv7 has it.
func NewID(at time.Time) uuid.UUID {
	id := uuid.Must(uuid.NewV7())
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(max(0, at.UnixMilli())))
	copy(id[:6], ms[2:])
	return id
}

// at is when the n-th step was taken.
func (m *maker) at(step int) time.Time { return m.spec.Created.Add(time.Duration(step) * time.Hour) }

func (m *maker) report() {
	s := m.spec
	m.id = NewID(s.Created)
	m.now = m.at(len(m.stage.path))
	if s.State == "submitted" {
		m.now = s.Created
	}
	r := &m.sample.Report
	*r = models.Report{
		JurisdictionID: s.Jurisdiction, ID: m.id, Code: "DEMO-" + m.id.String(), PackVersion: 1, Workflow: "thuong", State: s.State,
		Phase: m.stage.phase, Visibility: s.Visibility, Category: s.Category, Area: &s.Area, Urgency: s.Urgency, Channel: models.ChannelApp,
		Language: models.Vietnamese, Origin: models.OriginLive, LocationSource: models.SourceGPS, LocationPrecision: s.Precision,
		Attributes: encoded(s.Attributes), CitizenID: s.CitizenID, DeviceID: s.DeviceID, AgentID: s.AgentID, HasContact: true, HideName: true,
		Version: 1, EventSeq: 1, CreatedAt: s.Created, UpdatedAt: m.now, DuplicateOf: s.DuplicateOf,
	}
	if s.ClaimedBy != nil {
		until := m.now.Add(10 * time.Minute)
		r.ClaimedBy, r.ClaimedUntil = s.ClaimedBy, &until
	}
	m.times()
}

// times sets what a report has once it has been somewhere.
func (m *maker) times() {
	r := &m.sample.Report
	for step, state := range slices.Concat(m.stage.path, []models.State{m.spec.State}) {
		at := m.at(step)
		switch state {
		case "accepted":
			r.AcceptedAt = &at
			if r.Visibility == "" {
				r.Visibility = models.VisibilityPublic
			}
		case "resolved":
			outcome := models.OutcomeFixed
			r.ResolvedAt, r.Outcome = &at, &outcome
		case "published":
			level := models.LevelSatisfied
			r.PublishedAt, r.Rating = &at, &level
		}
	}
	if r.Visibility == "" {
		r.Visibility = models.VisibilityPrivate
	}
	if r.Visibility == models.VisibilityHidden {
		reason := "privacy"
		r.HiddenReason = &reason
	}
	if r.Phase == models.PhaseEnded {
		r.EndedAt = &m.now
	}
	if n := len(m.stage.path); n > 0 && m.spec.State != "submitted" {
		r.PreviousState = &m.stage.path[n-1]
	}
}

func encoded(values map[string]string) json.RawMessage {
	if values == nil {
		values = map[string]string{}
	}
	b, err := json.Marshal(values)
	if err != nil {
		panic("modelstest: " + err.Error())
	}
	return b
}

// place sets where the report is, and what the public may know of that.
func (m *maker) place() {
	r := &m.sample.Report
	p, err := geo.NewPoint(m.spec.Lat, m.spec.Lon)
	if err != nil {
		panic("modelstest: " + err.Error())
	}
	lat, lon, tile := p.Lat(), p.Lon(), int64(geo.TileOf(p))
	r.Lat, r.Lon, r.Tile = &lat, &lon, &tile
	r.Shown = models.ShownNone
	if r.Visibility == models.VisibilityPublic {
		r.Shown = m.stage.public
	}
	if r.Shown != models.ShownFull || r.LocationPrecision == models.PrecisionWard {
		return
	}
	public := tile
	if r.LocationPrecision == models.PrecisionSnapped {
		public = int64(geo.TileOf(p).Snap(geo.SnapZoom))
	}
	r.PublicTile = &public
}
