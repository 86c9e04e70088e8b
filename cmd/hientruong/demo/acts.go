// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// life is a Life that is played: whose phone it is, and which unit has the report.
type life struct {
	*Life
	phone *player
	unit  string
}

// shownReport is what the play reads of a report, in anybody's view.
type shownReport struct {
	ID    uuid.UUID    `json:"id"`
	State models.State `json:"state"`
	Unit  *struct {
		Code string `json:"code"`
	} `json:"unit"`
}

// offer is a step that the server offers.
type offer struct {
	Name    string     `json:"name"`
	TaskID  *uuid.UUID `json:"task_id"`
	Version int64      `json:"version"`
}

// file sends the report in, with its pictures.
func (g *game) file(ctx context.Context, f *life) error {
	r, err := g.cast.as(ctx, f.phone, http.MethodPost, "/api/v1/reports")
	if err != nil {
		return err
	}
	content, err := json.Marshal(f.submission())
	if err != nil {
		return fmt.Errorf("demo: submission: %w", err)
	}
	parts := []part{{name: "report", kind: "application/json", content: content}}
	for n := range f.pictures {
		picture, err := f.draw(uint64(n), false)
		if err != nil {
			return err
		}
		bytes, err := io.ReadAll(picture)
		if err != nil {
			return fmt.Errorf("demo: picture: %w", err)
		}
		parts = append(parts, part{name: "photos", kind: "image/jpeg", content: bytes, file: fmt.Sprintf("%d.jpg", n+1)})
	}
	if r, err = r.withForm(parts...); err != nil {
		return err
	}
	var shown shownReport
	if _, err := g.client.call(ctx, r, &shown); err != nil {
		return err
	}
	f.id = shown.ID
	g.summary.filed()
	for range f.pictures {
		g.summary.photographed()
	}
	g.learn(f, shown)
	return nil
}

func (g *game) learn(f *life, shown shownReport) {
	f.state = shown.State
	if shown.Unit != nil {
		f.unit = shown.Unit.Code
	}
	g.summary.reached(f.id, f.state)
}

// submission is the report as the phone writes it.
func (l *Life) submission() map[string]any {
	form := l.form()
	s := map[string]any{
		"category": form.Category, "description": form.Description, "address": form.Address, "language": form.Language,
		"location":   map[string]any{"lat": *form.Lat, "lon": *form.Lon, "accuracy_m": *form.AccuracyM, "source": form.Source},
		"attributes": form.Attributes, "urgent": form.Urgent, "hide_name": form.HideName, "channel": form.Channel,
	}
	if l.contact {
		s["reporter"] = map[string]string{"name": l.contactName(), "phone": l.contactPhone()}
	}
	if l.sos != nil {
		s["sos"] = map[string]any{"people": l.sos.People, "water_level": l.sos.WaterLevel, "battery": l.sos.Battery, "callback": l.contactPhone()}
	}
	return s
}

// staleTries is how often a step is looked at again that somebody else was ahead of.
const staleTries = 4

// take takes a step as people do: they see what they may do, and do it.
func (g *game) take(ctx context.Context, f *life, s step) error {
	who := g.whoTakes(f, s.by)
	if who == nil {
		return fmt.Errorf("demo: unit %q has no log-in of a %s", f.unit, s.by)
	}
	var err error
	for range staleTries {
		var offered offer
		if offered, err = g.offered(ctx, f, who, s.name); err != nil {
			return err
		}
		if err = g.act(ctx, f, who, s, offered); err == nil {
			g.summary.took(s.name)
			return nil
		}
		var refused *refusedError
		if !errors.As(err, &refused) || refused.status != http.StatusConflict && refused.status != http.StatusPreconditionFailed {
			return err
		}
	}
	return err
}

func (g *game) whoTakes(f *life, role models.Role) *player {
	switch role {
	case models.RoleCitizen:
		return f.phone
	case models.RoleOperator, models.RoleVerifier, models.RoleLeader:
		return g.cast.officer(role, g.Pack.Settings().Operations)
	default:
		return g.cast.officer(role, f.unit)
	}
}

// offered asks what may be done and finds the step in it.
func (g *game) offered(ctx context.Context, f *life, who *player, name string) (offer, error) {
	r, err := g.cast.as(ctx, who, http.MethodGet, "/api/v1/reports/"+f.id.String()+"/actions")
	if err != nil {
		return offer{}, err
	}
	var list struct {
		Items []offer `json:"items"`
	}
	if _, err := g.client.call(ctx, r, &list); err != nil {
		return offer{}, err
	}
	i := slices.IndexFunc(list.Items, func(o offer) bool { return o.Name == name })
	if i < 0 {
		return offer{}, fmt.Errorf("demo: it is not offered, only %v", list.Items)
	}
	return list.Items[i], nil
}

