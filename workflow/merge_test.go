// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"testing"

	"hientruong/models"
	"hientruong/workflow"
)

// The pictures of a duplicate that is kept from the public stay with it: with a public
// report they would be for everybody, and with any for its reporter.
func TestMergeKeepsFromThePublicWhatWasKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		category string
		hide     bool
		goes     bool
	}{
		"public":               {category: "den-duong", goes: true},
		"hidden":               {category: "den-duong", hide: true},
		"a restricted subject": {category: "trom-cap"},
		"a private one":        {category: "ho-so-tre"},
	} {
		w := newWorld(t)
		public := story{w, w.submit(reporter(), formOf("den-duong"))}
		public.accept()
		young := story{w, w.submit(citizenActor("nam"), formOf(c.category))}
		picture := w.newPhoto(citizenActor("nam"), models.PhotoBefore)
		if _, err := w.do(workflow.Attach{Packs: w.packs, Actor: citizenActor("nam"), ReportID: young.id, Staged: []models.Photo{picture}}); err != nil {
			t.Fatal(err)
		}
		young.step(operator(), "claim", workflow.Action{})
		if c.hide {
			young.step(operator(), "hide", workflow.Action{ReasonCode: w.pack.Reasons("hide")[0].Code})
		}
		young.step(operator(), "merge", workflow.Action{DuplicateOf: &public.id})
		owner := young.id
		if c.goes {
			owner = public.id
		}
		if got := *w.photos[picture.ID].ReportID; got != owner {
			t.Errorf("%s: the picture is with the public report: %t", name, got == public.id)
		}
		if _, body := young.newest(models.EventReportMerged); len(body.Photos) > 0 != c.goes {
			t.Errorf("%s: the log says that %d pictures went along", name, len(body.Photos))
		}
		if n := w.report(public.id).Followers; n != 1 {
			t.Errorf("%s: %d followers", name, n)
		}
	}
}
