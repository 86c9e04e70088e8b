// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/models/modelstest"
)

// A citizen reads the phone's inbox too: what both were told of one event is on two pages as
// well as on one.
func TestAnInboxOfTwoIsPaged(t *testing.T) {
	t.Parallel()
	db := open(t).DB.Gorm
	s := modelstest.Make(modelstest.Spec{})
	modelstest.Insert(t, db, s)
	inbox := citizen(uuid.New(), uuid.New()).Inbox()
	for pos := range int64(3) {
		for _, recipient := range inbox {
			n := models.Notification{
				JurisdictionID: 1, ID: uuid.New(), Recipient: recipient, ReportID: s.Report.ID, Pos: pos + 1, Kind: "accepted", State: "accepted",
				Language: models.Vietnamese, Title: "Tin", Body: "Nội dung", Link: "/r/x", CreatedAt: time.Now(),
			}
			if err := db.Create(&n).Error; err != nil {
				t.Fatal(err)
			}
		}
	}
	read, pages := map[uuid.UUID]bool{}, 0
	for cursor := ""; ; pages++ {
		page := must[models.NotificationPage](t)(models.Notifications(t.Context(), db, 1, inbox, cursor, 1))
		for _, n := range page.Notifications {
			read[n.ID] = true
		}
		if cursor = page.NextCursor; cursor == "" || pages > 9 {
			break
		}
	}
	if len(read) != 6 || pages != 5 {
		t.Errorf("%d were read, on %d pages", len(read), pages+1)
	}
	_, err := models.Notifications(t.Context(), db, 1, inbox[:1], "abc", 1)
	wantCode(t, err, models.CodeCursorInvalid)
}
