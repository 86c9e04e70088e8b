// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"math/rand/v2"
	"regexp"
	"slices"

	"hientruong/models"
)

// begin draws the template that fits an outcome, of those with the given codes; -1 where
// none does.
func (v *vocabulary) begin(codes []string, outcome models.Outcome, dice *rand.Rand) int {
	if code, ok := v.Templates[string(outcome)]; ok {
		return slices.Index(codes, code)
	}
	var fit []int
	for i, code := range codes {
		if !v.ofAnOutcome(code) {
			fit = append(fit, i)
		}
	}
	if len(fit) == 0 {
		return -1
	}
	return pick(dice, fit)
}

func (v *vocabulary) ofAnOutcome(template string) bool {
	for _, code := range v.Templates {
		if code == template {
			return true
		}
	}
	return false
}

var blank = regexp.MustCompile(`\[([^\[\]]*)\]`)

// complete fills in what a template leaves to its writer; false where nobody here knows
// what to write.
func (v *vocabulary) complete(template string) (text string, known bool) {
	known = true
	text = blank.ReplaceAllStringFunc(template, func(s string) string {
		with, ok := v.Blanks[s[1:len(s)-1]]
		known = known && ok
		return with
	})
	return text, known
}
