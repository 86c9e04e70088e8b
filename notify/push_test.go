// SPDX-License-Identifier: Apache-2.0

package notify_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"hientruong/models"
	"hientruong/notify"
	"hientruong/notify/fcmtest"
)

// patience bounds every wait of a test.
const patience = 30 * time.Second

// firebase is a sender to the server, patient for one message as long as told.
func firebase(t *testing.T, server *fcmtest.Server, timeout time.Duration) *notify.Firebase {
	t.Helper()
	file := filepath.Join(t.TempDir(), "account.json")
	check(t, os.WriteFile(file, server.Credentials(), 0o600))
	sender, err := notify.NewFirebase(t.Context(), notify.FirebaseConfig{Project: fcmtest.Project, CredentialsFile: file, Endpoint: server.Endpoint(), Timeout: timeout})
	check(t, err)
	t.Cleanup(sender.Close)
	return sender
}

// work runs one round of the reader's first job and returns how long it wants to sleep.
func (w *world) work(worker *notify.PushWorker) time.Duration {
	w.t.Helper()
	err := worker.Work(w.t.Context(), &river.Job[notify.PushArgs]{Args: w.jobs()[0]})
	var snooze *river.JobSnoozeError
	if errors.As(err, &snooze) {
		return snooze.Duration
	}
	check(w.t, err)
	return 0
}

// What the server asks for, and what the backoff says where it asks for nothing.
const asked, pause = 7 * time.Second, 3 * time.Second

// round is what one round of a job leaves behind.
type round struct {
	status models.DeliveryStatus
	result string
	wait   time.Duration
}

type fault struct {
	script   []fcmtest.Act
	rounds   []round
	loses    bool // the device its token
	accepted int
}

// faults are the ways a delivery can go.
func faults() map[string]fault {
	again := round{models.DeliverySent, "sent", 0}
	return map[string]fault{
		"ok":              {nil, []round{again}, false, 1},
		"unregistered":    {[]fcmtest.Act{fcmtest.Unregistered()}, []round{{models.DeliveryDropped, "unregistered", 0}}, true, 0},
		"invalid token":   {[]fcmtest.Act{fcmtest.InvalidToken()}, []round{{models.DeliveryDropped, "invalid_token", 0}}, true, 0},
		"invalid message": {[]fcmtest.Act{fcmtest.InvalidMessage()}, []round{{models.DeliveryFailed, "http_400", 0}}, false, 0},
		"wrong project":   {[]fcmtest.Act{fcmtest.SenderMismatch()}, []round{{models.DeliveryFailed, "sender_id_mismatch", 0}}, false, 0},
		"quota":           {[]fcmtest.Act{fcmtest.Quota(asked)}, []round{{models.DeliveryPending, "quota", asked}, again}, false, 1},
		"quota, no time":  {[]fcmtest.Act{fcmtest.Quota(0)}, []round{{models.DeliveryPending, "quota", time.Minute}, again}, false, 1},
		"too long a wait": {[]fcmtest.Act{fcmtest.Quota(48 * time.Hour)}, []round{{models.DeliveryPending, "quota", time.Hour}, again}, false, 1},
		"unavailable":     {[]fcmtest.Act{fcmtest.Unavailable(asked)}, []round{{models.DeliveryPending, "unavailable", asked}, again}, false, 1},
		"down, no time":   {[]fcmtest.Act{fcmtest.Unavailable(0)}, []round{{models.DeliveryPending, "unavailable", pause}, again}, false, 1},
		"internal":        {[]fcmtest.Act{fcmtest.Internal()}, []round{{models.DeliveryPending, "http_500", pause}, again}, false, 1},
		"hangs":           {[]fcmtest.Act{fcmtest.Hang()}, []round{{models.DeliveryPending, "timeout", pause}, again}, false, 1},
		"dropped":         {[]fcmtest.Act{fcmtest.Drop()}, []round{{models.DeliveryPending, "connection", pause}, again}, false, 1},
		"taken, unsaid":   {[]fcmtest.Act{fcmtest.TakeAndDrop()}, []round{{models.DeliveryPending, "connection", pause}, again}, false, 2},
		"twice":           {[]fcmtest.Act{fcmtest.Quota(asked), fcmtest.Unregistered()}, []round{{models.DeliveryPending, "quota", asked}, {models.DeliveryDropped, "unregistered", 0}}, true, 0},
	}
}

