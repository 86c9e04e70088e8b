// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// Seen is a report and the view in which whoever asked is shown it.
type Seen struct {
	Report Report
	View   View
}

// FindReport returns a report in the widest view that the actor has of it. One that is
// not theirs to see looks like one that is not there: CodeNotFound.
func FindReport(ctx context.Context, db *gorm.DB, a Actor, id uuid.UUID) (Seen, error) {
	found, err := findReport(ctx, db, a, condition{"reports.id = ?", []any{id}})
	return found.seen(), err
}

// FindReportByCode is FindReport by the public code.
func FindReportByCode(ctx context.Context, db *gorm.DB, a Actor, code string) (Seen, error) {
	found, err := findReport(ctx, db, a, condition{"reports.code = ?", []any{code}})
	return found.seen(), err
}

// FindFacts returns a report that the actor may see, whole and with all that hangs on
// it, for deciding what they may do. Nothing of it is for showing.
func FindFacts(ctx context.Context, db *gorm.DB, a Actor, id uuid.UUID) (*ReportFacts, error) {
	found, err := findReport(ctx, db, a, condition{"reports.id = ?", []any{id}})
	if err != nil {
		return nil, err
	}
	f := &ReportFacts{Report: found.Report}
	of := func() *gorm.DB {
		return db.WithContext(ctx).Where("jurisdiction_id = ? AND report_id = ?", a.Jurisdiction, id)
	}
	for _, query := range []*gorm.DB{
		of().Order("id").Find(&f.Tasks), of().Order("id").Find(&f.Deadlines),
		of().Order("round").Find(&f.Ratings), of().Order("id").Find(&f.Photos),
	} {
		if query.Error != nil {
			return nil, FromDatabase(query.Error)
		}
	}
	return f, nil
}

// TrackReport returns the report with a public code to somebody who knows the last four
// digits of its reporter's phone, as its own view. Index makes, from a report's id, the
// bytes that those digits would be kept as; of a part it is asked for the whole's. A wrong code and wrong digits look alike:
// CodeNotFound.
func TrackReport(ctx context.Context, db *gorm.DB, jurisdiction int32, code string, index func(report uuid.UUID) []byte) (Seen, error) {
	var ids []uuid.UUID
	err := db.WithContext(ctx).Model(&Report{}).Where("jurisdiction_id = ? AND code = ?", jurisdiction, code).Pluck("id", &ids).Error
	if err != nil {
		return Seen{}, FromDatabase(err)
	}
	var id uuid.UUID
	if len(ids) > 0 {
		id = ids[0]
	}
	whole, err := wholeOf(ctx, db, jurisdiction, id)
	if err != nil {
		return Seen{}, err
	}
	var r Report
	err = db.WithContext(ctx).Where("jurisdiction_id = ? AND id = ?", jurisdiction, id).
		Where("EXISTS (SELECT FROM contacts c WHERE c.jurisdiction_id = ? AND c.report_id = ? AND c.phone_last4 = ? AND c.erased_at IS NULL)",
			jurisdiction, whole, index(whole)).
		Take(&r).Error
	if err != nil {
		return Seen{}, FromDatabase(err)
	}
	return Seen{Report: r.For(ViewOwn), View: ViewOwn}, nil
}

// foundReport is a row with which of the actor's views hold for it.
type foundReport struct {
	Report
	SeenAs View
}

func (f foundReport) seen() Seen { return Seen{Report: f.For(f.SeenAs), View: f.SeenAs} }

// findReport takes the one report that meets the condition, if the actor has a view of it.
func findReport(ctx context.Context, db *gorm.DB, a Actor, which condition) (foundReport, error) {
	var all []condition
	pick, args := "CASE", []any{}
	for _, v := range seenIn(a) {
		c := scopeOf(a, v)
		all = append(all, c)
		pick += " WHEN " + c.sql + " THEN '" + string(v) + "'"
		args = append(args, c.args...)
	}
	if len(all) == 0 {
		return foundReport{}, E(CodeNotFound)
	}
	scope := anyOf(all)
	var found foundReport
	columns, err := columnsOf(db, &Report{})
	if err != nil {
		return foundReport{}, err
	}
	err = db.WithContext(ctx).Model(&Report{}).Select(columns+", "+pick+" END AS seen_as", args...).
		Where("reports.jurisdiction_id = ?", a.Jurisdiction).Where(which.sql, which.args...).Where(scope.sql, scope.args...).
		Take(&found).Error
	if err != nil {
		return foundReport{}, FromDatabase(err)
	}
	return found, nil
}
