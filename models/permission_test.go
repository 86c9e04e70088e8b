// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hientruong/models"
)

// The whole table, so that every change of it shows: A all, U unit, O own, . none. The
// columns are the roles in the order of everyRole.
const permissionTable = `
                       guest citizen agent machine operator verifier unit_coordinator handler unit_head leader press auditor administrator system
report.submit            O      O      O      O       O        .            .            .        .       .     .      .          .          .
report.submit_for        .      .      O      .       O        .            .            .        .       .     .      .          .          .
report.read.public       A      A      A      A       A        A            A            A        A       A     A      A          A          .
report.read.unit         .      .      .      .       .        .            U            U        U       .     .      .          .          .
report.read.operations   .      .      .      .       A        A            .            .        .       A     .      A          A          .
report.act               O      O      O      .       A        A            U            U        U       A     .      .          .          A
report.claim             .      .      .      .       A        A            .            .        .       .     .      .          .          .
contact.read             .      .      .      .       A        A            .            .        .       .     .      .          .          .
inbox.read               .      .      .      .       A        A            U            U        U       A     .      .          .          .
photo.upload             O      O      O      O       O        O            U            U        U       .     .      .          .          .
changes.read             O      O      O      O       A        A            U            U        U       A     O      A          A          .
device.register          O      O      .      .       .        .            .            .        .       .     .      .          .          .
profile                  .      O      O      O       O        O            O            O        O       O     O      O          O          .
staff.manage             .      .      .      .       .        .            .            .        .       .     .      .          A          .
pack.apply               .      .      .      .       .        .            .            .        .       .     .      .          A          A
audit.read               .      .      .      .       .        .            .            .        .       .     .      A          A          .
deliveries.read          .      .      .      .       .        .            .            .        .       .     .      A          A          .
report.follow            O      O      .      .       .        .            .            .        .       .     .      .          .          .
report.message           O      O      O      .       A        A            .            .        .       .     .      .          .          .
report.note              .      .      .      .       A        A            U            U        U       A     .      .          .          .
text.correct             .      .      .      .       A        A            .            .        .       .     .      .          .          .
text.erase               .      .      .      .       .        A            .            .        .       .     .      .          A          .
tasks.hand_over          .      .      .      .       .        .            .            .        .       .     .      .          A          A
routing.try              .      .      .      .       A        A            .            .        .       .     .      .          A          .
decision.make            .      .      .      .       .        .            .            .        .       A     .      .          A          A
templates.read           .      .      .      .       A        A            A            A        A       A     .      .          A          .
packs.read               .      .      .      .       A        A            .            .        .       A     .      A          A          .
report.repack            .      .      .      .       .        .            .            .        .       .     .      .          A          A
`

func everyRole() []models.Role {
	return append(append([]models.Role{models.RoleGuest}, models.Roles()...), models.RoleSystem)
}

func unitRoles() []models.Role {
	return []models.Role{models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead}
}

func holding(roles ...models.Role) models.Actor {
	return models.Actor{Kind: models.ActorStaff, Roles: roles, Unit: "dien-chieu-sang"}
}

func TestPermissionTable(t *testing.T) {
	t.Parallel()
	mark := map[models.Reach]string{models.ReachNone: ".", models.ReachOwn: "O", models.ReachUnit: "U", models.ReachAll: "A"}
	var got [][]string
	header := []string{}
	for _, role := range everyRole() {
		header = append(header, string(role))
	}
	got = append(got, header)
	for _, op := range models.Operations() {
		row := []string{string(op)}
		for _, role := range everyRole() {
			row = append(row, mark[holding(role).Reach(op)])
		}
		got = append(got, row)
	}
	var want [][]string
	for line := range strings.Lines(strings.TrimSpace(permissionTable)) {
		want = append(want, strings.Fields(line))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the permission table changed (-want +got):\n%s", diff)
	}
}

func TestUnitRolesNeverReadContacts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		roles := rapid.SliceOf(rapid.SampledFrom(unitRoles())).Draw(t, "roles")
		a := holding(roles...)
		a.Unit = rapid.StringMatching(`[a-z]{0,3}`).Draw(t, "unit")
		for _, op := range []models.Operation{models.OpContactRead, models.OpReportOperations, models.OpAuditRead, models.OpStaffManage} {
			if a.May(op) {
				t.Fatalf("%v may do %s", roles, op)
			}
		}
	})
}

func TestReachIsTheWidestOfTheRoles(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		roles := rapid.SliceOf(rapid.SampledFrom(everyRole())).Draw(t, "roles")
		op := rapid.SampledFrom(models.Operations()).Draw(t, "operation")
		widest := models.ReachNone
		for _, role := range roles {
			widest = max(widest, holding(role).Reach(op))
		}
		if got := holding(roles...).Reach(op); got != widest {
			t.Fatalf("%v reach %d with %s, the widest of them is %d", roles, got, op, widest)
		}
	})
}

func TestUnitReachNeedsAUnit(t *testing.T) {
	t.Parallel()
	for _, role := range unitRoles() {
		for _, op := range models.Operations() {
			homeless := models.Actor{Kind: models.ActorStaff, Roles: []models.Role{role}}
			if reach := homeless.Reach(op); reach == models.ReachUnit {
				t.Errorf("%s without a unit reaches a unit with %s", role, op)
			}
		}
	}
}

func TestRequire(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		actor models.Actor
		op    models.Operation
		want  models.Code
	}{
		{models.Guest(1), models.OpReportSubmit, ""},
		{models.Guest(1), models.OpProfile, models.CodeUnauthorized},
		{models.Guest(1), models.OpContactRead, models.CodeUnauthorized},
		{holding(models.RoleHandler), models.OpContactRead, models.CodeForbidden},
		{holding(models.RoleOperator), models.OpContactRead, ""},
		{holding(), models.OpReportPublic, models.CodeForbidden},
		{models.System(1), models.OpReportAct, ""},
		{models.System(1), models.OpContactRead, models.CodeForbidden},
	} {
		t.Run(fmt.Sprintf("%s %v %s", c.actor.Kind, c.actor.Roles, c.op), func(t *testing.T) {
			t.Parallel()
			err := c.actor.Require(c.op)
			if (err == nil) != (c.want == "") || err != nil && models.CodeOf(err) != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
