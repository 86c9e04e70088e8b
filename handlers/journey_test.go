// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

const repaired = "Đã thay bóng đèn cao áp và kiểm tra lại toàn bộ tuyến."

// TestJourney follows a report from the phone to the answer and back, and looks at each
// step at what everybody sees of it.
func TestJourney(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, citizen, operator, verifier, unit, coordinator, otherUnit, leader, press, auditor, administrator})
	r := c.file(reporter, `,"reporter":{"name":"Lê Thị Ẩn","phone":"0912 345 678"}`)
	path := "/reports/" + r.id
	for _, who := range []string{guest, citizen, unit, otherUnit, press} {
		c.get(who, path).want(404, `"code":"not_found"`)
		c.get(who, path+"/timeline").want(404)
		c.get(who, path+"/actions").want(404)
		c.post(who, path+"/actions/accept", `{}`, "If-Match", `"1"`).want(map[bool]int{true: 403, false: 404}[who == press])
	}
	c.get(guest, "/track/"+r.code).want(404)
	c.get(reporter, path).want(200, `"state":"submitted"`, "Đèn tắt trước nhà", "!original_text", "!Lê Thị Ẩn", "!912345678")
	for _, who := range []string{operator, verifier, leader, auditor, administrator} {
		a := c.get(who, path).want(200, "Đèn tắt trước nhà", `"has_contact":true`, "!Lê Thị Ẩn", "!912345678")
		if a.header.Get("Etag") != `"1"` {
			t.Errorf("%s: ETag %s", who, a.header.Get("Etag"))
		}
	}
	if got := c.get(operator, "/inbox").want(200).texts("report.id"); !slices.Contains(got, r.id) {
		t.Errorf("the operations centre's inbox: %v", got)
	}

	c.takeOn(t, r)
	c.work(t, r)
	c.settle(t, r)
	c.get(auditor, "/admin/audit?limit=200").want(200, `"kind":"report.submitted"`, `"kind":"report.rated"`, "!Lê Thị Ẩn", "!Đèn tắt", "!bóng đèn")
}

