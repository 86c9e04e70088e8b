// SPDX-License-Identifier: Apache-2.0

package database

import (
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/text/secure/precis"
)

// ErrRole is an application's address that names no user of its own: the owner may
// change events, the application must not be able to.
var ErrRole = errors.New("database: the application's address must name a user of its own (a-z, 0-9, _), with a password, and not the owner")

// roleName is narrow on purpose: such a name needs no quoting anywhere.
var roleName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`)

// grantApplication makes the application's role where it is missing and sets its
// rights anew. An existing role keeps its password.
func grantApplication(ctx context.Context, pool *pgxpool.Pool, appURL string) error {
	app, err := pgx.ParseConfig(appURL)
	if err != nil {
		return ErrURL
	}
	if !roleName.MatchString(app.User) || app.User == pool.Config().ConnConfig.User {
		return ErrRole
	}
	if err := ensureRole(ctx, pool, app.User, app.Password); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { return grant(ctx, tx, app.User) })
}

func ensureRole(ctx context.Context, pool *pgxpool.Pool, role, password string) error {
	var exists bool
	if err := pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`, role).Scan(&exists); err != nil {
		return err
	}
	if exists {
		return nil
	}
	if password == "" {
		return ErrRole
	}
	secret, err := scramVerifier(password)
	if err != nil {
		return err
	}
	_, err = pool.Exec(ctx, fmt.Sprintf(`CREATE ROLE %s LOGIN PASSWORD '%s'`, role, secret))
	var pg *pgconn.PgError
	// Roles belong to the cluster: a migration of another database may have been quicker.
	if errors.As(err, &pg) && (pg.Code == "42710" || pg.Code == "23505") {
		return nil
	}
	if err != nil {
		return fmt.Errorf("role %s: %w", role, err)
	}
	return nil
}

// grant gives the role every table but three: events can only be added to and read
// (their partitions are reached through them alone), and the two lists of applied
// migrations can only be read. There are no default privileges on tables: a
// partition that appears later must not be born with more rights than its parent.
func grant(ctx context.Context, tx pgx.Tx, role string) error {
	const statements = `
GRANT USAGE ON SCHEMA public TO $app;
REVOKE CREATE ON SCHEMA public FROM PUBLIC, $app;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM $app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO $app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO $app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO $app;
DO $do$ DECLARE t regclass; BEGIN
	FOR t IN SELECT relid FROM pg_partition_tree(to_regclass('public.events')) LOOP
		EXECUTE format('REVOKE ALL ON %s FROM %I', t, $name);
	END LOOP;
	IF to_regclass('public.events') IS NOT NULL THEN
		EXECUTE format('GRANT SELECT, INSERT ON public.events TO %I', $name);
	END IF;
	FOREACH t IN ARRAY ARRAY[to_regclass('public.goose_db_version'), to_regclass('public.river_migration')] LOOP
		IF t IS NOT NULL THEN EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON %s FROM %I', t, $name); END IF;
	END LOOP;
END $do$`
	sql := strings.NewReplacer("$app", role, "$name", "'"+role+"'").Replace(statements)
	// The simple protocol takes several statements in one go.
	if _, err := tx.Conn().PgConn().Exec(ctx, sql).ReadAll(); err != nil {
		return fmt.Errorf("rights of role %s: %w", role, err)
	}
	return nil
}

// scramVerifier is what PostgreSQL stores for a password (RFC 5803). Made here, the
// password itself never stands in a statement that a server may log.
func scramVerifier(password string) (string, error) {
	if prepared, err := precis.OpaqueString.String(password); err == nil {
		password = prepared
	}
	const rounds = 4096
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	salted, err := pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
	if err != nil {
		return "", err
	}
	stored := sha256.Sum256(mac(salted, "Client Key"))
	b64 := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", rounds, b64(salt), b64(stored[:]), b64(mac(salted, "Server Key"))), nil
}

func mac(key []byte, message string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	return h.Sum(nil)
}