func TestWhatBecomesOfADelivery(t *testing.T) {
	t.Parallel()
	for name, c := range faults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := fcmtest.Start(t)
			w := newWorld(t, models.DeliveryFCM)
			worker := notify.NewPushWorker(notify.PushConfig{Pool: w.db.DB.Pool, Sender: firebase(t, server, time.Second), Backoff: func(int) time.Duration { return pause }})
			for _, report := range w.reports(2) {
				w.submitted(report)
			}
			w.read()
			server.Play("phone-0", c.script...)
			var history []string
			for i, want := range c.rounds {
				wait := w.work(worker)
				d := w.deliveryTo("phone-0", w.log[0])
				history = append(history, want.result)
				if d.Status != want.status || wait != want.wait || int(d.Tries) != i+1 {
					t.Errorf("round %d: %s after %d tries, asleep for %v, want %+v", i, d.Status, d.Tries, wait, want)
				}
				if diff := cmp.Diff(history, results(t, d)); diff != "" {
					t.Errorf("round %d (-want +got):\n%s", i, diff)
				}
			}
			w.work(worker) // a job that runs once more finds nothing to do
			count, ids := taken(server)
			if count["phone-0"] != c.accepted || ids["phone-0"] > 1 || count["phone-1"] != 1 || server.Tries("phone-1") != 1 {
				t.Errorf("taken %v times, as %v; the other phone was tried %d times", count, ids, server.Tries("phone-1"))
			}
			if tries := server.Tries("phone-0"); tries != len(c.rounds) {
				t.Errorf("%d tries in %d rounds", tries, len(c.rounds))
			}
			if lost := w.tokens()["phone-0"] == 0; lost != c.loses {
				t.Errorf("the device lost its token: %v", lost)
			}
		})
	}
}

// taken counts, by push token, the messages that the server took and the different
// notifications among them.
func taken(server *fcmtest.Server) (messages, notifications map[string]int) {
	messages, notifications = map[string]int{}, map[string]int{}
	seen := map[string]bool{}
	for _, a := range server.Accepted() {
		messages[a.Message.Token]++
		if key := a.Message.Token + " " + a.NotificationID(); !seen[key] {
			seen[key] = true
			notifications[a.Message.Token]++
		}
	}
	return messages, notifications
}

// deliveryTo is the delivery of what a phone hears of an event. The phone's own row may
// have lost its token, so it is found by its report.
func (w *world) deliveryTo(phone string, e models.Event) models.Delivery {
	w.t.Helper()
	all, err := models.Deliveries(w.t.Context(), w.db.DB.Gorm, w.j, e.SubjectID)
	check(w.t, err)
	if len(all) != 1 {
		w.t.Fatalf("%d deliveries to %s", len(all), phone)
	}
	return all[0]
}

// tokens counts devices by push token.
func (w *world) tokens() map[string]int {
	w.t.Helper()
	var all []string
	check(w.t, w.db.DB.Gorm.WithContext(w.t.Context()).Model(&models.Device{}).Where("fcm_token IS NOT NULL").Pluck("fcm_token", &all).Error)
	count := map[string]int{}
	for _, token := range all {
		count[token]++
	}
	return count
}

// senderFunc is a Sender in a test's hands.
type senderFunc func(ctx context.Context, messages []notify.Message) []notify.Result

func (f senderFunc) Send(ctx context.Context, messages []notify.Message) []notify.Result {
	return f(ctx, messages)
}

func every(messages []notify.Message, result notify.Result) []notify.Result {
	results := make([]notify.Result, len(messages))
	for i := range results {
		results[i] = result
	}
	return results
}

