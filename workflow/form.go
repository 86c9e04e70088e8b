// SPDX-License-Identifier: Apache-2.0

package workflow

import (
	"maps"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/workflow/pack"
)

// Form is what somebody sends in, its texts already clean and in NFC. A place is a point
// (Lat and Lon, degrees WGS84), an area of the pack, or words.
type Form struct {
	Category    string
	Description string
	Lat, Lon    *float64
	AccuracyM   *float64
	Source      models.Source // "" is SourcePin for a point
	AreaID      string
	Words       string // where it is, in words
	Address     string
	Attributes  map[string]string
	ObservedAt  *time.Time
	Language    models.Language
	Urgent      bool
	HideName    bool
	Channel     models.Channel
	ExternalRef string
	PhotoIDs    []uuid.UUID
	SOS         *models.SOS
}

// The longest texts that a pack cannot change, in characters.
const (
	maxAddress     = 500
	maxExternalRef = 100
	maxWaterLevel  = 100
	maxAttributes  = 50
)

// Limits in which a report can be: how far outside every area the nearest still counts,
// in metres, and how far in the future a phone's clock may be.
const (
	nearestWithin = 2000
	clockSkew     = 10 * time.Minute
)

// Validate says everything that is wrong with a form, as fields of the request's body.
// It returns nil or an *models.Error.
func (f Form) Validate(p *pack.Pack, now time.Time, hasPhoneOrDevice bool) error {
	var faults []models.FieldError
	fault := func(location string, code models.Code, params models.Params) {
		faults = append(faults, models.Field("body."+location, code, params))
	}
	category, known := p.Category(f.Category)
	switch {
	case f.Category == "":
		fault("category", models.CodeRequired, nil)
	case !known:
		fault("category", models.CodeUnknownCategory, nil)
	default:
		f.checkAttributes(category, fault)
		f.checkSOS(category, hasPhoneOrDevice, fault)
	}
	f.checkTexts(p, fault)
	f.checkPlace(p, known && category.SOS, fault)
	if !f.Channel.Valid() {
		fault("channel", models.CodeInvalidValue, nil)
	}
	if f.ObservedAt != nil && f.ObservedAt.After(now.Add(clockSkew)) {
		fault("observed_at", models.CodeOutOfRange, nil)
	}
	if len(f.PhotoIDs) > p.Settings().Limits.Photos {
		fault("photo_ids", models.CodePhotoLimit, models.Params{"max": p.Settings().Limits.Photos})
	}
	if len(faults) > 0 {
		return models.Invalid(faults...)
	}
	return nil
}

// faultFunc notes a fault of one field down.
type faultFunc func(location string, code models.Code, params models.Params)

func (f Form) checkTexts(p *pack.Pack, fault faultFunc) {
	texts := []struct {
		name, text string
		limit      int
	}{
		{"description", f.Description, p.Settings().Limits.Description},
		{"address", f.Address, maxAddress},
		{"location.words", f.Words, maxAddress},
		{"external_ref", f.ExternalRef, maxExternalRef},
	}
	if f.Description == "" {
		fault("description", models.CodeRequired, nil)
	}
	for _, t := range texts {
		if utf8.RuneCountInString(t.text) > t.limit {
			fault(t.name, models.CodeTooLong, models.Params{"max": t.limit})
		}
	}
}

func (f Form) checkAttributes(c *pack.Category, fault faultFunc) {
	if len(f.Attributes) > maxAttributes {
		fault("attributes", models.CodeAttributeInvalid, nil)
		return
	}
	for i := range c.Attributes {
		a := &c.Attributes[i]
		if code := a.Check(f.Attributes[a.Code]); code != "" {
			fault("attributes."+a.Code, code, models.Params{"max": a.MaxLength()})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(f.Attributes)) {
		if _, ok := c.Attribute(name); !ok {
			// The name is the sender's own and is not echoed.
			fault("attributes", models.CodeAttributeInvalid, nil)
			return
		}
	}
}

func (f Form) checkSOS(c *pack.Category, hasPhoneOrDevice bool, fault faultFunc) {
	switch {
	case !c.SOS:
		if f.SOS != nil {
			fault("sos", models.CodeInvalidValue, nil)
		}
	case f.SOS == nil:
		fault("sos", models.CodeSOSIncomplete, nil)
	case !hasPhoneOrDevice:
		fault("reporter.phone", models.CodeSOSIncomplete, nil)
	default:
		if f.SOS.People < 0 || f.SOS.People > 100_000 {
			fault("sos.people", models.CodeOutOfRange, nil)
		}
		if b := f.SOS.Battery; b != nil && (*b < 0 || *b > 100) {
			fault("sos.battery", models.CodeOutOfRange, nil)
		}
		if utf8.RuneCountInString(f.SOS.WaterLevel) > maxWaterLevel {
			fault("sos.water_level", models.CodeTooLong, models.Params{"max": maxWaterLevel})
		}
	}
}

func (f Form) checkPlace(p *pack.Pack, sos bool, fault faultFunc) {
	switch {
	case (f.Lat == nil) != (f.Lon == nil):
		fault("location", models.CodePlaceMissing, nil)
	case f.Lat != nil:
		if problem := geo.CheckPlace(*f.Lat, *f.Lon, p.Bounds()); problem != geo.NoProblem {
			fault("location", models.Code(problem), nil)
		}
	case f.AreaID != "":
		if _, ok := p.Area(f.AreaID); !ok {
			fault("location.area_id", models.CodeInvalidValue, nil)
		}
	case f.Words == "" && f.Address == "" && !sos:
		fault("location", models.CodePlaceMissing, nil)
	}
	if f.Source != "" && !f.Source.Valid() {
		fault("location.source", models.CodeInvalidValue, nil)
	}
	// Said this way round, NaN is out of range too.
	if f.AccuracyM != nil && !(*f.AccuracyM >= 0 && *f.AccuracyM <= 1e6) {
		fault("location.accuracy_m", models.CodeOutOfRange, nil)
	}
}

// Place is where a report is, as far as that is known.
type Place struct {
	Point  *geo.Point
	Area   *geo.Area
	Beside bool // outside every area; Area is the nearest, at most 2 km away
}

// Outside says that there is a point and no area for it: the operations centre decides.
func (l Place) Outside() bool { return l.Point != nil && l.Area == nil }

// Locate finds the area of a form that was validated.
func (f Form) Locate(p *pack.Pack) Place {
	if f.Lat == nil {
		if a, ok := p.Area(f.AreaID); ok {
			return Place{Area: &a}
		}
		return Place{}
	}
	point, err := geo.NewPoint(*f.Lat, *f.Lon)
	if err != nil {
		return Place{}
	}
	place := Place{Point: &point}
	if a, ok := p.Areas().Find(point); ok {
		place.Area = &a
	} else if a, _, ok := p.Areas().Nearest(point, nearestWithin); ok {
		place.Area, place.Beside = &a, true
	}
	return place
}
