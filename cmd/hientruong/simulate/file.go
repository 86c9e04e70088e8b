// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/simulate"
)

// File reads old reports from CSV, a page at a time: separated by commas, semicolons or tabs,
// in UTF-8, or in UTF-16 that begins with its mark. The first line names the columns:
// created_at and category, lat and lon or area, and where they are known id, urgent,
// channel, lead, resolved_at, description and attr.NAME. Other columns are passed over. A
// line that is no report is noted, and the rest goes on.
type File struct {
	CSV     io.Reader
	Size    int64 // of the CSV in bytes, 0 where that is not known
	Zone    *time.Location
	Columns map[string]string // the file's name of a column where it is another: created_at → open_dt
	Map     map[string]string // categories of the file → of the pack; what is not in it stays as it is
	Since   time.Time
	Until   time.Time

	skipped  simulate.Skipped
	dayFirst bool
}

const (
	mostFaults   = 100     // that are told; the rest is counted
	mostField    = 200     // characters of a category or unit
	longestField = 1 << 16 // bytes of a description that are kept
)

// Skipped implements Source.
func (f *File) Skipped() simulate.Skipped {
	out := f.skipped
	if out.Faults == nil {
		out.Faults = []simulate.LineFault{}
	}
	return out
}

// DayFirst says whether a time was read in which the day comes before the month, known once
// Read has ended.
func (f *File) DayFirst() bool { return f.dayFirst }

