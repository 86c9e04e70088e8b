// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"errors"
	"log/slog"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// slowQuery is when a statement is worth a warning.
const slowQuery = 500 * time.Millisecond

// gormLog hands GORM's log to slog. Queries keep their placeholders and errors
// are reduced to SQLSTATE and constraint: the values are citizens' data.
type gormLog struct{ log *slog.Logger }

var (
	_ logger.Interface  = gormLog{}
	_ gorm.ParamsFilter = gormLog{}
)

func newGormLog(log *slog.Logger) gormLog { return gormLog{log: log} }

// LogMode changes nothing: the level is slog's.
func (l gormLog) LogMode(logger.LogLevel) logger.Interface { return l }

// Info logs GORM's message without the values that belong in it.
func (l gormLog) Info(ctx context.Context, message string, _ ...any) {
	l.log.DebugContext(ctx, message)
}

// Warn logs GORM's message without the values that belong in it.
func (l gormLog) Warn(ctx context.Context, message string, _ ...any) { l.log.WarnContext(ctx, message) }

// Error logs GORM's message without the values that belong in it.
func (l gormLog) Error(ctx context.Context, message string, _ ...any) {
	l.log.ErrorContext(ctx, message)
}

// literal is a quoted text, or a number that is no placeholder and no part of a name.
var literal = regexp.MustCompile(`'(?:[^']|'')*'|([^$\w]|^)\d+(?:\.\d+)?`)

// ParamsFilter keeps the values of a query out of its text.
func (l gormLog) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}

// Trace logs a failed or slow statement as a warning, any other one for debugging.
// A refused constraint is the caller's to judge and stays at debug as well.
func (l gormLog) Trace(ctx context.Context, begin time.Time, query func() (string, int64), err error) {
	took := time.Since(begin)
	level, message := slog.LevelDebug, "query"
	switch {
	case err != nil && !expected(err):
		level, message = slog.LevelWarn, "query failed"
	case took > slowQuery:
		level, message = slog.LevelWarn, "query slow"
	}
	if !l.log.Enabled(ctx, level) {
		return
	}
	sql, rows := query()
	// GORM's Scan writes the values into the text without asking ParamsFilter.
	sql = literal.ReplaceAllString(sql, "${1}?")
	attrs := []slog.Attr{slog.String("sql", sql), slog.Int64("rows", rows), slog.Duration("took", took)}
	l.log.LogAttrs(ctx, level, message, append(attrs, describe(err)...)...)
}

func expected(err error) bool {
	var pg *pgconn.PgError
	return errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, context.Canceled) ||
		errors.As(err, &pg) && pg.Code[:2] == "23"
}

func describe(err error) []slog.Attr {
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &pg):
		return []slog.Attr{slog.String("sqlstate", pg.Code), slog.String("constraint", pg.ConstraintName)}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return []slog.Attr{slog.String("error", "cancelled")}
	default:
		return []slog.Attr{slog.String("error", "not from the server")}
	}
}
