// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// offer is a step as GET …/actions offers it.
type offer struct {
	Name    string
	TaskID  *uuid.UUID `json:"task_id"`
	Version int64
	Demands []struct {
		Field, Type string
		Required    bool
		MinLength   int `json:"min_length"`
		Options     []struct{ Key string }
	}
}

// rare are the steps of which one in so many is taken where it is offered: what ends a
// report would leave nothing to fight about, each split makes another report, and what
// leads nowhere is offered everywhere.
func rare(step string) int {
	switch step {
	case "withdraw":
		return 400
	case "reject", "merge", "transfer", "hand_over", "give_up", "reclassify", "split":
		return 30
	case "redact", "hide", "show", "urge", "instruct", "set_urgency", "support", "extend", "ask", "return":
		return 6
	}
	return 1
}

// live goes from report to report until the day is over, and then ends what is under way.
func (a *actor) live(day context.Context) {
	for day.Err() == nil {
		id := a.inHand
		if id == uuid.Nil || a.kind != "citizen" && rand.IntN(2) == 0 {
			id = a.reports[rand.IntN(len(a.reports))]
		}
		if !a.visit(day, id) && a.kind != "citizen" {
			a.inHand = uuid.Nil
		}
	}
}

// visit reads a report and what can be done with it, and does something of that. It says
// whether that was done.
func (a *actor) visit(day context.Context, id uuid.UUID) bool {
	path := "/api/v1/reports/" + id.String()
	if a.read(day, path) == nil {
		return false
	}
	var offered struct{ Items []offer }
	content := a.read(day, path+"/actions")
	if content == nil {
		return false
	}
	if err := json.Unmarshal(content, &offered); err != nil {
		a.odd = append(a.odd, err.Error())
		return false
	}
	steps := slices.DeleteFunc(offered.Items, func(o offer) bool { return rand.IntN(rare(o.Name)) > 0 })
	if len(steps) == 0 {
		return false
	}
	return a.take(day, id, steps[rand.IntN(len(steps))])
}

// read returns what is there, nil where this one may not see it or has to wait.
func (a *actor) read(day context.Context, path string) []byte {
	got := a.send(http.MethodGet, path, a.headers(), nil)
	switch got.status {
	case http.StatusOK:
		return got.body
	case http.StatusNotFound:
		return nil
	}
	a.held(day, "reading", got)
	return nil
}

// send goes to this one's node. It does not end with the day: who was answered what must
// be known of every request.
func (a *actor) send(method, path string, headers map[string]string, body map[string]any) answer {
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	if method == http.MethodPost {
		return a.nodes[a.home].post(ctx, path, headers, body)
	}
	return a.nodes[a.home].send(ctx, method, path, headers, nil)
}

// take takes a step, now and then without what it demands.
func (a *actor) take(day context.Context, id uuid.UUID, o offer) bool {
	d := deed{who: a, report: id, step: o.Name, path: "/api/v1/reports/" + id.String() + "/actions/" + o.Name, headers: a.headers(), body: a.fill(o)}
	if a.kind != "citizen" {
		d.headers["If-Match"] = strconv.Quote(strconv.FormatInt(o.Version, 10))
		if d.version = o.Version; o.TaskID != nil {
			d.version, d.body["task_id"] = 0, o.TaskID
		}
	}
	careless := len(o.Demands) > 0 && o.Demands[0].Required && rand.IntN(16) == 0
	if careless {
		delete(d.body, o.Demands[0].Field)
	}
	got := a.send(http.MethodPost, d.path, d.headers, d.body)
	if a.answers[o.Name] == nil {
		a.answers[o.Name] = map[int]int{}
	}
	a.answers[o.Name][got.status]++
	switch got.status {
	case http.StatusOK, http.StatusNoContent:
		a.deeds = append(a.deeds, d)
		a.doneBy[a.kind].Add(1)
		a.inHand = id
		if careless || got.replayed {
			a.odd = append(a.odd, fmt.Sprintf("%s without %s, replayed %v: %v", o.Name, o.Demands[0].Field, got.replayed, got))
		}
		return true
	case http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity:
	default:
		a.held(day, o.Name, got)
	}
	return false
}

// held waits as long as an answer asks for that may ask for it; others are odd.
func (a *actor) held(day context.Context, doing string, got answer) {
	seconds, err := strconv.Atoi(got.after)
	may := got.status == http.StatusTooManyRequests && a.kind == "citizen" ||
		got.status == http.StatusServiceUnavailable && strings.Contains(string(got.body), `"queue_full"`)
	if !may || err != nil || seconds < 1 {
		a.odd = append(a.odd, fmt.Sprintf("%s: %v, Retry-After %q", doing, got, got.after))
		return
	}
	wait(day, time.Duration(seconds)*time.Second)
}

// fill brings what a step demands, and now and then what it can do without.
func (a *actor) fill(o offer) map[string]any {
	body := map[string]any{}
	for _, d := range o.Demands {
		if !d.Required && rand.IntN(3) > 0 {
			continue
		}
		option := ""
		if n := len(d.Options); n > 0 {
			option = d.Options[rand.IntN(n)].Key
		}
		switch d.Type {
		case "unit":
			body["unit"] = crowded[rand.IntN(len(crowded))]
		case "support_units":
			body["support_units"] = []string{crowded[rand.IntN(len(crowded))], crowded[rand.IntN(len(crowded))]}
		case "category":
			body["category"] = contestedCategories[rand.IntN(len(contestedCategories))]
		case "proof":
			body["document"] = "125/BC-SXD"
		case "document":
			body["document"] = "77/CĐ-UBND"
		case "until":
			body["until"] = time.Now().AddDate(0, 1, rand.IntN(60)).UTC().Format(time.RFC3339)
		case "duplicate_of":
			body["duplicate_of"] = a.reports[rand.IntN(len(a.reports))]
		case "rating":
			body["rating"] = map[string]any{"level": option, "comment": "Cảm ơn"}
		case "redacted_text":
			body["redacted_text"] = "Mặt đường hỏng nặng trước cổng trường."
		default:
			if body[d.Field] = option; option == "" {
				body[d.Field] = "Đã xem tại chỗ và " + strings.Repeat("ghi lại đầy đủ ", 1+d.MinLength/8) + uuid.NewString()
			}
		}
	}
	return body
}
