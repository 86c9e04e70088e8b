// SPDX-License-Identifier: Apache-2.0

package ledger_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"hientruong/ledger"
	"hientruong/models"
)

// keys are what a drawn row is to be found by.
type keys struct {
	jurisdiction int32
	id           uuid.UUID
	report       uuid.UUID
	number       int32
}

// TestRowsComeBack writes rows of every model in one statement, reads them back, then
// replaces them and reads them back again.
func TestRowsComeBack(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	l := w.start(t, ledger.Config{})
	t.Run("reports", func(t *testing.T) { comeBack(t, w, l, "id = $2", drawReport) })
	t.Run("texts", func(t *testing.T) { comeBack(t, w, l, "id = $2", drawText) })
	t.Run("contacts", func(t *testing.T) { comeBack(t, w, l, "report_id = $3", drawContact) })
	t.Run("tasks", func(t *testing.T) { comeBack(t, w, l, "id = $2", drawTask) })
	t.Run("deadlines", func(t *testing.T) { comeBack(t, w, l, "id = $2", drawDeadline) })
	t.Run("ratings", func(t *testing.T) { comeBack(t, w, l, "report_id = $3", drawRating) })
	t.Run("photos", func(t *testing.T) { comeBack(t, w, l, "id = $2", drawPhoto) })
	t.Run("keys", func(t *testing.T) { comeBack(t, w, l, "key = $2", drawKept) })
	t.Run("packs", func(t *testing.T) { comeBack(t, w, l, "number = $4", drawPack) })
	t.Run("staff", func(t *testing.T) { comeBack(t, w, l, "id = $2", drawStaff) })
	t.Run("follows", func(t *testing.T) { comeBack(t, w, l, "report_id = $3", drawFollow) })
	t.Run("decisions", func(t *testing.T) { comeBack(t, w, l, "id = $2", drawDecision) })
	t.Run("notifications", func(t *testing.T) { comeBack(t, w, l, "id = $2", drawNotification) })
}

func comeBack[T models.Row](t *testing.T, w *town, l watched, where string, draw func(*rapid.T, keys) T) {
	t.Helper()
	t.Parallel()
	var model T
	query := "SELECT * FROM " + model.TableName() + " WHERE jurisdiction_id = $1 AND " + where +
		" AND ($2::uuid, $3::uuid, $4::integer) IS NOT NULL"
	var number int32
	drew := fields{}
	defer drew.whole(t, model)
	rapid.Check(t, func(rt *rapid.T) {
		all := make([]keys, rapid.IntRange(1, 4).Draw(rt, "rows"))
		parents, first, second := models.Change{}, models.Change{}, models.Change{}
		for i := range all {
			number++
			all[i] = keys{w.id, newID(), newID(), number}
			parents.Insert = append(parents.Insert, w.newReport(all[i].report, time.Now()))
			first.Insert = append(first.Insert, draw(rt, all[i]))
			second.Update = append(second.Update, draw(rt, all[i]))
		}
		for i, change := range []models.Change{parents, first, second} {
			l.must(rt, act{models.Needs{Jurisdiction: w.id}, func(models.Facts, time.Time) (models.Change, error) { return change, nil }})
			if i == 0 {
				continue
			}
			want := ofType[T](slices.Concat(change.Insert, change.Update))
			for i, k := range all {
				drew.note(want[i])
				rows, err := w.DB.Pool.Query(t.Context(), query, k.jurisdiction, k.id, k.report, k.number)
				if err != nil {
					rt.Fatal(err)
				}
				got, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
				if err != nil {
					rt.Fatal(err)
				}
				if d := cmp.Diff(want[i], got, sameJSON); d != "" {
					rt.Fatalf("%s", d)
				}
			}
		}
	})
}

// fields are those that were drawn with a value: a field that a model gets later must
// not pass because nobody drew it.
type fields map[string]bool

func (f fields) note(row any) {
	v := reflect.ValueOf(row)
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			f[v.Type().Field(i).Name] = true
		}
	}
}

func (f fields) whole(tb testing.TB, model any) {
	t := reflect.TypeOf(model)
	for i := range t.NumField() {
		if name := t.Field(i).Name; !f[name] {
			tb.Errorf("%s.%s was never drawn", t, name)
		}
	}
}

func ofType[T models.Row](rows []models.Row) (found []T) {
	for _, r := range rows {
		if one, ok := r.(T); ok {
			found = append(found, one)
		}
	}
	return found
}

// sameJSON compares as jsonb does, which keeps no bytes; NULL is not null. The filter
// keeps it from []byte, which is assignable to json.RawMessage.
var sameJSON = cmp.FilterPath(
	func(p cmp.Path) bool { return p.Last().Type() == reflect.TypeFor[json.RawMessage]() },
	cmp.Comparer(func(a, b json.RawMessage) bool {
		if len(a) == 0 || len(b) == 0 {
			return len(a) == len(b)
		}
		var x, y any
		return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
	}))

