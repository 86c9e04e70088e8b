// SPDX-License-Identifier: Apache-2.0

package models

import (
	"slices"

	"github.com/google/uuid"
)

// ActorKind is what sort of caller acts.
type ActorKind string

// The kinds of actors.
const (
	ActorGuest   ActorKind = "guest"   // nobody is known
	ActorDevice  ActorKind = "device"  // a phone that proved its secret
	ActorCitizen ActorKind = "citizen" // a person who proved a phone number
	ActorStaff   ActorKind = "staff"
	ActorSystem  ActorKind = "system" // a clock or a job
)

// Actor is who acts: proven by a token, never by what a request says.
type Actor struct {
	Kind         ActorKind
	ID           uuid.UUID // zero for a guest and for the system
	Jurisdiction int32
	Roles        []Role
	Unit         string    // the staff member's unit code, "" without one
	DeviceID     uuid.UUID // the phone in use, where one is known
	SessionID    uuid.UUID // of the token; zero without one
	Language     Language
	Demo         bool // a device or account of the demo
	// Proven is the one report whose reporter a guest has proven to be, by its code and the
	// phone number that was given with it; zero for none.
	Proven uuid.UUID
}

// System is the actor of clocks and jobs.
func System(jurisdiction int32) Actor {
	return Actor{Kind: ActorSystem, Jurisdiction: jurisdiction, Roles: []Role{RoleSystem}}
}

// Guest is the actor of a call without a token.
func Guest(jurisdiction int32) Actor {
	return Actor{Kind: ActorGuest, Jurisdiction: jurisdiction, Roles: []Role{RoleGuest}}
}

// ProvenGuest is a guest who has proven to be the reporter of one report.
func ProvenGuest(jurisdiction int32, report uuid.UUID) Actor {
	a := Guest(jurisdiction)
	a.Proven = report
	return a
}

// Has says whether the actor holds a role.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// IsStaff says whether the actor is a staff member.
func (a Actor) IsStaff() bool { return a.Kind == ActorStaff }

// String names the actor for the log of events: its kind and id, nothing personal.
func (a Actor) String() string {
	if a.ID == uuid.Nil {
		return string(a.Kind)
	}
	return string(a.Kind) + ":" + a.ID.String()
}

// Owns says whether the actor is the reporter of r: the same citizen, or the same device
// where nobody had signed in on it. What a citizen sent in is not for whoever has the
// phone next.
func (a Actor) Owns(r *Report) bool {
	if a.Proven != uuid.Nil {
		return a.Proven == r.ID && a.Jurisdiction == r.JurisdictionID
	}
	if a.Kind == ActorCitizen && r.CitizenID != nil && *r.CitizenID == a.ID {
		return true
	}
	if a.Kind == ActorStaff && r.AgentID != nil && *r.AgentID == a.ID {
		return a.Has(RoleAgent)
	}
	return (a.Kind == ActorCitizen || a.Kind == ActorDevice) && a.DeviceID != uuid.Nil && r.CitizenID == nil && r.DeviceID != nil && *r.DeviceID == a.DeviceID
}
