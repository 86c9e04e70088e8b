// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestThreadIsOfTheReporterAndTheOperationsCentre(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, citizen, operator, unit, otherUnit, leader})
	r := c.accepted("")
	path := "/reports/" + r.id + "/thread"
	key := uuid.NewString()
	const said = "Đèn vẫn tắt, xin gọi 0937 555 666"
	c.post(reporter, path, map[string]any{"text": said}, "Idempotency-Key", key).want(201, said, `"from":"reporter"`, `"kind":"message"`)
	again := c.post(reporter, path, map[string]any{"text": said}, "Idempotency-Key", key).want(201)
	if again.header.Get("Idempotency-Replayed") != "true" || len(again.texts("id")) != 1 {
		t.Errorf("the second try was done again: %s", again.body)
	}
	c.post(reporter, path, map[string]any{"text": "khác"}, "Idempotency-Key", key).want(422, `"code":"idempotency_conflict"`)
	c.post(reporter, path, `{"text":"x"}`, "Idempotency-Key", "").want(400)
	c.post(operator, path, `{"text":"Đơn vị đang sửa."}`).want(201, `"from":"operations"`, said)
	for name, sc := range map[string]struct {
		who, body string
		status    int
		want      []string
	}{
		"nothing":        {reporter, `{}`, 422, []string{`"code":"required"`, "body.text"}},
		"empty":          {reporter, `{"text":""}`, 422, []string{`"code":"required"`, "body.text"}},
		"white":          {reporter, `{"text":" \n "}`, 422, []string{`"code":"required"`}},
		"long":           {reporter, `{"text":"` + strings.Repeat("ế", 10_001) + `"}`, 422, []string{`"code":"too_long"`, `"max":10000`}},
		"unit":           {unit, `{"text":"x"}`, 403, []string{`"code":"forbidden"`}},
		"stranger":       {citizen, `{"text":"x"}`, 404, []string{`"code":"not_found"`}},
		"guest":          {guest, `{"text":"x"}`, 404, nil},
		"leader":         {leader, `{"text":"x"}`, 403, nil},
		"another's unit": {otherUnit, `{"text":"x"}`, 403, nil},
		"wrong name":     {reporter, `{"texte":"x"}`, 422, []string{"!texte"}},
	} {
		c.post(sc.who, path, sc.body).want(sc.status, sc.want...)
		if t.Failed() {
			t.Fatal(name)
		}
	}
	c.get(reporter, path).want(200, said)
	c.get(unit, path).want(200, "Đèn vẫn tắt", "Đơn vị đang sửa.", `"from":"reporter"`, `"from":"operations"`, "!555", "!author")
	for _, who := range []string{citizen, guest, otherUnit} {
		c.get(who, path).want(404)
		c.get(who, "/reports/"+r.id).want(200, "!Đèn vẫn tắt", "!đang sửa")
	}
	c.get(operator, path).want(200, said)
	c.get(reporter, "/reports/"+r.id+"/timeline").want(200, `"kind":"report.message"`, said)
	c.get(guest, "/reports/"+r.id+"/timeline").want(200, "!report.message", "!Đèn vẫn tắt")
	if n := c.events()["report.message"]; n != 2 {
		t.Errorf("%d messages in the log, want 2", n)
	}
}

func TestNotesAreBetweenStaff(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, citizen, operator, unit, otherUnit, leader, press, auditor})
	r := c.accepted("")
	path := "/reports/" + r.id + "/notes"
	const said = "Nội bộ: chờ vật tư đến thứ năm"
	c.post(unit, path, map[string]any{"text": said}).want(201, said, "!author")
	task := c.get(unit, "/reports/"+r.id+"/tasks").want(200, `"lead":true`, `"code":"chieu-sang"`, `"kind":"xu-ly"`).text("items.0.id")
	c.post(unit, path, map[string]any{"text": "Về phần việc của ta", "task_id": task}).want(201, `"task_id":"`+task+`"`)
	c.get(unit, "/reports/"+r.id+"/tasks").want(200, "Về phần việc của ta", "!"+said)
	c.post(operator, path, `{"text":"Trung tâm đã gọi"}`).want(201, said, `"author":"staff:`)
	c.post(unit, path, map[string]any{"text": "x", "task_id": uuid.NewString()}).want(422, "body.task_id")
	c.post(operator, path, `{}`).want(422, "body.text")
	for _, who := range []string{reporter, citizen, guest, press} {
		c.post(who, path, `{"text":"x"}`).want(map[bool]int{true: 401, false: 403}[who == guest])
		c.get(who, path).want(map[bool]int{true: 401, false: 403}[who == guest])
		for _, more := range []string{"", "/timeline", "/thread"} {
			c.get(who, "/reports/"+r.id+more).lacks(t, "report"+more+" as "+who, said, "report.noted", "phần việc", "đã gọi")
		}
	}
	c.get(reporter, "/me/reports").lacks(t, "own reports", said, "phần việc")
	c.get(guest, "/track/"+r.code).lacks(t, "by code", said)
	for _, who := range []string{otherUnit} {
		c.get(who, path).want(404)
		c.post(who, path, `{"text":"x"}`).want(404)
		c.get(who, "/reports/"+r.id+"/tasks").want(404)
	}
	for _, who := range []string{operator, leader, auditor} {
		c.get(who, path).want(200, said)
	}
	c.get(unit, "/reports/"+r.id+"/timeline").want(200, `"kind":"report.noted"`, said)
}

