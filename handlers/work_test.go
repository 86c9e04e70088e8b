// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"hientruong/words"
)

// A report about two things becomes two, each with its own way, and one reporter.
func TestSplit(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, citizen, operator, verifier, unit, otherUnit})
	a := c.post(reporter, "/reports", `{"category":"den-duong","description":"Đèn tắt và có ổ gà",`+point+`,"reporter":{"name":"Lê Văn Tư","phone":"0912 345 678"}}`).want(201)
	r := filed{a.text("id"), a.text("code")}
	c.step(operator, r, "claim", nil).want(200)
	c.step(operator, r, "split", map[string]any{"category": "khong-co", "redacted_text": "Ổ gà sâu giữa đường"}).want(422, "body.category")
	c.step(operator, r, "split", map[string]any{"category": "o-ga"}).want(422, "body.redacted_text")
	c.step(operator, r, "split", map[string]any{"category": "o-ga", "redacted_text": "Ổ gà sâu", "photo_ids": []string{uuid.NewString()}}).want(422)
	if n := c.count("reports"); n != 1 {
		t.Fatalf("%d reports after refusals", n)
	}
	sent := map[string]any{"category": "o-ga", "redacted_text": "Ổ gà sâu giữa đường"}
	part := c.step(operator, r, "split", sent).want(200, `"parts":[`).text("parts.0")
	whole := c.get(operator, "/reports/"+part).want(200, `"split_from":"`+r.id+`"`, "Ổ gà sâu giữa đường", "!Đèn tắt", `"has_contact":true`)
	child := filed{part, whole.text("code")}
	if code, err := words.ParseCode(child.code); err != nil || code != child.code {
		t.Errorf("the part's code %q: %v", child.code, err)
	}
	c.step(operator, r, "accept", map[string]any{"redacted_text": "Đèn đường tắt"}).want(200)
	// Nobody is told of a part that is not theirs to see yet.
	c.get(guest, "/reports/"+part).want(404)
	for _, path := range []string{"/reports/" + r.id, "/reports/" + r.id + "/timeline", "/track/" + r.code} {
		c.get(guest, path).want(200, "!"+part, "!parts", "!Ổ gà")
	}
	c.get(unit, "/reports/"+r.id).want(200, "!"+part)
	// Its reporter is that of the whole, also by code, and who they are is sealed to the whole.
	c.get(reporter, "/reports/"+r.id).want(200, `"parts":["`+part+`"]`)
	c.get(reporter, "/reports/"+r.id+"/timeline").want(200, `"kind":"report.split"`, `"report":"`+part+`"`)
	c.get(reporter, "/me/reports").want(200, part, r.id)
	c.get(citizen, "/reports/"+part).want(404)
	c.post(guest, "/track/"+child.code, `{"phone_last4":"5678"}`).want(200, "Ổ gà sâu giữa đường")
	c.post(guest, "/track/"+child.code, `{"phone_last4":"5679"}`).want(404)
	c.post(operator, "/reports/"+part+"/contact", `{"reason":"call_back"}`).want(200, "Lê Văn Tư", "+84912345678")
	// It goes its own way.
	c.step(operator, child, "claim", nil).want(200)
	c.step(operator, child, "accept", nil).want(200)
	c.get(guest, "/reports/"+part).want(200, "Ổ gà sâu giữa đường", `"split_from":"`+r.id+`"`)
	c.get(guest, "/reports/"+r.id).want(200, `"parts":["`+part+`"]`)
	if got := c.get(operator, "/reports/"+part).text("unit.code"); got == "chieu-sang" {
		t.Errorf("the part went to %s too", got)
	}
}

// The reporter of a duplicate learns how the other report stands, whoever may read it.
func TestMerge(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, citizen, operator, unit, leader})
	original := c.accepted("")
	secret := c.file(reporter, "")
	twin := c.file(citizen, "")
	c.step(operator, twin, "claim", nil).want(200)
	c.step(operator, twin, "merge", map[string]any{"duplicate_of": uuid.NewString()}).want(422, "body.duplicate_of")
	c.step(operator, twin, "merge", map[string]any{"duplicate_of": twin.id}).want(422)
	c.step(operator, twin, "merge", map[string]any{"duplicate_of": original.id}).want(200, `"state":"duplicate"`)
	c.get(citizen, "/reports/"+twin.id).want(200, `"duplicate_of":"`+original.id+`"`, `"original":{"id":"`+original.id+`"`, `"code":"`+original.code+`"`, `"state":"assigned"`)
	c.get(citizen, "/me/follows").want(200, original.id)
	c.get(guest, "/reports/"+original.id).want(200, `"followers":1`)
	c.get(operator, "/reports/"+original.id+"/timeline").want(200, `"kind":"report.merged"`, `"report":"`+twin.id+`"`)
	c.get(unit, "/reports/"+original.id+"/timeline").want(200, `"kind":"report.merged"`, "!"+twin.id)
	for _, who := range []string{guest, reporter} {
		c.get(who, "/reports/"+original.id).want(200, "!"+twin.id)
		c.get(who, "/reports/"+original.id+"/timeline").want(200, "!"+twin.id, "!report.merged")
	}
	another := c.file(citizen, "")
	c.step(operator, another, "claim", nil).want(200)
	c.step(operator, another, "merge", map[string]any{"duplicate_of": secret.id}).want(200)
	c.get(citizen, "/reports/"+another.id).want(200, `"original":{"state":"submitted"`, "!"+secret.id, "!"+secret.code)
}

