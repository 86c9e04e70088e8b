// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// headerLine is how much of a file is looked at for what separates its fields.
const headerLine = 1 << 14

// fields reads lines of fields: of UTF-8, or of UTF-16 that begins with its mark, separated
// by commas, semicolons or tabs, whichever the first line has most of.
func fields(from io.Reader) *csv.Reader {
	in := bufio.NewReaderSize(transform.NewReader(from, unicode.BOMOverride(transform.Nop)), 1<<16)
	start, _ := in.Peek(headerLine) // a fault comes again when it is read
	header, _, _ := strings.Cut(string(start), "\n")
	lines := csv.NewReader(in)
	for _, separator := range []rune{';', '\t'} {
		if strings.Count(header, string(separator)) > strings.Count(header, string(lines.Comma)) {
			lines.Comma = separator
		}
	}
	return lines
}

// counter counts the bytes that were read of a file.
type counter struct {
	io.Reader
	read int64
}

// Read implements io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += int64(n)
	return n, err
}

// dayFirst are layouts in which the day comes before the month.
var dayFirst = []string{"2/1/2006 15:04:05", "2/1/2006 15:04"}

// time reads RFC 3339, or a time of day in the pack's zone.
func (f *File) time(v string) (time.Time, error) {
	for i, layout := range append([]string{time.RFC3339, time.DateTime, "2006-01-02 15:04"}, dayFirst...) {
		if t, err := time.ParseInLocation(layout, v, f.Zone); err == nil && t.Year() >= 1900 && t.Year() < 2200 {
			f.dayFirst = f.dayFirst || i >= 3
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%.40q is not a time such as 2026-01-31 08:00, 31/01/2026 08:00 or 2026-01-31T08:00:00+07:00", v)
}

// yes reads a truth in English or Vietnamese.
func yes(v string) (bool, error) {
	switch strings.ToLower(norm.NFC.String(v)) {
	case "true", "t", "1", "yes", "y", "có":
		return true, nil
	case "false", "f", "0", "no", "n", "không":
		return false, nil
	default:
		return false, fmt.Errorf("%.40q is none of true, false, 1, 0, yes, no, có, không", v)
	}
}

// degrees reads a number with a point, or with a comma as files with semicolons have it.
func degrees(v string, limit float64) (*float64, error) {
	d, err := strconv.ParseFloat(strings.Replace(v, ",", ".", 1), 64)
	if err != nil || !(d >= -limit && d <= limit) {
		return nil, fmt.Errorf("%.40q are no degrees", v)
	}
	return &d, nil
}

func short(v string) (string, error) {
	if len(v) > mostField {
		return "", fmt.Errorf("longer than %d bytes", mostField)
	}
	return v, nil
}