// act takes an offered step, with all that it demands.
func (g *game) act(ctx context.Context, f *life, who *player, s step, offered offer) error {
	body, err := g.answer(ctx, f, who, s)
	if err != nil {
		return err
	}
	if offered.TaskID != nil {
		body["task_id"] = offered.TaskID
	}
	r, err := g.cast.as(ctx, who, http.MethodPost, "/api/v1/reports/"+f.id.String()+"/actions/"+s.name)
	if err != nil {
		return err
	}
	if s.by != models.RoleCitizen {
		r.ifMatch = strconv.Quote(strconv.FormatInt(offered.Version, 10))
	}
	if r, err = r.withJSON(body); err != nil {
		return err
	}
	shown := shownReport{}
	status, err := g.client.call(ctx, r, &shown)
	if err == nil && status == http.StatusNoContent { // it went out of their sight
		shown, err = g.seenByCentre(ctx, f)
	}
	if err != nil {
		return err
	}
	g.learn(f, shown)
	return nil
}

// seenByCentre is the report as the operations centre sees it.
func (g *game) seenByCentre(ctx context.Context, f *life) (shown shownReport, err error) {
	r, err := g.cast.as(ctx, g.whoTakes(f, models.RoleOperator), http.MethodGet, "/api/v1/reports/"+f.id.String())
	if err != nil {
		return shown, err
	}
	_, err = g.client.call(ctx, r, &shown)
	return shown, err
}

// answer is what a step demands, as the contract writes it.
func (g *game) answer(ctx context.Context, f *life, who *player, s step) (map[string]any, error) {
	body := map[string]any{}
	for field, value := range map[string]string{
		"reason_code": s.reason, "text": s.text, "redacted_text": s.redacted, "outcome": string(s.outcome), "document": s.document, "category": s.category,
	} {
		if value != "" {
			body[field] = value
		}
	}
	if s.original != nil {
		body["duplicate_of"] = s.original
	}
	if s.level != "" {
		body["rating"] = map[string]any{"level": s.level, "comment": s.comment}
	}
	if s.until > 0 {
		body["until"] = time.Now().Add(s.until).UTC().Format(time.RFC3339)
	}
	if s.reassign {
		body["unit"] = pick(f.dice, departments(g.Pack, f.unit))
	}
	if s.after {
		id, err := g.photograph(ctx, f, who)
		if err != nil {
			return nil, err
		}
		body["photo_ids"] = []uuid.UUID{id}
	}
	return body, nil
}

// photograph sends a picture of the place repaired.
func (g *game) photograph(ctx context.Context, f *life, who *player) (uuid.UUID, error) {
	picture, err := f.draw(0, true)
	if err != nil {
		return uuid.Nil, err
	}
	content, err := io.ReadAll(picture)
	if err != nil {
		return uuid.Nil, fmt.Errorf("demo: picture: %w", err)
	}
	r, err := g.cast.as(ctx, who, http.MethodPost, "/api/v1/photos")
	if err != nil {
		return uuid.Nil, err
	}
	r, err = r.withForm(part{name: "kind", kind: "text/plain", content: []byte(models.PhotoAfter)},
		part{name: "photo", kind: "image/jpeg", content: content, file: "after.jpg"})
	if err != nil {
		return uuid.Nil, err
	}
	var shown struct {
		ID uuid.UUID `json:"id"`
	}
	if _, err := g.client.call(ctx, r, &shown); err != nil {
		return uuid.Nil, err
	}
	g.summary.photographed()
	return shown.ID, nil
}

// blunders are what phones and people get wrong, by the code that the server has for it.
var blunders = []struct {
	code string
	make func(submission map[string]any)
}{
	{"coordinates_swapped", func(s map[string]any) { s["location"] = map[string]any{"lat": 107.58, "lon": 16.46} }},
	{"coordinates_zero", func(s map[string]any) { s["location"] = map[string]any{"lat": 0, "lon": 0} }},
	{"crs_suspected", func(s map[string]any) { s["location"] = map[string]any{"lat": 1820000.5, "lon": 562000.5} }},
	{"unknown_category", func(s map[string]any) { s["category"], s["attributes"] = "ufo", nil }},
	{"too_long", func(s map[string]any) { s["description"] = strings.Repeat("rất dài ", 800) }},
	{"required", func(s map[string]any) { s["description"] = "  " }},
	{"attribute_missing", func(s map[string]any) { s["category"], s["attributes"] = "ho-so-tre", nil }},
	{"phone_invalid", func(s map[string]any) { s["reporter"] = map[string]string{"phone": "12345"} }},
}

// blunder sends what the server must refuse, and checks that it says why.
func (g *game) blunder(ctx context.Context, l *Life) {
	submission, wrong := l.submission(), pick(l.dice, blunders)
	delete(submission, "sos")
	if l.kind.SOS {
		submission["category"] = "o-ga"
	}
	wrong.make(submission)
	r, err := g.cast.as(ctx, g.cast.phone(l.who), http.MethodPost, "/api/v1/reports")
	if err == nil {
		r, err = r.withJSON(submission)
	}
	if err == nil {
		_, err = g.client.call(ctx, r, nil)
	}
	var refused *refusedError
	switch {
	case err == nil:
		g.summary.problem("a report was taken that should be refused as %s", wrong.code)
	case errors.As(err, &refused) && refused.code == wrong.code:
		g.summary.turnedAway(wrong.code)
	default:
		g.failed("instead of "+wrong.code, err)
	}
}
