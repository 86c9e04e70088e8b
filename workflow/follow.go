// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// Follow lets somebody hear what becomes of a report that is not theirs; MeToo says that
// they are affected as well, and End that they want to hear no more. What is so already
// changes nothing. A report that the public is not shown can only be left.
type Follow struct {
	Actor    models.Actor
	ReportID uuid.UUID
	MeToo    bool
	End      bool
	Key      *models.IdempotencyKey
}

// Needs implements models.Intent.
func (i Follow) Needs() models.Needs {
	return models.Needs{Jurisdiction: i.Actor.Jurisdiction, Reports: []uuid.UUID{i.ReportID}, Idempotency: i.Key}
}

// Decide implements models.Intent. It refuses with CodeUnauthorized who is nobody known,
// CodeForbidden, CodeNotFound, and CodeTransitionRefused for the caller's own report.
func (i Follow) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	if err := i.Actor.Require(models.OpReportFollow); err != nil {
		return models.Change{}, err
	}
	if i.Actor.ID == uuid.Nil {
		return models.Change{}, models.E(models.CodeUnauthorized)
	}
	f, ok := facts.Reports[i.ReportID]
	if !ok || f.Report.JurisdictionID != i.Actor.Jurisdiction {
		return models.Change{}, models.E(models.CodeNotFound)
	}
	was, follows := models.Follow{}, false
	at := slices.IndexFunc(f.Follows, func(o models.Follow) bool { return o.Follower == i.Actor.String() })
	if at >= 0 {
		was, follows = f.Follows[at], f.Follows[at].Active()
	}
	switch {
	case i.Actor.Owns(&f.Report):
		return models.Change{}, models.E(models.CodeTransitionRefused)
	case f.Report.Shown == models.ShownNone && (!i.End || !follows):
		return models.Change{}, models.E(models.CodeNotFound)
	case i.End && !follows, !i.End && follows && (was.MeToo || !i.MeToo):
		return models.Change{Subject: i.ReportID}, nil
	}
	return i.change(f, was, at >= 0, now), nil
}

// change writes the wish down and counts it.
func (i Follow) change(f *models.ReportFacts, was models.Follow, there bool, now time.Time) models.Change {
	m := &move{report: f.Report, actor: i.Actor, origin: f.Report.Origin, now: now}
	is := models.Follow{
		JurisdictionID: f.Report.JurisdictionID, ReportID: i.ReportID, Follower: i.Actor.String(), MeToo: i.MeToo && !i.End, CreatedAt: now,
	}
	if there {
		is.CreatedAt = was.CreatedAt
	}
	kind := models.EventReportFollowed
	if i.End {
		kind, is.EndedAt = models.EventReportUnfollowed, &now
	}
	m.report.Followers += counted(is.Active()) - counted(there && was.Active())
	m.report.MeToo += counted(is.MeToo) - counted(there && was.MeToo && was.Active())
	m.event(kind, models.Body{Follower: is.Follower, MeToo: is.MeToo})
	c := m.change(false)
	if there {
		c.Update = append(c.Update, is)
	} else {
		c.Insert = append(c.Insert, is)
	}
	return c
}

func counted(yes bool) int32 {
	if yes {
		return 1
	}
	return 0
}
