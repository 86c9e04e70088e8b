// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"hientruong/models"
)

// errNotOffered says that a step cannot be taken where the report stands now.
var errNotOffered = errors.New("demo: it is not offered")

// staleTries is how often a step is looked at again that somebody else was ahead of.
const staleTries = 4

// take takes a step as people do: they see what they may do, and do it. A step beside the
// way that is not offered is passed over.
func (g *game) take(ctx context.Context, f *life, s step) error {
	who := g.whoTakes(f, s)
	switch {
	case who == nil && s.aside:
		return nil
	case who == nil:
		return fmt.Errorf("demo: unit %q has no log-in of a %s", cmp.Or(s.unit, f.unit), s.by)
	}
	err := g.carryOut(ctx, f, who, s)
	switch {
	case err == nil:
		g.took(f, s)
	case s.aside && errors.Is(err, errNotOffered):
		return nil
	}
	return err
}

// carryOut does what a step is, until nobody else was ahead.
func (g *game) carryOut(ctx context.Context, f *life, who *player, s step) (err error) {
	switch s.name {
	case stepMeToo, stepFollow, stepMessage, stepNote:
		return g.speak(ctx, f, who, s)
	}
	for range staleTries {
		var offered offer
		if offered, err = g.offered(ctx, f, who, s.name); err != nil {
			return err
		}
		if err = g.act(ctx, f, who, s, offered); err == nil {
			return nil
		}
		var refused *refusedError
		if !errors.As(err, &refused) || refused.status != http.StatusConflict && refused.status != http.StatusPreconditionFailed {
			return err
		}
	}
	return err
}

// took counts a step that was taken.
func (g *game) took(f *life, s step) {
	g.summary.took(s.name)
	g.summary.saw(s.name, f.id, f.code)
	if s.template {
		g.summary.saw(episodeTemplate, f.id, f.code)
	}
	if s.name == "resolve" && f.state == "published" {
		g.summary.saw(episodeInstant, f.id, f.code)
	}
}

func (g *game) whoTakes(f *life, s step) *player {
	switch s.by {
	case models.RoleCitizen:
		if s.neighbour != nil {
			return g.cast.phone(s.neighbour)
		}
		return f.phone
	case models.RoleOperator, models.RoleVerifier, models.RoleLeader:
		return g.cast.officer(s.by, g.Pack.Settings().Operations)
	default:
		return g.cast.officer(s.by, cmp.Or(s.unit, f.unit))
	}
}

// speak does what is no step of the workflow: neighbours join in, people write.
func (g *game) speak(ctx context.Context, f *life, who *player, s step) error {
	method, path := http.MethodPost, map[string]string{stepMeToo: "me-too", stepFollow: "follow", stepMessage: "thread", stepNote: "notes"}[s.name]
	if s.name == stepFollow {
		method = http.MethodPut
	}
	r, err := g.cast.as(ctx, who, method, "/api/v1/reports/"+f.id.String()+"/"+path)
	if err != nil {
		return err
	}
	if s.text != "" {
		r, err = r.withJSON(map[string]string{"text": s.text})
	} else {
		r, err = r.withJSON(map[string]string{})
	}
	if err != nil {
		return err
	}
	_, err = g.client.call(ctx, r, nil)
	var refused *refusedError
	if errors.As(err, &refused) && (refused.status == http.StatusNotFound || refused.status == http.StatusConflict) {
		return errNotOffered // the report has moved out of their sight meanwhile
	}
	return err
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
		return offer{}, errNotOffered
	}
	return list.Items[i], nil
}

// act takes an offered step, with all that it demands.
func (g *game) act(ctx context.Context, f *life, who *player, s step, offered offer) error {
	body, err := g.body(ctx, f, who, s, offered)
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
	if s.name == "split" && len(shown.Parts) > 0 {
		return g.splitOff(ctx, f, shown.Parts[len(shown.Parts)-1])
	}
	return nil
}

// splitOff lets the report live that was made of a part.
func (g *game) splitOff(ctx context.Context, f *life, id uuid.UUID) error {
	part := &life{Life: g.city.splitOff(f.Life), phone: f.phone}
	part.id = id
	shown, err := g.seenByCentre(ctx, part)
	if err != nil {
		return err
	}
	g.learn(part, shown)
	g.lives.Go(func() { g.goThrough(ctx, part) })
	return nil
}

// seenByCentre is the report as the operations centre sees it.
func (g *game) seenByCentre(ctx context.Context, f *life) (shown shownReport, err error) {
	r, err := g.cast.as(ctx, g.whoTakes(f, step{by: models.RoleOperator}), http.MethodGet, "/api/v1/reports/"+f.id.String())
	if err != nil {
		return shown, err
	}
	_, err = g.client.call(ctx, r, &shown)
	return shown, err
}
