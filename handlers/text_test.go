// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
)

func TestTextsAreVersionedAndErased(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, verifier, unit, auditor, administrator})
	r := c.file(reporter, "")
	c.step(operator, r, "claim", nil).want(200)
	c.step(operator, r, "accept", map[string]any{"redacted_text": "Đèn đường tắt, nhà bà Canh"}).want(200)
	path := "/reports/" + r.id + "/texts"
	all := c.get(operator, path).want(200, `"kind":"description"`, `"kind":"shared"`, "nhà bà Canh", `"digest":"`, `"roles":["operator"]`)
	shared := all.text(fmt.Sprintf("items.%d.id", slices.Index(all.texts("kind"), "shared")))
	original := all.text(fmt.Sprintf("items.%d.id", slices.Index(all.texts("kind"), "description")))
	version := func() string { return c.get(operator, "/reports/"+r.id).header.Get("Etag") }

	fix := func(id, text string, headers ...string) answer {
		return c.post(operator, path+"/"+id+"/corrections", map[string]any{"text": text}, headers...)
	}
	fix(shared, "Đèn đường tắt").want(428, `"code":"version_missing"`)
	fix(shared, "Đèn đường tắt", "If-Match", `"99"`).want(412)
	fix(shared, "", "If-Match", version()).want(422, "body.text")
	fix(original, "Đèn đường tắt", "If-Match", version()).want(422, "path.text_id")
	fix(shared, "Đèn đường tắt", "If-Match", version()).want(200, "Đèn đường tắt", "!nhà bà Canh")
	fix(shared, "Đèn đường tắt", "If-Match", version()).want(412) // corrected meanwhile
	c.get(guest, "/reports/"+r.id).want(200, "Đèn đường tắt", "!nhà bà Canh")
	c.get(unit, "/reports/"+r.id).want(200, "!nhà bà Canh")
	c.get(operator, path).want(200, "nhà bà Canh", `"replaces":"`+shared+`"`)

	erase := func(who, id, reason string) answer {
		return c.call(who, http.MethodDelete, "/api/v1"+path+"/"+id+"?reason_code="+reason, nil)
	}
	erase(verifier, shared, "").want(422, `"code":"required"`, "query.reason_code")
	erase(verifier, shared, "vi-sao").want(422, `"code":"unknown_reason"`, "query.reason_code", "!vi-sao")
	erase(operator, shared, "thong-tin-ca-nhan").want(403)
	other := c.file(reporter, "")
	c.call(verifier, http.MethodDelete, "/api/v1/reports/"+other.id+"/texts/"+shared+"?reason_code=thong-tin-ca-nhan", nil).want(404)
	erase(verifier, shared, "thong-tin-ca-nhan").want(204)
	erase(administrator, shared, "thong-tin-ca-nhan").want(204)
	c.get(operator, path).want(200, "!nhà bà Canh", `"text":null`, `"erased_at":"`)
	c.get(auditor, "/admin/audit?limit=200").want(200, `"kind":"text.erased"`, "!nhà bà Canh")
	if n := c.events()["text.erased"]; n != 1 {
		t.Errorf("%d erasures in the log, want 1", n)
	}
	// What was erased is gone from everything that shows it.
	erase(verifier, original, "nguoi-gui-yeu-cau").want(204)
	for _, who := range []string{reporter, operator} {
		c.get(who, "/reports/"+r.id).want(200, "!trước nhà")
		c.get(who, "/reports/"+r.id+"/timeline").want(200, "!trước nhà")
	}
}

func TestTemplatesAreFilledForAReport(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, unit, otherUnit, press})
	r := c.accepted("")
	c.get(unit, "/templates").want(200, `"code":"da-sua"`, "{unit}", `"kind":"reject"`)
	c.get(unit, "/templates?kind=answer").want(200, `"code":"da-sua"`, `!"kind":"reject"`)
	c.get(unit, "/templates?kind=poem").want(422, "query.kind")
	c.get(unit, "/templates?category=khong-co").want(422, `"code":"unknown_category"`, "!khong-co")
	c.get(unit, "/templates?category=den-duong").want(200, `!"code":"o-ga-da-va"`)
	c.get(unit, "/templates?category=o-ga").want(200, `"code":"o-ga-da-va"`)
	c.get(unit, "/templates?kind=answer&report_id="+r.id).want(200, r.code, "Phường Cầu Mây", "Công ty Chiếu sáng", "!{unit}", "!{code}", `!"code":"o-ga-da-va"`)
	c.call(unit, http.MethodGet, "/api/v1/templates?kind=answer&report_id="+r.id, nil, "Accept-Language", "en").want(200, "Repaired", r.code)
	c.get(otherUnit, "/templates?report_id="+r.id).want(404)
	c.get(press, "/templates").want(403)
	c.get(guest, "/templates").want(401)
	c.get(unit, "/templates?report_id=nonsense").want(422)
}
