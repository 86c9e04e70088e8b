// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// ClaimFor is how long a claim holds unless it is renewed.
const ClaimFor = 10 * time.Minute

// Claim takes a report into an operator's hand, or renews that. Release puts it back.
type Claim struct {
	Actor    models.Actor
	ReportID uuid.UUID
	Release  bool
	Key      *models.IdempotencyKey
}

// Needs implements models.Intent.
func (c Claim) Needs() models.Needs {
	return models.Needs{Jurisdiction: c.Actor.Jurisdiction, Reports: []uuid.UUID{c.ReportID}, Idempotency: c.Key}
}

// Decide implements models.Intent. It refuses with CodeClaimHeld while somebody else has
// the report in hand.
func (c Claim) Decide(facts models.Facts, now time.Time) (models.Change, error) {
	if err := c.Actor.Require(models.OpReportClaim); err != nil {
		return models.Change{}, err
	}
	f, ok := facts.Reports[c.ReportID]
	switch {
	case !ok || !Sees(c.Actor, f):
		return models.Change{}, models.E(models.CodeNotFound)
	case f.Report.ClaimedByOther(c.Actor, now):
		return models.Change{}, models.E(models.CodeClaimHeld)
	case f.Report.Phase == models.PhaseEnded && !c.Release:
		return models.Change{}, models.E(models.CodeTransitionRefused)
	case f.Report.ClaimedBy == nil && c.Release:
		return models.Change{Subject: c.ReportID}, nil
	}
	m := &move{report: f.Report, actor: c.Actor, origin: f.Report.Origin, now: now}
	kind := models.EventReportClaimed
	if c.Release {
		kind = models.EventReportReleased
		m.report.ClaimedBy, m.report.ClaimedUntil = nil, nil
	} else {
		until := now.Add(ClaimFor)
		m.report.ClaimedBy, m.report.ClaimedUntil = &c.Actor.ID, &until
	}
	m.event(kind, models.Body{Until: m.report.ClaimedUntil})
	return m.change(false), nil
}