// Read implements Source. Its error is about the whole file: a HeaderError where there is
// none, or a column that must be there is not.
func (f *File) Read(ctx context.Context, emit func(Page, float64) error) error {
	in := &counter{Reader: f.CSV}
	lines := fields(in)
	lines.ReuseRecord, lines.LazyQuotes, lines.FieldsPerRecord = true, true, -1
	header, err := lines.Read()
	if err != nil {
		return HeaderError("the file has no header: " + err.Error())
	}
	columns, err := f.columns(header)
	if err != nil {
		return err
	}
	page := make([]simulate.Report, 0, pageSize)
	hand := func() error {
		full, done := page, float64(in.read)/float64(max(f.Size, in.read, 1))
		page = make([]simulate.Report, 0, pageSize)
		return emit(func() ([]simulate.Report, error) { return full, nil }, done)
	}
	for ctx.Err() == nil {
		values, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return hand()
		}
		if err := f.line(columns, lines, values, err, &page); err != nil {
			return err
		}
		if len(page) == pageSize {
			if err := hand(); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// line adds a line to the page, or notes why it is no report. Its error is one of reading.
func (f *File) line(columns []column, lines *csv.Reader, values []string, err error, page *[]simulate.Report) error {
	var broken *csv.ParseError
	if err != nil && !errors.As(err, &broken) {
		return fmt.Errorf("simulate: %w", err)
	}
	var number int
	if broken != nil {
		number, err = broken.StartLine, broken.Err
	} else {
		number, _ = lines.FieldPos(0)
		err = tooShort(columns, values)
	}
	r := simulate.Report{Brief: true, Form: workflow.Form{
		Channel: models.ChannelImport, Language: models.Vietnamese, Description: "-", Attributes: map[string]string{},
	}}
	if err == nil {
		err = f.report(columns, values, &r)
	}
	if err != nil {
		f.skipped.Lines++
		if len(f.skipped.Faults) < mostFaults {
			f.skipped.Faults = append(f.skipped.Faults, simulate.LineFault{Line: number, Text: err.Error()})
		}
		return nil
	}
	if r.At.Before(f.Since) || !r.At.Before(f.Until) {
		return nil
	}
	r.ID = uuid.NewSHA1(uuid.NameSpaceOID, strconv.AppendInt([]byte("line "), int64(number), 10))
	r.Reporter, r.Settled = models.Guest(0), r.Lead
	*page = append(*page, r)
	return nil
}

func tooShort(columns []column, values []string) error {
	if n := len(columns); len(values) != n {
		return fmt.Errorf("%d fields where the header has %d", len(values), n)
	}
	return nil
}

// report fills a report in from a line.
func (f *File) report(columns []column, values []string, r *simulate.Report) error {
	for i, c := range columns {
		if value := strings.TrimSpace(values[i]); c.set != nil && value != "" {
			if err := c.set(r, strings.Clone(value)); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	form := &r.Form
	switch {
	case r.At.IsZero():
		return errors.New("created_at is empty")
	case form.Category == "":
		return errors.New("category is empty")
	case (form.Lat == nil) != (form.Lon == nil):
		return errors.New("lat and lon go together")
	case !r.Answered.IsZero() && r.Answered.Before(r.At):
		return errors.New("resolved_at is before created_at")
	}
	if to, ok := f.Map[form.Category]; ok {
		form.Category = to
	}
	if form.Lat == nil && form.AreaID == "" {
		form.Words = "-"
	}
	return nil
}

// column is where a field of a line goes; set is nil for one that is passed over.
type column struct {
	name string
	set  func(*simulate.Report, string) error
}

// HeaderError is what is wrong with the columns of a file as a whole.
type HeaderError string

// Error implements error.
func (e HeaderError) Error() string { return string(e) }

// CheckColumns says which of the names that a file's columns are given are none of ours.
func CheckColumns(named map[string]string) error {
	for _, ours := range slices.Sorted(maps.Keys(named)) {
		if new(File).setter(ours) == nil {
			return HeaderError(fmt.Sprintf("there is no column %q; there are %s and attr.NAME", ours, strings.Join(columnNames, ", ")))
		}
	}
	return nil
}

// columnNames are the columns that are read, but for attributes.
var columnNames = []string{"created_at", "category", "lat", "lon", "area", "urgent", "channel", "lead", "resolved_at", "description"}

// check finds each column that was named.
func (f *File) check(header []string) error {
	for _, ours := range slices.Sorted(maps.Keys(f.Columns)) {
		theirs := f.Columns[ours]
		if !slices.ContainsFunc(header, func(h string) bool { return strings.TrimSpace(h) == theirs }) {
			return HeaderError(fmt.Sprintf("no column %q; the file has %s", theirs, list(header)))
		}
	}
	return nil
}

// list names the columns of a file.
func list(header []string) string {
	const most = 1000
	text := strings.Join(header, ", ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " …"
	}
	return text
}

// columns reads the header.
func (f *File) columns(header []string) ([]column, error) {
	named := map[string]string{}
	for ours, theirs := range f.Columns {
		named[theirs] = ours
	}
	if err := f.check(header); err != nil {
		return nil, err
	}
	out := make([]column, len(header))
	var have []string
	for i, h := range header {
		name := strings.TrimSpace(h)
		if ours, ok := named[name]; ok {
			name = ours
		}
		set := f.setter(name)
		if set != nil && slices.Contains(have, name) {
			return nil, HeaderError("the header names " + name + " twice")
		}
		out[i] = column{name: name, set: set}
		have = append(have, name)
	}
	for _, needed := range []string{"created_at", "category"} {
		if !slices.Contains(have, needed) {
			return nil, HeaderError(fmt.Sprintf("no column %s; name the file's own with --column %s=…: the file has %s", needed, needed, list(header)))
		}
	}
	if !slices.Contains(have, "area") && (!slices.Contains(have, "lat") || !slices.Contains(have, "lon")) {
		return nil, HeaderError("neither lat and lon nor area; name the file's own with --column area=…: the file has " + list(header))
	}
	return out, nil
}

func (f *File) setter(name string) func(*simulate.Report, string) error {
	if attribute, ok := strings.CutPrefix(name, "attr."); ok {
		return func(r *simulate.Report, v string) error { r.Form.Attributes[attribute] = v; return nil }
	}
	switch name {
	case "created_at":
		return func(r *simulate.Report, v string) (err error) { r.At, err = f.time(v); return err }
	case "resolved_at":
		return func(r *simulate.Report, v string) (err error) { r.Answered, err = f.time(v); return err }
	case "category":
		return func(r *simulate.Report, v string) (err error) { r.Form.Category, err = short(v); return err }
	case "area":
		return func(r *simulate.Report, v string) (err error) { r.Form.AreaID, err = short(v); return err }
	case "lead":
		return func(r *simulate.Report, v string) (err error) { r.Lead, err = short(v); return err }
	case "lat":
		return func(r *simulate.Report, v string) (err error) { r.Form.Lat, err = degrees(v, 90); return err }
	case "lon":
		return func(r *simulate.Report, v string) (err error) { r.Form.Lon, err = degrees(v, 180); return err }
	case "urgent":
		return func(r *simulate.Report, v string) (err error) { r.Form.Urgent, err = yes(v); return err }
	case "description":
		return func(r *simulate.Report, v string) error {
			r.Form.Description = strings.ToValidUTF8(v[:min(len(v), longestField)], "")
			return nil
		}
	case "channel":
		return func(r *simulate.Report, v string) error {
			if r.Form.Channel = models.Channel(v); !r.Form.Channel.Valid() {
				return fmt.Errorf("%.40q is no channel", v)
			}
			return nil
		}
	default:
		return nil
	}
}

// ReadMap reads a CSV of two columns, from and to; a first line that says so is passed
// over.
func ReadMap(from io.Reader) (map[string]string, error) {
	lines := fields(from)
	lines.FieldsPerRecord = 2
	all, err := lines.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("simulate: the map: %w", err)
	}
	out := map[string]string{}
	for i, pair := range all {
		a, b := strings.TrimSpace(pair[0]), strings.TrimSpace(pair[1])
		if i == 0 && a == "from" && b == "to" {
			continue
		}
		if other, ok := out[a]; ok && other != b {
			return nil, fmt.Errorf("simulate: the map leads from %q to two, %q and %q", a, other, b)
		}
		out[a] = b
	}
	return out, nil
}
