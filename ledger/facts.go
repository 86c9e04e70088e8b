// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hientruong/models"
)

// keptKeys are the idempotency keys that were used before, by installation and key.
type keptKeys map[[2]uuid.UUID]models.KeptKey

// known is what a batch has loaded and locked, and what it has decided since: an intent
// sees what the ones before it in the batch did.
type known struct {
	now     time.Time
	reports map[uuid.UUID]*models.ReportFacts
	photos  map[uuid.UUID]models.Photo
	texts   map[uuid.UUID]models.Text
	staff   map[uuid.UUID]models.Staff
	decided map[uuid.UUID]models.Decision
	pack    models.PackHead
	kept    keptKeys
}

// wanted is the union of what a batch's intents need, each list in order.
type wanted struct {
	reports, photos, texts, staff, decisions []uuid.UUID
	installations, keys                      []uuid.UUID
	pack                                     bool
}

func want(batch []*pending) wanted {
	var w wanted
	for _, p := range batch {
		w.reports = append(w.reports, p.needs.Reports...)
		w.photos = append(w.photos, p.needs.Photos...)
		w.texts = append(w.texts, p.needs.Texts...)
		w.staff = append(w.staff, p.needs.Staff...)
		w.decisions = append(w.decisions, p.needs.Decisions...)
		w.pack = w.pack || p.needs.Pack
		if k := p.needs.Idempotency; k != nil {
			w.installations = append(w.installations, k.Installation)
			w.keys = append(w.keys, k.Key)
		}
	}
	w.reports, w.photos, w.texts, w.staff = distinct(w.reports), distinct(w.photos), distinct(w.texts), distinct(w.staff)
	w.decisions = distinct(w.decisions)
	return w
}

func distinct(ids []uuid.UUID) []uuid.UUID {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}

// settings are the transaction's own: a writer that hangs holds up everybody's log.
const settings = "SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', '20s', true), " +
	"set_config('idle_in_transaction_session_timeout', '10s', true), set_config('plan_cache_mode', 'force_custom_plan', true)"

// milliseconds writes a time as PostgreSQL's settings have it.
func milliseconds(d time.Duration) string { return fmt.Sprintf("%dms", max(1, d.Milliseconds())) }

// load locks and reads what the batch needs in one round trip. Locks are taken in the
// order of ids, reports before photos, photos before texts, so that two nodes never wait
// for each other. The keys of what is locked never change, so that who writes a row that
// points to it waits for nothing. The time is read last: what held the locks until now was
// earlier.
func (b *book) load(ctx context.Context, tx pgx.Tx, jurisdiction int32, w wanted, patience time.Duration) (*known, error) {
	k := &known{
		reports: map[uuid.UUID]*models.ReportFacts{}, photos: map[uuid.UUID]models.Photo{}, texts: map[uuid.UUID]models.Text{},
		staff: map[uuid.UUID]models.Staff{}, decided: map[uuid.UUID]models.Decision{}, kept: keptKeys{},
	}
	q := query{book: b}
	q.Queue(settings, milliseconds(patience))
	k.queueReports(&q, jurisdiction, w.reports)
	const locked = "WHERE jurisdiction_id = $1 AND id = ANY($2) ORDER BY id FOR NO KEY UPDATE"
	k.queuePhotos(&q, jurisdiction, w)
	if len(w.texts) > 0 {
		each(&q, func(t models.Text) { k.texts[t.ID] = t }, locked, jurisdiction, uuidArray(w.texts))
	}
	if len(w.staff) > 0 {
		each(&q, func(s models.Staff) { k.staff[s.ID] = s }, locked, jurisdiction, uuidArray(w.staff))
	}
	if len(w.decisions) > 0 {
		each(&q, func(d models.Decision) { k.decided[d.ID] = d }, locked, jurisdiction, uuidArray(w.decisions))
	}
	if len(w.keys) > 0 {
		each(&q, func(i models.KeptKey) { k.kept[[2]uuid.UUID{i.Installation, i.Key}] = i },
			"JOIN unnest($2::uuid[], $3::uuid[]) AS w(installation, key) USING (installation, key) WHERE t.jurisdiction_id = $1",
			jurisdiction, uuidArray(w.installations), uuidArray(w.keys))
	}
	if w.pack {
		q.Queue("SELECT number, digest, effective_at FROM pack_versions WHERE jurisdiction_id = $1 ORDER BY number DESC LIMIT 1", jurisdiction).
			QueryRow(func(row pgx.Row) error {
				err := row.Scan(&k.pack.Number, &k.pack.Digest, &k.pack.EffectiveAt)
				if errors.Is(err, pgx.ErrNoRows) {
					return nil
				}
				return err
			})
	}
	q.Queue("SELECT clock_timestamp()").QueryRow(func(row pgx.Row) error { return row.Scan(&k.now) })
	if q.err != nil {
		return nil, q.err
	}
	if err := tx.SendBatch(ctx, &q.Batch).Close(); err != nil {
		return nil, fmt.Errorf("ledger: load: %w", err)
	}
	k.now = k.now.UTC()
	return k, nil
}

