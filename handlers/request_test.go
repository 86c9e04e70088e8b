// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
)

// keyed is a call whose idempotency key is kept.
type keyed struct {
	name        string
	who         string
	path        func(*cast) string
	body, other string
	status      int
	holds       []string
	events      map[models.EventKind]int // of all tries together
}

const newcomer = `{"login":"tran.binh","name":"Trần Bình","password":"một mật khẩu đủ dài","roles":["handler"],"unit":"chieu-sang"}`

func keyedCalls() []keyed {
	at := func(path string) func(*cast) string { return func(*cast) string { return path } }
	return []keyed{
		{
			name: "push address", who: reporter, path: at("/devices"), status: http.StatusNoContent,
			body: `{"fcm_token":"abc:def","platform":"ios"}`, other: `{"fcm_token":"abc:xyz","platform":"ios"}`,
		},
		{
			name: "notifications", who: reporter, status: http.StatusOK, holds: []string{`"read":3`},
			path: func(c *cast) string { c.notified(reporter, 3); return "/me/notifications/read" },
			body: `{}`, other: `{"ids":["0198f0a2-7c1e-7d3a-9f00-2b1c5d6e7f80"]}`,
		},
		{
			name: "contact", who: operator, status: http.StatusOK, holds: []string{canaryName},
			path: func(c *cast) string { return "/reports/" + c.file(reporter, withContact).id + "/contact" },
			body: `{"reason":"verify"}`, other: `{"reason":"call_back"}`, events: map[models.EventKind]int{models.EventContactRead: 1},
		},
		{
			name: "staff", who: administrator, path: at("/admin/staff"), status: http.StatusCreated,
			body: newcomer, other: strings.Replace(newcomer, "đủ dài", "khác hẳn", 1),
			holds: []string{`"login":"tran.binh"`}, events: map[models.EventKind]int{models.EventStaffCreated: 1},
		},
		{
			name: "report", who: citizen, path: at("/reports"), status: http.StatusCreated,
			body: pothole, other: strings.Replace(pothole, "sâu", "nông", 1), holds: []string{"Ổ gà"}, events: submittedOnce,
		},
	}
}

const withContact = `,"reporter":{"name":"` + canaryName + `","phone":"` + canaryPhone + `"}`

// notified puts messages into somebody's inbox.
func (c *cast) notified(who string, n int) {
	c.tb.Helper()
	report, me := uuid.MustParse(c.file(who, "").id), "device:"+c.get(who, "/me").text("id")
	for i := range n {
		row := models.Notification{
			JurisdictionID: c.j, ID: uuid.New(), Recipient: me, ReportID: report, Pos: int64(i + 1), Kind: "accepted", State: "accepted",
			Language: models.Vietnamese, Title: "Tin", Body: "Nội dung", Link: "/", CreatedAt: time.Now(),
		}
		if err := c.db.Gorm.Create(&row).Error; err != nil {
			c.tb.Fatal(err)
		}
	}
}

// since is what the log has more than before.
func (c *cast) since(before map[models.EventKind]int) map[models.EventKind]int {
	c.tb.Helper()
	after := c.events()
	for kind, n := range before {
		if after[kind] -= n; after[kind] == 0 {
			delete(after, kind)
		}
	}
	return after
}

func (k keyed) wantEvents(t *testing.T, got map[models.EventKind]int) {
	t.Helper()
	want := k.events
	if want == nil {
		want = map[models.EventKind]int{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func replayed(a answer) bool { return a.header.Get("Idempotency-Replayed") == "true" }

func TestKeyIsKept(t *testing.T) {
	t.Parallel()
	for _, k := range keyedCalls() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			c := newCast(t, []string{reporter, citizen, operator, administrator})
			path, headers := k.path(c), []string{"Idempotency-Key", uuid.NewString(), "Installation-Id", uuid.NewString()}
			before := c.events()
			c.post(k.who, path, k.body, "Idempotency-Key", "").want(400, `"code":"idempotency_key_missing"`)
			c.post(k.who, path, k.body, "Idempotency-Key", "1").want(400, `"code":"idempotency_key_invalid"`)
			first := c.post(k.who, path, k.body, headers...).want(k.status, k.holds...)
			if replayed(first) {
				t.Error("the first try was answered as a second one")
			}
			for range 2 {
				again := c.post(k.who, path, k.body, headers...).want(k.status, k.holds...)
				if !replayed(again) || stripSeconds(first.body) != stripSeconds(again.body) {
					t.Errorf("the second try is answered with %v %s", again.header, again.body)
				}
			}
			if conflict := c.post(k.who, path, k.other, headers...).want(422, `"code":"idempotency_conflict"`); replayed(conflict) {
				t.Error("a conflict is no replay")
			}
			k.wantEvents(t, c.since(before))
		})
	}
}

