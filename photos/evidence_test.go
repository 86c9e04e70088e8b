// SPDX-License-Identifier: Apache-2.0

package photos_test

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"time"

	"hientruong/photos"
)

var zone = time.FixedZone("ICT", 7*60*60)

func TestReadEvidence(t *testing.T) {
	t.Parallel()
	times, gps := hue()
	local := time.Date(2026, 5, 4, 3, 2, 1, 0, zone)
	place := photos.Evidence{TakenAt: local, HasPlace: true, Lat: 16.46, Lon: 107.59, Orientation: 6}
	southWest := []tag{{1, 2, []byte("S\x00")}, gps[1], {3, 2, []byte("W\x00")}, gps[3]}
	zero := []tag{gps[0], {2, 5, rationals(0, 0, 0)}, gps[2], {4, 5, rationals(0, 0, 0)}}
	beyond := []tag{gps[0], {2, 5, rationals(91, 0, 0)}, gps[2], gps[3]}
	offset := []tag{times[0], {0x9011, 2, []byte("+00:00\x00")}}
	never := []tag{{0x9003, 2, []byte("0000:00:00 00:00:00\x00")}}
	unset := []tag{{0x9003, 2, []byte("1970:01:01 00:00:00\x00")}}
	words := []tag{{0x9003, 2, []byte("yesterday, at about noon\x00")}}
	for name, c := range map[string]struct {
		exif []byte
		want photos.Evidence
	}{
		"all":            {exif(6, times, gps), place},
		"south and west": {exif(1, times, southWest), photos.Evidence{TakenAt: local, HasPlace: true, Lat: -16.46, Lon: -107.59, Orientation: 1}},
		"zero":           {exif(1, times, zero), photos.Evidence{TakenAt: local, Orientation: 1}},
		"beyond":         {exif(1, times, beyond), photos.Evidence{TakenAt: local, Orientation: 1}},
		"latitude alone": {exif(1, times, gps[:2]), photos.Evidence{TakenAt: local, Orientation: 1}},
		"offset":         {exif(1, offset, nil), photos.Evidence{TakenAt: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC), Orientation: 1}},
		"no time":        {exif(1, never, nil), photos.Evidence{Orientation: 1}},
		"clock not set":  {exif(1, unset, nil), photos.Evidence{Orientation: 1}},
		"words":          {exif(1, words, nil), photos.Evidence{Orientation: 1}},
		"orientation 0":  {exif(0, nil, nil), photos.Evidence{Orientation: 1}},
		"orientation 9":  {exif(9, nil, nil), photos.Evidence{Orientation: 1}},
		"garbage":        {bytes.Repeat([]byte{0xff}, 500), photos.Evidence{Orientation: 1}},
		"empty":          {nil, photos.Evidence{Orientation: 1}},
	} {
		picture := stored(1, 16, 8)
		for kind, file := range map[photos.Kind][]byte{
			photos.JPEG: inJPEG(asJPEG(t, picture), exifSegment(c.exif)),
			photos.PNG:  inPNG(asPNG(t, picture), chunk("eXIf", c.exif)),
			photos.WebP: webpFile(webpCanvas(8, 1, 1), webpDot(), webpChunk("EXIF", c.exif)),
		} {
			got := photos.ReadEvidence(bytes.NewReader(file), kind, zone)
			if !got.TakenAt.Equal(c.want.TakenAt) || got.HasPlace != c.want.HasPlace || got.Orientation != c.want.Orientation ||
				math.Abs(got.Lat-c.want.Lat) > 1e-9 || math.Abs(got.Lon-c.want.Lon) > 1e-9 {
				t.Errorf("%s in %s: %+v, want %+v", name, kind, got, c.want)
			}
		}
	}
}

// A picture cannot have been taken after it arrived; a camera's clock may be a little fast.
func TestEvidenceFromTheFuture(t *testing.T) {
	t.Parallel()
	arrival := time.Date(2026, 5, 4, 3, 2, 1, 0, zone)
	for name, c := range map[string]struct {
		taken time.Time
		want  bool
	}{
		"before":          {arrival.AddDate(-1, 0, 0), true},
		"ten minutes on":  {arrival.Add(10 * time.Minute), true},
		"a moment later":  {arrival.Add(10*time.Minute + 1), false},
		"another century": {arrival.AddDate(100, 0, 0), false},
		"not said":        {time.Time{}, false},
	} {
		in := photos.Evidence{TakenAt: c.taken, HasPlace: true, Lat: 16.46, Lon: 107.59, Orientation: 6}
		want := in
		if !c.want {
			want.TakenAt = time.Time{}
		}
		if got := in.AsOf(arrival); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

// What a camera dates in the future is not kept: here once staged, so in the row.
func TestStageDropsAFutureTime(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]bool{2024: true, time.Now().Year() + 1: false} {
		taken := []tag{{0x9003, 2, fmt.Appendf(nil, "%d:05:04 03:02:01\x00", year)}}
		_, gps := hue()
		file := inJPEG(asJPEG(t, stored(1, 16, 8)), exifSegment(exif(1, taken, gps)))
		staged, err := darkroom(t).Stage(t.Context(), "raw/1.raw", bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if staged.TakenAt.IsZero() == want || !staged.HasPlace {
			t.Errorf("%d: %+v", year, staged.Evidence)
		}
	}
}

// TestReadEvidenceOfDamage cuts and flips a good block everywhere.
func TestReadEvidenceOfDamage(t *testing.T) {
	t.Parallel()
	times, gps := hue()
	good := exif(6, times, gps)
	picture := asJPEG(t, stored(1, 16, 8))
	for i := range good {
		flipped := bytes.Clone(good)
		flipped[i] ^= 0xff
		for _, block := range [][]byte{good[:i], flipped} {
			file := inJPEG(picture, exifSegment(block))
			got := photos.ReadEvidence(bytes.NewReader(file), photos.JPEG, zone)
			if got.Orientation < 1 || got.Orientation > 8 || got.HasPlace && (math.Abs(got.Lat) > 90 || math.Abs(got.Lon) > 180) {
				t.Errorf("byte %d: %+v", i, got)
			}
		}
	}
}
