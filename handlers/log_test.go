// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

func TestChanges(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, citizen, operator, unit, otherUnit, coordinator})
	r := c.accepted("")
	hidden := c.file(reporter, "")
	kinds := func(who string) []string {
		var all []string
		for after := any("0"); ; {
			a := c.get(who, fmt.Sprintf("/changes?limit=2&after=%v", after)).want(200, `"epoch":"`)
			all = append(all, a.texts("kind")...)
			if fmt.Sprint(a.field("next_after")) == fmt.Sprint(after) {
				return all
			}
			after = a.field("next_after")
		}
	}
	if got := kinds(guest); slices.Contains(got, "report.submitted") || !slices.Contains(got, "report.moved") {
		t.Errorf("a guest is told %v", got)
	}
	if got := kinds(otherUnit); len(got) > 0 {
		t.Errorf("a unit without a part in it is told %v", got)
	}
	for _, who := range []string{operator, reporter} {
		if got := kinds(who); !slices.Contains(got, "report.submitted") {
			t.Errorf("%s is told %v", who, got)
		}
	}
	c.get(guest, "/changes").want(200, r.id, "Đèn đường tắt", "!"+hidden.id, "!Đèn tắt trước nhà")
	c.get(citizen, "/changes").want(200, r.id, "!"+hidden.id)
	c.get(reporter, "/changes?limit=200").want(200, hidden.id, "Đèn tắt trước nhà")
	c.get(unit, "/changes?limit=200").want(200, r.id, "!"+hidden.id, `"tombstone":false`)
	c.get(guest, "/changes?after=-1").want(422, "query.after")
	c.get(guest, "/changes?after=9223372036854775807").want(200, `"items":[]`)
	withdrawn := c.post(reporter, "/reports/"+r.id+"/actions/withdraw", `{}`).want(200, `"state":"withdrawn"`)
	_ = withdrawn
	c.get(guest, "/changes?limit=200").want(200, `"tombstone":true`, `"report":null`, "!Đèn đường tắt")
}

func TestInbox(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, unit, otherUnit, coordinator, leader})
	fresh, working := c.file(reporter, ""), c.accepted("")
	has := func(who, query string, r filed) bool {
		return slices.Contains(c.get(who, "/inbox"+query).want(200).texts("report.id"), r.id)
	}
	for _, x := range []struct {
		who, query     string
		fresh, working bool
	}{
		{operator, "", true, false}, {operator, "?unit=chieu-sang", false, true}, {leader, "?unit=chieu-sang", false, true}, {unit, "", false, true},
		{coordinator, "?unit=cap-nuoc", false, true}, {otherUnit, "", false, false}, {otherUnit, "?unit=chieu-sang", false, false},
		{operator, "?state=verifying", false, false}, {operator, "?state=verifying&state=submitted", true, false}, {operator, "?overdue=true", false, false},
	} {
		if has(x.who, x.query, fresh) != x.fresh || has(x.who, x.query, working) != x.working {
			t.Errorf("the inbox of %s%s", x.who, x.query)
		}
	}
	a := c.get(unit, "/inbox").want(200, `"overdue":false`, `"remaining_working_s":`, `"task_id":"`, `"due_at":"`, "!Đèn tắt trước nhà")
	if _, err := time.Parse(time.RFC3339, a.text("items.0.due_at")); err != nil {
		t.Error(err)
	}
	c.get(unit, "/inbox?limit=1&cursor=x").want(422, "query.cursor")
}

func TestPackReads(t *testing.T) {
	t.Parallel()
	c := newCast(t, nil)
	c.get(guest, "/config").want(200, `"guest_reports":true`, "Sông Mây", `"number":"112"`, `"bbox":[`, `"server_time":"`, `"pack_version":1`)
	c.call(guest, http.MethodGet, "/api/v1/config", nil, "Accept-Language", "en").want(200, "Song May City")
	for path, part := range map[string]string{"/categories": `"code":"den-duong"`, "/areas?limit=200": `"id":"90001@2025-07-01"`, "/units?limit=200": `"code":"chieu-sang"`} {
		a := c.get(guest, path).want(200, part, `"next_cursor":null`)
		tag := a.header.Get("Etag")
		again := c.call(guest, http.MethodGet, "/api/v1"+path, nil, "If-None-Match", tag)
		if again.status != http.StatusNotModified || again.body != "" || tag == "" {
			t.Errorf("%s: %d with %q: %s", path, again.status, tag, again.body)
		}
		c.call(guest, http.MethodGet, "/api/v1"+path, nil, "If-None-Match", tag, "Accept-Language", "en").want(200)
	}
	c.get(guest, "/demo/accounts").want(404)
	c.get(guest, "/demo/otp?phone=0912345678").want(404)
}

func TestDemo(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter}, asDemo)
	c.get(guest, "/demo/accounts").want(200, `"login":"truc-ban"`)
	c.get(guest, "/demo/otp?phone=0912+345+678").want(200, `"code":"493027"`)
	c.get(guest, "/demo/otp?phone=%2B84912345678").want(200, `"code":"493027"`)
	c.get(guest, "/demo/otp?phone=12").want(422, "query.phone")
	c.get(guest, "/demo/otp").want(422, "query.phone", `"code":"required"`)
}

func TestAudit(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator, auditor, administrator})
	r := c.accepted("")
	first := c.get(auditor, "/admin/audit?limit=2").want(200, `"hash":"`)
	if n := len(first.texts("pos")); n != 2 {
		t.Errorf("%d events", n)
	}
	after := fmt.Sprint(first.field("next_after"))
	rest := c.get(administrator, "/admin/audit?limit=200&after="+after).want(200)
	if slices.Contains(rest.texts("pos"), "1") || !slices.Contains(rest.texts("subject_id"), r.id) {
		t.Errorf("behind %s: %s", after, rest.body)
	}
	end := fmt.Sprint(int64(rest.field("next_after").(float64)))
	c.get(auditor, "/admin/audit?after="+end).want(200, `"items":[]`, `"next_after":`+end)
}

func TestDeliveries(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, auditor})
	r := c.file(reporter, "")
	device := uuid.MustParse(c.get(reporter, "/me").text("id"))
	n := models.Notification{
		JurisdictionID: c.j, ID: uuid.New(), Recipient: "device:" + device.String(), ReportID: uuid.MustParse(r.id), Pos: 1, Kind: "received",
		State: "submitted", Language: models.Vietnamese, Title: "Tin", Body: "Tin", CreatedAt: time.Now(),
	}
	d := models.Delivery{
		JurisdictionID: c.j, ID: uuid.New(), NotificationID: n.ID, DeviceID: device, Channel: models.DeliveryFCM, Status: models.DeliverySent, Tries: 1,
		History: []byte(`[{"at":"2026-03-02T01:00:00Z","result":"sent"}]`), CreatedAt: time.Now(), UpdatedAt: time.Now(),
	}
	for _, row := range []any{&n, &d} {
		if err := c.db.Gorm.Create(row).Error; err != nil {
			t.Fatal(err)
		}
	}
	c.get(auditor, "/admin/deliveries?report="+r.id).want(200, d.ID.String(), `"status":"sent"`, `"result":"sent"`, n.ID.String())
	c.get(auditor, "/admin/deliveries?report="+uuid.NewString()).want(200, `"items":[]`)
	c.get(auditor, "/admin/deliveries").want(422, "query.report")
	c.get(auditor, "/admin/deliveries?report=abc").want(422, "query.report", "!abc")
}
