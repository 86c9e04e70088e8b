// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"hientruong/models"
)

const secret = "5f0c3d9a1b7e42868d0f9b1c7a63e254"

func deviceBody(id, secret string) string {
	return `{"device_id":"` + id + `","secret":"` + secret + `","platform":"android","app_version":"1.4.0","language":"en"}`
}

func TestDeviceSignsIn(t *testing.T) {
	t.Parallel()
	c := newCast(t, nil)
	id := uuid.NewString()
	// No Idempotency-Key: signing in needs none.
	a := c.post(guest, "/auth/device", deviceBody(id, secret), "Idempotency-Key", "").want(200, `"kind":"device"`, `"language":"en"`, `"roles":["citizen"]`, id, "!"+secret)
	if !strings.HasPrefix(a.text("token"), "hta_") || !strings.HasPrefix(a.text("refresh_token"), "htr_") || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v %s", a.header, a.body)
	}
	c.tokens["phone"] = a.text("token")
	c.get("phone", "/me").want(200, id, `"kind":"device"`)
	other := strings.Repeat("0f1e2d3c4b5a6978", 2)
	c.post(guest, "/auth/device", deviceBody(id, other)).want(401, `"code":"invalid_credentials"`, "!"+other)
	c.post(guest, "/auth/device", deviceBody("abc", secret)).want(422, "body.device_id", "!abc")
	c.post(guest, "/auth/device", deviceBody(uuid.NewString(), "abcdef")).want(422, "body.secret", "!abcdef")
	c.post(guest, "/auth/device", deviceBody(uuid.NewString(), strings.Repeat("ab", 16))).want(422, "body.secret")
	c.post(guest, "/auth/device", strings.Replace(deviceBody(id, secret), "android", "toaster", 1)).want(422, "body.platform", "!toaster")
	c.post(guest, "/auth/device", `{}`).want(422, "body.device_id", "body.secret", "body.platform")
	c.post(guest, "/auth/device", `{"device_id":`).want(400, `"code":"malformed_body"`)
	c.post(guest, "/auth/device", ``).want(400)
	if strings.Contains(c.log.String(), secret) || strings.Contains(c.log.String(), a.text("token")) {
		t.Error("the log holds a secret")
	}
}

func TestRefreshAndLogout(t *testing.T) {
	t.Parallel()
	c := newCast(t, nil)
	first := c.post(guest, "/auth/device", deviceBody(uuid.NewString(), secret)).want(200)
	refresh := `{"refresh_token":"` + first.text("refresh_token") + `"}`
	second := c.post(guest, "/auth/refresh", refresh).want(200)
	c.tokens["phone"] = second.text("token")
	c.get("phone", "/me").want(200)
	// A copy: the whole session ends.
	c.post(guest, "/auth/refresh", refresh).want(401)
	c.get("phone", "/me").want(401, `"code":"unauthorized"`)
	third := c.post(guest, "/auth/device", deviceBody(uuid.NewString(), secret)).want(200)
	c.tokens["phone"] = third.text("token")
	c.post("phone", "/auth/logout", nil, "Idempotency-Key", "").want(204)
	c.get("phone", "/me").want(401)
	c.post(guest, "/auth/refresh", `{"refresh_token":"`+third.text("refresh_token")+`"}`).want(401)
	c.post(guest, "/auth/logout", nil).want(401)
	if n := c.events()[models.EventSessionRevoked]; n != 2 {
		t.Errorf("%d sessions revoked in the log", n)
	}
}

func TestPhoneCode(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter})
	r := c.file(reporter, "")
	c.post(guest, "/auth/otp", `{"phone":"123"}`).want(422, `"code":"phone_invalid"`, "body.phone", "!123\"")
	c.post(reporter, "/auth/otp", `{"phone":"0912 345 678"}`, "Idempotency-Key", "").want(204)
	c.post(reporter, "/auth/otp", `{"phone":"+84912345678"}`).want(429, `"code":"rate_limited"`)
	code := c.codes.Codes()[0].Code
	wrong := "000000"
	if code == wrong {
		wrong = "111111"
	}
	c.post(reporter, "/auth/otp/verify", `{"phone":"0912345678","code":"`+wrong+`"}`).want(422, `"code":"otp_invalid"`, "!"+wrong)
	a := c.post(reporter, "/auth/otp/verify", `{"phone":"0912345678","code":"`+code+`"}`, "Accept-Language", "en").want(200, `"kind":"citizen"`, "!912345678")
	c.post(reporter, "/auth/otp/verify", `{"phone":"0912345678","code":"`+code+`"}`).want(422)
	c.tokens["person"] = a.text("token")
	c.get("person", "/reports/"+r.id).want(200)
	// A person at another machine finds what came from their phone? Only what they sent as themselves.
	mine := c.file("person", "")
	c.post(guest, "/auth/otp", `{"phone":"0987 654 321"}`).want(204)
	alone := c.post(guest, "/auth/otp/verify", `{"phone":"0987654321","code":"`+c.codes.Codes()[0].Code+`"}`).want(200)
	c.tokens["stranger"] = alone.text("token")
	c.get("stranger", "/reports/"+mine.id).want(404)
	c.post("stranger", "/devices", `{"fcm_token":"x","platform":"web"}`).want(403)
	if log := c.log.String(); strings.Contains(log, "912345678") || strings.Contains(log, code) {
		t.Error("the log holds a number or a code")
	}
}