func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	for _, k := range keyedCalls() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			c := newCast(t, []string{reporter, citizen, operator, administrator})
			path, key := k.path(c), uuid.NewString()
			before := c.events()
			answers := make([]answer, 6)
			var all sync.WaitGroup
			for i := range answers {
				all.Go(func() { answers[i] = c.post(k.who, path, k.body, "Idempotency-Key", key) })
			}
			all.Wait()
			done := 0
			for _, a := range answers {
				if a.want(k.status, k.holds...); !replayed(a) {
					done++
				}
				if stripSeconds(a.body) != stripSeconds(answers[0].body) {
					t.Errorf("two answers: %s and %s", a.body, answers[0].body)
				}
			}
			if done != 1 {
				t.Errorf("done %d times", done)
			}
			k.wantEvents(t, c.since(before))
		})
	}
}

// A login is given once, whoever asks at the same moment.
func TestOneLoginForTwo(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{administrator})
	answers := make([]answer, 4)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = c.post(administrator, "/admin/staff", newcomer) })
	}
	all.Wait()
	made := 0
	for _, a := range answers {
		if a.status == http.StatusCreated {
			made++
			continue
		}
		a.want(422, "body.login")
	}
	if made != 1 {
		t.Errorf("%d accounts", made)
	}
}

// A try that is late by days changes nothing any more.
func TestLateRepeats(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, citizen, operator, verifier, administrator})
	key := func() []string { return []string{"Idempotency-Key", uuid.NewString()} }

	push, body := key(), `{"fcm_token":"abc:def","platform":"ios"}`
	c.post(reporter, "/devices", body, push...).want(204)
	c.call(reporter, http.MethodDelete, "/api/v1/devices", nil).want(204)
	if a := c.post(reporter, "/devices", body, push...).want(204); !replayed(a) {
		t.Error("not a replay")
	}
	var addresses int64
	if err := c.db.Gorm.Model(&models.Device{}).Where("fcm_token IS NOT NULL").Count(&addresses).Error; err != nil || addresses != 0 {
		t.Errorf("%d addresses came back, %v", addresses, err)
	}
	c.post(citizen, "/devices", body, push...).want(422, `"code":"idempotency_conflict"`)

	c.notified(reporter, 2)
	read := key()
	c.post(reporter, "/me/notifications/read", `{}`, read...).want(200, `"read":2`)
	c.post(reporter, "/me/notifications/read", `{}`).want(200, `"read":0`)
	c.post(reporter, "/me/notifications/read", `{}`, read...).want(200, `"read":2`)
	c.post(citizen, "/me/notifications/read", `{}`, read...).want(422, `"code":"idempotency_conflict"`)

	r, opened := c.file(reporter, withContact), key()
	path := "/reports/" + r.id + "/contact"
	c.post(operator, path, `{"reason":"verify"}`, opened...).want(200, canaryName)
	c.post(verifier, path, `{"reason":"verify"}`, opened...).want(422, `"code":"idempotency_conflict"`, "!"+canaryName)
	c.post(reporter, path, `{"reason":"verify"}`, opened...).want(403, "!"+canaryName)
	erased := map[string]any{"erased_at": time.Now(), "name_sealed": nil, "phone_sealed": nil, "email_sealed": nil, "phone_index": nil, "phone_last4": nil}
	if err := c.db.Gorm.Model(&models.Contact{}).Where("report_id = ?", r.id).Updates(erased).Error; err != nil {
		t.Fatal(err)
	}
	c.post(operator, path, `{"reason":"verify"}`, opened...).want(404, "!"+canaryName)

	account := key()
	made := c.post(administrator, "/admin/staff", newcomer, account...).want(201, `"active":true`)
	c.call(administrator, http.MethodDelete, "/api/v1/admin/staff/"+made.text("id"), nil).want(204)
	if a := c.post(administrator, "/admin/staff", newcomer, account...).want(201, `"active":false`, "!password"); !replayed(a) || a.text("id") != made.text("id") {
		t.Errorf("not the account as it stands: %s", a.body)
	}
	c.post(operator, "/admin/staff", newcomer, account...).want(403)
	c.post(administrator, "/admin/staff", strings.Replace(newcomer, "tran.binh", "tran.an", 1), account...).want(422, `"code":"idempotency_conflict"`)
}
