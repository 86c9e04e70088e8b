// SPDX-License-Identifier: Apache-2.0

package models_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/models/modelstest"
)

// Followers of several reports come page by page, each once, whatever the size of a page.
func TestFollowersArePaged(t *testing.T) {
	t.Parallel()
	db := open(t)
	now := time.Now()
	var want []string
	var asked []uuid.UUID
	for i := range 4 {
		sample := modelstest.Make(modelstest.Spec{Jurisdiction: 1})
		if err := db.DB.Gorm.Create(&sample.Report).Error; err != nil {
			t.Fatal(err)
		}
		if i < 3 {
			asked = append(asked, sample.Report.ID)
		}
		for k := range 5 {
			f := models.Follow{JurisdictionID: 1, ReportID: sample.Report.ID, Follower: "device:" + uuid.NewString(), CreatedAt: now}
			if k == 0 {
				f.EndedAt = &now
			} else if i < 3 {
				want = append(want, f.ReportID.String()+" "+f.Follower)
			}
			if err := db.DB.Gorm.Create(&f).Error; err != nil {
				t.Fatal(err)
			}
		}
	}
	slices.Sort(want)
	for _, size := range []int{1, 3, 4, 100} {
		var got []string
		var last *models.Follow
		for {
			page := must[[]models.Follow](t)(models.FollowersAfter(t.Context(), db.DB.Pool, 1, asked, last, size))
			if len(page) > size {
				t.Fatalf("%d on a page of %d", len(page), size)
			}
			for _, f := range page {
				got = append(got, f.ReportID.String()+" "+f.Follower)
			}
			if len(page) < size {
				break
			}
			last = &page[len(page)-1]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pages of %d (-want +got):\n%s", size, diff)
		}
	}
	other := must[[]models.Follow](t)(models.FollowersAfter(t.Context(), db.DB.Pool, 2, asked, nil, 100))
	if len(other) > 0 {
		t.Errorf("another jurisdiction has %d", len(other))
	}
}

func TestWhoOfTheStaffHears(t *testing.T) {
	t.Parallel()
	db := open(t)
	ids := map[string]uuid.UUID{}
	for login, s := range map[string]models.Staff{
		"unit": {Roles: []models.Role{models.RoleHandler}, Unit: new("a")}, "role": {Roles: []models.Role{models.RoleAuditor, models.RoleVerifier}},
		"other": {Roles: []models.Role{models.RoleHandler}, Unit: new("b")}, "left": {Roles: []models.Role{models.RoleVerifier}, Unit: new("a")},
		"named": {Roles: []models.Role{models.RoleAuditor}},
	} {
		s.JurisdictionID, s.ID, s.Login, s.Name, s.Active, s.CreatedAt = 1, uuid.New(), login, strings.ToUpper(login), true, time.Now()
		if err := db.DB.Gorm.Create(&s).Error; err != nil {
			t.Fatal(err)
		}
		ids[login] = s.ID
	}
	if err := db.DB.Gorm.Exec("UPDATE staff SET active = false WHERE login IN ('left', 'named')").Error; err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		units []string
		roles []models.Role
		ids   []uuid.UUID
		want  []string
	}{
		"a unit's": {units: []string{"a"}, want: []string{"UNIT in a"}},
		"a role's": {roles: []models.Role{models.RoleVerifier, models.RoleLeader}, want: []string{"ROLE in "}},
		"named":    {ids: []uuid.UUID{ids["named"], uuid.New()}, want: []string{"NAMED in , gone"}},
		"nobody":   {},
	} {
		var got []string
		for _, s := range must[[]models.HeardStaff](t)(models.StaffHeard(t.Context(), db.DB.Pool, 1, c.units, c.roles, c.ids)) {
			who := s.Name + " in " + s.Unit
			if !s.Active {
				who += ", gone"
			}
			got = append(got, who)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
