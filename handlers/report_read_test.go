// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/models/modelstest"
)

// sampled is a city with reports in many states; they are found by name.
func sampled(t *testing.T, c *cast) map[string]*modelstest.Sample {
	t.Helper()
	mine := uuid.MustParse(c.get(reporter, "/me").text("id"))
	at := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	specs := map[string]modelstest.Spec{
		"new":       {State: "submitted", DeviceID: &mine, Created: at.Add(5 * time.Hour)},
		"assigned":  {State: "assigned", DeviceID: &mine, Created: at.Add(4 * time.Hour)},
		"water":     {State: "in_progress", Category: "vo-ong-nuoc", Unit: "cap-nuoc", Lat: 16.4301, Lon: 107.5401, Created: at.Add(3 * time.Hour)},
		"urgent":    {State: "in_progress", Urgency: models.UrgencyUrgent, Created: at.Add(2 * time.Hour)},
		"published": {State: "published", Created: at.Add(time.Hour)},
		"rejected":  {State: "rejected", Visibility: models.VisibilityPublic, Created: at},
	}
	samples := map[string]*modelstest.Sample{}
	for name, spec := range specs {
		spec.Jurisdiction, spec.Mark = c.j, name
		samples[name] = modelstest.Make(spec)
		modelstest.Insert(t, c.db.Gorm, samples[name])
	}
	return samples
}

// names tells which samples an answer lists, sorted.
func names(a answer, samples map[string]*modelstest.Sample) []string {
	got := []string{}
	for _, id := range a.texts("id") {
		for name, s := range samples {
			if s.Report.ID.String() == id {
				got = append(got, name)
			}
		}
	}
	slices.Sort(got)
	return got
}

func TestListReports(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, unit, operator, press})
	samples := sampled(t, c)
	for _, x := range []struct {
		who, query string
		want       string
	}{
		{guest, "", "assigned published rejected urgent water"},
		{press, "", "assigned published rejected urgent water"},
		{reporter, "", "assigned published rejected urgent water"},
		{operator, "", "assigned new published rejected urgent water"},
		{unit, "", "assigned published urgent"},
		{operator, "?view=public", "assigned published rejected urgent water"},
		{guest, "?phase=working", "assigned urgent water"},
		{guest, "?phase=working&phase=answered", "assigned published urgent water"},
		{guest, "?state=assigned", "assigned"},
		{guest, "?category=vo-ong-nuoc", "water"},
		{guest, "?unit=cap-nuoc&unit=chieu-sang", "assigned published urgent water"},
		{guest, "?area=90001@2025-07-01", "assigned published urgent water"},
		{guest, "?urgent=true", "urgent"},
		{guest, "?urgent=false", "assigned published water"},
		{guest, "?overdue=true", "assigned urgent water"},
		{guest, "?overdue=false", "published"},
		{operator, "?overdue=true", "assigned new urgent water"},
		{guest, "?bbox=107.53,16.42,107.55,16.44", "water"},
		{guest, "?near=16.4301,107.5401&radius=300", "water"},
		{guest, "?created_since=2026-03-02T04:30:00Z", "assigned"},
		{guest, "?code=" + samples["published"].Report.Code, "published"},
		{guest, "?code=" + samples["new"].Report.Code, ""},
		{guest, "?category=den-duong&phase=answered", "published"},
	} {
		got := strings.Join(names(c.get(x.who, "/reports"+x.query).want(200), samples), " ")
		if got != x.want {
			t.Errorf("%s as %s: %q, want %q", x.query, x.who, got, x.want)
		}
	}
	all := c.get(guest, "/reports").want(200, "!new-description", "!rejected-shared", "!contact")
	if diff := cmp.Diff([]string{"assigned", "water", "urgent", "published", "rejected"}, inOrder(all, samples)); diff != "" {
		t.Errorf("newest first (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"rejected", "published", "urgent", "water", "assigned"}, inOrder(c.get(guest, "/reports?sort=oldest"), samples)); diff != "" {
		t.Errorf("oldest first (-want +got):\n%s", diff)
	}
}

