// SPDX-License-Identifier: Apache-2.0

package calendar_test

import (
	"errors"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"hientruong/workflow/calendar"
)

const minuteLayout = "2006-01-02 15:04"

func zone(tb testing.TB, name string) *time.Location {
	tb.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		tb.Fatal(err)
	}
	return loc
}

func date(tb testing.TB, s string) calendar.Date {
	tb.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func hours(tb testing.TB, clocks ...string) []calendar.Hours {
	tb.Helper()
	var out []calendar.Hours
	for i := 0; i < len(clocks); i += 2 {
		from, err := calendar.ParseClock(clocks[i])
		if err != nil {
			tb.Fatal(err)
		}
		to, err := calendar.ParseClock(clocks[i+1])
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, calendar.Hours{From: from, To: to})
	}
	return out
}

func workdays(h []calendar.Hours) [7][]calendar.Hours {
	return [7][]calendar.Hours{nil, h, h, h, h, h, nil}
}

// offices is the working time of the offices of Huế in 2026: hours change in April and October, Tết takes nine days, and
// two Saturdays are worked for a Friday and a Monday off.
func offices(tb testing.TB) calendar.Spec {
	tb.Helper()
	s := calendar.Spec{
		Zone: zone(tb, "Asia/Ho_Chi_Minh"),
		Seasons: []calendar.Season{
			{From: date(tb, "04-01"), To: date(tb, "09-30"), Week: workdays(hours(tb, "07:30", "11:30", "13:30", "17:30"))},
			{From: date(tb, "10-01"), To: date(tb, "03-31"), Week: workdays(hours(tb, "07:30", "11:30", "13:00", "17:00"))},
		},
		Swapped: []calendar.Swap{
			{Date: date(tb, "2026-01-10"), Like: time.Friday},
			{Date: date(tb, "2026-08-22"), Like: time.Monday},
		},
	}
	for _, d := range []string{
		"2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20",
		"2026-04-26", "2026-04-27", "2026-04-30", "2026-05-01", "2026-08-31", "2026-09-01", "2026-09-02",
	} {
		s.Off = append(s.Off, calendar.DayOff{Date: date(tb, d), Name: map[string]string{"vi": "Nghỉ"}})
	}
	s.Off = append(s.Off, calendar.DayOff{Date: date(tb, "2027-02-08"), Provisional: true})
	return s
}

