// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"hientruong/models"
	"hientruong/words"
	"hientruong/workflow/pack"
	"hientruong/workflow/simulate"
)

//go:embed page.html
var pageSource string

// view is what the page shows.
type view struct {
	simulate.Result
	Names     map[string]pack.Text
	Bars      []bar
	Weeks     bool
	Most      int // of a bar
	MostUnit  int // reports of a unit, recorded or routed
	Late      []simulate.Unit
	Catalogue *words.Catalogue
}

type bar struct {
	Day    string
	Due    int
	Height float64 // percent
}

// WriteHTML writes a result as one page that needs nothing else: Vietnamese, and English
// at a touch, with a table behind each chart.
func WriteHTML(w io.Writer, r simulate.Result) error {
	catalogue, err := words.Load()
	if err != nil {
		return err
	}
	v := view{Result: r, Names: map[string]pack.Text{}, Catalogue: catalogue}
	for _, u := range r.Units {
		v.Names[u.Code] = u.Name
		v.MostUnit = max(v.MostUnit, u.Recorded, u.Routed)
		if u.Lateness.Answered()+u.Lateness.OpenLate+u.Was.Answered()+u.Was.OpenLate > 0 {
			v.Late = append(v.Late, u)
		}
	}
	slices.SortStableFunc(v.Late, func(a, b simulate.Unit) int { return lateOf(b.Lateness) - lateOf(a.Lateness) })
	days, weeks := Bars(r.Load)
	v.Weeks = weeks
	for _, d := range days {
		v.Most = max(v.Most, d.Due)
	}
	for _, d := range days {
		v.Bars = append(v.Bars, bar{d.Day, d.Due, share(d.Due, v.Most)})
	}
	page, err := template.New("page").Funcs(v.functions()).Parse(pageSource)
	if err != nil {
		return err
	}
	return page.Execute(w, v)
}

func lateOf(l simulate.Lateness) int { return l.Late + l.OpenLate }

// share is a part of a whole in percent.
func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) * 100 / float64(whole)
}

func (v view) functions() template.FuncMap {
	return template.FuncMap{
		"t":       both,
		"n":       number,
		"share":   share,
		"percent": func(l simulate.Lateness) template.HTML { return percent(100 * l.Share()) },
		"ontime":  func(l simulate.Lateness) template.HTML { return percent(share(l.OnTime, l.Answered()+l.OpenLate)) },
		"span":    spanWords,
		"seconds": func(s int64) template.HTML { return spanWords(time.Duration(s) * time.Second) },
		"unit":    v.unit,
		"day":     dayWords,
		"moment":  func(t time.Time) string { return t.Format("02/01/2006 15:04") },
		"date":    func(t time.Time) string { return t.Format("02/01/2006") },
		"answers": func(l simulate.Lateness) int { return l.Answered() + l.OpenLate },
		"known":   func(l simulate.Lateness) bool { return l.Answered()+l.OpenLate > 0 },
		"reason":  v.reason,
		"buckets": bucketRows,

		"incomparable": Incomparable,
		"first":        func(b []bar) bar { return b[0] },
		"middle":       func(b []bar) bar { return b[len(b)/2] },
		"last":         func(b []bar) bar { return b[len(b)-1] },
		"openness": func(g simulate.Gaps) bool {
			return len(g.NoUnit)+len(g.UnknownCategory)+len(g.Outside)+len(g.Units)+len(g.Form)+len(g.Refused) == 0
		},
	}
}

// both is a text in both languages, of which the page shows one.
func both(vi, en string) template.HTML {
	vi, en = template.HTMLEscapeString(vi), template.HTMLEscapeString(en)
	//nolint:gosec // both parts were escaped just now
	return template.HTML(`<span lang="vi">` + vi + `</span><span lang="en">` + en + `</span>`)
}

// number is a count with its thousands apart, by a space as both languages read it.
func number(n int) string {
	s := strconv.Itoa(n)
	var out []string
	for len(s) > 3 {
		out = append([]string{s[len(s)-3:]}, out...)
		s = s[:len(s)-3]
	}
	return strings.Join(append([]string{s}, out...), "\u202f")
}

func percent(v float64) template.HTML { return both(decimal(v, ","), decimal(v, ".")) }

func decimal(v float64, point string) string {
	return strings.Replace(fmt.Sprintf("%.1f", v), ".", point, 1)
}

// spanWords is a length of time in the largest unit that says enough.
func spanWords(d time.Duration) template.HTML {
	switch {
	case d == 0:
		return "–"
	case d >= 48*time.Hour:
		return both(decimal(d.Hours()/24, ",")+" ngày", decimal(d.Hours()/24, ".")+" days")
	case d >= time.Hour:
		return both(decimal(d.Hours(), ",")+" giờ", decimal(d.Hours(), ".")+" h")
	default:
		return both(fmt.Sprintf("%.0f phút", d.Minutes()), fmt.Sprintf("%.0f min", d.Minutes()))
	}
}

// unit is what people call a unit; its code where the pack does not know it.
func (v view) unit(code string) template.HTML {
	if code == "" {
		return both("(không đơn vị nào)", "(no unit)")
	}
	if name := v.Names[code]; len(name) > 0 {
		return both(name.In("vi"), name.In("en"))
	}
	return both(code, code)
}

func dayWords(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.Format("02/01/2006")
}

// reason is what a code means.
func (v view) reason(code models.Code) template.HTML {
	vi, _ := v.Catalogue.Problem(words.Vietnamese, string(code), nil)
	en, _ := v.Catalogue.Problem(words.English, string(code), nil)
	return both(vi, en)
}

type bucketRow struct {
	Name    template.HTML
	Now     int
	Was     int
	Percent float64
}

// bucketRows are how late the late ones were.
func bucketRows(r simulate.Result) []bucketRow {
	names := []template.HTML{
		both("đến 4 giờ", "up to 4 hours"), both("đến 1 ngày", "up to 1 day"), both("đến 3 ngày", "up to 3 days"),
		both("đến 7 ngày", "up to 7 days"), both("hơn 7 ngày", "more than 7 days"),
	}
	out := make([]bucketRow, 0, len(names))
	most := max(slices.Max(r.Lateness.Buckets[:]), slices.Max(r.Was.Buckets[:]))
	for i, name := range names {
		out = append(out, bucketRow{name, r.Lateness.Buckets[i], r.Was.Buckets[i], share(r.Lateness.Buckets[i], most)})
	}
	return out
}