func TestANewTokenOutlivesTheOldOnesDeath(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.DeliveryFCM)
	w.submitted(w.reports(1)[0])
	w.read()
	w.work(notify.NewPushWorker(notify.PushConfig{Pool: w.db.DB.Pool, Sender: senderFunc(func(ctx context.Context, messages []notify.Message) []notify.Result {
		check(t, w.db.DB.Gorm.WithContext(ctx).Exec("UPDATE devices SET fcm_token = 'new' WHERE fcm_token = ?", messages[0].Token).Error)
		return every(messages, notify.Result{Verdict: notify.Gone, Reason: "unregistered"})
	})}))
	if diff := cmp.Diff(map[string]int{"new": 1}, w.tokens()); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
}

func TestAPhoneThatChangedHandsHearsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.DeliveryFCM)
	citizen, other := w.citizen(models.Vietnamese), w.citizen(models.Vietnamese)
	device := w.device(citizen, "phone", false)
	w.submitted(w.report(citizen, nil))
	w.read()
	check(t, w.db.DB.Gorm.WithContext(t.Context()).Exec("UPDATE devices SET citizen_id = ? WHERE id = ?", other, device).Error)
	w.work(notify.NewPushWorker(notify.PushConfig{Pool: w.db.DB.Pool, Sender: senderFunc(func(context.Context, []notify.Message) []notify.Result {
		t.Error("something was sent")
		return nil
	})}))
	if d := w.deliveries()[0]; d.Status != models.DeliveryDropped || results(t, d)[0] != "no_token" || w.tokens()["phone"] != 1 {
		t.Errorf("%+v, tokens %v", d, w.tokens())
	}
}

func TestTriesEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.DeliveryFCM)
	w.submitted(w.reports(1)[0])
	w.read()
	registry := prometheus.NewRegistry()
	metrics, err := notify.NewMetrics(registry)
	check(t, err)
	worker := notify.NewPushWorker(notify.PushConfig{Pool: w.db.DB.Pool, Metrics: metrics, Sender: senderFunc(func(_ context.Context, messages []notify.Message) []notify.Result {
		return every(messages, notify.Result{Verdict: notify.Later, Reason: "timeout"})
	})})
	var waits []time.Duration
	for wait := w.work(worker); wait > 0; wait = w.work(worker) {
		waits = append(waits, wait)
	}
	if len(waits) != 9 || waits[0] != 10*time.Second || waits[1] != 20*time.Second || waits[8] != 2560*time.Second {
		t.Errorf("the waits were %v", waits)
	}
	if d := w.deliveries()[0]; d.Status != models.DeliveryFailed || d.Tries != 10 {
		t.Errorf("%s after %d tries", d.Status, d.Tries)
	}
	families, err := registry.Gather()
	check(t, err)
	counted := map[string]float64{}
	for _, metric := range families[0].GetMetric() {
		counted[metric.GetLabel()[0].GetValue()] = metric.GetCounter().GetValue()
	}
	if diff := cmp.Diff(map[string]float64{"sent": 0, "retry": 9, "failed": 1, "dropped": 0}, counted); diff != "" || families[0].GetName() != "hientruong_pushes_total" {
		t.Errorf("%s (-want +got):\n%s", families[0].GetName(), diff)
	}
	if _, err := notify.NewMetrics(registry); err == nil {
		t.Error("the same metric was registered twice")
	}
}

func TestACrashRepeatsWhatWasInFlightAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.DeliveryFCM)
	for _, report := range w.reports(3) {
		w.submitted(report)
	}
	w.read()
	sent := map[uuid.UUID]int{}
	crash := errors.New("crash")
	worker := notify.NewPushWorker(notify.PushConfig{Pool: w.db.DB.Pool, Sender: senderFunc(func(_ context.Context, messages []notify.Message) []notify.Result {
		for _, m := range messages {
			sent[m.NotificationID]++
		}
		switch sent[messages[0].NotificationID] {
		case 1:
			results := every(messages, notify.Result{Verdict: notify.Later, Reason: "timeout"})
			results[2] = notify.Result{Verdict: notify.Sent, Reason: "sent"}
			return results
		case 2:
			panic(crash)
		}
		return every(messages, notify.Result{Verdict: notify.Sent, Reason: "sent"})
	})})
	w.work(worker)
	func() {
		defer func() {
			if got := recover(); got != crash { //nolint:errorlint // a panic's value, thrown as it is
				t.Errorf("the second round ended with %v", got)
			}
		}()
		w.work(worker)
	}()
	w.work(worker)
	counts := map[int]int{}
	for _, n := range sent {
		counts[n]++
	}
	if diff := cmp.Diff(map[int]int{1: 1, 3: 2}, counts); diff != "" {
		t.Errorf("notifications by how often they were sent (-want +got):\n%s", diff)
	}
	for _, d := range w.deliveries() {
		if d.Status != models.DeliverySent {
			t.Errorf("%s is %s", d.ID, d.Status)
		}
	}
}

