// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bytes"
	"image/jpeg"
	"io"
	"strings"
	"testing"
	"time"

	"hientruong/models"
	"hientruong/packs"
	"hientruong/words"
	"hientruong/workflow/pack"
)

func newTestCity(t *testing.T, seed uint64) *City {
	t.Helper()
	p, faults := pack.Parse(packs.Demo())
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	c, err := NewCity(p, seed)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPlacesLieInTheirWards(t *testing.T) {
	t.Parallel()
	c := newTestCity(t, 11)
	if areas := c.pack.Areas().Len(); len(c.wards) != areas {
		t.Fatalf("%d of %d areas have streets", len(c.wards), areas)
	}
	dice := newDice(1, 1)
	at, wards := map[string]int{}, map[string]bool{}
	for range 5000 {
		s := c.somewhere(dice)
		if dice.IntN(2) == 0 {
			s = c.near(s, dice)
		}
		area, ok := c.pack.Areas().Find(s.point)
		if !ok || area.Name != s.ward {
			t.Fatalf("%s is said to be in %s and lies in %q", s.point, s.ward, area.Name)
		}
		at[s.street]++
		wards[s.ward] = true
	}
	if len(wards) != len(c.wards) {
		t.Errorf("people live in %d of %d wards", len(wards), len(c.wards))
	}
	for street, n := range at {
		if n > 5000/4 {
			t.Errorf("%d of 5000 reports come from %s", n, street)
		}
	}
}

func TestEveryCategoryHasWords(t *testing.T) {
	t.Parallel()
	c := newTestCity(t, 1)
	for _, category := range c.pack.Categories() {
		w, ok := c.words.Categories[category.Code]
		if !ok {
			t.Errorf("nobody here has words for %s", category.Code)
			continue
		}
		if len(w.Vi) < 3 || len(w.Answers) < 2 || w.Weight <= 0 || scenes[w.Scene] == nil {
			t.Errorf("%s: %d texts, %d answers, weight %v, scene %q", category.Code, len(w.Vi), len(w.Answers), w.Weight, w.Scene)
		}
		for _, answer := range w.Answers {
			if n := len([]rune(answer)); n < 30 {
				t.Errorf("%s: the pack demands answers of 30 characters, %q has %d", category.Code, answer, n)
			}
		}
	}
	for name := range c.words.Categories {
		if _, ok := c.pack.Category(name); !ok {
			t.Errorf("there are words for %s, which the pack does not have", name)
		}
	}
	for list, refusals := range map[string][]refusal{
		pack.ReasonsReject: c.words.Rejected, pack.ReasonsTransfer: c.words.Transferred, pack.ReasonsReturn: c.words.Returned,
	} {
		for _, r := range refusals {
			if _, ok := c.pack.Reason(list, r.Reason); !ok || len([]rune(r.Note)) < 10 {
				t.Errorf("%s: %q is no reason of the pack, or %q too short", list, r.Reason, r.Note)
			}
		}
	}
}

func TestWhatIsBornCanBeFiled(t *testing.T) {
	t.Parallel()
	c := newTestCity(t, 3)
	now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	english, private := 0, 0
	for i := range 20000 {
		l := c.birth(moment{hour: i % 24, holiday: i%7 == 0})
		l.id = randomID(l.dice)
		if l.fate.repeats == nil {
			c.remember(l)
		}
		if err := l.form().Validate(c.pack, now, true); err != nil {
			t.Fatalf("%s: %v", l.filedAs, err)
		}
		if l.contact {
			if _, err := words.Phone(l.contactPhone()); err != nil {
				t.Fatalf("%s: %v", l.contactPhone(), err)
			}
		}
		if strings.ContainsAny(l.text, "{}") {
			t.Fatalf("a place was left open in %q", l.text)
		}
		if l.redacted != "" {
			private++
		}
		if shown := l.redacted; shown != "" && strings.Contains(shown, "0900 000") {
			t.Fatalf("a number was left in %q", shown)
		}
		if l.redacted == "" && strings.Contains(l.text, "0900 000") {
			t.Fatalf("%q would be shown as it is", l.text)
		}
		if l.who.language == models.English {
			english++
		}
	}
	if english == 0 || private == 0 {
		t.Errorf("%d of 20000 in English, %d with something to hide", english, private)
	}
}

func TestPicturesDecode(t *testing.T) {
	t.Parallel()
	for scene := range scenes {
		before, err := Picture(scene, 5, false)
		if err != nil {
			t.Fatal(err)
		}
		after, err := Picture(scene, 5, true)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(before, after) {
			t.Errorf("%s looks the same once it is repaired", scene)
		}
		if bytes.Contains(before[:min(len(before), 200)], []byte("Exif")) {
			t.Errorf("%s has what a camera writes", scene)
		}
		for _, picture := range [][]byte{before, after} {
			image, err := jpeg.Decode(bytes.NewReader(picture))
			if err != nil {
				t.Fatalf("%s: %v", scene, err)
			}
			if b := image.Bounds(); b.Dx()*b.Dy() < 700_000 || len(picture) > 400_000 {
				t.Errorf("%s: %d×%d in %d bytes", scene, b.Dx(), b.Dy(), len(picture))
			}
		}
	}
}

func TestMorePeopleReportByDay(t *testing.T) {
	t.Parallel()
	c := newTestCity(t, 1)
	r, dice := newRhythm(c.pack, 100), newDice(9, 9)
	from := time.Date(2026, 11, 2, 0, 0, 0, 0, c.pack.Zone())
	day, night, all := 0, 0, 0
	for at := r.nextAfter(from, dice); at.Before(from.AddDate(0, 0, 14)); at = r.nextAfter(at, dice) {
		all++
		switch hour := at.In(c.pack.Zone()).Hour(); {
		case hour >= 7 && hour < 19:
			day++
		case hour < 5:
			night++
		}
	}
	if all < 1100 || all > 1500 || day < 10*night {
		t.Errorf("%d reports in two weeks of 100 a day, %d by day and %d at night", all, day, night)
	}
	tet := r.at(time.Date(2026, 2, 17, 9, 0, 0, 0, c.pack.Zone()))
	if sunday := r.at(time.Date(2026, 11, 22, 9, 0, 0, 0, c.pack.Zone())); !tet.holiday || sunday.holiday {
		t.Errorf("Tết %+v, a Sunday %+v", tet, sunday)
	}
}

func TestBarShowsItsEnd(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	b := newBar(&out, 48*time.Hour)
	b.finish(newSummary())
	if !strings.Contains(out.String(), "day 2 of 2") || strings.Contains(out.String(), "-") {
		t.Errorf("%q", out.String())
	}
	newBar(nil, time.Hour).finish(newSummary())
	newBar(io.Discard, time.Hour).show(time.Minute, newSummary())
}

// A unit that has become the lead, or has given its part back, has nothing to hand in.
func TestWhoStillSupports(t *testing.T) {
	t.Parallel()
	f := newDossier(&Life{}, models.Actor{})
	f.tasks = map[string]models.Task{
		"open": {State: models.TaskOpen}, "working": {State: models.TaskWorking}, "lead": {State: models.TaskOpen, Lead: true}, "returned": {State: models.TaskReturned},
	}
	for unit, want := range map[string]bool{"": true, "open": true, "working": true, "lead": false, "returned": false, "nobody": false} {
		if got := f.supports(unit); got != want {
			t.Errorf("%q supports: %v", unit, got)
		}
	}
}

func TestTemplatesCanBeCompleted(t *testing.T) {
	t.Parallel()
	c := newTestCity(t, 1)
	dice := newDice(1, 1)
	for _, category := range c.pack.Categories() {
		templates := c.pack.Templates(pack.TemplateAnswer, category.Code)
		codes := make([]string, len(templates))
		for i, template := range templates {
			codes[i] = template.Code
			if text, known := c.words.complete(template.Fill("vi", nil)); !known || strings.ContainsAny(text, "[]") {
				t.Errorf("nobody knows what to write in %s: %q", template.Code, text)
			}
		}
		for _, outcome := range []models.Outcome{models.OutcomeFixed, models.OutcomePlanned, models.OutcomeNothingFound, models.OutcomeNotPossible} {
			i := c.words.begin(codes, outcome, dice)
			if i < 0 || (outcome == models.OutcomeFixed) == c.words.ofAnOutcome(codes[i]) {
				t.Errorf("%s, %s: template %d of %v", category.Code, outcome, i, codes)
			}
		}
	}
	if _, known := c.words.complete("xong [điều chưa ai biết]"); known {
		t.Error("a blank that nobody has words for was filled in")
	}
}
