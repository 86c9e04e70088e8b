// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"gorm.io/gorm"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// loadDecisions puts the decisions of every jurisdiction into the holder. None is ever
// taken out of the database: one that is revoked says so.
func loadDecisions(ctx context.Context, db *gorm.DB, holder *pack.Holder) error {
	all, err := models.Decisions(ctx, db)
	if err != nil {
		return err
	}
	of := map[int32][]models.Decision{}
	for _, d := range all {
		of[d.JurisdictionID] = append(of[d.JurisdictionID], d)
	}
	for jurisdiction, decisions := range of {
		holder.Decide(jurisdiction, decisions)
	}
	return nil
}
