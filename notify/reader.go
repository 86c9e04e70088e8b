// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"hientruong/ledger"
	"hientruong/models"
	"hientruong/words"
)

// pushWithin is how old an event may be for a push: a later one surprises more than it
// helps, and a demo that fills in past days would ring phones. The inbox has it anyway.
const pushWithin = 24 * time.Hour

// namespace makes the ids of notifications ours.
var namespace = uuid.MustParse("7f0c1f5e-2a55-5d0c-9d62-7a1f6f1f4d10")

// Jobs enqueues within a transaction; *river.Client[pgx.Tx] does.
type Jobs interface {
	InsertManyTx(ctx context.Context, tx pgx.Tx, params []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
}

// ReaderConfig is what a Reader works with. All but Queue and Log are needed, Jobs
// only with models.DeliveryFCM.
type ReaderConfig struct {
	Labels Labels
	Words  *words.Catalogue
	Jobs   Jobs
	// Channel is models.DeliveryFCM, or models.DeliveryInApp where there is no Firebase:
	// then a delivery counts as sent when it is written, and the log names it.
	Channel string
	// Queue is the River queue of the pushes, "" for the default one.
	Queue string
	// Log is told of in-app deliveries, by ids alone. Nil: nothing is logged.
	Log *slog.Logger
}

// Reader makes notifications of events. It is a ledger.Reader.
type Reader struct{ cfg ReaderConfig }

var _ ledger.Reader = (*Reader)(nil)

// NewReader makes a Reader.
func NewReader(cfg ReaderConfig) *Reader {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Reader{cfg: cfg}
}

// Name is the reader's cursor.
func (*Reader) Name() string { return "notify" }

// NotificationID is the id of what a recipient hears of an event. It is always the
// same, so that an event read again makes nothing new.
func NotificationID(jurisdiction int32, recipient string, pos int64) uuid.UUID {
	return uuid.NewSHA1(namespace, fmt.Appendf(nil, "%d/%s/%d", jurisdiction, recipient, pos))
}

// tokenless says whether phones that no push can reach count as well: without Firebase
// the demo's phone page shows what they hear.
func (r *Reader) tokenless() bool { return r.cfg.Channel == models.DeliveryInApp }

// Read writes notifications, deliveries and jobs for the events, in a handful of
// statements a jurisdiction and one more for every few thousand rows. Events of an import
// or a drill tell nobody.
func (r *Reader) Read(ctx context.Context, tx ledger.Tx, events []models.Event) error {
	steps, err := stepsOf(events)
	if err != nil {
		return err
	}
	byJurisdiction := map[int32][]step{}
	for _, s := range steps {
		byJurisdiction[s.jurisdiction] = append(byJurisdiction[s.jurisdiction], s)
	}
	for _, jurisdiction := range slices.Sorted(maps.Keys(byJurisdiction)) {
		if err := r.tell(ctx, tx, jurisdiction, byJurisdiction[jurisdiction]); err != nil {
			return err
		}
	}
	return nil
}

// tell tells of the steps of one jurisdiction.
func (r *Reader) tell(ctx context.Context, tx ledger.Tx, jurisdiction int32, steps []step) error {
	sc, err := r.scene(ctx, tx, jurisdiction, steps)
	if err != nil {
		return err
	}
	b := &batch{Reader: r, tx: tx, jurisdiction: jurisdiction, scene: sc}
	for _, s := range steps {
		if err := b.tellReporter(ctx, s); err != nil {
			return err
		}
		if err := b.tellStaff(ctx, s); err != nil {
			return err
		}
	}
	if err := b.tellFollowers(ctx, steps); err != nil {
		return err
	}
	return b.flush(ctx)
}

func (b *batch) tellReporter(ctx context.Context, s step) error {
	who, known := b.scene.people[b.scene.reports[s.report].Reporter()]
	if !known {
		return nil
	}
	kind, tells := s.forReporter(b.scene)
	if !tells {
		return nil
	}
	it := said{step: s, kind: kind, voice: toReporter}
	title, body := b.write(b.scene, it, who.Language)
	return b.tell(ctx, it, who, title, body)
}

// tellStaff speaks Vietnamese: staff have no language of their own, and no phones.
func (b *batch) tellStaff(ctx context.Context, s step) error {
	for _, d := range s.forStaff(b.scene, b.tx.Now) {
		if len(d.staff) == 0 {
			continue
		}
		it := said{step: s, kind: d.kind, voice: toStaff, task: d.task}
		title, body := b.write(b.scene, it, models.Vietnamese)
		for _, m := range d.staff {
			who := models.Addressee{Recipient: recipientOf(m), Language: models.Vietnamese}
			if err := b.tell(ctx, it, who, title, body); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellFollowers reads who follows the steps' reports page by page. Who began to follow
// after a step is not told of it.
func (b *batch) tellFollowers(ctx context.Context, steps []step) error {
	public := map[uuid.UUID][]said{}
	for _, s := range steps {
		if kind, tells := s.forFollowers(b.scene); tells {
			public[s.report] = append(public[s.report], said{step: s, kind: kind, voice: toFollower})
		}
	}
	reports := slices.Collect(maps.Keys(public))
	var last *models.Follow
	for len(reports) > 0 {
		page, err := models.FollowersAfter(ctx, b.tx, b.jurisdiction, reports, last, mostRows)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := b.tellPage(ctx, page, public); err != nil || len(page) < mostRows {
			return err
		}
		last = &page[len(page)-1]
	}
	return nil
}

// tellPage tells a page of followers, which is ordered by report.
func (b *batch) tellPage(ctx context.Context, page []models.Follow, public map[uuid.UUID][]said) error {
	names := make([]string, len(page))
	for i, f := range page {
		names[i] = f.Follower
	}
	people, err := models.Addressees(ctx, b.tx, b.jurisdiction, names, b.tokenless())
	if err != nil {
		return err
	}
	for len(page) > 0 {
		report := page[0].ReportID
		n := slices.IndexFunc(page, func(f models.Follow) bool { return f.ReportID != report })
		if n < 0 {
			n = len(page)
		}
		for _, s := range public[report] {
			if err := b.tellAll(ctx, s, page[:n], people); err != nil {
				return err
			}
		}
		page = page[n:]
	}
	return nil
}

// tellAll tells one report's followers of a step, in words that are written once a
// language.
func (b *batch) tellAll(ctx context.Context, s said, followers []models.Follow, people map[string]models.Addressee) error {
	type text struct{ title, body string }
	texts := map[models.Language]text{}
	reporter := b.scene.reports[s.report].Reporter()
	for _, f := range followers {
		who, known := people[f.Follower]
		if !known || f.CreatedAt.After(s.at) || f.Follower == reporter {
			continue
		}
		t, written := texts[who.Language]
		if !written {
			t.title, t.body = b.write(b.scene, s, who.Language)
			texts[who.Language] = t
		}
		if err := b.tell(ctx, s, who, t.title, t.body); err != nil {
			return err
		}
	}
	return nil
}
