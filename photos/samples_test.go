// SPDX-License-Identifier: Apache-2.0

package photos_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math"
	"math/bits"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hientruong/photos"
)

// TestSamples takes every real photo through inspection and rendering: each gives
// a picture or a refusal, in bounded memory, and what it shows carries no trace.
func TestSamples(t *testing.T) {
	const most = 64 << 20 // bytes that a refused picture may have cost
	taken, refused := 0, map[photos.Reason]int{}
	for _, name := range samples(t) {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, allocated, estimate, err := measured(t, file)
		var refusal *photos.Refusal
		switch {
		case errors.As(err, &refusal):
			refused[refusal.Reason]++
			if allocated > most {
				t.Errorf("%s: %d bytes allocated for a refusal", name, allocated)
			}
			continue
		case err != nil:
			t.Errorf("%s: %v, want a picture or a refusal", name, err)
			continue
		}
		taken++
		for rendition, b := range r.all() {
			checkStripped(t, name+", "+rendition, b)
		}
		if original := decoded(t, r.original.Bytes()).Bounds().Size(); original != (image.Point{X: r.Width, Y: r.Height}) {
			t.Errorf("%s: %v, said to be %d × %d", name, original, r.Width, r.Height)
		}
		if allocated > estimate {
			t.Errorf("%s: %d bytes allocated, %d estimated", name, allocated, estimate)
		}
	}
	t.Logf("%d real photos taken, refused: %v", taken, refused)
	if taken == 0 || len(refused) < 3 {
		t.Errorf("%d taken, refused %v: the samples are not what they were", taken, refused)
	}
}

func TestSamplesRefused(t *testing.T) {
	t.Parallel()
	want := map[string]photos.Reason{
		"65536-uint32-limit.png":            photos.TooLarge,
		"Animation_Lossy.webp":              photos.Unsupported,
		"Issue_487.heic":                    photos.Unsupported,
		"Issue_649.avif":                    photos.Unsupported,
		"patt-GIF_exploit.gif":              photos.Unsupported,
		"patt-convert_local_etc_passwd.svg": photos.Unsupported,
		"sharp-truncated.jpg":               photos.Broken,
		"go-invalid-zlib.png":               photos.Broken,
		"pillow-hopper_bad_exif.jpg":        photos.Broken,
	}
	cases := 0
	for _, name := range samples(t) {
		reason, ok := want[filepath.Base(name)]
		if !ok {
			continue
		}
		cases++
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var refusal *photos.Refusal
		if _, err := render(t.Context(), file); !errors.As(err, &refusal) || refusal.Reason != reason {
			t.Errorf("%s: %v, want %s", name, err, reason)
		}
	}
	t.Logf("%d cases", cases)
	if cases == 0 {
		t.Error("none of the files is there")
	}
}

// TestSamplesCutOff cuts a progressive JPEG, which decodes nevertheless.
func TestSamplesCutOff(t *testing.T) {
	t.Parallel()
	cases := 0
	for _, name := range samples(t) {
		if !strings.Contains(name, "progressive.jpeg") {
			continue
		}
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, length := range []int{len(file) - 1, len(file) - 2, len(file) * 3 / 4, len(file) / 3} {
			cases++
			var refusal *photos.Refusal
			if _, err := render(t.Context(), file[:length]); !errors.As(err, &refusal) || refusal.Reason != photos.Broken {
				t.Errorf("%s, first %d bytes: %v, want broken", name, length, err)
			}
		}
	}
	t.Logf("%d cases", cases)
	if cases == 0 {
		t.Error("no progressive JPEG among the samples")
	}
}

// TestSamplesUpright compares the same scene stored in many ways.
func TestSamplesUpright(t *testing.T) {
	t.Parallel()
	seen := map[string]*rendered{}
	cases := 0
	for _, name := range samples(t) {
		if filepath.Base(filepath.Dir(name)) != "orientation" {
			continue
		}
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := render(t.Context(), file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		cases++
		scene, _, _ := strings.Cut(filepath.Base(name), "_")
		first, ok := seen[scene]
		if !ok {
			seen[scene] = r
			continue
		}
		if r.Width != first.Width || r.Height != first.Height || bits.OnesCount64(r.Hash^first.Hash) > 2 {
			t.Errorf("%s: %d × %d, hash %x; the first was %d × %d, %x", name, r.Width, r.Height, r.Hash, first.Width, first.Height, first.Hash)
		}
	}
	t.Logf("%d cases", cases)
	if cases == 0 {
		t.Error("no orientation samples")
	}
}

// TestSamplesEvidence compares with what another EXIF reader found.
func TestSamplesEvidence(t *testing.T) {
	t.Parallel()
	said := map[string]string{}
	files := samples(t)
	table, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "photos", "CHECK.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		columns := strings.Split(strings.TrimRight(line, "\n"), "\t")
		said[columns[0]] = columns[len(columns)-1]
	}
	cases := 0
	for _, name := range files {
		text := said[filepath.Base(filepath.Dir(name))+"/"+filepath.Base(name)]
		if !strings.Contains(text, "gps=") {
			continue
		}
		cases++
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got := photos.ReadEvidence(bytes.NewReader(file), photos.JPEG, zone)
		_, rest, _ := strings.Cut(text, "gps=")
		var lat, lon float64
		if _, err := fmt.Sscanf(rest, "%f,%f", &lat, &lon); err != nil {
			t.Fatal(err)
		}
		if !got.HasPlace || math.Abs(got.Lat-lat) > 1e-5 || math.Abs(got.Lon-lon) > 1e-5 {
			t.Errorf("%s: %+v, want %f, %f", name, got, lat, lon)
		}
		if _, at, ok := strings.Cut(text, `t="`); ok && got.TakenAt.Format("2006:01:02 15:04:05") != strings.TrimSuffix(at, `"`) {
			t.Errorf("%s: taken %v, want %s", name, got.TakenAt, at)
		}
	}
	t.Logf("%d cases", cases)
	if cases == 0 {
		t.Error("no sample with GPS")
	}
}
