// SPDX-License-Identifier: Apache-2.0

package notify_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/notify"
	"hientruong/words"
)

func keys(state models.State, phase models.Phase) models.Keys {
	return models.Keys{State: state, Phase: phase, Category: "den-duong", Unit: "chieu-sang", Shown: models.ShownNone}
}

func TestWhichStepsAreTold(t *testing.T) {
	t.Parallel()
	const received, working, answered, ended = models.PhaseReceived, models.PhaseWorking, models.PhaseAnswered, models.PhaseEnded
	shown := keys("inspected", working)
	shown.Shown = models.ShownFull
	steps := []struct {
		from, to models.Keys
		want     notify.Kind // "" for nothing
	}{
		{keys("submitted", received), keys("verifying", received), ""},
		{keys("verifying", received), keys("accepted", working), notify.KindAccepted},
		{keys("accepted", working), keys("assigned", working), notify.KindAssigned},
		{keys("assigned", working), keys("assigned", working), ""},
		{keys("assigned", working), keys("in_progress", working), notify.KindInProgress},
		{keys("in_progress", working), keys("scheduled", working), notify.KindScheduled},
		{keys("in_progress", working), keys("needs_info", working), notify.KindNeedsInfo},
		{keys("in_progress", working), keys("resolved", working), ""},
		{keys("resolved", working), keys("published", answered), notify.KindPublished},
		{keys("published", answered), keys("assigned", working), notify.KindReopened},
		{keys("rejected", ended), keys("verifying", received), notify.KindAppealed},
		{keys("published", answered), keys("closed", ended), notify.KindClosed},
		{keys("verifying", received), keys("rejected", ended), notify.KindRejected},
		{keys("verifying", received), keys("duplicate", ended), notify.KindDuplicate},
		{keys("verifying", received), keys("transferred", ended), notify.KindTransferred},
		{keys("submitted", received), keys("withdrawn", ended), ""},
		{keys("submitted", received), keys("weighed", received), ""},
		{keys("submitted", received), keys("under_way", working), notify.KindMoved},
		{keys("under_way", working), shown, notify.KindMoved},
	}
	w := newWorld(t, models.DeliveryInApp)
	want := map[int64]notify.Kind{}
	for _, s := range steps {
		e := w.moved(w.report(nil, w.device(nil, "", false)), s.from, s.to)
		if s.want != "" {
			want[e.Pos] = s.want
		}
	}
	want[w.submitted(w.report(nil, w.device(nil, "", false))).Pos] = notify.KindReceived
	other := w.event(w.report(nil, w.device(nil, "", false)), models.EventReportClaimed, models.OriginLive, models.Body{})
	w.read()
	got := map[int64]notify.Kind{}
	for _, n := range w.notifications() {
		got[n.Pos] = notify.Kind(n.Kind)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what was told (-want +got), where %d is a claim:\n%s", other.Pos, diff)
	}
}

func TestEveryKindHasWords(t *testing.T) {
	t.Parallel()
	catalogue, err := words.Load()
	check(t, err)
	keys := slices.Concat(notify.Kinds(), notify.StaffKinds())
	for _, kind := range notify.FollowKinds() {
		keys = append(keys, "follow."+kind)
	}
	for _, key := range keys {
		for _, lang := range words.Languages() {
			if _, _, has := catalogue.Push(lang, string(key), nil); !has {
				t.Errorf("%s has no words in %s", key, lang)
			}
		}
	}
}

func TestReadAgainMakesNothingNew(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.DeliveryFCM)
	citizen := w.citizen(models.English)
	w.device(citizen, "one", false)
	w.device(citizen, "two", false)
	w.device(citizen, "", false)
	report := w.report(citizen, nil)
	first := w.submitted(report)
	w.moved(report, keys("submitted", models.PhaseReceived), keys("accepted", models.PhaseWorking))
	w.read()
	before, beforeDeliveries, beforeJobs := w.notifications(), w.deliveries(), w.jobs()
	if len(before) != 2 || len(beforeDeliveries) != 4 || len(beforeJobs) != 1 || len(beforeJobs[0].Deliveries) != 4 {
		t.Fatalf("%d notifications, %d deliveries, jobs %v", len(before), len(beforeDeliveries), beforeJobs)
	}
	if want := notify.NotificationID(w.j, "citizen:"+citizen.String(), first.Pos); before[0].ID != want {
		t.Errorf("the id is %v, want %v", before[0].ID, want)
	}
	// A phone that came since must not be told of what is past.
	w.device(citizen, "three", false)
	w.read()
	w.read(first)
	if diff := cmp.Diff(before, w.notifications()); diff != "" {
		t.Errorf("notifications (-first +again):\n%s", diff)
	}
	if diff := cmp.Diff(beforeDeliveries, w.deliveries()); diff != "" {
		t.Errorf("deliveries (-first +again):\n%s", diff)
	}
	if diff := cmp.Diff(beforeJobs, w.jobs()); diff != "" {
		t.Errorf("jobs (-first +again):\n%s", diff)
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		origin              models.Origin
		age                 time.Duration
		rows, pushes, inapp int
	}{
		{origin: models.OriginLive, rows: 2, pushes: 2, inapp: 2},
		{origin: models.OriginLive, age: 25 * time.Hour, rows: 2},
		{origin: models.OriginDemo, rows: 2, pushes: 1, inapp: 1},
		{origin: models.OriginDemo, age: 25 * time.Hour, rows: 2},
		{origin: models.OriginImport},
		{origin: models.OriginDrill},
	} {
		for channel, deliveries := range map[string]int{models.DeliveryFCM: c.pushes, models.DeliveryInApp: c.inapp} {
			t.Run(string(c.origin)+" "+channel+" "+c.age.String(), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, channel)
				for i, demo := range []bool{true, false} {
					w.event(w.report(nil, w.device(nil, []string{"demo", "real"}[i], demo)), models.EventReportSubmitted, c.origin, models.Body{})
					w.log[i].At = w.log[i].At.Add(-c.age)
				}
				w.read()
				if got := len(w.notifications()); got != c.rows {
					t.Errorf("%d rows in the inbox, want %d", got, c.rows)
				}
				made := w.deliveries()
				if len(made) != deliveries {
					t.Errorf("%d deliveries, want %d", len(made), deliveries)
				}
				for _, d := range made {
					if sent := d.Status == models.DeliverySent; sent != (channel == models.DeliveryInApp) || d.Channel != channel {
						t.Errorf("a delivery by %s is %s", d.Channel, d.Status)
					}
				}
				if jobs := len(w.jobs()); (jobs > 0) != (channel == models.DeliveryFCM && deliveries > 0) {
					t.Errorf("%d jobs", jobs)
				}
			})
		}
	}
}

func TestAssignedIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.DeliveryFCM)
	accepted, assigned := keys("accepted", models.PhaseWorking), keys("assigned", models.PhaseWorking)
	one := w.report(nil, w.device(nil, "one", false))
	two := w.report(nil, w.device(nil, "another", false))
	first := w.moved(one, accepted, assigned)
	w.moved(one, assigned, accepted)
	w.moved(one, accepted, assigned)
	w.moved(two, accepted, assigned)
	w.read(w.log[:2]...)
	w.read(w.log[2:]...)
	w.read()
	var told []int64
	for _, n := range w.notifications() {
		if n.Kind == string(notify.KindAssigned) {
			told = append(told, n.Pos)
		}
	}
	if diff := cmp.Diff([]int64{first.Pos, w.pos}, told); diff != "" {
		t.Errorf("assigned was told at (-want +got):\n%s", diff)
	}
}

func TestWordsAreTheRecipientsAndFitForALockScreen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.DeliveryFCM)
	english := w.citizen(models.English)
	assigned := keys("assigned", models.PhaseWorking)
	sensitive := models.Keys{State: "assigned", Phase: models.PhaseWorking, Category: "xam-hai", Unit: "tre-em"}
	theirs, plain, secret := w.report(english, w.device(english, "", false)), w.report(nil, w.device(nil, "", false)), w.report(nil, w.device(nil, "", false))
	due := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	w.create(&models.Deadline{JurisdictionID: w.j, ID: uuid.New(), ReportID: plain, Kind: "xu-ly", Counts: models.CountsWorking, Rule: "r", StartedAt: time.Now(), DueAt: due})
	w.moved(theirs, keys("accepted", models.PhaseWorking), assigned)
	w.moved(plain, keys("accepted", models.PhaseWorking), assigned)
	w.moved(secret, keys("accepted", models.PhaseWorking), sensitive)
	scheduled := keys("scheduled", models.PhaseWorking)
	w.event(plain, models.EventReportMoved, models.OriginLive, models.Body{After: &scheduled, Until: ptr(time.Date(2026, 11, 30, 20, 0, 0, 0, time.UTC))})
	w.submitted(w.report(nil, nil)) // nobody to tell
	w.read()
	all := w.notifications()
	if len(all) != 4 {
		t.Fatalf("%d notifications", len(all))
	}
	for i, want := range []struct {
		lang       models.Language
		recipient  string
		has, lacks []string
	}{
		{models.English, "citizen:", []string{"Street light", "Công ty Chiếu sáng", "a date to be set"}, []string{"Đèn đường", "…"}},
		{models.Vietnamese, "device:", []string{"Đèn đường", "Công ty Chiếu sáng", "17:00 25/11/2026"}, []string{"Street", "…"}},
		{models.Vietnamese, "device:", []string{"Phản ánh của bạn", "đơn vị phụ trách"}, []string{"trẻ em", "xam-hai", "…"}},
		{models.Vietnamese, "device:", []string{"01/12/2026"}, []string{"…"}},
	} {
		n := all[i]
		text := n.Title + "\n" + n.Body
		if n.Language != want.lang || !strings.HasPrefix(n.Recipient, want.recipient) || !strings.HasPrefix(n.Link, "/r/HUE-") {
			t.Errorf("%d: %+v", i, n)
		}
		for _, part := range want.has {
			if !strings.Contains(text, part) {
				t.Errorf("%d: %q lacks %q", i, text, part)
			}
		}
		for _, part := range want.lacks {
			if strings.Contains(text, part) {
				t.Errorf("%d: %q has %q", i, text, part)
			}
		}
	}
}
