// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
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
	Code  string       `json:"code"`
	State models.State `json:"state"`
	Unit  *struct {
		Code string `json:"code"`
	} `json:"unit"`
	Tasks []struct {
		Lead bool `json:"lead"`
		Unit struct {
			Code string `json:"code"`
		} `json:"unit"`
	} `json:"tasks"`
	Deadlines []struct {
		Kind  string    `json:"kind"`
		DueAt time.Time `json:"due_at"`
	} `json:"deadlines"`
	Photos []struct {
		ID uuid.UUID `json:"id"`
	} `json:"photos"`
	Parts []uuid.UUID `json:"parts"`
}

// offer is a step that the server offers.
type offer struct {
	Name    string     `json:"name"`
	TaskID  *uuid.UUID `json:"task_id"`
	Version int64      `json:"version"`
	Demands []struct {
		Field   string `json:"field"`
		Options []struct {
			Key string `json:"key"`
		} `json:"options"`
	} `json:"demands"`
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
	if f.kind.SOS && f.fate.repeats == nil {
		g.summary.saw(episodeSOS, f.id, f.code)
	}
	return nil
}

func (g *game) learn(f *life, shown shownReport) {
	f.state, f.code = shown.State, shown.Code
	if shown.Unit != nil {
		f.unit = shown.Unit.Code
	}
	var support []string
	for _, t := range shown.Tasks {
		if !t.Lead {
			support = append(support, t.Unit.Code)
		}
	}
	f.supported(support, g.city.words)
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