var (
	anyText = rapid.StringOf(rapid.RuneFrom([]rune("'\"\\{},\n\t$%_ "), unicode.Latin, unicode.Mn, unicode.So))
	anyTime = rapid.Custom(func(t *rapid.T) time.Time {
		return time.UnixMicro(rapid.Int64Range(-1<<52, 1<<52).Draw(t, "µs")).UTC()
	})
	anyID    = rapid.Custom(func(t *rapid.T) uuid.UUID { return uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")) })
	anyHash  = rapid.SliceOfN(rapid.Byte(), 32, 32)
	anyBytes = rapid.OneOf(rapid.Just([]byte(nil)), rapid.SliceOfN(rapid.Byte(), 0, 40))
	anyJSON  = rapid.OneOf(rapid.Just(json.RawMessage(nil)), rapid.Just(json.RawMessage("null")), anyObject)

	anyObject = rapid.Custom(func(t *rapid.T) json.RawMessage {
		b, err := json.Marshal(rapid.MapOfN(anyText, anyText, 0, 3).Draw(t, "object"))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.TrimSpace(b)
	})
)

// drawn is short for a value that a label would not make clearer.
func drawn[V any](t *rapid.T, g *rapid.Generator[V]) V { return g.Draw(t, "value") }

func maybe[V any](t *rapid.T, g *rapid.Generator[V]) *V { return rapid.Ptr(g, true).Draw(t, "maybe") }

func some[V any](t *rapid.T, of ...V) V { return rapid.SampledFrom(of).Draw(t, "some") }

func drawReport(t *rapid.T, k keys) models.Report {
	r := (&town{id: k.jurisdiction}).newReport(k.id, drawn(t, anyTime))
	r.PackVersion, r.Workflow, r.State = drawn(t, rapid.Int32()), drawn(t, anyText), models.State(drawn(t, anyText))
	r.PreviousState = maybe(t, rapid.Just(models.State("verifying")))
	r.Category, r.Area, r.LeadUnit = drawn(t, anyText), maybe(t, anyText), maybe(t, anyText)
	if drawn(t, rapid.Bool()) {
		r.Visibility, r.HiddenReason = models.VisibilityHidden, new(string)
	} else if drawn(t, rapid.Bool()) {
		r.Visibility, r.Shown, r.PublicTile = models.VisibilityPublic, models.ShownFull, maybe(t, rapid.Int64())
	}
	if drawn(t, rapid.Bool()) {
		lat, lon, tile := drawn(t, rapid.Float64Range(-90, 90)), drawn(t, rapid.Float64Range(-180, 180)), drawn(t, rapid.Int64())
		r.Lat, r.Lon, r.Tile = &lat, &lon, &tile
	}
	r.AccuracyM, r.Attributes, r.SOS = maybe(t, rapid.Float64()), drawn(t, anyObject), drawn(t, anyJSON)
	r.ObservedAt, r.DescriptionID, r.SharedTextID, r.AnswerID = maybe(t, anyTime), drawn(t, anyID), maybe(t, anyID), maybe(t, anyID)
	r.Outcome, r.Rating = maybe(t, rapid.Just(models.OutcomePlanned)), maybe(t, rapid.Just(models.LevelAcceptable))
	r.DuplicateOf, r.TransferredTo, r.ScheduledFor = maybe(t, anyID), maybe(t, anyText), maybe(t, anyTime)
	r.CitizenID, r.DeviceID, r.AgentID = maybe(t, anyID), maybe(t, anyID), maybe(t, anyID)
	r.HasContact, r.HideName = drawn(t, rapid.Bool()), drawn(t, rapid.Bool())
	if drawn(t, rapid.Bool()) {
		ref, by, until := k.id.String(), drawn(t, anyID), drawn(t, anyTime)
		r.ExternalRef, r.ClaimedBy, r.ClaimedUntil = &ref, &by, &until
	}
	r.FirstCategory, r.StateAt, r.RejectedFor = drawn(t, anyText), drawn(t, anyTime), maybe(t, anyText)
	r.SplitFrom, r.Words = maybe(t, rapid.Just(k.report)), some(t, nil, json.RawMessage(`["chap-dien"]`))
	r.Escalated, r.Urged = drawn(t, rapid.Int16Range(0, 100)), drawn(t, rapid.Int16Range(0, 100))
	r.Followers = drawn(t, rapid.Int32Range(0, 1000))
	r.MeToo = drawn(t, rapid.Int32Range(0, r.Followers))
	r.Reopens, r.Appeals = drawn(t, rapid.Int16Range(0, 100)), drawn(t, rapid.Int16Range(0, 100))
	r.Version, r.EventSeq = drawn(t, rapid.Int64Min(1)), drawn(t, rapid.Int64Min(1))
	r.ApprovedAt = maybe(t, anyTime)
	r.AcceptedAt, r.ResolvedAt, r.PublishedAt = maybe(t, anyTime), maybe(t, anyTime), maybe(t, anyTime)
	if drawn(t, rapid.Bool()) {
		ended := drawn(t, anyTime)
		r.Phase, r.EndedAt = models.PhaseEnded, &ended
	}
	return r
}

func drawText(t *rapid.T, k keys) models.Text {
	x := models.Text{
		JurisdictionID: k.jurisdiction, ID: k.id, ReportID: k.report, Kind: some(t, models.TextAnswer, models.TextNote), Language: models.English,
		TaskID: maybe(t, anyID), Replaces: maybe(t, anyID), Body: maybe(t, anyText), Salt: make([]byte, 16), Digest: drawn(t, anyHash), Author: drawn(t, anyText), CreatedAt: drawn(t, anyTime),
	}
	if x.Body == nil {
		erased := drawn(t, anyTime)
		x.ErasedAt = &erased
	}
	return x
}

func drawContact(t *rapid.T, k keys) models.Contact {
	c := models.Contact{
		JurisdictionID: k.jurisdiction, ReportID: k.report, KeyID: drawn(t, anyText), NameSealed: drawn(t, anyBytes),
		EmailSealed: drawn(t, anyBytes), CreatedAt: drawn(t, anyTime),
	}
	if drawn(t, rapid.Bool()) {
		erased := drawn(t, anyTime)
		c.NameSealed, c.EmailSealed, c.ErasedAt = nil, nil, &erased
		return c
	}
	if drawn(t, rapid.Bool()) {
		c.PhoneSealed, c.PhoneIndex, c.PhoneLast4 = drawn(t, anyHash), drawn(t, anyHash), drawn(t, anyHash)
	}
	return c
}

func drawTask(t *rapid.T, k keys) models.Task {
	return models.Task{
		JurisdictionID: k.jurisdiction, ID: k.id, ReportID: k.report, Unit: drawn(t, anyText), Lead: drawn(t, rapid.Bool()),
		State: some(t, models.TaskOpen, models.TaskReturned), HandlerID: maybe(t, anyID), Version: drawn(t, rapid.Int64Min(1)),
		Route: drawn(t, anyJSON), ResultID: maybe(t, anyID), DoneAt: maybe(t, anyTime), CreatedAt: drawn(t, anyTime), UpdatedAt: drawn(t, anyTime),
	}
}

func drawDeadline(t *rapid.T, k keys) models.Deadline {
	d := models.Deadline{
		JurisdictionID: k.jurisdiction, ID: k.id, ReportID: k.report, Kind: drawn(t, anyText), Unit: maybe(t, anyText),
		Counts: some(t, models.CountsWall, models.CountsWorking), Rule: drawn(t, anyText), StartedAt: drawn(t, anyTime), DueAt: drawn(t, anyTime),
		StoppedAt: maybe(t, anyTime), PausedAt: maybe(t, anyTime), OverdueAt: maybe(t, anyTime),
	}
	if d.StoppedAt != nil || d.PausedAt != nil {
		left := drawn(t, rapid.Int64())
		d.RemainingS = &left
	} else {
		d.NextAt = maybe(t, anyTime)
	}
	if drawn(t, rapid.Bool()) {
		at, by := drawn(t, anyTime), drawn(t, anyText)
		d.ExtendedAt, d.ExtendedBy = &at, &by
	}
	d.TaskID, d.TotalS, d.LeftS, d.CountedFrom = maybe(t, anyID), maybe(t, rapid.Int64()), maybe(t, rapid.Int64()), maybe(t, anyTime)
	d.Reminded, d.Level = drawn(t, rapid.Int16Range(0, 100)), drawn(t, rapid.Int16Range(0, 100))
	d.Document, d.Adjusted = maybe(t, anyText), some(t, nil, json.RawMessage(`["01900000-0000-7000-8000-000000000018"]`))
	return d
}

func drawFollow(t *rapid.T, k keys) models.Follow {
	return models.Follow{
		JurisdictionID: k.jurisdiction, ReportID: k.report, Follower: "citizen:" + k.id.String(), MeToo: drawn(t, rapid.Bool()),
		CreatedAt: drawn(t, anyTime), EndedAt: maybe(t, anyTime),
	}
}

func drawDecision(t *rapid.T, k keys) models.Decision {
	from := drawn(t, anyTime)
	d := models.Decision{
		JurisdictionID: k.jurisdiction, ID: k.id, Document: "88/QĐ-UBND", Kind: models.DecisionSuspend, Areas: drawn(t, rapid.SliceOfN(anyText, 1, 3)),
		Categories: drawn(t, rapid.SliceOfN(anyText, 1, 3)), StartsAt: from, EndsAt: from.Add(time.Hour), MadeBy: drawn(t, anyText), MadeAt: drawn(t, anyTime),
		RevokedAt: maybe(t, anyTime),
	}
	if drawn(t, rapid.Bool()) {
		d.Kind, d.Days = models.DecisionExtend, drawn(t, rapid.Int16Range(1, 365))
	}
	return d
}

func drawRating(t *rapid.T, k keys) models.Rating {
	return models.Rating{
		JurisdictionID: k.jurisdiction, ReportID: k.report, Round: int16(k.number % 1000),
		Level: some(t, models.LevelSatisfied, models.LevelUnsatisfied), CommentID: maybe(t, anyID), CreatedAt: drawn(t, anyTime),
	}
}

func drawPhoto(t *rapid.T, k keys) models.Photo {
	p := newPhoto(k.jurisdiction, k.id, some(t, nil, &k.report), drawn(t, anyTime))
	p.Owner, p.SHA256, p.Format, p.Bytes = drawn(t, anyText), drawn(t, anyHash), drawn(t, anyText), drawn(t, rapid.Int64Min(1))
	p.Width, p.Height, p.Dhash = drawn(t, rapid.Int32Min(1)), drawn(t, rapid.Int32Min(1)), maybe(t, rapid.Int64())
	p.TakenAt, p.Lat, p.Lon, p.Alt = maybe(t, anyTime), maybe(t, rapid.Float64()), maybe(t, rapid.Float64()), maybe(t, anyText)
	switch p.Status = some(t, models.PhotoPending, models.PhotoReady, models.PhotoRefused); p.Status {
	case models.PhotoReady:
		at, hash := drawn(t, anyTime), drawn(t, anyText)
		p.RenderedAt, p.Blurhash = &at, &hash
	case models.PhotoPending:
	case models.PhotoRefused:
		reason := drawn(t, anyText)
		p.Reason = &reason
	}
	return p
}

func drawKept(t *rapid.T, k keys) models.KeptKey {
	return models.KeptKey{
		JurisdictionID: k.jurisdiction, Installation: k.report, Key: k.id,
		Fingerprint: drawn(t, anyHash), SubjectID: drawn(t, anyID), CreatedAt: drawn(t, anyTime),
	}
}

func drawPack(t *rapid.T, k keys) models.PackVersion {
	return models.PackVersion{
		JurisdictionID: k.jurisdiction, Number: k.number, ID: drawn(t, anyID), Digest: drawn(t, anyHash),
		Files: drawn(t, rapid.SliceOfN(rapid.Byte(), 0, 40)), Document: drawn(t, anyText), EffectiveAt: drawn(t, anyTime),
		AppliedAt: drawn(t, anyTime), AppliedBy: drawn(t, anyText),
	}
}

func drawStaff(t *rapid.T, k keys) models.Staff {
	return models.Staff{
		JurisdictionID: k.jurisdiction, ID: k.id, Login: k.id.String(), Name: drawn(t, anyText), PasswordHash: drawn(t, anyText),
		Roles: drawn(t, rapid.SliceOfN(rapid.SampledFrom(models.Roles()), 1, 3)), Unit: maybe(t, anyText),
		Active: drawn(t, rapid.Bool()), CreatedAt: drawn(t, anyTime),
	}
}

func drawNotification(t *rapid.T, k keys) models.Notification {
	return models.Notification{
		JurisdictionID: k.jurisdiction, ID: k.id, Recipient: k.id.String(), ReportID: k.report, Pos: drawn(t, rapid.Int64()), Kind: drawn(t, anyText),
		State: models.State(drawn(t, anyText)), Language: models.Vietnamese, Title: drawn(t, anyText), Body: drawn(t, anyText), Link: drawn(t, anyText),
		CreatedAt: drawn(t, anyTime), ReadAt: maybe(t, anyTime),
	}
}

func newPhoto(jurisdiction int32, id uuid.UUID, report *uuid.UUID, at time.Time) models.Photo {
	return models.Photo{
		JurisdictionID: jurisdiction, ID: id, ReportID: report, Owner: "system", Kind: models.PhotoBefore, Status: models.PhotoPending,
		SHA256: make([]byte, 32), Bytes: 1, Format: "jpeg", Width: 1, Height: 1, Origin: models.OriginLive, EventSeq: 1, CreatedAt: at,
	}
}
