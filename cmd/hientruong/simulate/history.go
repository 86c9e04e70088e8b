// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"hientruong/models"
	"hientruong/workflow/pack"
	"hientruong/workflow/simulate"
)

// History reads what a jurisdiction's ledger recorded. It reads one moment of the
// database, in a transaction that cannot write.
type History struct {
	Pool         *pgxpool.Pool
	Jurisdiction int32
	Packs        *pack.Store // the versions under which it was recorded
	Since, Until time.Time   // of reports that were sent in from Since on and before Until
	Words        bool        // descriptions are read too, for the pack's lists of words
}

// pageSize is how many reports are read at once, with what hangs on them.
const pageSize = 400

// Skipped implements Source: the ledger has no lines that do not read.
func (History) Skipped() simulate.Skipped { return simulate.Skipped{Faults: []simulate.LineFault{}} }

// Read implements Source.
func (h History) Read(ctx context.Context, emit func(Page, float64) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, h.Pool, options, func(tx pgx.Tx) error {
		r := reader{History: h, tx: tx}
		if err := r.begin(ctx); err != nil {
			return fmt.Errorf("simulate: %w", err)
		}
		for {
			page, err := r.page(ctx)
			if err != nil {
				return fmt.Errorf("simulate: %w", err)
			}
			if len(page.reports) == 0 {
				return nil
			}
			r.read += len(page.reports)
			if err := emit(page.build, float64(r.read)/float64(max(r.all, 1))); err != nil {
				return err
			}
		}
	})
}

// reader is a History under way.
type reader struct {
	History
	tx        pgx.Tx
	staff     map[uuid.UUID]models.Actor
	after     uuid.UUID
	all, read int
}

// begin counts the reports, and learns who works here: what they may do is what they may
// do now.
func (r *reader) begin(ctx context.Context) error {
	row := r.tx.QueryRow(ctx, "SELECT count(*) FROM reports WHERE jurisdiction_id = $1 AND created_at >= $2 AND created_at < $3",
		r.Jurisdiction, r.Since, r.Until)
	if err := row.Scan(&r.all); err != nil {
		return err
	}
	rows, err := r.tx.Query(ctx, "SELECT id, roles, coalesce(unit, '') FROM staff WHERE jurisdiction_id = $1", r.Jurisdiction)
	if err != nil {
		return err
	}
	r.staff = map[uuid.UUID]models.Actor{}
	a := models.Actor{Kind: models.ActorStaff, Language: models.Vietnamese}
	_, err = pgx.ForEachRow(rows, []any{&a.ID, &a.Roles, &a.Unit}, func() error {
		r.staff[a.ID] = a
		a.Roles = nil
		return nil
	})
	return err
}

// page is some reports with what hangs on them, as it was read.
type page struct {
	reports []models.Report
	events  map[uuid.UUID][]models.Event
	texts   map[uuid.UUID]textRow // by their own ids
	photos  map[uuid.UUID][]models.Photo
	clocks  map[uuid.UUID][]models.Deadline
	from    *reader
}

type textRow struct {
	length int
	body   string
}

