// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// KeepOTP keeps a code in place of the phone's last one. It returns false and keeps
// nothing when the last one was sent after notSince.
func KeepOTP(ctx context.Context, db *gorm.DB, o OTP, notSince time.Time) (bool, error) {
	done := db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "jurisdiction_id"}, {Name: "phone_index"}},
		DoUpdates: clause.AssignmentColumns([]string{"code_hash", "tries", "sent_at", "expires_at"}),
		Where:     clause.Where{Exprs: []clause.Expression{gorm.Expr("otps.sent_at <= ?", notSince)}},
	}).Create(&o)
	return done.RowsAffected == 1, FromDatabase(done.Error)
}

// OTPOf returns the code that was last sent to a phone, or CodeNotFound.
func OTPOf(ctx context.Context, db *gorm.DB, jurisdiction int32, phoneIndex []byte) (OTP, error) {
	var o OTP
	err := db.WithContext(ctx).Where("jurisdiction_id = ? AND phone_index = ?", jurisdiction, phoneIndex).Take(&o).Error
	return o, FromDatabase(err)
}

// CountTry counts a try at a code that is valid at the time and had fewer tries than
// most. It returns false when there is none such. Counting comes before comparing, so
// that many tries at once gain nothing.
func CountTry(ctx context.Context, db *gorm.DB, o OTP, most int, at time.Time) (bool, error) {
	done := otpRow(ctx, db, o).Where("tries < ? AND expires_at > ?", most, at).Update("tries", gorm.Expr("tries + 1"))
	return done.RowsAffected == 1, FromDatabase(done.Error)
}

// DropOTP takes a code away; it returns false when somebody else did.
func DropOTP(ctx context.Context, db *gorm.DB, o OTP) (bool, error) {
	done := otpRow(ctx, db, o).Delete(&OTP{})
	return done.RowsAffected == 1, FromDatabase(done.Error)
}

// DropOTPsBefore takes away the codes that ran out before a time, and says how many.
func DropOTPsBefore(ctx context.Context, db *gorm.DB, before time.Time) (int64, error) {
	done := db.WithContext(ctx).Where("expires_at < ?", before).Delete(&OTP{})
	return done.RowsAffected, FromDatabase(done.Error)
}

// otpRow is the very code that was read, not one that has come in its place.
func otpRow(ctx context.Context, db *gorm.DB, o OTP) *gorm.DB {
	return db.WithContext(ctx).Model(&OTP{}).
		Where("jurisdiction_id = ? AND phone_index = ? AND code_hash = ?", o.JurisdictionID, o.PhoneIndex, o.CodeHash)
}
