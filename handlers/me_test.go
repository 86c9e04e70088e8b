// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

func TestMyLanguage(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, operator})
	change := func(who, body string) answer { return c.call(who, http.MethodPatch, "/api/v1/me", body) }
	change(reporter, `{"language":"en"}`).want(200, `"language":"en"`)
	var device models.Device
	if err := c.db.Gorm.Where("language = 'en'").Take(&device).Error; err != nil {
		t.Errorf("it is not kept: %v", err)
	}
	change(reporter, `{"language":"klingon"}`).want(422, "body.language", "!klingon")
	change(reporter, `{"language":"vi","roles":["operator"]}`).want(422, "!operator")
	change(operator, `{"language":"en"}`).want(403)
	change(guest, `{"language":"en"}`).want(401)
}

func TestMyNotifications(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, citizen, operator})
	r := c.file(reporter, "")
	me := "device:" + c.get(reporter, "/me").text("id")
	ids := make([]string, 5)
	for i := range ids {
		n := models.Notification{
			JurisdictionID: c.j, ID: uuid.New(), Recipient: me, ReportID: uuid.MustParse(r.id), Pos: int64(i + 1), Kind: "accepted", State: "accepted",
			Language: models.Vietnamese, Title: fmt.Sprintf("Tin %d", i), Body: "Nội dung", Link: "/r/" + r.code, CreatedAt: time.Now(),
		}
		if err := c.db.Gorm.Create(&n).Error; err != nil {
			t.Fatal(err)
		}
		ids[i] = n.ID.String()
	}
	first := c.get(reporter, "/me/notifications?limit=3").want(200, "Tin 4", "Tin 2", "!Tin 1", `"read_at":null`)
	c.get(reporter, "/me/notifications?limit=3&cursor="+first.text("next_cursor")).want(200, "Tin 1", "Tin 0", "!Tin 2", `"next_cursor":null`)
	c.get(reporter, "/me/notifications?cursor=!!!").want(422, `"code":"cursor_invalid"`, "!!!!")
	c.get(reporter, "/me/notifications?limit=1000").want(422, "query.limit")
	for _, who := range []string{citizen, operator} {
		c.get(who, "/me/notifications").want(200, `"items":[]`)
		c.post(who, "/me/notifications/read", `{"ids":["`+ids[0]+`"]}`).want(200, `"read":0`)
	}
	c.post(reporter, "/me/notifications/read", `{"ids":["`+ids[0]+`","`+ids[1]+`"]}`).want(200, `"read":2`)
	c.post(reporter, "/me/notifications/read", `{}`).want(200, `"read":3`)
	c.post(reporter, "/me/notifications/read", `{}`).want(200, `"read":0`)
	c.post(reporter, "/me/notifications/read", `{"ids":["abc"]}`).want(422, "!abc")
	c.post(reporter, "/me/notifications/read", `{}`, "Idempotency-Key", "").want(400)
	c.get(reporter, "/me/notifications").want(200, `!"read_at":null`)
}

func TestPushAddress(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, citizen, operator})
	token := func(of string) string {
		var d models.Device
		if err := c.db.Gorm.Where("id = ?", c.get(of, "/me").text("id")).Take(&d).Error; err != nil {
			t.Fatal(err)
		}
		if d.FCMToken == nil {
			return ""
		}
		return *d.FCMToken
	}
	c.post(reporter, "/devices", `{"fcm_token":"abc:def","platform":"ios","language":"en"}`).want(204)
	if got := token(reporter); got != "abc:def" {
		t.Errorf("kept %q", got)
	}
	// The same address under another phone's id: the app was installed anew.
	c.post(citizen, "/devices", `{"fcm_token":"abc:def","platform":"ios"}`).want(204)
	if token(reporter) != "" || token(citizen) != "abc:def" {
		t.Error("the address has not moved")
	}
	c.call(citizen, http.MethodDelete, "/api/v1/devices", nil).want(204)
	if token(citizen) != "" {
		t.Error("the address was kept")
	}
	c.post(reporter, "/devices", `{"fcm_token":"`+strings.Repeat("x", 4096)+`","platform":"web"}`).want(204)
	c.post(reporter, "/devices", `{"fcm_token":"`+strings.Repeat("x", 4097)+`","platform":"web"}`).want(422, `"code":"too_long"`)
	c.post(reporter, "/devices", `{"fcm_token":"","platform":"web"}`).want(422, "body.fcm_token")
	c.post(reporter, "/devices", `{"fcm_token":"  ","platform":"web"}`).want(422, "body.fcm_token")
	c.post(reporter, "/devices", `{"fcm_token":"x","platform":"fridge"}`).want(422, "body.platform", "!fridge")
	c.post(reporter, "/devices", `{"fcm_token":"x","platform":"web"}`, "Idempotency-Key", "").want(400)
	c.post(operator, "/devices", `{"fcm_token":"x","platform":"web"}`).want(403)
	c.post(guest, "/devices", `{"fcm_token":"x","platform":"web"}`).want(401)
}