// inOrder tells which samples an answer lists, in its order.
func inOrder(a answer, samples map[string]*modelstest.Sample) []string {
	var got []string
	for _, id := range a.texts("id") {
		for name, s := range samples {
			if s.Report.ID.String() == id {
				got = append(got, name)
			}
		}
	}
	return got
}

func TestListRefuses(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, unit})
	sampled(t, c)
	page := c.get(guest, "/reports?limit=2").want(200, `"next_cursor":"`)
	next := page.text("next_cursor")
	c.get(guest, "/reports?limit=2&cursor="+next).want(200)
	for query, location := range map[string]string{
		"?bbox=1,2,3": "query.bbox", "?bbox=a,b,c,d": "query.bbox", "?bbox=108,17,107,16": "query.bbox", "?near=107.5,16.4": "query.near",
		"?near=16.4,107.5&radius=0": "query.radius", "?radius=1e9&near=16.4,107.5": "query.radius", "?phase=finished": "query.phase",
		"?urgent=perhaps": "query.urgent", "?created_since=yesterday": "query.created_since", "?limit=0": "query.limit", "?limit=201": "query.limit",
		"?sort=random": "query.sort", "?view=secret": "query.view", "?cursor=abc": "query.cursor", "?limit=2&state=assigned&cursor=" + next: "query.cursor",
		"?q=" + strings.Repeat("a", 201): "query.q", "?bbox=NaN,NaN,NaN,NaN": "query.bbox",
	} {
		c.get(guest, "/reports"+query).want(422, location, "!perhaps", "!yesterday", "!finished")
	}
	c.get(guest, "/reports?view=operations").want(401)
	c.get(unit, "/reports?view=operations").want(403)
	c.get(reporter, "/reports?view=unit").want(403)
	c.get(guest, "/reports?q=%00%ff'%22;drop").want(200)
	c.get(guest, "/reports/abc").want(422, "path.id", "!abc")
	c.get(guest, "/reports/"+uuid.NewString()).want(404, `"code":"not_found"`)
}

func TestViews(t *testing.T) {
	t.Parallel()
	c := newCast(t, []string{reporter, citizen, unit, otherUnit, operator, leader, auditor, administrator})
	samples := sampled(t, c)
	path := func(name string) string { return "/reports/" + samples[name].Report.ID.String() }
	for _, who := range []string{guest, citizen, unit, otherUnit} {
		c.get(who, path("new")).want(404)
		c.get(who, path("rejected")).want(200, `"state":"rejected"`, "!rejected-", "!category", "!location")
	}
	c.get(reporter, path("new")).want(200, "new-description", "!has_contact")
	c.get(guest, path("assigned")).want(200, "assigned-shared", "!assigned-description", "!assigned-note", "!assigned-question", "!tasks")
	c.get(reporter, path("assigned")).want(200, "assigned-description", "assigned-question", "assigned-reply", "!assigned-note", "!tasks")
	c.get(unit, path("assigned")).want(200, "assigned-shared", "assigned-question", `"tasks":[{`, "!assigned-description", "!has_contact")
	for _, who := range []string{operator, leader, auditor, administrator} {
		a := c.get(who, path("assigned")).want(200, "assigned-description", "assigned-note", `"has_contact":`, `"visibility":"public"`)
		if a.header.Get("Etag") != `"1"` && a.header.Get("Etag") == "" {
			t.Errorf("%s gets no ETag", who)
		}
	}
	if a := c.get(guest, path("assigned")); a.header.Get("Etag") != "" {
		t.Error("a version is no tag for what the public sees: more than the version changes it")
	}
	c.get(guest, path("assigned")+"/timeline").want(200, `"state":"assigned"`, "!claimed", "!contact.read", "!actor", "!question")
	c.get(operator, path("assigned")+"/timeline").want(200, `"kind":"report.claimed"`, `"actor":"staff:`)
	c.get(operator, path("assigned")).want(200, `"label":"Hạn xử lý"`)
	c.call(operator, http.MethodGet, "/api/v1"+path("assigned"), nil, "Accept-Language", "en").want(200, `"state_label":"Assigned"`, `"label":"To be resolved"`)
}