// page reads the next reports behind the last one, by their ids.
func (r *reader) page(ctx context.Context) (*page, error) {
	p := &page{
		events: map[uuid.UUID][]models.Event{}, texts: map[uuid.UUID]textRow{}, photos: map[uuid.UUID][]models.Photo{},
		clocks: map[uuid.UUID][]models.Deadline{}, from: r,
	}
	if err := r.reports(ctx, p); err != nil || len(p.reports) == 0 {
		return p, err
	}
	ids := make([]uuid.UUID, len(p.reports))
	for i := range p.reports {
		ids[i] = p.reports[i].ID
	}
	r.after = ids[len(ids)-1]
	for _, read := range []func(context.Context, *page, []uuid.UUID) error{r.events, r.texts, r.photos, r.clocks} {
		if err := read(ctx, p, ids); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (r *reader) reports(ctx context.Context, p *page) error {
	rows, err := r.tx.Query(ctx, `SELECT id, pack_version, workflow, category, first_category, area, lead_unit, channel, language, lat, lon, accuracy_m,
		location_source, attributes, sos, observed_at, description_id, external_ref, citizen_id, device_id, agent_id, hide_name, created_at, resolved_at
		FROM reports WHERE jurisdiction_id = $1 AND id > $2 AND created_at >= $3 AND created_at < $4 ORDER BY id LIMIT $5`,
		r.Jurisdiction, r.after, r.Since, r.Until, pageSize)
	if err != nil {
		return err
	}
	p.reports, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (models.Report, error) {
		var o models.Report
		err := row.Scan(&o.ID, &o.PackVersion, &o.Workflow, &o.Category, &o.FirstCategory, &o.Area, &o.LeadUnit, &o.Channel, &o.Language, &o.Lat, &o.Lon,
			&o.AccuracyM, &o.LocationSource, &o.Attributes, &o.SOS, &o.ObservedAt, &o.DescriptionID, &o.ExternalRef, &o.CitizenID, &o.DeviceID,
			&o.AgentID, &o.HideName, &o.CreatedAt, &o.ResolvedAt)
		return o, err
	})
	return err
}

func (r *reader) events(ctx context.Context, p *page, ids []uuid.UUID) error {
	rows, err := r.tx.Query(ctx, `SELECT subject_id, kind, actor, at, body FROM events
		WHERE jurisdiction_id = $1 AND subject_id = ANY($2) AND subject_kind = 'report' ORDER BY subject_id, pos`, r.Jurisdiction, ids)
	if err != nil {
		return err
	}
	var e models.Event
	_, err = pgx.ForEachRow(rows, []any{&e.SubjectID, &e.Kind, &e.Actor, &e.At, &e.Body}, func() error {
		p.events[e.SubjectID] = append(p.events[e.SubjectID], e)
		return nil
	})
	return err
}

// texts reads how long texts are, and what descriptions say where that is asked for.
func (r *reader) texts(ctx context.Context, p *page, ids []uuid.UUID) error {
	rows, err := r.tx.Query(ctx, `SELECT id, coalesce(char_length(body), 0), CASE WHEN $3 AND kind = 'description' THEN coalesce(body, '') ELSE '' END
		FROM texts WHERE jurisdiction_id = $1 AND report_id = ANY($2)`, r.Jurisdiction, ids, r.Words)
	if err != nil {
		return err
	}
	var id uuid.UUID
	var t textRow
	_, err = pgx.ForEachRow(rows, []any{&id, &t.length, &t.body}, func() error {
		p.texts[id] = t
		return nil
	})
	return err
}

func (r *reader) photos(ctx context.Context, p *page, ids []uuid.UUID) error {
	rows, err := r.tx.Query(ctx, `SELECT id, report_id, kind, status, created_at FROM photos
		WHERE jurisdiction_id = $1 AND report_id = ANY($2) ORDER BY created_at, id`, r.Jurisdiction, ids)
	if err != nil {
		return err
	}
	var photo models.Photo
	var report uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&photo.ID, &report, &photo.Kind, &photo.Status, &photo.CreatedAt}, func() error {
		p.photos[report] = append(p.photos[report], photo)
		return nil
	})
	return err
}

func (r *reader) clocks(ctx context.Context, p *page, ids []uuid.UUID) error {
	rows, err := r.tx.Query(ctx, `SELECT report_id, kind, due_at, paused_at, stopped_at FROM deadlines
		WHERE jurisdiction_id = $1 AND report_id = ANY($2) AND task_id IS NULL`, r.Jurisdiction, ids)
	if err != nil {
		return err
	}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		var d models.Deadline
		err := row.Scan(&d.ReportID, &d.Kind, &d.DueAt, &d.PausedAt, &d.StoppedAt)
		p.clocks[d.ReportID] = append(p.clocks[d.ReportID], d)
		return struct{}{}, err
	})
	return err
}
