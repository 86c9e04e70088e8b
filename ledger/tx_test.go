// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"hientruong/ledger"
)

// withNotes makes a table that both faces can write to.
func (w *town) withNotes(tb testing.TB) {
	tb.Helper()
	_, err := w.owner(tb).Exec(tb.Context(), "CREATE TABLE notes (page text, id integer, word text, PRIMARY KEY (page, id)); GRANT ALL ON notes TO PUBLIC")
	if err != nil {
		tb.Fatal(err)
	}
}

// words are what stands on a page, as others see it.
func (w *town) words(tb testing.TB) []string {
	tb.Helper()
	return one[[]string](tb, w.DB.Pool, "SELECT array_agg(word ORDER BY id) FROM notes WHERE page = $1", tb.Name())
}

func byGorm(tb testing.TB, tx *gorm.DB, id int, word string) error {
	return tx.Table("notes").Create(map[string]any{"page": tb.Name(), "id": id, "word": word}).Error
}

func byPGX(tb testing.TB, tx pgx.Tx, id int, word string) error {
	_, err := tx.Exec(tb.Context(), "INSERT INTO notes VALUES ($1, $2, $3)", tb.Name(), id, word)
	return err
}

var errStop = errors.New("stop")

// faces is what is done in a transaction after both faces have written, and what others
// see of all that afterwards.
type faces map[string]struct {
	do      func(t *testing.T, tx ledger.Tx) error
	want    []string
	refused bool
}

func TestBothFacesAreOneTransaction(t *testing.T) {
	t.Parallel()
	faces{
		"commit": {func(*testing.T, ledger.Tx) error { return nil }, []string{"gorm", "pgx"}, false},
		"error":  {func(*testing.T, ledger.Tx) error { return errStop }, nil, true},
		"gorm may not commit": {func(t *testing.T, tx ledger.Tx) error {
			if err := tx.Gorm.Commit().Error; err == nil {
				return nil
			}
			return errStop
		}, nil, true},
		"gorm may not roll back": {func(t *testing.T, tx ledger.Tx) error {
			if err := tx.Gorm.Session(&gorm.Session{}).Rollback().Error; err == nil {
				return errStop
			}
			return nil
		}, []string{"gorm", "pgx"}, false},
		"gorm while rows of pgx are open": {func(t *testing.T, tx ledger.Tx) error {
			rows, err := tx.Query(t.Context(), "SELECT generate_series(1, 100000)")
			if err != nil {
				return err
			}
			if err := byGorm(t, tx.Gorm, 7, "busy"); err == nil {
				return errStop
			}
			rows.Close()
			return byGorm(t, tx.Gorm, 7, "free")
		}, []string{"gorm", "pgx", "free"}, false},
		"gorm may not begin": {func(t *testing.T, tx ledger.Tx) error {
			if err := tx.Gorm.Begin().Error; err == nil {
				return errStop
			}
			return nil
		}, []string{"gorm", "pgx"}, false},
	}.check(t)
}

func TestTransactionsNest(t *testing.T) {
	t.Parallel()
	faces{
		"gorm's transaction stays": {func(t *testing.T, tx ledger.Tx) error {
			return tx.Gorm.Transaction(func(inner *gorm.DB) error { return byGorm(t, inner, 4, "inner") })
		}, []string{"gorm", "pgx", "inner"}, false},
		"gorm's transaction goes": {func(t *testing.T, tx ledger.Tx) error {
			err := tx.Gorm.Transaction(func(inner *gorm.DB) error {
				if err := byGorm(t, inner, 4, "inner"); err != nil {
					return err
				}
				return errStop
			})
			if !errors.Is(err, errStop) {
				return errors.New("the inner error was lost")
			}
			return nil
		}, []string{"gorm", "pgx"}, false},
		"a failure inside gorm's transaction": {func(t *testing.T, tx ledger.Tx) error {
			if err := tx.Gorm.Transaction(func(inner *gorm.DB) error { return byGorm(t, inner, 2, "again") }); err == nil {
				return errors.New("one id was given twice")
			}
			return byGorm(t, tx.Gorm, 5, "after")
		}, []string{"gorm", "pgx", "after"}, false},
		"nested twice": {func(t *testing.T, tx ledger.Tx) error {
			return tx.Gorm.Transaction(func(outer *gorm.DB) error {
				_ = outer.Transaction(func(inner *gorm.DB) error {
					_ = byGorm(t, inner, 4, "innermost")
					return errStop
				})
				return byGorm(t, outer, 5, "outer")
			})
		}, []string{"gorm", "pgx", "outer"}, false},
		"pgx's savepoint": {func(t *testing.T, tx ledger.Tx) error {
			inner, err := tx.Begin(t.Context())
			if err != nil {
				return err
			}
			if err := byPGX(t, inner, 4, "inner"); err != nil {
				return err
			}
			return inner.Rollback(t.Context())
		}, []string{"gorm", "pgx"}, false},
	}.check(t)
}

