// SPDX-License-Identifier: Apache-2.0

package identity_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/database"
	"hientruong/database/dbtest"
	"hientruong/identity"
	"hientruong/ledger"
	"hientruong/models"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// clock is a time that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// house is a service on a database of its own, with the real ledger.
type house struct {
	*identity.Service
	tb     testing.TB
	db     *database.DB
	ledger *ledger.Ledger
	keys   *identity.KeyRing
	phone  *identity.DemoSender
	clock  *clock
	j      int32
}

func newHouse(tb testing.TB) *house {
	tb.Helper()
	h := &house{tb: tb, db: dbtest.New(tb).DB, clock: &clock{now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}}
	j, err := models.EnsureJurisdiction(tb.Context(), h.db.Gorm, "hue")
	if err != nil {
		tb.Fatal(err)
	}
	h.j = j.ID
	h.ledger = ledger.New(ledger.Config{Pool: h.db.Pool})
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := h.ledger.Close(ctx); err != nil {
			tb.Errorf("ledger: %v", err)
		}
	})
	h.keys = newKeys(tb)
	h.phone = identity.NewDemoSender(h.clock.Now)
	h.Service = h.service(h.ledger, h.phone)
	return h
}

// service is one more node on the same database.
func (h *house) service(doer identity.Doer, sender identity.Sender) *identity.Service {
	h.tb.Helper()
	s, err := identity.New(identity.Config{Gorm: h.db.Gorm, Ledger: doer, Keys: h.keys, Sender: sender, Now: h.clock.Now})
	if err != nil {
		h.tb.Fatal(err)
	}
	return s
}

func newKeys(tb testing.TB) *identity.KeyRing {
	tb.Helper()
	keys, err := identity.OpenKeyFile(filepath.Join(tb.TempDir(), "keys.json"))
	if err != nil {
		tb.Fatal(err)
	}
	return keys
}

// events returns the kinds and bodies of a subject's events.
func (h *house) events(subject uuid.UUID) []models.Event {
	h.tb.Helper()
	var all []models.Event
	err := h.db.Gorm.Where("jurisdiction_id = ? AND subject_id = ?", h.j, subject).Order("pos").Find(&all).Error
	if err != nil {
		h.tb.Fatal(err)
	}
	return all
}

const secret = "9f86d081884c7d659a2feaa0c55ad015"

func signIn(id uuid.UUID) identity.DeviceSignIn {
	return identity.DeviceSignIn{DeviceID: id, Secret: secret, Platform: "android", AppVersion: "1.0", Language: models.Vietnamese}
}

// device signs a new device in.
func (h *house) device() identity.Grant {
	h.tb.Helper()
	g, err := h.SignInDevice(h.tb.Context(), h.j, signIn(uuid.New()))
	if err != nil {
		h.tb.Fatal(err)
	}
	return g
}

// staff makes a staff member with the password below.
func (h *house) staff(login string, roles ...models.Role) models.Staff {
	h.tb.Helper()
	made, err := h.CreateStaff(h.tb.Context(), models.System(h.j), identity.NewStaff{
		Login: login, Name: "Nguyễn Thị Hoa", Password: password, Roles: roles,
	})
	if err != nil {
		h.tb.Fatal(err)
	}
	return made
}

const password = "mật khẩu thử nghiệm"

func (h *house) login(login string) identity.Grant {
	h.tb.Helper()
	g, err := h.Login(h.tb.Context(), h.j, login, password, uuid.Nil)
	if err != nil {
		h.tb.Fatal(err)
	}
	return g
}

// wantCode fails unless err carries the code; "" means no error.
func wantCode(tb testing.TB, what string, err error, code models.Code) {
	tb.Helper()
	var e *models.Error
	switch {
	case code == "" && err == nil:
	case code == "":
		tb.Errorf("%s: %v", what, err)
	case !errors.As(err, &e) || e.Code != code:
		tb.Errorf("%s: got %v, want code %s", what, err, code)
	}
}
