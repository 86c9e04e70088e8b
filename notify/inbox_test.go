// SPDX-License-Identifier: Apache-2.0

package notify_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/notify"
)

func TestInbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.DeliveryInApp)
	citizen := w.citizen(models.Vietnamese)
	device := w.device(citizen, "", false)
	for i := range 7 {
		owner := citizen
		if i%2 == 1 {
			owner = nil
		}
		w.submitted(w.report(owner, device))
	}
	w.submitted(w.report(nil, w.device(nil, "", false))) // somebody else's
	w.read()
	me := models.Actor{Kind: models.ActorCitizen, ID: *citizen, DeviceID: *device}.Inbox()
	if diff := cmp.Diff([]string{"citizen:" + citizen.String(), "device:" + device.String()}, me); diff != "" {
		t.Fatalf("recipients (-want +got):\n%s", diff)
	}
	var got []int64
	var ids []uuid.UUID
	for cursor := ""; ; {
		page, err := models.Notifications(t.Context(), w.db.DB.Gorm, w.j, me, cursor, 3)
		check(t, err)
		for _, n := range page.Notifications {
			got, ids = append(got, n.Pos), append(ids, n.ID)
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	if diff := cmp.Diff([]int64{7, 6, 5, 4, 3, 2, 1}, got); diff != "" {
		t.Errorf("positions (-want +got):\n%s", diff)
	}
	stranger := []string{"citizen:" + uuid.NewString()}
	for _, c := range []struct {
		who  []string
		ids  []uuid.UUID
		want int64
	}{{stranger, ids, 0}, {nil, nil, 0}, {me, ids[:2], 2}, {me, ids[:2], 0}, {me, nil, 5}} {
		marked, err := models.ReadNotifications(t.Context(), w.db.DB.Gorm, w.j, c.who, c.ids, time.Now())
		check(t, err)
		if marked != c.want {
			t.Errorf("%d marked, want %d", marked, c.want)
		}
	}
	for _, n := range w.notifications() {
		if (n.ReadAt != nil) != (n.Pos <= 7) {
			t.Errorf("%d was read at %v", n.Pos, n.ReadAt)
		}
	}
	if guest := models.Guest(w.j).Inbox(); guest != nil {
		t.Errorf("a guest reads %v", guest)
	}
}

func TestTheLogNamesIDsAlone(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	message := notify.Message{
		Token: "canary-token", NotificationID: uuid.New(), ReportID: uuid.New(), Kind: notify.KindReceived,
		Title: "canary-title", Body: "canary-body", Link: "/r/canary-code",
	}
	results := notify.Log{Logger: slog.New(slog.NewJSONHandler(&out, nil))}.Send(t.Context(), []notify.Message{message})
	if diff := cmp.Diff([]notify.Result{{Verdict: notify.Sent, Reason: "inapp"}}, results); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	if line := out.String(); strings.Contains(line, "canary") || !strings.Contains(line, message.NotificationID.String()) {
		t.Errorf("the log says %s", line)
	}
}
