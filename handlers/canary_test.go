// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"hientruong/models"
)

// The canaries: what is somebody's own, each where no other text is.
const (
	canaryName    = "Hoàng Yến Thứ Nhất"
	canaryPhone   = "0937 111 222"
	canaryEmail   = "hoang.yen@canary.example"
	canaryText    = "hoàng yến thứ hai hót trước cửa"
	canaryAddress = "hẻm Hoàng Yến Ba"
	canaryAsked   = "Hoàng yến thứ tư đang ở đâu?"
	canaryReply   = "Hoàng yến thứ năm, gọi 0937 333 444"
	canaryComment = "hoàng yến thứ sáu chê"
	canaryPole    = "HOANGYEN7/045"
	canaryMessage = "Hoàng yến thứ tám, gọi 0937 333 444"
	canaryNote    = "Hoàng yến thứ chín, nội bộ"
	canaryOrder   = "Hoàng yến thứ mười, chỉ đạo"
	canaryResult  = "Hoàng yến mười một, phối hợp"
)

// canaries are what nobody but the reporter and the operations centre may read, in every
// form in which it could come out.
func canaries() []string {
	return []string{canaryName, "937111222", canaryPhone, canaryEmail, canaryText, canaryComment}
}

// thread is what the handling unit may read, phone numbers taken out, and nobody beside it.
func thread() []string {
	return []string{canaryAsked, "thứ năm", canaryAddress, canaryPole, "thứ tám"}
}

// internal is what those who work on the report say among themselves: not even its reporter
// reads it.
func internal() []string {
	return []string{canaryNote, canaryOrder, canaryResult, "88/CĐ-UBND", "report.noted", "report.directed", "task.moved", "report.urged"}
}

// planted files a report full of canaries and takes it to the unit and back.
func (c *cast) planted() filed {
	c.tb.Helper()
	a := c.post(reporter, "/reports", `{"category":"den-duong","description":"`+canaryText+`","address":"`+canaryAddress+`",`+point+`,
		"attributes":{"pole":"`+canaryPole+`"},"reporter":{"name":"`+canaryName+`","phone":"`+canaryPhone+`","email":"`+canaryEmail+`"}}`)
	r := filed{a.want(http.StatusCreated).text("id"), a.text("code")}
	c.step(operator, r, "claim", nil).want(200)
	c.step(operator, r, "ask", map[string]any{"text": canaryAsked}).want(200)
	c.step(reporter, r, "provide_info", map[string]any{"text": canaryReply}).want(200)
	c.step(operator, r, "accept", map[string]any{"redacted_text": "Đèn đường tắt"}).want(200)
	c.post(reporter, "/reports/"+r.id+"/thread", map[string]any{"text": canaryMessage}).want(201)
	c.post(unit, "/reports/"+r.id+"/notes", map[string]any{"text": canaryNote}).want(201)
	c.step(leader, r, "instruct", map[string]any{"text": canaryOrder, "document": "88/CĐ-UBND"}).want(200)
	c.step(operator, r, "urge", map[string]any{"text": canaryNote}).want(200)
	c.step(operator, r, "support", map[string]any{"support_units": []string{"moi-truong"}}).want(200)
	c.step("support", r, "support_done", map[string]any{"text": canaryResult}).want(200)
	c.step(unit, r, "start", nil).want(200)
	c.step(unit, r, "resolve", map[string]any{"text": repaired, "outcome": "fixed", "document": "12/BC-CSĐT"}).want(200)
	c.step(verifier, r, "publish", nil).want(200)
	c.step(reporter, r, "rate", map[string]any{"rating": map[string]any{"level": "unsatisfied", "comment": canaryComment}}).want(200)
	return r
}