func must(tb testing.TB, s calendar.Spec) *calendar.Calendar {
	tb.Helper()
	c, err := calendar.New(s)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func at(tb testing.TB, c *calendar.Calendar, s string) time.Time {
	tb.Helper()
	t, err := time.ParseInLocation(minuteLayout, s, c.Zone())
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func TestAdd(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	for _, tt := range []struct {
		name, from, d, want string
	}{
		{"within a morning", "2026-03-02 08:00", "2h", "2026-03-02 10:00"},
		{"over winter's lunch", "2026-03-02 11:00", "1h", "2026-03-02 13:30"},
		{"over summer's lunch", "2026-06-01 11:00", "1h", "2026-06-01 14:00"},
		{"to the end of the morning, not the start of the afternoon", "2026-03-02 08:00", "3h30m", "2026-03-02 11:30"},
		{"one minute past lunch", "2026-03-02 08:00", "3h31m", "2026-03-02 13:01"},
		{"to the end of the day", "2026-03-02 07:30", "8h", "2026-03-02 17:00"},
		{"one minute into the next day", "2026-03-02 07:30", "8h1m", "2026-03-03 07:31"},
		{"from before work", "2026-03-02 05:00", "1h", "2026-03-02 08:30"},
		{"from midnight", "2026-03-02 00:00", "1h", "2026-03-02 08:30"},
		{"from lunch", "2026-03-02 12:15", "1h", "2026-03-02 14:00"},
		{"from after work", "2026-03-02 17:00", "1h", "2026-03-03 08:30"},
		{"nothing from night", "2026-03-02 22:00", "0s", "2026-03-02 22:00"},
		{"over a weekend", "2026-03-06 16:00", "2h", "2026-03-09 08:30"},
		{"from a Saturday", "2026-03-07 10:00", "4h", "2026-03-09 11:30"},
		{"from a Sunday night", "2026-03-08 23:59", "4h", "2026-03-09 11:30"},
		{"Tết: from Friday afternoon to Monday ten days on", "2026-02-13 16:00", "2h", "2026-02-23 08:30"},
		{"Tết: from its first Saturday", "2026-02-14 09:00", "8h", "2026-02-23 17:00"},
		{"Tết: from New Year's Eve", "2026-02-16 23:59", "1m", "2026-02-23 07:31"},
		{"Tết: from its last Sunday", "2026-02-22 12:00", "30m", "2026-02-23 08:00"},
		{"Tết: three days of work around it", "2026-02-12 07:30", "24h", "2026-02-23 17:00"},
		{"into the summer hours", "2026-03-31 16:00", "6h", "2026-04-01 14:30"},
		{"the first summer day", "2026-04-01 07:30", "8h", "2026-04-01 17:30"},
		{"into the winter hours", "2026-09-30 16:30", "6h", "2026-10-01 14:00"},
		{"the Hùng Kings' day falls on a Sunday, Monday is given", "2026-04-24 17:00", "1h", "2026-04-28 08:00"},
		{"two working days and two holidays", "2026-04-28 07:30", "17h", "2026-05-04 08:30"},
		{"between Reunification Day and May Day", "2026-04-30 12:00", "8h", "2026-05-04 17:30"},
		{"a swapped Saturday works like its Friday", "2026-01-09 16:00", "2h", "2026-01-10 08:30"},
		{"from a swapped Saturday to Monday", "2026-01-10 16:30", "1h", "2026-01-12 08:00"},
		{"a swapped Saturday has summer hours in August", "2026-08-21 17:00", "5h", "2026-08-22 14:00"},
		{"National Day, three days and a weekend", "2026-08-28 17:00", "1h", "2026-09-03 08:00"},
		{"over New Year", "2025-12-31 16:00", "2h", "2026-01-05 08:30"},
		{"a week of work in a week without holidays", "2026-06-01 07:30", "40h", "2026-06-05 17:30"},
		{"back within a morning", "2026-03-02 10:00", "-2h", "2026-03-02 08:00"},
		{"back over lunch", "2026-03-02 13:30", "-1h", "2026-03-02 11:00"},
		{"back to a beginning is the latest such moment", "2026-03-02 17:00", "-4h", "2026-03-02 13:00"},
		{"back over Tết", "2026-02-23 08:30", "-2h", "2026-02-13 16:00"},
		{"back over New Year", "2026-01-05 08:30", "-2h", "2025-12-31 16:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := time.ParseDuration(tt.d)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.Add(at(t, c, tt.from), d).Format(minuteLayout); got != tt.want {
				t.Errorf("Add(%s, %s) = %s, want %s", tt.from, tt.d, got, tt.want)
			}
		})
	}
}

func TestBetween(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	for _, tt := range []struct {
		name, a, b string
		want       time.Duration
	}{
		{"nothing", "2026-03-02 08:00", "2026-03-02 08:00", 0},
		{"within lunch", "2026-03-02 11:40", "2026-03-02 12:50", 0},
		{"a day from midnight to midnight", "2026-03-02 00:00", "2026-03-03 00:00", 8 * time.Hour},
		{"a weekend", "2026-03-06 17:00", "2026-03-09 07:30", 0},
		{"all of Tết", "2026-02-13 17:00", "2026-02-23 07:30", 0},
		{"February 2026: 20 weekdays less five", "2026-02-01 00:00", "2026-03-01 00:00", 15 * 8 * time.Hour},
		{"January 2026: 22 weekdays less two, and a Saturday", "2026-01-01 00:00", "2026-02-01 00:00", 21 * 8 * time.Hour},
		{"the last week of April", "2026-04-25 00:00", "2026-05-02 00:00", 16 * time.Hour},
		{"summer afternoon", "2026-04-01 13:00", "2026-04-01 17:30", 4 * time.Hour},
		{"winter afternoon", "2026-03-31 13:00", "2026-03-31 17:30", 4 * time.Hour},
		{"backwards", "2026-03-03 00:00", "2026-03-02 00:00", -8 * time.Hour},
		{"two years' edge", "2025-12-31 16:30", "2026-01-05 08:00", time.Hour},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := c.Between(at(t, c, tt.a), at(t, c, tt.b)); got != tt.want {
				t.Errorf("Between(%s, %s) = %s, want %s", tt.a, tt.b, got, tt.want)
			}
		})
	}
}