// A unit's head hands work out by the names of the unit's own people.
func TestHandingOut(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, unit, coordinator, otherUnit, leader})
	r := c.accepted("")
	offers := c.get(coordinator, "/reports/"+r.id+"/actions").want(200, `"type":"handler"`)
	i := slices.Index(offers.texts("name"), "hand")
	if i < 0 {
		t.Fatalf("hand is not offered: %s", offers.body)
	}
	options, _ := offers.field(fmt.Sprintf("items.%d.demands.0.options", i)).([]any)
	if len(options) != 2 { // the handler and the coordinator, not the other unit's
		t.Fatalf("options %v", options)
	}
	chosen := offers.text(fmt.Sprintf("items.%d.demands.0.options.0.key", i))
	stranger := c.get(otherUnit, "/me").text("id")
	for _, wrong := range []string{stranger, uuid.NewString()} {
		c.step(coordinator, r, "hand", map[string]any{"handler": wrong}).want(422, "body.handler", "!"+wrong)
	}
	c.step(coordinator, r, "hand", map[string]any{"handler": "nobody"}).want(422, "body.handler")
	c.step(coordinator, r, "hand", nil).want(422, "body.handler", `"code":"demand_missing"`)
	c.step(coordinator, r, "hand", map[string]any{"handler": chosen}).want(200)
	c.get(coordinator, "/reports/"+r.id+"/tasks").want(200, `"handler":{"id":"`+chosen+`","name":"Tên"}`)
	c.get(guest, "/reports/"+r.id).want(200, "!"+chosen)
	c.get(reporter, "/reports/"+r.id+"/timeline").want(200, "!"+chosen)
}

// What a supporting unit does of its part has a version of its own.
func TestSupport(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, unit, otherUnit})
	r := c.accepted("")
	c.step(operator, r, "support", map[string]any{"support_units": []string{"cap-nuoc"}}).want(200)
	c.step(otherUnit, r, "support_done", map[string]any{"text": "ngắn"}).want(422, `"code":"too_short"`, "body.text")
	before := c.get(operator, "/reports/"+r.id).want(200).field("version")
	stale := c.get(otherUnit, "/reports/"+r.id+"/tasks").want(200).field("items.1.version")
	task := c.get(otherUnit, "/reports/"+r.id+"/tasks").text("items.1.id")
	c.step(otherUnit, r, "support_done", map[string]any{"text": "Đã khóa van nước, đào hố an toàn."}).want(200)
	c.post(otherUnit, "/reports/"+r.id+"/actions/support_redo", map[string]any{"task_id": task}, "If-Match", fmt.Sprintf(`"%v"`, stale)).want(412)
	c.post(unit, "/reports/"+r.id+"/actions/support_redo", map[string]any{"task_id": task}, "If-Match", `"2"`).want(403)
	if after := c.get(operator, "/reports/"+r.id).field("version"); after != before {
		t.Errorf("the report's version moved from %v to %v", before, after)
	}
	c.get(unit, "/reports/"+r.id+"/tasks").want(200, "Đã khóa van nước", `"state":"done"`)
	c.get(operator, "/reports/"+r.id+"/timeline").want(200, `"kind":"task.moved"`, "Đã khóa van nước")
	for _, who := range []string{guest, reporter} {
		c.get(who, "/reports/"+r.id).want(200, "!khóa van")
		c.get(who, "/reports/"+r.id+"/timeline").want(200, "!khóa van", "!task.moved")
	}
}

func TestFollowing(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, citizen, operator, unit})
	r, secret := c.accepted(""), c.file(reporter, "")
	path := "/api/v1/reports/" + r.id + "/follow"
	c.call(citizen, http.MethodPut, path, nil).want(204)
	c.call(citizen, http.MethodPut, path, nil).want(204)
	c.get(guest, "/reports/"+r.id).want(200, `"followers":1`, `"me_too":0`)
	key := uuid.NewString()
	c.post(citizen, "/reports/"+r.id+"/me-too", nil, "Idempotency-Key", key).want(200, `"followers":1`, `"me_too":1`)
	if a := c.post(citizen, "/reports/"+r.id+"/me-too", nil, "Idempotency-Key", key).want(200, `"me_too":1`); a.header.Get("Idempotency-Replayed") != "true" {
		t.Error("the second try is not said to be one")
	}
	c.post(citizen, "/reports/"+r.id+"/me-too", nil).want(200, `"me_too":1`)
	c.post(citizen, "/reports/"+r.id+"/me-too", nil, "Idempotency-Key", "").want(400)
	c.get(citizen, "/me/follows").want(200, r.id, "!"+secret.id)
	c.get(reporter, "/me/follows").want(200, "!"+r.id)
	c.call(reporter, http.MethodPut, path, nil).want(409)
	c.call(guest, http.MethodPut, path, nil).want(401)
	c.call(unit, http.MethodPut, path, nil).want(403)
	for _, id := range []string{secret.id, uuid.NewString()} {
		c.call(citizen, http.MethodPut, "/api/v1/reports/"+id+"/follow", nil).want(404)
		c.post(citizen, "/reports/"+id+"/me-too", nil).want(404)
	}
	// Who follows is nobody's business.
	me := c.get(citizen, "/me").text("id")
	for _, who := range []string{guest, reporter, unit, operator} {
		for _, more := range []string{"", "/timeline"} {
			c.get(who, "/reports/"+r.id+more).lacks(t, who, me, "report.followed")
		}
		c.get(who, "/changes").lacks(t, "changes as "+who, "report.followed")
	}
	c.call(citizen, http.MethodDelete, path, nil).want(204)
	c.call(citizen, http.MethodDelete, path, nil).want(204)
	c.get(guest, "/reports/"+r.id).want(200, `"followers":0`, `"me_too":0`)
	c.get(citizen, "/me/follows").want(200, "!"+r.id, `"items":[]`)
}