// TestCanaries plants what is personal and looks for it in everything that anybody else
// can fetch, and in the log.
func TestCanaries(t *testing.T) {
	t.Parallel()
	c := newCast(t, everybody(), asDemo)
	c.tokens["support"] = c.staff("moi-truong", models.RoleUnitHead)
	r := c.planted()
	c.lookEverywhere(t, r)
	for _, who := range []string{unit, coordinator, otherUnit, press, citizen, guest, leader, auditor, administrator, agent, machine} {
		c.post(who, "/reports/"+r.id+"/contact", `{"reason":"call_back"}`).lacks(t, "contact as "+who, canaries()...)
	}
	for _, who := range []string{leader, auditor, administrator, operator, verifier} {
		c.get(who, "/reports/"+r.id).lacks(t, "report as "+who, canaryName, "937111222", canaryPhone, canaryEmail)
		c.get(who, "/admin/audit?limit=200").lacks(t, "audit as "+who, slices.Concat(canaries(), thread(), internal()[:3])...)
	}
	c.get(operator, "/reports/"+r.id).want(200, canaryText, canaryAddress, canaryAsked, canaryComment)
	c.get(reporter, "/reports/"+r.id).want(200, canaryText, canaryAsked, canaryMessage, "!"+canaryName)
	for _, who := range []string{unit, "support", operator, leader} {
		c.get(who, "/reports/"+r.id).want(200, canaryNote, canaryOrder, canaryResult, "88/CĐ-UBND", "thứ tám")
	}
	if a := c.get(unit, "/reports/"+r.id).want(200, canaryAsked); !strings.Contains(a.body, "thứ năm") {
		t.Errorf("the unit does not read the reply: %s", a.body)
	}
	read := c.post(operator, "/reports/"+r.id+"/contact", `{"reason":"call_back"}`).want(200, canaryName, "+84937111222", canaryEmail)
	read.lacks(t, "contact", canaryText)
	logged := c.log.String()
	for _, canary := range slices.Concat(canaries(), thread(), internal()[:4], []string{"333 444", r.code, canaryReply}) {
		if strings.Contains(logged, canary) {
			t.Errorf("the log holds %q", canary)
		}
	}
	if !strings.Contains(logged, "contact") {
		t.Error("the log holds nothing at all")
	}
}

// lookEverywhere fetches all that can be fetched, as everybody who may not read it all.
func (c *cast) lookEverywhere(t *testing.T, r filed) {
	t.Helper()
	tried := 0
	for _, op := range operations(t, c.call(guest, http.MethodGet, "/openapi.json", nil).want(200).body) {
		if op.method != http.MethodGet {
			continue
		}
		path := strings.NewReplacer("{id}", r.id, "{code}", r.code, "{number}", "1", "{name}", "thuong").Replace(op.path)
		for _, query := range []string{"", "?report=" + r.id, "?report_id=" + r.id, "?q=hoang+yen", "?q=937111222", "?code=" + r.code, "?view=public", "?limit=200"} {
			for _, who := range []string{guest, reporter, citizen, press, agent, machine, unit, coordinator, "support", otherUnit} {
				a := c.call(who, http.MethodGet, path+query, nil)
				hidden := canaries()
				switch who {
				case unit, coordinator, "support":
				case reporter:
					hidden = internal()
				default:
					hidden = slices.Concat(hidden, thread(), internal())
				}
				if who != reporter {
					hidden = append(hidden, "0937 333 444", "937333444")
				}
				a.lacks(t, op.ID+query+" as "+who, hidden...)
				tried++
			}
		}
	}
	if tried < 500 {
		t.Errorf("only %d answers were looked at", tried)
	}
	t.Logf("%d answers looked at", tried)
}

// lacks checks that nothing of what is listed is in the answer, whatever its status.
func (a answer) lacks(t *testing.T, what string, parts ...string) {
	t.Helper()
	low := strings.ToLower(a.body)
	for _, part := range parts {
		if strings.Contains(low, strings.ToLower(part)) {
			t.Errorf("%s holds %q: %s", what, part, a.body)
		}
	}
}

// TestContactIsReadWithATrace wants an event for every reading, and none for a refusal.
func TestContactIsReadWithATrace(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, unit, auditor})
	// An account from before such roles were kept apart.
	c.tokens["both"] = c.staff("chieu-sang", models.RoleUnitHead)
	if err := c.db.Gorm.Exec(`UPDATE staff SET roles = '["operator", "unit_head"]' WHERE roles @> '["unit_head"]'`).Error; err != nil {
		t.Fatal(err)
	}
	r := c.file(reporter, `,"reporter":{"name":"`+canaryName+`","phone":"`+canaryPhone+`"}`)
	bare := c.file(reporter, "")
	path := "/reports/" + r.id + "/contact"
	c.post(operator, path, `{"reason":"curiosity"}`).want(422, `"code":"unknown_reason"`, "!curiosity")
	c.post(operator, path, `{}`).want(422, `"code":"required"`, "body.reason")
	c.post("both", path, `{"reason":"verify"}`).want(403)
	c.post(operator, "/reports/"+bare.id+"/contact", `{"reason":"verify"}`).want(404)
	if n := c.events()["contact.read"]; n != 0 {
		t.Errorf("%d readings in the log after refusals", n)
	}
	for range 2 {
		c.post(operator, path, `{"reason":"verify"}`).want(200, canaryName)
	}
	if n := c.events()["contact.read"]; n != 2 {
		t.Errorf("%d readings in the log, want 2", n)
	}
	c.get(auditor, "/admin/audit?limit=200").want(200, `"kind":"contact.read"`, `\"reason\":\"verify\"`, "!"+canaryName)
	c.get(reporter, "/reports/"+r.id+"/timeline").want(200, "!contact.read")
}