func TestAddDays(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	for _, tt := range []struct {
		name, from string
		n          int
		want       string
	}{
		{"from Monday morning", "2026-03-02 08:00", 3, "2026-03-05 17:00"},
		{"from Monday night", "2026-03-02 23:00", 3, "2026-03-05 17:00"},
		{"from Friday", "2026-03-06 08:00", 1, "2026-03-09 17:00"},
		{"from Saturday", "2026-03-07 08:00", 1, "2026-03-09 17:00"},
		{"over Tết", "2026-02-13 08:00", 1, "2026-02-23 17:00"},
		{"from within Tết", "2026-02-17 00:00", 2, "2026-02-24 17:00"},
		{"into the summer hours", "2026-03-31 08:00", 1, "2026-04-01 17:30"},
		{"into the winter hours", "2026-09-30 08:00", 1, "2026-10-01 17:00"},
		{"over both days of the Hùng Kings and of May", "2026-04-24 08:00", 3, "2026-05-04 17:30"},
		{"a swapped Saturday counts", "2026-01-09 08:00", 1, "2026-01-10 17:00"},
		{"over the year's end", "2025-12-30 08:00", 2, "2026-01-05 17:00"},
		{"ten days", "2026-06-01 08:00", 10, "2026-06-15 17:30"},
		{"none: today", "2026-03-02 08:00", 0, "2026-03-02 17:00"},
		{"none, at the last minute", "2026-03-02 17:00", 0, "2026-03-02 17:00"},
		{"none, after work: tomorrow", "2026-03-02 17:01", 0, "2026-03-03 17:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := c.AddDays(at(t, c, tt.from), tt.n).Format(minuteLayout); got != tt.want {
				t.Errorf("AddDays(%s, %d) = %s, want %s", tt.from, tt.n, got, tt.want)
			}
		})
	}
}

func TestIsWorkingAndNext(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	for _, tt := range []struct {
		at      string
		working bool
		next    string
	}{
		{"2026-03-02 07:29", false, "2026-03-02 07:30"},
		{"2026-03-02 07:30", true, "2026-03-02 07:30"},
		{"2026-03-02 11:29", true, "2026-03-02 11:29"},
		{"2026-03-02 11:30", false, "2026-03-02 13:00"},
		{"2026-06-01 13:00", false, "2026-06-01 13:30"},
		{"2026-03-02 17:00", false, "2026-03-03 07:30"},
		{"2026-06-01 17:00", true, "2026-06-01 17:00"},
		{"2026-02-17 09:00", false, "2026-02-23 07:30"},
		{"2026-08-22 09:00", true, "2026-08-22 09:00"},
		{"2026-08-31 09:00", false, "2026-09-03 07:30"},
		{"2025-12-31 18:00", false, "2026-01-05 07:30"},
	} {
		t.Run(tt.at, func(t *testing.T) {
			t.Parallel()
			moment := at(t, c, tt.at)
			if got := c.IsWorking(moment); got != tt.working {
				t.Errorf("IsWorking(%s) = %v", tt.at, got)
			}
			if got := c.Next(moment).Format(minuteLayout); got != tt.next {
				t.Errorf("Next(%s) = %s, want %s", tt.at, got, tt.next)
			}
		})
	}
}

func TestSeconds(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	from := at(t, c, "2026-03-02 11:29").Add(59*time.Second + 250*time.Millisecond)
	if got, want := c.Add(from, time.Second), at(t, c, "2026-03-02 13:00").Add(250*time.Millisecond); !got.Equal(want) {
		t.Errorf("a second over lunch ends %s, want %s", got, want)
	}
	if got := c.Between(from, at(t, c, "2026-03-02 13:00")); got != 750*time.Millisecond {
		t.Errorf("before lunch there were %s left", got)
	}
}

