// SPDX-License-Identifier: Apache-2.0

package models

import "slices"

// RolesApart returns two roles that no one account may hold together, and whether there
// are such. What hides a reporter from the units is that nobody who works for a unit can
// read contacts, or make accounts that can: by the table, whoever reads a unit's reports
// does neither.
func RolesApart(held []Role) (inUnit, above Role, apart bool) {
	reads := func(r Role) bool { return permissions[OpReportUnit][r] > ReachNone }
	exposes := func(r Role) bool {
		return permissions[OpContactRead][r] > ReachNone || permissions[OpStaffManage][r] > ReachNone
	}
	unit, other := slices.IndexFunc(held, reads), slices.IndexFunc(held, exposes)
	if unit < 0 || other < 0 {
		return "", "", false
	}
	return held[unit], held[other], true
}
