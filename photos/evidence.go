// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"errors"
	"io"
	"math"
	"strings"
	"time"

	"github.com/bep/imagemeta"
)

// Evidence is what the EXIF of a picture says. All of it is a claim of whoever
// sent the picture.
type Evidence struct {
	TakenAt     time.Time // zero where it does not say
	HasPlace    bool      // Lat and Lon are set
	Lat, Lon    float64   // degrees, WGS84
	Orientation int       // 1 to 8, as EXIF counts; 1 where it does not say
}

const (
	evidenceTags  = 500
	evidenceBytes = 4 << 20
	evidenceTime  = time.Second
	firstYear     = 1990 // A camera whose clock was never set says less.

	cameraSkew = 10 * time.Minute // how fast a camera's clock may be
)

var errEvidenceLimit = errors.New("photos: metadata beyond limits")

// ReadEvidence reads the EXIF of the picture in r, which stands at its first byte.
// A time without an offset is taken to be in zone. Damaged or endless metadata
// says nothing; there is no error. It takes a second at most, and reads 4 MiB.
func ReadEvidence(r io.ReadSeeker, kind Kind, zone *time.Location) (evidence Evidence) {
	evidence.Orientation = 1
	format := map[Kind]imagemeta.ImageFormat{JPEG: imagemeta.JPEG, PNG: imagemeta.PNG, WebP: imagemeta.WebP}[kind]
	tags := map[string]any{}
	defer func() {
		if recover() != nil {
			evidence = Evidence{Orientation: 1}
		}
	}()
	// What was found before an error is as good as the rest.
	_, _ = imagemeta.Decode(imagemeta.Options{
		R:            &bounded{ReadSeeker: r, left: evidenceBytes, until: time.Now().Add(evidenceTime)},
		ImageFormat:  format,
		Sources:      imagemeta.EXIF,
		LimitNumTags: evidenceTags,
		LimitTagSize: 256,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool {
			return wanted(tag.Namespace, tag.Tag)
		},
		HandleTag: func(tag imagemeta.TagInfo) error {
			if _, twice := tags[tag.Tag]; !twice {
				tags[tag.Tag] = tag.Value
			}
			return nil
		},
	})
	evidence.Orientation = orientationOf(tags)
	evidence.TakenAt = takenAt(tags, zone)
	evidence.Lat, evidence.Lon, evidence.HasPlace = placeOf(tags)
	return evidence
}

// AsOf returns what can be believed of a picture that arrived at that time: not that it was
// taken later, for then the clock is wrong or the claim is.
func (e Evidence) AsOf(arrival time.Time) Evidence {
	if e.TakenAt.After(arrival.Add(cameraSkew)) {
		e.TakenAt = time.Time{}
	}
	return e
}

// wanted asks for the folder of a tag too: numbers are used again in others, and
// what is read under the name of a GPS tag may tell of something else.
func wanted(folder, tag string) bool {
	switch tag {
	case "Orientation":
		return folder == "IFD0"
	case "DateTimeOriginal", "OffsetTimeOriginal":
		return strings.HasPrefix(folder, "IFD0/ExifIFD")
	case "GPSLatitude", "GPSLatitudeRef", "GPSLongitude", "GPSLongitudeRef":
		return strings.HasSuffix(folder, "/GPSInfoIFD")
	default:
		return false
	}
}

func orientationOf(tags map[string]any) int {
	o, ok := tags["Orientation"].(uint16)
	if !ok || o < 1 || o > 8 {
		return 1
	}
	return int(o)
}

func takenAt(tags map[string]any, zone *time.Location) time.Time {
	const layout = "2006:01:02 15:04:05"
	text := strings.Trim(asText(tags["DateTimeOriginal"]), " \x00")
	at, err := time.Parse(layout+"-07:00", text+strings.Trim(asText(tags["OffsetTimeOriginal"]), " \x00"))
	if err != nil {
		at, err = time.ParseInLocation(layout, text, zone)
	}
	if err != nil || at.Year() < firstYear {
		return time.Time{}
	}
	return at
}

// placeOf takes 0,0 for what phones write when they do not know.
func placeOf(tags map[string]any) (lat, lon float64, ok bool) {
	lat, okLat := tags["GPSLatitude"].(float64)
	lon, okLon := tags["GPSLongitude"].(float64)
	if !okLat || !okLon {
		return 0, 0, false
	}
	if strings.HasPrefix(asText(tags["GPSLatitudeRef"]), "S") {
		lat = -lat
	}
	if strings.HasPrefix(asText(tags["GPSLongitudeRef"]), "W") {
		lon = -lon
	}
	// Written so that NaN fails too.
	if !(math.Abs(lat) <= 90 && math.Abs(lon) <= 180) || (lat == 0 && lon == 0) {
		return 0, 0, false
	}
	return lat, lon, true
}

func asText(value any) string {
	text, _ := value.(string)
	return text
}

// bounded stops reading after so many bytes, or when time is up.
type bounded struct {
	io.ReadSeeker
	left  int
	until time.Time
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 || time.Now().After(b.until) {
		return 0, errEvidenceLimit
	}
	n, err := b.ReadSeeker.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
