// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"testing"

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