func (cases faces) check(t *testing.T) {
	t.Helper()
	w := newTown(t)
	w.withNotes(t)
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := ledger.InTx(t.Context(), w.DB.Gorm, func(tx ledger.Tx) error {
				if err := byGorm(t, tx.Gorm, 2, "gorm"); err != nil {
					return err
				}
				if err := byPGX(t, tx, 3, "pgx"); err != nil {
					return err
				}
				w.seeEachOther(t, tx)
				return c.do(t, tx)
			})
			if (err != nil) != c.refused {
				t.Errorf("error %v", err)
			}
			if d := cmp.Diff(c.want, w.words(t)); d != "" {
				t.Error(d)
			}
			w.idle(t)
		})
	}
}

func (w *town) seeEachOther(t *testing.T, tx ledger.Tx) {
	t.Helper()
	var ofPGX, ofGorm string
	if err := tx.Gorm.Raw("SELECT word FROM notes WHERE id = 3 AND page = ?", t.Name()).Scan(&ofPGX).Error; err != nil || ofPGX != "pgx" {
		t.Errorf("gorm sees %q of pgx, error %v", ofPGX, err)
	}
	if err := tx.QueryRow(t.Context(), "SELECT word FROM notes WHERE id = 2 AND page = $1", t.Name()).Scan(&ofGorm); err != nil || ofGorm != "gorm" {
		t.Errorf("pgx sees %q of gorm, error %v", ofGorm, err)
	}
	if seen := w.words(t); seen != nil {
		t.Errorf("others see %v before the commit", seen)
	}
	if late := one[time.Duration](t, w.DB.Pool, "SELECT clock_timestamp() - $1::timestamptz", tx.Now); late < 0 || late > time.Minute {
		t.Errorf("now is %s ago", late)
	}
}

// idle fails unless every connection is back and out of any transaction.
func (w *town) idle(t *testing.T) {
	t.Helper()
	eventually(t, "no connection is in use", func() bool { return w.DB.Pool.Stat().AcquiredConns() == 0 })
	open := "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
	eventually(t, "no transaction is open", func() bool { return one[int](t, w.DB.Pool, open) == 0 })
}

func TestAPanicRollsBack(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.withNotes(t)
	func() {
		defer func() {
			if r := recover(); r != "oh" {
				t.Errorf("recovered %v", r)
			}
		}()
		_ = ledger.InTx(t.Context(), w.DB.Gorm, func(tx ledger.Tx) error {
			if err := byGorm(t, tx.Gorm, 2, "gorm"); err != nil {
				t.Error(err)
			}
			return tx.Gorm.Transaction(func(*gorm.DB) error { panic("oh") })
		})
	}()
	w.idle(t)
	if err := ledger.InTx(t.Context(), w.DB.Gorm, func(tx ledger.Tx) error { return byGorm(t, tx.Gorm, 2, "after") }); err != nil {
		t.Error(err)
	}
	if d := cmp.Diff([]string{"after"}, w.words(t)); d != "" {
		t.Error(d)
	}
}

func TestACancelledTransactionLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.withNotes(t)
	for range 12 { // more than there are connections
		ctx, cancel := context.WithCancel(t.Context())
		err := ledger.InTx(ctx, w.DB.Gorm, func(tx ledger.Tx) error {
			if err := byGorm(t, tx.Gorm, 2, "gorm"); err != nil {
				t.Error(err)
			}
			cancel()
			if err := byGorm(t, tx.Gorm, 3, "late"); err == nil {
				t.Error("gorm went on after the end")
			}
			var word string
			if err := tx.Gorm.Raw("SELECT 'late'").Row().Scan(&word); !errors.Is(err, context.Canceled) {
				t.Errorf("a row after the end: %v", err)
			}
			return nil
		})
		if err == nil {
			t.Error("it was committed")
		}
	}
	w.idle(t)
	if words := w.words(t); words != nil {
		t.Errorf("there is %v", words)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := ledger.InTx(gone, w.DB.Gorm, func(ledger.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("begun after the end: %v", err)
	}
}
