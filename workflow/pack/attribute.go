// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"hientruong/models"
)

const defaultLength = 200 // characters of an attribute

// Check checks a value that somebody sent: "" stands for none. It returns "" where the value is good, else the code of
// what is wrong: attribute_missing, attribute_invalid or too_long.
func (a *Attribute) Check(value string) models.Code {
	if value == "" {
		if a.Required {
			return models.CodeAttributeMissing
		}
		return ""
	}
	if a.Type != AttributeNumber && utf8.RuneCountInString(value) > a.MaxLength() {
		return models.CodeTooLong
	}
	if !a.fits(value) || a.pattern != nil && !a.pattern.MatchString(value) {
		return models.CodeAttributeInvalid
	}
	return ""
}

func (a *Attribute) fits(value string) bool {
	switch a.Type {
	case AttributeNumber:
		n, err := strconv.ParseFloat(value, 64)
		return err == nil && !math.IsNaN(n) && !math.IsInf(n, 0) && n >= float64(a.Min) && (a.Max == 0 || n <= float64(a.Max))
	case AttributeBool:
		return value == "true" || value == "false"
	case AttributeSelect:
		return slices.ContainsFunc(a.Options, func(o Option) bool { return o.Key == value })
	default:
		return true
	}
}

// MaxLength is how many characters a value may have, 200 where the pack does not say.
func (a *Attribute) MaxLength() int {
	if a.Max == 0 {
		return defaultLength
	}
	return a.Max
}
