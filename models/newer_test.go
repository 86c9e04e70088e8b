// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/database"
	"hientruong/models"
	"hientruong/models/modelstest"
)

// The version before serves on while a newer one adds columns, on the connections it has.
func TestANewerVersionsColumnsArePassedOver(t *testing.T) {
	t.Parallel()
	made := open(t)
	s := modelstest.Make(modelstest.Spec{State: "published", Mark: "denduong"})
	modelstest.Insert(t, made.DB.Gorm, s)
	db := must[*database.DB](t)(database.Open(t.Context(), database.Config{URL: made.AppURL, MaxConns: 1}))
	t.Cleanup(db.Close)
	token := models.Token{
		Hash: make([]byte, 32), JurisdictionID: 1, SessionID: uuid.New(), Kind: models.TokenRefresh, ActorKind: models.ActorDevice, ActorID: uuid.New(),
		IssuedAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour),
	}
	if err := models.InsertTokens(t.Context(), db.Gorm, []models.Token{token}); err != nil {
		t.Fatal(err)
	}
	operator := models.Actor{Kind: models.ActorStaff, ID: uuid.New(), Jurisdiction: 1, Roles: []models.Role{models.RoleOperator}, Unit: "ioc"}
	work := func() {
		t.Helper()
		seen := must[models.Seen](t)(models.FindReport(t.Context(), db.Gorm, operator, s.Report.ID))
		must[*models.ReportFacts](t)(models.FindFacts(t.Context(), db.Gorm, operator, s.Report.ID))
		must[models.ReportPage](t)(models.ListReports(t.Context(), db.Gorm, operator, models.ReportFilter{}, "", 0))
		must[[]models.Event](t)(models.TimelineEvents(t.Context(), db.Gorm, &seen.Report, models.ViewOperations))
		must[models.Bearer](t)(models.BearerOf(t.Context(), db.Gorm, 1, token.Hash))
		must[models.Token](t)(models.LockRefreshToken(t.Context(), db.Gorm, 1, token.Hash))
		must[[]models.PackVersion](t)(models.PackVersions(t.Context(), db.Gorm))
	}
	work()
	owner := must[*database.DB](t)(database.Open(t.Context(), database.Config{URL: made.OwnerURL, MaxConns: 1}))
	t.Cleanup(owner.Close)
	for _, table := range []string{"reports", "texts", "tasks", "deadlines", "photos", "ratings", "follows", "contacts", "events", "tokens", "pack_versions"} {
		if err := owner.Gorm.Exec("ALTER TABLE " + table + " ADD COLUMN newer text NOT NULL DEFAULT ''").Error; err != nil {
			t.Fatal(err)
		}
	}
	work()
}