func TestAStopBetweenSendingAndWritingStillWrites(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.DeliveryFCM)
	w.submitted(w.reports(1)[0])
	w.read()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	worker := notify.NewPushWorker(notify.PushConfig{Pool: w.db.DB.Pool, Sender: senderFunc(func(_ context.Context, messages []notify.Message) []notify.Result {
		stop()
		return every(messages, notify.Result{Verdict: notify.Sent, Reason: "sent"})
	})})
	check(t, worker.Work(ctx, &river.Job[notify.PushArgs]{Args: w.jobs()[0]}))
	if d := w.deliveries()[0]; d.Status != models.DeliverySent {
		t.Errorf("the delivery is %s", d.Status)
	}
}

func TestFromTheLogToThePhone(t *testing.T) {
	t.Parallel()
	server := fcmtest.Start(t)
	w := newWorld(t, models.DeliveryFCM)
	workers := river.NewWorkers()
	river.AddWorker(workers, notify.NewPushWorker(notify.PushConfig{Pool: w.db.DB.Pool, Sender: firebase(t, server, 0), PublicURL: "https://phananh.example/"}))
	runner, err := river.NewClient(riverpgxv5.New(w.db.DB.Pool), &river.Config{
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}}, Workers: workers,
		FetchPollInterval: 50 * time.Millisecond, FetchCooldown: 10 * time.Millisecond,
	})
	check(t, err)
	check(t, runner.Start(t.Context()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		check(t, runner.Stop(ctx))
	})
	events := map[string]models.Event{}
	for i, report := range w.reports(30) {
		events[fmt.Sprintf("phone-%d", i)] = w.submitted(report)
	}
	server.Play("phone-3", fcmtest.Quota(time.Second))
	server.Play("phone-4", fcmtest.Unavailable(time.Second))
	w.read()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	accepted, err := server.Wait(ctx, len(events))
	check(t, err)
	inbox := map[string]models.Notification{}
	for _, n := range w.notifications() {
		inbox[n.ID.String()] = n
	}
	for _, a := range accepted {
		e, n := events[a.Message.Token], inbox[a.NotificationID()]
		want := map[string]string{
			"v": "1", "type": "received", "notification_id": n.ID.String(), "event_id": fmt.Sprint(e.Pos),
			"report_id": e.SubjectID.String(), "state": "submitted", "link": "https://phananh.example" + n.Link,
		}
		if diff := cmp.Diff(want, a.Message.Data); diff != "" {
			t.Errorf("data (-want +got):\n%s", diff)
		}
		m := a.Message
		if m.Notification.Title != n.Title || m.Notification.Body != n.Body || m.Android.CollapseKey != n.ID.String() ||
			m.Android.Notification.Tag != n.ID.String() || m.APNS.Headers["apns-collapse-id"] != n.ID.String() {
			t.Errorf("%+v is not %+v", m, n)
		}
		delete(events, a.Message.Token)
	}
	if len(events) > 0 {
		t.Errorf("%d phones heard nothing", len(events))
	}
}

func TestAWrongFirebaseSettingIsNamed(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty.json")
	check(t, os.WriteFile(empty, []byte(`{"private_key":"canary"}`), 0o600))
	for want, cfg := range map[string]notify.FirebaseConfig{
		"project":         {CredentialsFile: empty},
		"credentials":     {Project: "p", CredentialsFile: empty + ".missing"},
		"service account": {Project: "p", CredentialsFile: empty},
	} {
		_, err := notify.NewFirebase(t.Context(), cfg)
		if !errors.Is(err, notify.ErrFirebase) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", want, err)
		}
	}
}
