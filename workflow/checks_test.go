// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"hientruong/models"
)

// A check is a CHECK of the migrations, said again in Go.
type check[T any] map[string]func(T) bool

// broken are the names of the checks that a row does not hold.
func (c check[T]) broken(row T) []string {
	var out []string
	for name, holds := range c {
		if !holds(row) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func known[T comparable](v T, set ...T) bool { return slices.Contains(set, v) }

// nilOr is how SQL reads a CHECK on a column that is NULL: it holds.
func nilOr[T any](p *T, holds func(T) bool) bool { return p == nil || holds(*p) }

func between[T float64 | int16](low, high T) func(T) bool {
	return func(v T) bool { return v >= low && v <= high }
}

var reportChecks = check[models.Report]{
	"reports_phase_known":      func(r models.Report) bool { return r.Phase.Valid() },
	"reports_visibility_known": func(r models.Report) bool { return r.Visibility.Valid() },
	"reports_hidden_has_reason": func(r models.Report) bool {
		return (r.Visibility == models.VisibilityHidden) == (r.HiddenReason != nil)
	},
	"reports_shown_known": func(r models.Report) bool {
		return known(r.Shown, models.ShownNone, models.ShownStatus, models.ShownLink, models.ShownFull)
	},
	"reports_shown_only_public": func(r models.Report) bool {
		return r.Shown == models.ShownNone || r.Visibility == models.VisibilityPublic
	},
	"reports_public_tile_only_shown": func(r models.Report) bool { return r.PublicTile == nil || r.Shown == models.ShownFull },
	"reports_urgency_known": func(r models.Report) bool {
		return known(r.Urgency, models.UrgencyNormal, models.UrgencyUrgent, models.UrgencySOS)
	},
	"reports_channel_known": func(r models.Report) bool { return r.Channel.Valid() },
	"reports_origin_known": func(r models.Report) bool {
		return known(r.Origin, models.OriginLive, models.OriginImport, models.OriginDemo, models.OriginDrill)
	},
	"reports_place_whole": func(r models.Report) bool {
		return (r.Lat == nil) == (r.Lon == nil) && (r.Lat == nil) == (r.Tile == nil)
	},
	"reports_place_range": func(r models.Report) bool {
		return nilOr(r.Lat, between(-90.0, 90)) && nilOr(r.Lon, between(-180.0, 180))
	},
	"reports_source_known": func(r models.Report) bool { return r.LocationSource.Valid() },
	"reports_precision_known": func(r models.Report) bool {
		return known(r.LocationPrecision, models.PrecisionExact, models.PrecisionSnapped, models.PrecisionWard)
	},
	"reports_outcome_known": func(r models.Report) bool { return nilOr(r.Outcome, models.Outcome.Valid) },
	"reports_rating_known":  func(r models.Report) bool { return nilOr(r.Rating, models.Level.Valid) },
	"reports_answered_has_answer": func(r models.Report) bool {
		return r.Phase != models.PhaseAnswered || r.AnswerID != nil && r.Outcome != nil && r.PublishedAt != nil
	},
	"reports_ended_has_time": func(r models.Report) bool { return (r.Phase == models.PhaseEnded) == (r.EndedAt != nil) },
	"reports_working_was_accepted": func(r models.Report) bool {
		return !known(r.Phase, models.PhaseWorking, models.PhaseAnswered) || r.AcceptedAt != nil
	},
	"reports_claim_whole":           func(r models.Report) bool { return (r.ClaimedBy == nil) == (r.ClaimedUntil == nil) },
	"reports_not_its_own_duplicate": func(r models.Report) bool { return r.DuplicateOf == nil || *r.DuplicateOf != r.ID },
	"reports_reopens_range": func(r models.Report) bool {
		return between[int16](0, 100)(r.Reopens) && between[int16](0, 100)(r.Appeals)
	},
	"reports_words_list":            func(r models.Report) bool { return r.Words == nil || r.Words[0] == '[' },
	"reports_not_split_from_itself": func(r models.Report) bool { return r.SplitFrom == nil || *r.SplitFrom != r.ID },
	"reports_nudges_range": func(r models.Report) bool {
		return between[int16](0, 100)(r.Escalated) && between[int16](0, 10_000)(r.Urged)
	},
	"reports_followers_range":   func(r models.Report) bool { return r.Followers >= 0 && r.MeToo >= 0 && r.MeToo <= r.Followers },
	"reports_counters_positive": func(r models.Report) bool { return r.Version > 0 && r.EventSeq > 0 },
}

var textChecks = check[models.Text]{
	"texts_kind_known": func(t models.Text) bool {
		return known(t.Kind, models.TextDescription, models.TextShared, models.TextAddress, models.TextAnswer, models.TextReason,
			models.TextQuestion, models.TextReply, models.TextNote, models.TextComment, models.TextDocument, models.TextMessage,
			models.TextDirective, models.TextResult, models.TextConsent)
	},
	"texts_replace_another": func(t models.Text) bool { return t.Replaces == nil || *t.Replaces != t.ID },
	"texts_erased_is_empty": func(t models.Text) bool { return (t.Body == nil) == (t.ErasedAt != nil) },
	"texts_digest_length":   func(t models.Text) bool { return len(t.Salt) == 16 && len(t.Digest) == 32 },
	"texts_body_length": func(t models.Text) bool {
		return nilOr(t.Body, func(s string) bool { return utf8.RuneCountInString(s) <= 20_000 })
	},
}

var contactChecks = check[models.Contact]{
	"contacts_phone_whole": func(c models.Contact) bool {
		return (c.PhoneSealed == nil) == (c.PhoneIndex == nil) && (c.PhoneSealed == nil) == (c.PhoneLast4 == nil)
	},
	"contacts_erased_is_empty": func(c models.Contact) bool {
		return c.ErasedAt == nil || c.NameSealed == nil && c.PhoneSealed == nil && c.EmailSealed == nil
	},
}

var taskChecks = check[models.Task]{
	"tasks_state_known": func(t models.Task) bool {
		return known(t.State, models.TaskOpen, models.TaskWorking, models.TaskDone, models.TaskReturned, models.TaskCancelled)
	},
	"tasks_version_positive": func(t models.Task) bool { return t.Version > 0 },
}

var deadlineChecks = check[models.Deadline]{
	"deadlines_counts_known": func(d models.Deadline) bool { return known(d.Counts, models.CountsWorking, models.CountsWall) },
	"deadlines_standing_has_remaining": func(d models.Deadline) bool {
		return (d.PausedAt == nil && d.StoppedAt == nil) == (d.RemainingS == nil)
	},
	"deadlines_extended_whole": func(d models.Deadline) bool { return (d.ExtendedAt == nil) == (d.ExtendedBy == nil) },
	"deadlines_reminded_range": func(d models.Deadline) bool {
		return between[int16](0, 100)(d.Reminded) && between[int16](0, 100)(d.Level)
	},
	"deadlines_adjusted_list":         func(d models.Deadline) bool { return d.Adjusted == nil || d.Adjusted[0] == '[' },
	"deadlines_standing_asks_nothing": func(d models.Deadline) bool { return d.NextAt == nil || d.Running() },
}

var followChecks = check[models.Follow]{
	"follows_follower_form": func(f models.Follow) bool {
		return regexp.MustCompile(`^(citizen|device|staff):[0-9a-f-]{36}$`).MatchString(f.Follower)
	},
}

var decisionChecks = check[models.Decision]{
	"decisions_kind_known":      func(d models.Decision) bool { return known(d.Kind, models.DecisionSuspend, models.DecisionExtend) },
	"decisions_document_length": func(d models.Decision) bool { n := utf8.RuneCountInString(d.Document); return n >= 1 && n <= 100 },
	"decisions_end_later":       func(d models.Decision) bool { return d.EndsAt.After(d.StartsAt) },
	"decisions_days_fit": func(d models.Decision) bool {
		return (d.Kind == models.DecisionExtend) == (d.Days > 0) && between[int16](0, 365)(d.Days)
	},
	"decisions_lists": func(d models.Decision) bool { return d.Areas != nil && d.Categories != nil },
}

var ratingChecks = check[models.Rating]{
	"ratings_level_known": func(r models.Rating) bool { return r.Level.Valid() },
}

var photoChecks = check[models.Photo]{
	"photos_kind_known": func(p models.Photo) bool { return p.Kind.Valid() },
	"photos_status_known": func(p models.Photo) bool {
		return known(p.Status, models.PhotoPending, models.PhotoReady, models.PhotoRefused)
	},
	"photos_refused_has_reason": func(p models.Photo) bool { return (p.Status == models.PhotoRefused) == (p.Reason != nil) },
	"photos_ready_is_rendered": func(p models.Photo) bool {
		return (p.Status == models.PhotoReady) == (p.RenderedAt != nil && p.Blurhash != nil)
	},
	"photos_size_positive": func(p models.Photo) bool { return p.Bytes > 0 && p.Width > 0 && p.Height > 0 },
	"photos_sha256_length": func(p models.Photo) bool { return len(p.SHA256) == 32 },
}

// brokenChecks are the names of the checks that a row of any table does not hold.
func brokenChecks(row models.Row) []string {
	switch r := row.(type) {
	case models.Report:
		return reportChecks.broken(r)
	case models.Text:
		return textChecks.broken(r)
	case models.Contact:
		return contactChecks.broken(r)
	case models.Task:
		return taskChecks.broken(r)
	case models.Deadline:
		return deadlineChecks.broken(r)
	case models.Rating:
		return ratingChecks.broken(r)
	case models.Photo:
		return photoChecks.broken(r)
	case models.Follow:
		return followChecks.broken(r)
	case models.Decision:
		return decisionChecks.broken(r)
	}
	return []string{"a row of " + row.TableName()}
}

// What the database refuses is refused here too.
func TestEveryCheckOfTheMigrationIsHere(t *testing.T) {
	t.Parallel()
	here := map[string]bool{}
	for _, names := range [][]string{
		namesOf(reportChecks), namesOf(textChecks), namesOf(contactChecks), namesOf(taskChecks), namesOf(deadlineChecks),
		namesOf(ratingChecks), namesOf(photoChecks), namesOf(followChecks), namesOf(decisionChecks),
	} {
		for _, name := range names {
			here[name] = true
		}
	}
	there := map[string]bool{}
	for _, file := range []string{"00003_reports.sql", "00005_engine.sql"} {
		sql, err := os.ReadFile("../migrations/" + file)
		if err != nil {
			t.Fatal(err)
		}
		up, _, _ := strings.Cut(string(sql), "-- +goose Down")
		for _, match := range regexp.MustCompile(`CONSTRAINT (\w+) CHECK`).FindAllStringSubmatch(up, -1) {
			there[match[1]] = true
		}
	}
	for name := range there {
		if !here[name] {
			t.Errorf("%s is not here", name)
		}
	}
	for name := range here {
		if !there[name] {
			t.Errorf("%s is in no migration", name)
		}
	}
}

func namesOf[T any](c check[T]) []string {
	var out []string
	for name := range c {
		out = append(out, name)
	}
	return out
}