// queueReports asks for reports, locked, and then for what hangs on them: read after
// the lock, so that nobody can be changing it.
func (k *known) queueReports(q *query, jurisdiction int32, reports []uuid.UUID) {
	if len(reports) == 0 {
		return
	}
	ids := uuidArray(reports)
	const hanging = "WHERE jurisdiction_id = $1 AND report_id = ANY($2) ORDER BY "
	each(q, func(r models.Report) { k.reports[r.ID] = &models.ReportFacts{Report: r} },
		"WHERE jurisdiction_id = $1 AND id = ANY($2) ORDER BY id FOR NO KEY UPDATE", jurisdiction, ids)
	each(q, func(t models.Task) { k.add(t.ReportID, func(f *models.ReportFacts) { f.Tasks = append(f.Tasks, t) }) },
		hanging+"id", jurisdiction, ids)
	each(q, func(d models.Deadline) {
		k.add(d.ReportID, func(f *models.ReportFacts) { f.Deadlines = append(f.Deadlines, d) })
	}, hanging+"id", jurisdiction, ids)
	each(q, func(r models.Rating) {
		k.add(r.ReportID, func(f *models.ReportFacts) { f.Ratings = append(f.Ratings, r) })
	}, hanging+"round", jurisdiction, ids)
	each(q, func(o models.Follow) {
		k.add(o.ReportID, func(f *models.ReportFacts) { f.Follows = append(f.Follows, o) })
	}, hanging+"follower", jurisdiction, ids)
}

// queuePhotos asks for photos by their ids, and for those that hang on reports: all locked,
// in one order, for what renders a photo does not lock its report.
func (k *known) queuePhotos(q *query, jurisdiction int32, w wanted) {
	var which string
	args := []any{jurisdiction}
	switch {
	case len(w.photos)+len(w.reports) == 0:
		return
	case len(w.reports) == 0:
		which, args = "id = ANY($2)", append(args, uuidArray(w.photos))
	case len(w.photos) == 0:
		which, args = "report_id = ANY($2)", append(args, uuidArray(w.reports))
	default:
		which, args = "(id = ANY($2) OR report_id = ANY($3))", append(args, uuidArray(w.photos), uuidArray(w.reports))
	}
	each(q, func(p models.Photo) {
		k.photos[p.ID] = p
		if p.ReportID != nil {
			k.add(*p.ReportID, func(f *models.ReportFacts) { f.Photos = append(f.Photos, p) })
		}
	}, "WHERE jurisdiction_id = $1 AND "+which+" ORDER BY id FOR NO KEY UPDATE", args...)
}

// add changes the facts of a report that was found. One that came to be only after the
// first statement is as absent as it was.
func (k *known) add(report uuid.UUID, change func(*models.ReportFacts)) {
	if f, ok := k.reports[report]; ok {
		change(f)
	}
}

// query is a batch of statements that read models by the names of their columns. What a
// newer program has added to a table is passed over.
type query struct {
	pgx.Batch
	book *book
	err  error // the first model that cannot be read
}

