// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"fmt"
	"strings"
	"testing"
)

// tables are those that a report leaves something in.
var tables = []string{"reports", "events", "texts", "tasks", "deadlines", "contacts", "photos", "idempotency_keys"}

func TestRoutingIsTriedAndNothingFiled(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{operator, administrator, unit})
	before := map[string]int64{}
	for _, table := range tables {
		before[table] = c.count(table)
	}
	for name, try := range map[string]struct {
		body   string
		status int
		want   []string
	}{
		"a lamp": {`{"category":"den-duong",` + point + `,"attributes":{"owner":"do-thi"},"at":"2026-03-03T02:00:00Z"}`, 200,
			[]string{`"pack":1`, `"lead":{"code":"chieu-sang"`, `"result":"taken"`, `"when":`, `"category.code":"den-duong"`, `"kind":"xu-ly"`, `"kind":"tiep-nhan"`,
				`"due_at":"2026-03-`, `"rule":"den-duong/xu-ly"`, `"workflow":{"code":"thuong","name":"Quy trình thường"}`, "Phường Cầu Mây"}},
		"of an area":          {`{"category":"o-ga","location":{"area_id":"90001@2025-07-01"}}`, 200, []string{`"area":{"id":"90001`, `"lead":{`}},
		"nowhere":             {`{"category":"o-ga"}`, 200, []string{`"area":null`, `"steps":[`}},
		"urgent":              {`{"category":"o-ga","urgent":true,` + point + `}`, 200, []string{`"urgency":"urgent"`}},
		"a version":           {`{"category":"o-ga","pack":1,` + point + `}`, 200, []string{`"pack":1`}},
		"no such version":     {`{"category":"o-ga","pack":7}`, 422, []string{`"code":"invalid_value"`, "body.pack"}},
		"no category":         {`{"category":"khong-co"}`, 422, []string{`"code":"unknown_category"`, "!khong-co"}},
		"an empty category":   {`{"category":""}`, 422, []string{`"code":"required"`}},
		"swapped":             {`{"category":"o-ga","location":{"lat":107.5957,"lon":16.4848}}`, 422, []string{`"code":"coordinates_swapped"`}},
		"another's attribute": {`{"category":"o-ga","attributes":{"ten-la":"x"}}`, 422, []string{`"code":"attribute_invalid"`, "!ten-la"}},
		"no such area":        {`{"category":"o-ga","location":{"area_id":"x"}}`, 422, []string{"body.location.area_id"}},
		"no such channel":     {`{"category":"o-ga","channel":"pigeon"}`, 422, []string{"body.channel"}},
		"in the year 9999":    {`{"category":"o-ga","at":"9999-01-01T00:00:00Z"}`, 422, []string{"body.at", `"code":"out_of_range"`}},
		"rescue":              {`{"category":"sos"}`, 200, []string{`"urgency":"sos"`}},
	} {
		c.post(administrator, "/admin/routing/try", try.body).want(try.status, append(try.want, "!internal")...)
		if t.Failed() {
			t.Fatal(name)
		}
	}
	c.call(operator, "POST", "/api/v1/admin/routing/try", `{"category":"o-ga"}`, "Idempotency-Key", "", "Accept-Language", "en").want(200, "Standard workflow")
	for _, table := range tables {
		if after := c.count(table); after != before[table] {
			t.Errorf("%s: %d rows, %d before", table, after, before[table])
		}
	}
}

// What is tried is what happens to a report that is filed.
func TestATrialIsWhatHappens(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, unit})
	for _, category := range []string{"den-duong", "o-ga", "nuoc-ban", "rac-ton-dong"} {
		about := fmt.Sprintf(`{"category":%q,"description":"Xin xử lý",%s}`, category, point)
		tried := c.post(operator, "/admin/routing/try", about).want(200)
		a := c.post(reporter, "/reports", about).want(201)
		r := filed{a.text("id"), a.text("code")}
		if a.text("state") == "submitted" {
			c.step(operator, r, "claim", nil).want(200)
			c.step(operator, r, "accept", nil).want(200)
		}
		got := c.get(operator, "/reports/"+r.id).want(200)
		if lead := tried.text("lead.code"); got.text("unit.code") != lead {
			t.Errorf("%s: tried %s, went to %s", category, lead, got.text("unit.code"))
		}
		if rule := fmt.Sprint(tried.field("rule")); fmt.Sprint(got.field("trace.rule")) != rule {
			t.Errorf("%s: rule %s tried, %v taken", category, rule, got.field("trace.rule"))
		}
		for _, d := range []string{"0", "1"} {
			if kind, ok := tried.field("deadlines." + d + ".kind").(string); ok && !strings.Contains(got.body, `"kind":"`+kind+`"`) {
				t.Errorf("%s: no clock %s runs: %s", category, kind, got.body)
			}
		}
	}
}
