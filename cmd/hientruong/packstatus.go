// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"time"

	"hientruong/models"
)

// How a version stands.
const (
	standsInForce   = "in force"
	standsScheduled = "scheduled"
	standsReplaced  = "replaced"
	standsDropped   = "dropped before its day"
)

// standing tells how one of a jurisdiction's versions stands; current is the number of the
// one that is in force.
func standing(one models.PackVersion, all []models.PackVersion, current int32, now time.Time) string {
	switch {
	case one.Number == current:
		return standsInForce
	case dropped(one, all):
		return standsDropped
	case one.EffectiveAt.After(now):
		return standsScheduled
	default:
		return standsReplaced
	}
}

// dropped tells whether a version was called off: another that was applied after it was in
// force when its own moment came, or will be.
func dropped(one models.PackVersion, all []models.PackVersion) bool {
	for _, other := range all {
		from := other.EffectiveAt
		if other.AppliedAt.After(from) {
			from = other.AppliedAt
		}
		if other.Number > one.Number && one.EffectiveAt.After(one.AppliedAt) && !from.After(one.EffectiveAt) {
			return true
		}
	}
	return false
}

// calledOff says of each version that waited for its day, and that a new one keeps from
// it, that it no longer comes.
func calledOff(made models.PackVersion, all []models.PackVersion, zone *time.Location) []string {
	var lines []string
	var before []models.PackVersion
	for _, v := range all {
		if v.Number < made.Number {
			before = append(before, v)
		}
	}
	for _, v := range before {
		if !v.EffectiveAt.After(made.AppliedAt) || dropped(v, before) || !dropped(v, append(before[:len(before):len(before)], made)) {
			continue
		}
		document := ""
		if v.Document != "" {
			document = " (" + v.Document + ")"
		}
		lines = append(lines, fmt.Sprintf("version %d%s, scheduled for %s, no longer comes into force: apply it again if it still should",
			v.Number, document, dayIn(v.EffectiveAt, zone)))
	}
	return lines
}

// dayIn shows a moment as its day where it is the day's beginning.
func dayIn(t time.Time, zone *time.Location) string {
	if t = t.In(zone); t.Equal(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)) {
		return t.Format(time.DateOnly)
	}
	return shownAt(t, zone)
}
