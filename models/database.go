// SPDX-License-Identifier: Apache-2.0

package models

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
)

// FromDatabase turns an error of the database into a domain error, by its SQLSTATE. An
// error that is one already stays as it is; nil stays nil.
func FromDatabase(err error) error {
	var known *Error
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, gorm.ErrRecordNotFound):
		return E(CodeNotFound)
	case errors.Is(err, context.DeadlineExceeded):
		return Wrap(CodeTimeout, err)
	case errors.As(err, &pg):
		return fromPostgres(pg, err)
	case isConnection(err):
		return Wrap(CodeUnavailable, err)
	default:
		return Wrap(CodeInternal, err)
	}
}

// fromPostgres maps a SQLSTATE, and the constraints that a request can break by itself: a
// reference of the sender's own that another report of the channel has, a login that
// somebody else was given meanwhile. Classes 08, 53 and 57 are a server that is away or
// overloaded, 40 and 55P03 a conflict that a later try does not meet.
func fromPostgres(pg *pgconn.PgError, err error) error {
	switch class := pg.Code[:min(2, len(pg.Code))]; {
	case pg.ConstraintName == "reports_external_ref_key":
		return Invalid(Field("body.external_ref", CodeInvalidValue, nil))
	case pg.ConstraintName == "staff_login_key":
		return Invalid(Field("body.login", CodeInvalidValue, nil))
	case class == "08", class == "53", class == "57", class == "40", pg.Code == "55P03", pg.Code == "25P03":
		return Wrap(CodeUnavailable, err)
	default:
		return Wrap(CodeInternal, err)
	}
}

// isConnection says whether the error means that the server could not be talked to.
func isConnection(err error) bool {
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || pgconn.SafeToRetry(err) || strings.Contains(err.Error(), "conn closed")
}

// columnsOf names the columns of a model, with its table. A program that asked for all of
// them would stumble over the one that a newer version adds while both run.
func columnsOf(db *gorm.DB, model any) (string, error) {
	s := gorm.Statement{DB: db}
	if err := s.Parse(model); err != nil {
		return "", Wrap(CodeInternal, err)
	}
	names := make([]string, len(s.Schema.DBNames))
	for i, name := range s.Schema.DBNames {
		names[i] = s.Schema.Table + "." + name
	}
	return strings.Join(names, ", "), nil
}