// takeOn claims and accepts, with what goes wrong on the way.
func (c *cast) takeOn(t *testing.T, r filed) {
	t.Helper()
	path := "/reports/" + r.id
	if diff := cmp.Diff([]string{"claim", "redact", "hide"}, c.offered(operator, r)); diff != "" {
		t.Errorf("offered to the operator (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"withdraw"}, c.offered(reporter, r)); diff != "" {
		t.Errorf("offered to the reporter (-want +got):\n%s", diff)
	}
	if got := c.offered(auditor, r); len(got) > 0 {
		t.Errorf("offered to an auditor: %v", got)
	}
	c.post(operator, path+"/actions/claim", `{}`).want(428, `"code":"version_missing"`)
	c.post(operator, path+"/actions/claim", `{}`, "If-Match", `"7"`).want(412, `"code":"version_stale"`)
	c.post(operator, path+"/actions/claim", `{}`, "If-Match", `nonsense`).want(412)
	c.post(operator, path+"/actions/claim", `{}`, "If-Match", `"1"`, "Idempotency-Key", "").want(400, `"code":"idempotency_key_missing"`)
	c.post(operator, path+"/actions/no-such-step", `{}`, "If-Match", `"1"`).want(404)
	c.post(operator, path+"/actions/accept", `{}`, "If-Match", `"1"`).want(409, `"code":"transition_refused"`)
	c.post(leader, path+"/actions/claim", `{}`, "If-Match", `"1"`).want(403)
	c.post(auditor, path+"/actions/claim", `{}`, "If-Match", `"1"`).want(403)
	c.post(reporter, path+"/actions/claim", `{}`).want(403)
	key := uuid.NewString()
	c.post(operator, path+"/actions/claim", `{}`, "If-Match", `"1"`, "Idempotency-Key", key).want(200, `"state":"verifying"`, `"claim":{`)
	again := c.post(operator, path+"/actions/claim", `{}`, "If-Match", `"1"`, "Idempotency-Key", key).want(200, `"state":"verifying"`)
	if again.header.Get("Idempotency-Replayed") != "true" {
		t.Error("the second try is not said to be one")
	}
	c.post(operator, path+"/actions/claim", `{"text":"anders"}`, "If-Match", `"1"`, "Idempotency-Key", key).want(422, `"code":"idempotency_conflict"`)
	c.post(verifier, path+"/claim", nil).want(409, `"code":"claim_held"`)
	c.step(operator, r, "accept", map[string]any{"redacted_text": "Đèn đường tắt"}).want(200, `"state":"assigned"`, `"code":"chieu-sang"`)
	for _, who := range []string{guest, citizen, otherUnit, press} {
		c.get(who, path).want(200, "Đèn đường tắt", "!Đèn tắt trước nhà", "!tasks", "!notes", "!thread")
	}
	c.get(reporter, path).want(200, "Đèn tắt trước nhà", "!tasks")
	c.get(unit, path).want(200, "Đèn đường tắt", "!Đèn tắt trước nhà", `"tasks":[`, "!has_contact", "!original_text")
	c.get(guest, path+"/timeline").want(200, `"state":"assigned"`, "!staff:")
}

// work lets the unit do its part.
func (c *cast) work(t *testing.T, r filed) {
	t.Helper()
	path := "/reports/" + r.id
	if got := c.get(unit, "/inbox").want(200).texts("report.id"); !slices.Contains(got, r.id) {
		t.Errorf("the unit's inbox: %v", got)
	}
	c.get(otherUnit, "/inbox?unit=chieu-sang").want(200, "!"+r.id)
	c.post(otherUnit, path+"/actions/start", `{}`, "If-Match", `"1"`).want(404)
	c.step(unit, r, "start", nil).want(200, `"state":"in_progress"`)
	demands := c.get(unit, path+"/actions").want(200, `"type":"proof"`, `"min_length":30`, `"key":"fixed"`)
	if !slices.Contains(demands.texts("name"), "resolve") {
		t.Errorf("offered: %s", demands.body)
	}
	c.step(unit, r, "resolve", nil).want(422, `"code":"demand_missing"`, "body.text", "body.outcome", "body.photo_ids")
	c.step(unit, r, "resolve", map[string]any{"text": "Xong", "outcome": "mended", "document": "12/BC"}).want(422, `"code":"too_short"`, `"code":"invalid_value"`, "!mended")
	c.step(unit, r, "resolve", map[string]any{"text": repaired, "outcome": "fixed", "document": "12/BC-CSĐT"}).want(200, `"state":"resolved"`)
	for _, who := range []string{guest, citizen, reporter, otherUnit, press} {
		c.get(who, path).want(200, `"state":"resolved"`, "!bóng đèn", "!12/BC")
		c.get(who, path+"/timeline").want(200, "!bóng đèn")
	}
	c.get(unit, path).want(200, repaired, "12/BC-CSĐT")
}

// settle publishes, rates and reopens.
func (c *cast) settle(t *testing.T, r filed) {
	t.Helper()
	path := "/reports/" + r.id
	if got := c.offered(operator, r); slices.Contains(got, "publish") {
		t.Errorf("an operator is offered to publish: %v", got)
	}
	c.step(verifier, r, "publish", nil).want(200, `"state":"published"`)
	c.get(guest, path).want(200, repaired, `"outcome":"fixed"`, `"status":"closed"`)
	c.get(guest, "/track/"+r.code).want(200, repaired)
	c.post(citizen, path+"/actions/rate", `{"rating":{"level":"satisfied"}}`).want(404)
	c.post(guest, path+"/actions/rate", `{"rating":{"level":"satisfied"}}`).want(404)
	c.post(reporter, path+"/actions/rate", `{}`).want(422, "body.rating")
	c.post(reporter, path+"/actions/rate", `{"rating":{"level":"splendid"}}`).want(422, `"code":"invalid_value"`, "!splendid")
	c.post(reporter, path+"/actions/rate", `{"rating":{"level":"unsatisfied","comment":"Vẫn tối lắm"}}`).want(200, `"level":"unsatisfied"`)
	c.post(reporter, path+"/actions/rate", `{"rating":{"level":"satisfied"}}`).want(409)
	c.get(guest, path).want(200, `"level":"unsatisfied"`, "!Vẫn tối lắm")
	c.post(reporter, path+"/actions/reopen", `{"text":"Đèn lại tắt sau một đêm."}`).want(200, `"state":"assigned"`)
	if got := c.offered(unit, r); !slices.Contains(got, "start") {
		t.Errorf("offered to the unit: %v", got)
	}
	c.get(reporter, "/me/reports").want(200, r.id)
	c.get(citizen, "/me/reports").want(200, "!"+r.id)
}

func TestGivenAway(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, coordinator})
	r := c.accepted("")
	back := map[string]any{"reason_code": "khong-thuoc-tham-quyen", "text": "Đèn này thuộc quốc lộ, xin chuyển Sở."}
	c.step(coordinator, r, "return", back).want(200, `"state":"accepted"`, "!tasks", "!quốc lộ")
	// Nobody else sees a report that was never to be shown, not even who has just given it away.
	shy := c.post(reporter, "/reports", `{"category":"thai-do-phuc-vu","description":"Cán bộ thô lỗ",`+point+`}`)
	hidden := filed{shy.want(http.StatusCreated).text("id"), shy.text("code")}
	c.step(operator, hidden, "claim", nil).want(200)
	c.step(operator, hidden, "accept", map[string]any{"redacted_text": "Thái độ phục vụ"}).want(200)
	c.step(operator, hidden, "assign", map[string]any{"unit": "chieu-sang"}).want(200)
	c.get(coordinator, "/reports/"+hidden.id).want(200)
	if a := c.step(coordinator, hidden, "return", back).want(http.StatusNoContent); a.body != "" {
		t.Errorf("a body with 204: %s", a.body)
	}
	c.get(coordinator, "/reports/"+hidden.id).want(404)
	c.get(operator, "/reports/"+hidden.id).want(200, `"state":"accepted"`)
}

func TestClaims(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, verifier, unit, leader})
	r := c.file(reporter, "")
	claim := "/reports/" + r.id + "/claim"
	c.post(guest, claim, nil).want(401)
	for _, who := range []string{reporter, unit, leader} {
		c.post(who, claim, nil).want(403)
		c.call(who, http.MethodDelete, "/api/v1"+claim, nil).want(403)
	}
	c.post(operator, claim, nil, "Idempotency-Key", "").want(400)
	c.post(operator, "/reports/"+uuid.NewString()+"/claim", nil).want(404)
	c.post(operator, claim, nil).want(200, `"claim":{`)
	c.post(operator, claim, nil).want(200)
	c.post(verifier, claim, nil).want(409, `"code":"claim_held"`)
	c.call(verifier, http.MethodDelete, "/api/v1"+claim, nil).want(409)
	c.call(operator, http.MethodDelete, "/api/v1"+claim, nil).want(204)
	c.call(operator, http.MethodDelete, "/api/v1"+claim, nil).want(204)
	c.post(verifier, claim, nil).want(200)
}