// each queues the reading of rows of a model, its table being t, and hands them to fn.
func each[T models.Row](q *query, fn func(T), which string, args ...any) {
	var model T
	table, err := q.book.tableOf(model)
	if err != nil {
		q.err = errors.Join(q.err, err)
		return
	}
	q.Queue("SELECT "+table.read+" FROM "+table.name+" t "+which, args...).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
		if err != nil {
			return err
		}
		for _, row := range all {
			fn(row)
		}
		return nil
	})
}

// factsFor returns the part of what is known that one intent asked for.
func (k *known) factsFor(n models.Needs) models.Facts {
	f := models.Facts{
		Reports: pick(k.reports, n.Reports), Photos: pick(k.photos, n.Photos), Texts: pick(k.texts, n.Texts), Staff: pick(k.staff, n.Staff),
		Decisions: pick(k.decided, n.Decisions),
	}
	if n.Pack {
		f.Pack = k.pack
	}
	return f
}

// pick returns what is known of some ids.
func pick[T any](known map[uuid.UUID]T, ids []uuid.UUID) map[uuid.UUID]T {
	some := make(map[uuid.UUID]T, len(ids))
	for _, id := range ids {
		if one, ok := known[id]; ok {
			some[id] = one
		}
	}
	return some
}

// learn takes in what an intent decided, for the intents after it.
func (k *known) learn(rows []models.Row) {
	for _, row := range rows {
		switch r := row.(type) {
		case models.Report:
			f, ok := k.reports[r.ID]
			if !ok {
				f = &models.ReportFacts{}
			}
			next := *f
			next.Report = r
			k.reports[r.ID] = &next
		case models.Task:
			k.hang(r.ReportID, func(f *models.ReportFacts) {
				f.Tasks = put(f.Tasks, r, func(t models.Task) bool { return t.ID == r.ID })
			})
		case models.Deadline:
			k.hang(r.ReportID, func(f *models.ReportFacts) {
				f.Deadlines = put(f.Deadlines, r, func(d models.Deadline) bool { return d.ID == r.ID })
			})
		case models.Rating:
			k.hang(r.ReportID, func(f *models.ReportFacts) {
				f.Ratings = put(f.Ratings, r, func(o models.Rating) bool { return o.Round == r.Round })
			})
		case models.Follow:
			k.hang(r.ReportID, func(f *models.ReportFacts) {
				f.Follows = put(f.Follows, r, func(o models.Follow) bool { return o.Follower == r.Follower })
			})
		case models.Photo:
			k.photos[r.ID] = r
			k.unhang(r)
			if r.ReportID != nil {
				k.hang(*r.ReportID, func(f *models.ReportFacts) {
					f.Photos = put(f.Photos, r, func(p models.Photo) bool { return p.ID == r.ID })
				})
			}
		case models.Text:
			k.texts[r.ID] = r
		case models.Staff:
			k.staff[r.ID] = r
		case models.Decision:
			k.decided[r.ID] = r
		case models.KeptKey:
			k.kept[[2]uuid.UUID{r.Installation, r.Key}] = r
		case models.PackVersion:
			k.pack = models.PackHead{Number: r.Number, Digest: r.Digest, EffectiveAt: r.EffectiveAt}
		}
	}
}

// hang changes a copy of a report's facts, since intents may still hold the old ones.
func (k *known) hang(report uuid.UUID, change func(*models.ReportFacts)) {
	f, ok := k.reports[report]
	if !ok {
		return
	}
	next := *f
	change(&next)
	k.reports[report] = &next
}

// unhang takes a photo away from reports that it is no longer of.
func (k *known) unhang(p models.Photo) {
	for id, f := range k.reports {
		if (p.ReportID == nil || *p.ReportID != id) && slices.ContainsFunc(f.Photos, func(o models.Photo) bool { return o.ID == p.ID }) {
			k.hang(id, func(f *models.ReportFacts) {
				f.Photos = slices.DeleteFunc(slices.Clone(f.Photos), func(o models.Photo) bool { return o.ID == p.ID })
			})
		}
	}
}

// put returns a copy of the list with the item in the place of its old self, or at the end.
func put[T any](list []T, item T, same func(T) bool) []T {
	next := slices.Clone(list)
	if i := slices.IndexFunc(next, same); i >= 0 {
		next[i] = item
		return next
	}
	return append(next, item)
}
