// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// body is what a step demands, as the contract writes it.
func (g *game) body(ctx context.Context, f *life, who *player, s step, offered offer) (map[string]any, error) {
	var err error
	if s.template {
		if s.text, err = g.answer(ctx, f, who, s); err != nil {
			return nil, err
		}
	}
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
	if s.hand {
		body["handler"] = offered.anyOf(f, "handler")
	}
	switch {
	case s.after:
		id, err := g.photograph(ctx, f, who)
		if err != nil {
			return nil, err
		}
		body["photo_ids"] = []uuid.UUID{id}
	case s.more > 0, s.shares:
		return body, g.fromReport(ctx, f, s, body)
	}
	return body, nil
}

// anyOf draws one of the options that an offer has for a field; "" where it has none.
func (o offer) anyOf(f *life, field string) string {
	for _, d := range o.Demands {
		if d.Field == field && len(d.Options) > 0 {
			return pick(f.dice, d.Options).Key
		}
	}
	return ""
}

// fromReport adds what can only be said by who has looked at the report: when it will be
// due, and which of its pictures goes with a part.
func (g *game) fromReport(ctx context.Context, f *life, s step, body map[string]any) error {
	shown, err := g.seenByCentre(ctx, f)
	if err != nil {
		return err
	}
	if s.shares && len(shown.Photos) > 1 {
		body["photo_ids"] = []uuid.UUID{shown.Photos[len(shown.Photos)-1].ID}
	}
	if s.more > 0 {
		due := time.Now()
		for _, d := range shown.Deadlines {
			if d.Kind == "xu-ly" {
				due = latest(due, d.DueAt)
			}
		}
		body["until"] = g.Pack.Calendar(f.unit).Add(due, s.more).UTC().Format(time.RFC3339)
	}
	return nil
}

// answer is one that is begun from a template, as the server fills it in; what the step
// says anyway where none fits.
func (g *game) answer(ctx context.Context, f *life, who *player, s step) (string, error) {
	query := url.Values{"kind": {"answer"}, "report_id": {f.id.String()}}
	r, err := g.cast.as(ctx, who, http.MethodGet, "/api/v1/templates?"+query.Encode())
	if err != nil {
		return "", err
	}
	var list struct {
		Items []struct {
			Code string `json:"code"`
			Text string `json:"text"`
		} `json:"items"`
	}
	if _, err := g.client.call(ctx, r, &list); err != nil {
		return "", err
	}
	codes := make([]string, len(list.Items))
	for i, t := range list.Items {
		codes[i] = t.Code
	}
	if i := g.city.words.begin(codes, s.outcome, f.dice); i >= 0 {
		if text, known := g.city.words.complete(list.Items[i].Text); known {
			return text, nil
		}
	}
	return s.text, nil
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
