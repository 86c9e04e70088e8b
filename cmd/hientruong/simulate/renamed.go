// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"context"

	"hientruong/workflow/simulate"
)

// Renamed is a source in which recorded units have the candidate's codes.
type Renamed struct {
	Source
	Units map[string]string // what was recorded → the candidate's code; what is not in it stays as it is
}

// Read implements Source.
func (r Renamed) Read(ctx context.Context, emit func(Page, float64) error) error {
	return r.Source.Read(ctx, func(page Page, done float64) error {
		return emit(func() ([]simulate.Report, error) {
			reports, err := page()
			for i := range reports {
				r.rename(&reports[i])
			}
			return reports, err
		}, done)
	})
}

func (r Renamed) rename(report *simulate.Report) {
	r.unit(&report.Lead)
	r.unit(&report.Settled)
	for i := range report.Steps {
		s := &report.Steps[i]
		r.unit(&s.Support)
		r.unit(&s.Actor.Unit)
		r.unit(&s.Action.Unit)
		support := make([]string, len(s.Action.SupportUnits))
		copy(support, s.Action.SupportUnits) // an event's own list is not ours to change
		for j := range support {
			r.unit(&support[j])
		}
		if len(support) > 0 {
			s.Action.SupportUnits = support
		}
	}
}

func (r Renamed) unit(code *string) {
	if to, ok := r.Units[*code]; ok && *code != "" {
		*code = to
	}
}
