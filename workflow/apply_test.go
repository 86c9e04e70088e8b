// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"strings"
	"testing"
	"time"

	"hientruong/models"
	"hientruong/workflow"
)

func TestApplyPack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	intent := workflow.ApplyPack{Actor: staffActor(models.RoleAdministrator, ""), Files: []byte("zip"), Digest: [32]byte{7}, Document: "12/QĐ-UBND"}
	if !intent.Needs().Pack {
		t.Fatal("it decides without seeing what is in force")
	}
	change, err := intent.Decide(models.Facts{Pack: models.PackHead{Number: 3, Digest: []byte{1}}}, w.now)
	if err != nil || len(change.Insert) != 1 || len(change.Events) != 1 {
		t.Fatalf("%+v, %v", change, err)
	}
	version, ok := change.Insert[0].(models.PackVersion)
	body, err := change.Events[0].ParseBody()
	if !ok || version.Number != 4 || version.ID != change.Subject || err != nil || body.Number != 4 || body.Document != intent.Document {
		t.Errorf("%+v, %+v, %v", version, body, err)
	}
	again, err := intent.Decide(models.Facts{Pack: models.PackHead{Number: 4, Digest: version.Digest}}, w.now)
	if err != nil || !nothing(again) {
		t.Errorf("applied once more: %+v, %v", again, err)
	}
	for _, a := range []models.Actor{operator(), reporter(), models.Guest(jurisdiction)} {
		intent.Actor = a
		if _, err := intent.Decide(models.Facts{}, w.now); err == nil {
			t.Errorf("%v may apply a pack", a.Roles)
		}
	}
}

func TestApplyPackAtAMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	day := 24 * time.Hour
	newest := models.PackHead{Number: 3, Digest: make([]byte, 32), EffectiveAt: w.now.Add(10 * day)}
	newest.Digest[0] = 7
	for _, c := range []struct {
		what   string
		digest byte
		at     time.Time
		head   models.PackHead
		want   models.Code
		number int32
		from   time.Time
	}{
		{"at once", 8, time.Time{}, newest, "", 4, w.now},
		{"in a month", 8, w.now.Add(30 * day), newest, "", 4, w.now.Add(30 * day)},
		{"since yesterday", 8, w.now.Add(-day), newest, "", 4, w.now.Add(-day)},
		{"since before that", 8, w.now.Add(-day - time.Second), newest, models.CodeOutOfRange, 0, time.Time{}},
		{"what comes anyway", 7, w.now.Add(10 * day), newest, "", 0, time.Time{}},
		{"what comes, earlier", 7, time.Time{}, newest, "", 4, w.now},
		{"what is in force", 7, time.Time{}, models.PackHead{Number: 3, Digest: newest.Digest, EffectiveAt: w.now.Add(-day)}, "", 0, time.Time{}},
		{"the older one again, while the newest waits", 6, time.Time{}, newest, "", 4, w.now},
		{"what comes anyway, later", 7, w.now.Add(11 * day), newest, "", 4, w.now.Add(11 * day)},
		{"what is in force, for a later day", 7, w.now.Add(day), models.PackHead{Number: 3, Digest: newest.Digest, EffectiveAt: w.now}, "", 4, w.now.Add(day)},
	} {
		intent := workflow.ApplyPack{Actor: models.System(jurisdiction), Files: []byte("zip"), Digest: [32]byte{c.digest}, EffectiveAt: c.at}
		change, err := intent.Decide(models.Facts{Pack: c.head}, w.now)
		if codeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
		made := models.PackVersion{}
		if len(change.Insert) == 1 {
			made, _ = change.Insert[0].(models.PackVersion)
		}
		if made.Number != c.number || !made.EffectiveAt.Equal(c.from) {
			t.Errorf("%s: version %d from %v, want %d from %v", c.what, made.Number, made.EffectiveAt, c.number, c.from)
		}
	}
	long := workflow.ApplyPack{Actor: models.System(jurisdiction), Document: strings.Repeat("1", 101)}
	if _, err := long.Decide(models.Facts{}, w.now); codeOf(err) != models.CodeTooLong {
		t.Errorf("a number of 101 digits: %v", err)
	}
}
