// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hientruong/handlers"
	"hientruong/identity"
	"hientruong/models"
)

// Those who call in the tests. Reporter sent the report in by phone, citizen is another
// phone; unit leads the work on it, other unit has no part in it.
const (
	guest         = "guest"
	reporter      = "reporter"
	citizen       = "citizen"
	agent         = "agent"
	machine       = "machine"
	operator      = "operator"
	verifier      = "verifier"
	unit          = "unit"
	coordinator   = "coordinator"
	otherUnit     = "other unit"
	leader        = "leader"
	press         = "press"
	auditor       = "auditor"
	administrator = "administrator"
)

// everybody is the whole cast, in the order of the golden table.
func everybody() []string {
	return []string{guest, reporter, citizen, agent, machine, operator, verifier, unit, coordinator, otherUnit, leader, press, auditor, administrator}
}

// cast is a world with people in it.
type cast struct {
	*world
	tokens map[string]string
}

func newCast(t *testing.T, who []string, change ...func(*handlers.Config)) *cast {
	t.Helper()
	c := &cast{world: newWorld(t, change...), tokens: map[string]string{guest: ""}}
	for _, name := range who {
		c.tokens[name] = c.token(name)
	}
	return c
}

// token signs somebody in.
func (c *cast) token(name string) string {
	switch name {
	case guest:
		return ""
	case reporter, citizen:
		token, _ := c.device()
		return token
	case unit:
		return c.staff("chieu-sang", models.RoleHandler)
	case coordinator:
		return c.staff("chieu-sang", models.RoleCoordinator)
	case otherUnit:
		return c.staff("cap-nuoc", models.RoleHandler, models.RoleCoordinator, models.RoleUnitHead)
	default:
		return c.staff("ioc", models.Role(name))
	}
}

// answer is what came back.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

// call makes a request as somebody. A header "" is left out.
func (c *cast) call(who, method, path string, body any, headers ...string) answer {
	c.tb.Helper()
	token, ok := c.tokens[who]
	if !ok {
		c.tb.Fatalf("%s is not in the cast", who)
	}
	sent := ""
	switch b := body.(type) {
	case nil:
	case string:
		sent = b
	default:
		content, err := json.Marshal(b)
		if err != nil {
			c.tb.Fatal(err)
		}
		sent = string(content)
	}
	all := map[string]string{}
	if method != http.MethodGet && method != http.MethodDelete {
		all["Idempotency-Key"], all["Content-Type"] = uuid.NewString(), "application/json"
	}
	if token != "" {
		all["Authorization"] = "Bearer " + token
	}
	for i := 0; i+1 < len(headers); i += 2 {
		all[headers[i]] = headers[i+1]
	}
	response, got := c.send(method, path, all, strings.NewReader(sent))
	return answer{c.tb, response.StatusCode, response.Header, got}
}

func (c *cast) get(who, path string) answer {
	c.tb.Helper()
	return c.call(who, http.MethodGet, "/api/v1"+path, nil)
}

func (c *cast) post(who, path string, body any, headers ...string) answer {
	c.tb.Helper()
	return c.call(who, http.MethodPost, "/api/v1"+path, body, headers...)
}

// want checks the status and what must and, behind a "!", must not be in the body.
func (a answer) want(status int, parts ...string) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Errorf("status %d, want %d: %s", a.status, status, a.body)
	}
	for _, part := range parts {
		not, negated := strings.CutPrefix(part, "!")
		if strings.Contains(a.body, not) == negated {
			a.t.Errorf("body against %q: %s", part, a.body)
		}
	}
	return a
}

// field reads one field of the answer by its path, such as "items.0.id"; nil without it.
func (a answer) field(path string) any {
	a.t.Helper()
	var at any
	if err := json.Unmarshal([]byte(a.body), &at); err != nil {
		a.t.Fatalf("%v: %s", err, a.body)
	}
	for _, name := range strings.Split(path, ".") {
		switch v := at.(type) {
		case map[string]any:
			at = v[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(v) {
				return nil
			}
			at = v[i]
		default:
			return nil
		}
	}
	return at
}

func (a answer) text(path string) string {
	a.t.Helper()
	s, ok := a.field(path).(string)
	if !ok {
		a.t.Fatalf("no %s in %s", path, a.body)
	}
	return s
}

// texts reads one field of every item of a list.
func (a answer) texts(name string) []string {
	a.t.Helper()
	items, ok := a.field("items").([]any)
	if !ok {
		a.t.Fatalf("no items in %s", a.body)
	}
	out := []string{}
	for i := range items {
		out = append(out, fmt.Sprint(a.field(fmt.Sprintf("items.%d.%s", i, name))))
	}
	return out
}

// filed is a report that was sent in.
type filed struct{ id, code string }

const lamp = `{"category":"den-duong","description":"Đèn tắt trước nhà",` + point + `%s}`

// file sends a report in as somebody; more goes into its body, after a comma.
func (c *cast) file(who, more string) filed {
	c.tb.Helper()
	a := c.post(who, "/reports", fmt.Sprintf(lamp, more)).want(http.StatusCreated)
	return filed{a.text("id"), a.text("code")}
}

// offered are the steps that somebody may take.
func (c *cast) offered(who string, r filed) []string {
	c.tb.Helper()
	return c.get(who, "/reports/"+r.id+"/actions").want(http.StatusOK).texts("name")
}

// step takes a step with the version that it was offered with.
func (c *cast) step(who string, r filed, name string, body map[string]any) answer {
	c.tb.Helper()
	offers := c.get(who, "/reports/"+r.id+"/actions").want(http.StatusOK)
	i := slices.Index(offers.texts("name"), name)
	if i < 0 {
		c.tb.Fatalf("%s is not offered %s: %s", who, name, offers.body)
	}
	sent := map[string]any{}
	for k, v := range body {
		sent[k] = v
	}
	if id, ok := offers.field(fmt.Sprintf("items.%d.task_id", i)).(string); ok {
		sent["task_id"] = id
	}
	version := fmt.Sprintf(`"%v"`, offers.field(fmt.Sprintf("items.%d.version", i)))
	return c.post(who, "/reports/"+r.id+"/actions/"+name, sent, "If-Match", version)
}

// accepted files a report and takes it on, so that it is with its unit.
func (c *cast) accepted(more string) filed {
	c.tb.Helper()
	r := c.file(reporter, more)
	c.step(operator, r, "claim", nil).want(http.StatusOK)
	c.step(operator, r, "accept", map[string]any{"redacted_text": "Đèn đường tắt"}).want(http.StatusOK)
	return r
}

// withLimits lets the server count tries as it does in earnest.
func withLimits(t *testing.T) func(*handlers.Config) {
	return func(c *handlers.Config) {
		c.Identity = must(identity.New(identity.Config{Gorm: c.DB, Ledger: c.Ledger, Keys: c.Identity.Keys()}))(t)
	}
}
