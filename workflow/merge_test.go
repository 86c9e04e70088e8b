// SPDX-License-Identifier: Apache-2.0

package workflow_test

import (
	"slices"
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

// A report is not merged into one where nobody would hear of the matter again: that ended
// without an answer, or that was hidden. One that was answered tells what came of it.
func TestMergeNeedsASurvivorThatGoesOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		category string
		end      func(story)
		survives bool
	}{
		"open":     {"den-duong", func(s story) { s.accept() }, true},
		"answered": {"den-duong", func(s story) { s.accept(); s.publish() }, true},
		"closed":   {"den-duong", func(s story) { s.accept(); s.publish(); s.expire("dong") }, true},
		"a rescue that is done": {"sos", func(s story) {
			police := staffActor(models.RoleHandler, s.lead())
			s.step(police, "start", workflow.Action{})
			s.step(police, "resolve", s.resolution(police))
		}, true},
		"a false call": {"sos", func(s story) {
			s.step(operator(), "reject", workflow.Action{ReasonCode: "sai-su-that", Text: s.draft("Đã gọi lại, không có ai ở đó.")})
		}, false},
		"rejected": {"den-duong", func(s story) {
			s.step(operator(), "claim", workflow.Action{})
			s.step(operator(), "reject", workflow.Action{ReasonCode: "sai-su-that", Text: s.draft("Đã kiểm tra, không đúng.")})
		}, false},
		"withdrawn": {"den-duong", func(s story) { s.step(reporter(), "withdraw", workflow.Action{}) }, false},
		"transferred": {"thai-do-phuc-vu", func(s story) {
			s.step(operator(), "claim", workflow.Action{})
			s.step(operator(), "transfer", workflow.Action{ReasonCode: "khieu-nai-to-cao", Text: s.draft("Đây là đơn tố cáo.")})
		}, false},
		"hidden": {"den-duong", func(s story) {
			s.accept()
			s.step(operator(), "hide", workflow.Action{ReasonCode: s.pack.Reasons("hide")[0].Code})
		}, false},
	} {
		old := tell(t, c.category)
		c.end(old)
		young := story{old.world, old.submit(citizenActor("nam"), formOf(c.category))}
		if c.category != "sos" {
			young.step(operator(), "claim", workflow.Action{})
		}
		_, err := young.act(operator(), young.id, "merge", workflow.Action{DuplicateOf: &old.id})
		if want := []string{"body.duplicate_of invalid_value"}; c.survives != (err == nil) || err != nil && !slices.Equal(fieldsOf(err), want) {
			t.Errorf("merged into one that is %s: %v", name, err)
		}
	}
}

// One phone is one reporter, signed in or not: who said the same again from it does not
// come to follow their own report.
func TestMergeKnowsThePhone(t *testing.T) {
	t.Parallel()
	phone := deviceActor("a phone").ID
	on := func(name string) models.Actor {
		a := citizenActor(name)
		a.DeviceID = phone
		return a
	}
	for name, c := range map[string]struct {
		old, young models.Actor
		followers  int32
	}{
		"signed in, then out":      {on("lan"), deviceActor("a phone"), 0},
		"signed out, then in":      {deviceActor("a phone"), on("lan"), 0},
		"two people on one phone":  {on("lan"), on("nam"), 1},
		"one person on two phones": {on("lan"), citizenActor("lan"), 0},
		"two phones":               {deviceActor("a phone"), deviceActor("another"), 1},
	} {
		w := newWorld(t)
		old := story{w, w.submit(c.old, formOf("den-duong"))}
		young := story{w, w.submit(c.young, formOf("den-duong"))}
		young.step(operator(), "claim", workflow.Action{})
		young.step(operator(), "merge", workflow.Action{DuplicateOf: &old.id})
		if r := w.report(old.id); r.Followers != c.followers || r.MeToo != c.followers || len(w.reports[old.id].Follows) != int(c.followers) {
			t.Errorf("%s: %d followers", name, r.Followers)
		}
	}
}