// Who fails with an officer's login elsewhere does not keep the officer from their desk.
func TestLoginAtAKnownDesk(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{administrator}, withLimits(t))
	const password = "một mật khẩu đủ dài"
	c.post(administrator, "/admin/staff", `{"login":"an","name":"An","password":"`+password+`","roles":["operator","verifier"]}`).want(201)
	c.post(administrator, "/admin/staff", `{"login":"ba","name":"Ba","password":"`+password+`","roles":["operator","handler"],"unit":"chieu-sang"}`).
		want(422, `"code":"roles_apart"`, "body.roles", `"role":"handler"`, `"other":"operator"`)
	login := func(password, installation string) answer {
		return c.post(guest, "/auth/login", `{"login":"an","password":"`+password+`"}`, "Idempotency-Key", "", "Installation-Id", installation)
	}
	desk := uuid.NewString()
	login(password, desk).want(200)
	for range 5 {
		login("wrong wrong wrong", uuid.NewString()).want(401)
	}
	for _, installation := range []string{"", "no UUID", uuid.NewString()} {
		login(password, installation).want(429, `"code":"too_many_tries"`)
	}
	login(password, desk).want(200, "!"+desk)
}

func TestStaffLogin(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{administrator, operator}, withLimits(t))
	const password = "một mật khẩu đủ dài"
	body := `{"login":"Nguyen.An","name":"Nguyễn An","password":"` + password + `","roles":["handler"],"unit":"chieu-sang"}`
	made := c.post(administrator, "/admin/staff", body).want(201, `"login":"nguyen.an"`, `"unit":"chieu-sang"`, `"active":true`, "!password", "!"+password)
	c.post(administrator, "/admin/staff", body).want(422, "body.login")
	c.post(administrator, "/admin/staff", strings.Replace(body, "chieu-sang", "khong-co", 1)).want(422, `"code":"unknown_unit"`, "!khong-co")
	c.post(administrator, "/admin/staff", strings.Replace(body, "handler", "emperor", 1)).want(422, "body.roles", "!emperor")
	c.post(administrator, "/admin/staff", strings.Replace(body, password, "short", 1)).want(422, "body.password")
	c.post(administrator, "/admin/staff", body, "Idempotency-Key", "").want(400)
	c.get(administrator, "/admin/staff?limit=1").want(200, `"next_cursor":"`, "!argon2")
	login := func(password string) answer {
		return c.post(guest, "/auth/login", `{"login":"nguyen.an","password":"`+password+`"}`, "Idempotency-Key", "")
	}
	login("wrong wrong wrong").want(401, `"code":"invalid_credentials"`)
	a := login(password).want(200, `"kind":"staff"`, `"roles":["handler"]`, `"unit":"chieu-sang"`)
	c.tokens["an"] = a.text("token")
	c.get("an", "/me").want(200, "Nguyễn An")
	own := "/api/v1/admin/staff/" + made.text("id")
	c.call(operator, http.MethodPut, own+"/password", `{"password":"ein anderes Passwort"}`).want(403)
	c.call("an", http.MethodPut, own+"/password", `{"password":"ein anderes Passwort"}`).want(204)
	c.get("an", "/me").want(401)
	login(password).want(401)
	c.tokens["an"] = login("ein anderes Passwort").want(200).text("token")
	c.call(administrator, http.MethodDelete, own, nil).want(204)
	c.get("an", "/me").want(401)
	for range 4 {
		login("ein anderes Passwort").want(401)
	}
	c.get(administrator, "/admin/staff").want(200, `"active":false`)
	for range 3 {
		a = login("ein anderes Passwort")
	}
	if a.want(429, `"code":"too_many_tries"`); a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}