func TestAlways(t *testing.T) {
	t.Parallel()
	c := must(t, calendar.Always(zone(t, "Asia/Ho_Chi_Minh")))
	from := at(t, c, "2026-02-17 23:30")
	if got := c.Add(from, 90*time.Minute).Format(minuteLayout); got != "2026-02-18 01:00" {
		t.Errorf("over midnight: %s", got)
	}
	if got := c.Between(from, at(t, c, "2027-02-17 23:30")); got != 365*24*time.Hour {
		t.Errorf("a year: %s", got)
	}
	if got := c.AddDays(from, 1).Format(minuteLayout); got != "2026-02-19 00:00" {
		t.Errorf("a day: %s", got)
	}
}

// Clocks went back in Berlin on 2026-10-25 and forward on 2026-03-29.
func TestClockChange(t *testing.T) {
	t.Parallel()
	c := must(t, calendar.Always(zone(t, "Europe/Berlin")))
	for from, want := range map[string]time.Duration{"2026-10-25 00:00": 25 * time.Hour, "2026-03-29 00:00": 23 * time.Hour} {
		a := at(t, c, from)
		b := a.AddDate(0, 0, 1)
		if got := c.Between(a, b); got != want {
			t.Errorf("%s had %s, want %s", from, got, want)
		}
		if got := c.Add(a, want); !got.Equal(b) {
			t.Errorf("Add(%s, %s) = %s", from, want, got)
		}
	}
}

func TestDatedSeasonOutranks(t *testing.T) {
	t.Parallel()
	s := offices(t)
	s.Seasons = append(s.Seasons, calendar.Season{
		From: date(t, "2026-07-06"), To: date(t, "2026-07-10"), Week: workdays(hours(t, "06:00", "12:00")),
	})
	c := must(t, s)
	if got := c.Add(at(t, c, "2026-07-06 11:00"), 2*time.Hour).Format(minuteLayout); got != "2026-07-07 07:00" {
		t.Errorf("in the heat wave: %s", got)
	}
	if !c.IsWorking(at(t, c, "2026-07-13 14:00")) {
		t.Error("after the heat wave the yearly season returns")
	}
}

