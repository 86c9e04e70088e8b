// SPDX-License-Identifier: Apache-2.0

// Package safekeeping makes a backup of an installation, restores it elsewhere and proves
// that what is there is whole. A backup is one tar file:
//
//	objects/…       the pictures that the dumped rows refer to
//	database.dump   pg_dump's custom format
//	keys.json       the keys that open what is personal
//	SHA256SUMS      of every object, in the order of the file, as sha256sum -c reads them
//	manifest.json   what all of it is, and the SHA-256 of the three files above
//	manifest.sha256 of manifest.json
//
// Whoever has it has everything, the keys included: it is as secret as they are.
package safekeeping

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"hientruong/migrations"
)

// The names of a backup's parts.
const (
	partObjects  = "objects/"
	partDump     = "database.dump"
	partKeys     = "keys.json"
	partSums     = "SHA256SUMS"
	partManifest = "manifest.json"
	partSeal     = "manifest.sha256"
)

// files are the parts that are no objects.
func files() []string { return []string{partDump, partKeys, partSums, partManifest, partSeal} }

// maxManifest bounds what is read as a manifest, in bytes.
const maxManifest = 64 << 20

// format is the version of the layout that this program writes and reads.
const format = 1

var (
	// ErrDamaged is a backup whose content is not what its manifest says.
	ErrDamaged = errors.New("the backup is damaged")
	// ErrNewer is a backup of a newer program than this one.
	ErrNewer = errors.New("the backup was made by a newer program: restore it with that one")
)

// Manifest says what a backup holds. Times are UTC, sizes bytes, hashes hex.
type Manifest struct {
	Format     int              `json:"format"`
	Program    string           `json:"program"`
	PostgreSQL string           `json:"postgresql"`
	Schema     int64            `json:"schema"` // number of the newest migration
	MadeAt     time.Time        `json:"made_at"`
	Logs       []Log            `json:"logs"`
	Counts     map[string]int64 `json:"counts"` // rows by table
	Objects    Tally            `json:"objects"`
	Parts      map[string]Part  `json:"parts"`
	Absent     []Absent         `json:"absent"`
}

// Log is the head of a jurisdiction's log.
type Log struct {
	ID    int32  `json:"id"`
	Code  string `json:"code"`
	Pos   int64  `json:"pos"`
	Hash  string `json:"hash"`
	Epoch string `json:"epoch"`
}

// Tally counts objects.
type Tally struct {
	Count int64 `json:"count"`
	Bytes int64 `json:"bytes"`
}

// Part is one file of the backup.
type Part struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Absent is an object that a dumped row refers to and the store did not have.
type Absent struct {
	Key string `json:"key"`
	Why string `json:"why"`
}

// Why an object is absent.
const (
	whyFinished = "its photo was finished or given up after the database was dumped"
	whyLost     = "the store had lost it before"
)

// summarise fills in what the database says of itself, as a transaction sees it.
func (m *Manifest) summarise(ctx context.Context, tx pgx.Tx) error {
	if err := tx.QueryRow(ctx, "SHOW server_version").Scan(&m.PostgreSQL); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&m.Schema); err != nil {
		return err
	}
	var err error
	if m.Logs, err = readLogs(ctx, tx); err != nil {
		return err
	}
	m.Counts, err = countRows(ctx, tx)
	return err
}

// querier is a pool, a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func readLogs(ctx context.Context, db querier) ([]Log, error) {
	rows, err := db.Query(ctx, `SELECT j.id, j.code, h.pos, h.hash, h.epoch::text FROM jurisdictions j JOIN log_head h ON h.jurisdiction_id = j.id ORDER BY j.id`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Log, error) {
		var l Log
		var hash []byte
		err := row.Scan(&l.ID, &l.Code, &l.Pos, &hash, &l.Epoch)
		l.Hash = hex.EncodeToString(hash)
		return l, err
	})
}

// countRows counts the tables that must come back whole. Events are not among them: their
// number is the head's, and the audit counts them.
func countRows(ctx context.Context, db querier) (map[string]int64, error) {
	counts := map[string]int64{}
	for _, table := range []string{"reports", "texts", "photos", "contacts", "citizens", "devices", "staff", "pack_versions", "notifications"} {
		var n int64
		if err := db.QueryRow(ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			return nil, err
		}
		counts[table] = n
	}
	return counts, nil
}

// sealOf is the content of manifest.sha256.
func sealOf(manifest []byte) string {
	return fmt.Sprintf("%x  %s\n", sha256.Sum256(manifest), partManifest)
}

// parseManifest reads a manifest that this program can restore.
func parseManifest(content []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(content, &m); err != nil {
		return m, fmt.Errorf("%w: %s cannot be read", ErrDamaged, partManifest)
	}
	newest, err := newestSchema()
	if err != nil {
		return m, err
	}
	if m.Format > format || m.Schema > newest {
		return m, fmt.Errorf("%w (%s)", ErrNewer, m.Program)
	}
	for _, name := range []string{partDump, partKeys, partSums} {
		if _, ok := m.Parts[name]; !ok {
			return m, fmt.Errorf("%w: %s does not name %s", ErrDamaged, partManifest, name)
		}
	}
	return m, nil
}

// newestSchema is the number of the newest migration of this program.
func newestSchema() (int64, error) {
	files, err := migrations.FS.ReadDir(".")
	if err != nil {
		return 0, err
	}
	return goose.NumericComponent(files[len(files)-1].Name())
}

// program names this program and the revision that it was built from.
func program() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "hientruong"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return "hientruong " + setting.Value
		}
	}
	return "hientruong " + info.Main.Version
}
