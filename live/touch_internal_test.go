// SPDX-License-Identifier: Apache-2.0

package live

import (
	"testing"

	"hientruong/models"
)

// What changes a report that the public reads, and nothing that filters ask about, is told to
// them as in GET /changes; of one that they do not read they hear nothing.
func TestThePublicHearsOfWhatItReads(t *testing.T) {
	t.Parallel()
	public, private := &models.Keys{Shown: models.ShownFull}, &models.Keys{Shown: models.ShownNone}
	for _, kind := range []models.EventKind{
		models.EventReportMoved, models.EventReportRated, models.EventReportShared, models.EventReportHidden, models.EventReportMerged,
		models.EventTextErased, models.EventTaskHanded, models.EventReportRepacked,
	} {
		if got := tellsOf(kind, public, public); !got.public {
			t.Errorf("%s of what is shown: %+v", kind, got)
		}
		if got := tellsOf(kind, private, private); got.public {
			t.Errorf("%s of what is not shown: %+v", kind, got)
		}
	}
	if got := tellsOf(models.EventReportNoted, public, public); got.public {
		t.Errorf("a note is told to the public: %+v", got)
	}
}