func TestEdges(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	const forever = time.Duration(1<<63 - 1)
	for name, got := range map[string]time.Time{
		"forever on":   c.Add(at(t, c, "2026-03-02 08:00"), forever),
		"forever back": c.Add(at(t, c, "2026-03-02 08:00"), -forever-1),
		"many days":    c.AddDays(at(t, c, "2026-03-02 08:00"), 1<<31),
		"the far past": c.Next(time.Unix(-1<<40, 0)),
		"the future":   c.Add(time.Unix(1<<40, 0), time.Hour),
	} {
		if y := got.Year(); y < 1969 || y > 40000 {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestDaysOff(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	if d, ok := c.DayOffOn(at(t, c, "2026-02-17 10:00")); !ok || d.Name["vi"] != "Nghỉ" {
		t.Errorf("Tết is a day off: %v %v", d, ok)
	}
	if _, ok := c.DayOffOn(at(t, c, "2026-02-23 10:00")); ok {
		t.Error("the day after Tết is none")
	}
	if !c.Provisional(at(t, c, "2027-02-01 08:00"), at(t, c, "2027-02-08 08:00")) {
		t.Error("Tết 2027 is not announced")
	}
	if c.Provisional(at(t, c, "2027-02-09 08:00"), at(t, c, "2027-03-01 08:00")) {
		t.Error("nothing provisional after it")
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spoil func(*calendar.Spec)
		want  error
	}{
		{"no zone", func(s *calendar.Spec) { s.Zone = nil }, calendar.ErrZone},
		{"no season", func(s *calendar.Spec) { s.Seasons = nil; s.Swapped = nil }, calendar.ErrEmpty},
		{"hours in one year only", func(s *calendar.Spec) {
			s.Seasons = s.Seasons[:1]
			s.Seasons[0].From.Year, s.Seasons[0].To.Year = 2026, 2026
			s.Swapped = nil
		}, calendar.ErrEmpty},
		{"no hours", func(s *calendar.Spec) {
			s.Seasons[0].Week, s.Seasons[1].Week = [7][]calendar.Hours{}, [7][]calendar.Hours{}
			s.Swapped = nil
		}, calendar.ErrEmpty},
		{"hours that end before they begin", func(s *calendar.Spec) {
			s.Seasons[0].Week[1] = []calendar.Hours{{From: 600, To: 540}}
		}, calendar.ErrHours},
		{"hours that overlap", func(s *calendar.Spec) {
			s.Seasons[0].Week[1] = []calendar.Hours{{From: 480, To: 720}, {From: 700, To: 800}}
		}, calendar.ErrHours},
		{"hours past midnight", func(s *calendar.Spec) {
			s.Seasons[0].Week[1] = []calendar.Hours{{From: 1380, To: 1500}}
		}, calendar.ErrHours},
		{"seasons that overlap", func(s *calendar.Spec) { s.Seasons[0].To = calendar.Date{Month: 10, Day: 1} }, calendar.ErrOverlap},
		{"a season with half a year", func(s *calendar.Spec) { s.Seasons[0].To.Year = 2026 }, calendar.ErrDate},
		{"30 February", func(s *calendar.Spec) {
			s.Off = append(s.Off, calendar.DayOff{Date: calendar.Date{Year: 2026, Month: 2, Day: 30}})
		}, calendar.ErrDate},
		{"a holiday without a year", func(s *calendar.Spec) {
			s.Off = append(s.Off, calendar.DayOff{Date: calendar.Date{Month: 1, Day: 1}})
		}, calendar.ErrDate},
		{"a holiday twice", func(s *calendar.Spec) { s.Off = append(s.Off, s.Off[0]) }, calendar.ErrTwice},
		{"a swap twice", func(s *calendar.Spec) { s.Swapped = append(s.Swapped, s.Swapped[0]) }, calendar.ErrTwice},
		{"a swap without hours", func(s *calendar.Spec) { s.Swapped[0].Like = time.Sunday }, calendar.ErrHours},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := offices(t)
			tt.spoil(&s)
			if _, err := calendar.New(s); !errors.Is(err, tt.want) {
				t.Errorf("New: %v, want %v", err, tt.want)
			}
		})
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "2026-02-30", "13-01", "1-1", "2026/01/01", "02-30", "1969-12-31", "2200-01-01", "0000-01-10"} {
		if d, err := calendar.ParseDate(s); !errors.Is(err, calendar.ErrDate) {
			t.Errorf("ParseDate(%q) = %v, %v", s, d, err)
		}
	}
	for _, s := range []string{"2026-02-28", "02-29", "1970-01-01"} {
		if d := date(t, s); d.String() != s {
			t.Errorf("ParseDate(%q) = %s", s, d)
		}
	}
	for _, s := range []string{"", "7:30", "24:01", "25:00", "07:60", "0730"} {
		if m, err := calendar.ParseClock(s); !errors.Is(err, calendar.ErrHours) {
			t.Errorf("ParseClock(%q) = %d, %v", s, m, err)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	c := must(t, offices(t))
	from := at(t, c, "2020-03-02 08:00")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 40 {
				a := from.AddDate(i, 0, 0)
				if b := c.Add(a, 100*time.Hour); c.Between(a, b) != 100*time.Hour {
					t.Errorf("from %s: %s", a, b)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkAdd(b *testing.B) {
	c := must(b, offices(b))
	from := at(b, c, "2026-02-13 16:00")
	for name, d := range map[string]time.Duration{"hour": time.Hour, "fortnight": 80 * time.Hour, "year": 2000 * time.Hour} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				c.Add(from, d)
			}
		})
	}
}

func BenchmarkBetween(b *testing.B) {
	c := must(b, offices(b))
	from, to := at(b, c, "2026-02-13 16:00"), at(b, c, "2026-03-13 16:00")
	for b.Loop() {
		c.Between(from, to)
	}
}

func BenchmarkAddDays(b *testing.B) {
	c := must(b, offices(b))
	from := at(b, c, "2026-02-13 16:00")
	for b.Loop() {
		c.AddDays(from, 10)
	}
}

func BenchmarkNew(b *testing.B) {
	s := offices(b)
	for b.Loop() {
		must(b, s)
	}
}
