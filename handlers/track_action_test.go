// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"hientruong/identity"
)

// byPhone files a report without an account and takes it to its answer.
func (c *cast) byPhone(unitWorks bool) filed {
	c.tb.Helper()
	r := c.file(guest, `,"reporter":{"name":"Lê Văn Tư","phone":"0912 345 678"}`)
	if !unitWorks {
		return r
	}
	c.step(operator, r, "claim", nil).want(200)
	c.step(operator, r, "accept", map[string]any{"redacted_text": "Đèn đường tắt"}).want(200)
	c.step(unit, r, "start", nil).want(200)
	c.step(unit, r, "resolve", map[string]any{"text": repaired, "outcome": "fixed", "document": "12/BC-CSĐT"}).want(200)
	c.step(verifier, r, "publish", nil).want(200)
	return r
}

func (c *cast) byCode(r filed, name string, body map[string]any, headers ...string) answer {
	c.tb.Helper()
	sent := map[string]any{"phone_last4": "5678"}
	for k, v := range body {
		sent[k] = v
	}
	return c.post(guest, "/track/"+r.code+"/actions/"+name, sent, headers...)
}

func TestStepsByCode(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{operator, verifier, unit, citizen})
	r := c.byPhone(true)
	offers := c.post(guest, "/track/"+r.code+"/actions", `{"phone_last4":"5678"}`, "Idempotency-Key", "").want(200)
	if got := offers.texts("name"); !slices.Equal(got, []string{"rate"}) {
		t.Errorf("offered %v", got)
	}
	c.post(guest, "/track/"+r.code+"/actions", `{"phone_last4":"5679"}`).want(404)
	bad := map[string]any{"rating": map[string]any{"level": "unsatisfied", "comment": "Vẫn tối"}}
	c.byCode(r, "rate", map[string]any{"phone_last4": "0000", "rating": bad["rating"]}).want(404)
	c.byCode(r, "rate", nil).want(422, "body.rating")
	c.byCode(r, "rate", bad, "Idempotency-Key", "").want(400)
	c.byCode(r, "publish", nil).want(403)
	c.byCode(r, "withdraw", nil).want(409, `"code":"transition_refused"`)
	c.byCode(r, "no-such-step", nil).want(404)
	key := uuid.NewString()
	c.byCode(r, "rate", bad, "Idempotency-Key", key).want(200, `"level":"unsatisfied"`, "Vẫn tối", "Đèn tắt trước nhà", "!tasks", "!0912")
	if a := c.byCode(r, "rate", bad, "Idempotency-Key", key).want(200); a.header.Get("Idempotency-Replayed") != "true" {
		t.Error("the second try is not said to be one")
	}
	c.byCode(r, "rate", map[string]any{"rating": map[string]any{"level": "satisfied"}}).want(409)
	c.byCode(r, "reopen", map[string]any{"text": "Đèn lại tắt sau một đêm."}).want(200, `"state":"assigned"`)
	// To have proven one's own is to have proven nothing else.
	other := c.file(citizen, "")
	c.byCode(other, "withdraw", nil).want(404)
	c.get(guest, "/reports/"+r.id).want(200, "!Đèn tắt trước nhà")
	c.get(guest, "/reports/"+other.id).want(404)
}

func TestAppealAndInformationByCode(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{operator})
	r := c.byPhone(false)
	c.step(operator, r, "claim", nil).want(200)
	c.step(operator, r, "ask", map[string]any{"text": "Xin cho biết số cột đèn?"}).want(200)
	c.byCode(r, "provide_info", map[string]any{"text": "Cột số 12"}).want(200, `"state":"verifying"`, "Cột số 12")
	reasons := c.get(operator, "/reports/"+r.id+"/actions").want(200)
	i := slices.Index(reasons.texts("name"), "reject")
	reason := reasons.text("items." + string(rune('0'+i)) + ".demands.0.options.0.key")
	c.step(operator, r, "reject", map[string]any{"reason_code": reason, "text": "Không đúng thẩm quyền xử lý."}).want(200, `"rejected_for":{"code":"`+reason+`"`)
	c.post(guest, "/track/"+r.code, `{"phone_last4":"5678"}`).want(200, `"rejected_for":{"code":"`+reason+`"`, "Không đúng thẩm quyền")
	c.get(guest, "/track/"+r.code).want(404, "!"+reason)
	c.byCode(r, "appeal", map[string]any{"text": "Xin xem lại, đèn thuộc phường."}).want(200, `"state":"verifying"`)
	c.step(operator, r, "reject", map[string]any{"reason_code": reason, "text": "Vẫn không đúng thẩm quyền."}).want(200)
	c.byCode(r, "appeal", map[string]any{"text": "Xin xem lại lần nữa."}).want(409) // one appeal
}

// Steps by code are tries at the digits like any other.
func TestGuessingByStepsIsBounded(t *testing.T) {
	t.Parallel()
	c := newCast(t, nil, withLimits(t))
	r := c.byPhone(false)
	for range identity.Rates()[identity.LaneTrack].Burst {
		c.byCode(r, "withdraw", map[string]any{"phone_last4": "0000"}).want(404)
	}
	c.byCode(r, "withdraw", map[string]any{"phone_last4": "0000"}).want(429)
	c.byCode(r, "withdraw", nil).want(429)
	if n := c.events()["report.moved"]; n != 0 {
		t.Errorf("%d steps were taken", n)
	}
}

// An agent rates for whom they filed for.
func TestAgentsRateOnBehalf(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{agent, operator, verifier, unit})
	c.tokens["another agent"] = c.staff("ioc", "agent")
	r := c.file(agent, `,"on_behalf_of":{"consent":true,"how":"tại bưu điện"},"reporter":{"phone":"0912 345 678"}`)
	c.step(operator, r, "claim", nil).want(200)
	c.step(operator, r, "accept", nil).want(200)
	c.step(unit, r, "start", nil).want(200)
	c.step(unit, r, "resolve", map[string]any{"text": repaired, "outcome": "fixed", "document": "12/BC-CSĐT"}).want(200)
	c.step(verifier, r, "publish", nil).want(200)
	rating := map[string]any{"rating": map[string]any{"level": "satisfied"}}
	c.post("another agent", "/reports/"+r.id+"/actions/rate", rating, "If-Match", `"9"`).want(404)
	c.step(agent, r, "rate", rating).want(200, `"level":"satisfied"`)
	c.byCode(r, "rate", rating).want(409)
	for _, who := range []string{unit, guest} {
		c.get(who, "/reports/"+r.id).want(200, "!bưu điện")
		c.get(who, "/reports/"+r.id+"/timeline").want(200, "!bưu điện")
	}
	c.get(unit, "/reports/"+r.id+"/notes").want(200, "!bưu điện")
	c.get(operator, "/reports/"+r.id+"/texts").want(200, "bưu điện", `"kind":"consent"`)
}
