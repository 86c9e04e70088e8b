// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hientruong/models"
)

func TestRolesApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		held          []models.Role
		inUnit, above models.Role
	}{
		{nil, "", ""},
		{[]models.Role{models.RoleOperator, models.RoleVerifier}, "", ""},
		{[]models.Role{models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead}, "", ""},
		{[]models.Role{models.RoleLeader, models.RoleUnitHead, models.RoleAuditor}, "", ""},
		{[]models.Role{models.RoleLeader, models.RoleOperator, models.RolePress}, "", ""},
		{[]models.Role{models.RoleAdministrator, models.RoleOperator, models.RoleAuditor}, "", ""},
		{[]models.Role{models.RoleHandler, models.RoleOperator}, models.RoleHandler, models.RoleOperator},
		{[]models.Role{models.RoleVerifier, models.RoleLeader, models.RoleCoordinator}, models.RoleCoordinator, models.RoleVerifier},
		{[]models.Role{models.RoleAdministrator, models.RoleUnitHead}, models.RoleUnitHead, models.RoleAdministrator},
	} {
		inUnit, above, apart := models.RolesApart(c.held)
		if inUnit != c.inUnit || above != c.above || apart != (c.inUnit != "") {
			t.Errorf("%v: %q and %q apart: %v", c.held, inUnit, above, apart)
		}
	}
}

// Whoever holds roles that may be held together never has a unit's view and a way to a
// contact at once.
func TestRolesTogetherHideTheReporter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		roles := rapid.SliceOfN(rapid.SampledFrom(models.Roles()), 1, 5).Draw(t, "roles")
		_, _, apart := models.RolesApart(roles)
		a := holding(roles...)
		way := a.May(models.OpContactRead) || a.May(models.OpStaffManage)
		if want := a.May(models.OpReportUnit) && way; apart != want {
			t.Fatalf("%v apart: %v, want %v", roles, apart, want)
		}
		slices.Reverse(roles)
		if _, _, again := models.RolesApart(roles); again != apart {
			t.Fatalf("%v: the order matters", roles)
		}
	})
}