// What leaders and the operations centre push for stays among those who work on it.
func TestUrgingAndDirectives(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, verifier, unit, leader})
	r := c.accepted("")
	c.step(leader, r, "instruct", map[string]any{"text": "Làm ngay trong ngày hôm nay."}).want(422, "body.document")
	c.step(leader, r, "instruct", map[string]any{"text": "Làm ngay trong ngày hôm nay.", "document": "77/CĐ-UBND"}).want(200,
		`"directives":[{`, "Làm ngay trong ngày", "77/CĐ-UBND")
	c.step(operator, r, "urge", map[string]any{"text": "Xin đơn vị khẩn trương."}).want(200, `"urged":1`)
	c.step(operator, r, "set_urgency", map[string]any{"urgency": "splendid"}).want(422, "body.urgency", "!splendid")
	c.step(operator, r, "set_urgency", map[string]any{"urgency": "urgent"}).want(200, `"urgent":true`)
	c.get(unit, "/reports/"+r.id).want(200, "77/CĐ-UBND", `"urged":1`, `!"document":"77/CĐ-UBND","first`)
	c.get(unit, "/reports/"+r.id+"/timeline").want(200, `"kind":"report.urged"`, `"kind":"report.directed"`, "khẩn trương", `"stood_s":`)
	for _, who := range []string{guest, reporter} {
		for _, more := range []string{"", "/timeline"} {
			c.get(who, "/reports/"+r.id+more).want(200).lacks(t, who+more, "77/CĐ", "Làm ngay", "urged", "khẩn trương", "directive", "escalated", "stood_", "state_at", `"step"`)
		}
	}
	c.step(unit, r, "start", nil).want(200)
	c.step(unit, r, "resolve", map[string]any{"text": repaired, "outcome": "fixed", "document": "12/BC-CSĐT"}).want(200, `"document":"12/BC-CSĐT"`)
}

func TestHiding(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, citizen, operator, verifier, unit})
	r := c.accepted("")
	c.step(operator, r, "hide", map[string]any{"reason_code": "vi-sao"}).want(422, "body.reason_code", "!vi-sao")
	c.step(operator, r, "hide", map[string]any{"reason_code": "thong-tin-ca-nhan"}).want(200, `"visibility":"hidden"`, `"hidden_reason":"thong-tin-ca-nhan"`)
	for _, who := range []string{guest, citizen} {
		c.get(who, "/reports/"+r.id).want(404)
		c.get(who, "/track/"+r.code).want(404)
	}
	c.get(reporter, "/reports/"+r.id).want(200, "!hidden", "!thong-tin-ca-nhan")
	c.get(reporter, "/reports/"+r.id+"/timeline").want(200, "!report.visibility", "!thong-tin-ca-nhan")
	c.get(unit, "/reports/"+r.id+"/timeline").want(200, `"kind":"report.visibility"`, `"visibility":"hidden"`)
	c.step(verifier, r, "show", map[string]any{"text": "Đã che thông tin rồi."}).want(200, `"visibility":"public"`)
	c.get(guest, "/reports/"+r.id).want(200)
}

func TestReportsAreListedByEscalationAndSubtree(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, unit})
	r := c.accepted("")
	c.get(operator, "/reports?escalated=true").want(200, "!"+r.id)
	c.get(operator, "/reports?escalated=false").want(200, r.id)
	c.get(unit, "/reports?escalated=false").want(200, r.id)
	c.get(guest, "/reports?escalated=false").want(401)
	c.get(reporter, "/reports?escalated=true").want(403)
	units := c.get(operator, "/units").want(200)
	parent := units.text(fmt.Sprintf("items.%d.parent", slices.Index(units.texts("code"), "chieu-sang")))
	c.get(operator, "/reports?unit="+parent).want(200, "!"+r.id)
	c.get(operator, "/reports?subtree=true&unit="+parent).want(200, r.id)
	c.get(operator, "/reports?subtree=true&unit=khong-co").want(200, "!"+r.id)
}
