// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hientruong/handlers"
	"hientruong/identity"
	"hientruong/models"
	"hientruong/workflow/pack"
)

// accountsFile keeps the demo's log-ins, with passwords made on this machine.
func (m *Main) accountsFile() string { return filepath.Join(m.Settings.Data, "demo-accounts.json") }

// fileLogger logs to DATA/hientruong.log, so that a terminal stays readable.
func fileLogger(s *Settings) (*slog.Logger, error) {
	//nolint:gosec // the database server's user has to get through
	if err := os.MkdirAll(s.Data, 0o755); err != nil {
		return nil, fmt.Errorf("HIENTRUONG_DATA: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(s.Data, "hientruong.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("HIENTRUONG_DATA: %w", err)
	}
	return s.loggerTo(file), nil
}

// demoAccounts makes sure that every log-in of the demo is there and returns how to list
// them. Passwords are made once.
func (m *Main) demoAccounts(ctx context.Context, jurisdiction int32) (func() ([]handlers.DemoAccount, error), error) {
	accounts, err := readAccounts(m.accountsFile())
	if err != nil {
		return nil, err
	}
	p, _ := m.packs.Load().Current(jurisdiction, time.Now())
	known := map[string]bool{}
	for _, a := range accounts {
		known[a.Login] = true
		if err := m.ensureAccount(ctx, jurisdiction, a, false); err != nil {
			return nil, err
		}
	}
	for _, a := range wantedAccounts(p) {
		if known[a.Login] {
			continue
		}
		a.Password = strings.ToLower(rand.Text()[:14])
		if err := m.ensureAccount(ctx, jurisdiction, a, true); err != nil {
			return nil, err
		}
		accounts = append(accounts, a)
	}
	//nolint:gosec // to keep made-up passwords is what the file is for; only its owner reads it
	content, err := json.MarshalIndent(accounts, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(m.accountsFile(), append(content, '\n'), 0o600); err != nil {
		return nil, err
	}
	return func() ([]handlers.DemoAccount, error) { return accounts, nil }, nil
}

func readAccounts(file string) ([]handlers.DemoAccount, error) {
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var accounts []handlers.DemoAccount
	if err := json.Unmarshal(content, &accounts); err != nil {
		return nil, fmt.Errorf("%s is damaged; delete it to have it made anew: %w", file, err)
	}
	return accounts, nil
}

// ensureAccount makes the staff member if there is none. With a password that is new, one
// that is there gets it too: the file was lost, or belongs to another database.
func (m *Main) ensureAccount(ctx context.Context, jurisdiction int32, a handlers.DemoAccount, fresh bool) error {
	system := models.System(jurisdiction)
	staff, err := models.StaffByLogin(ctx, m.db.Gorm, jurisdiction, a.Login)
	switch {
	case err == nil && fresh:
		return m.identity.SetPassword(ctx, system, staff.ID, a.Password)
	case err == nil:
		return nil
	case models.CodeOf(err) != models.CodeNotFound:
		return err
	}
	_, err = m.identity.CreateStaff(ctx, system, identity.NewStaff{
		Login: a.Login, Name: m.nameOf(jurisdiction, a), Password: a.Password, Roles: []models.Role{models.Role(a.Role)}, Unit: a.Unit,
	})
	return err
}

// nameOf is what a log-in of the demo is called: its role and, where it has one, its unit.
func (m *Main) nameOf(jurisdiction int32, a handlers.DemoAccount) string {
	p, _ := m.packs.Load().Current(jurisdiction, time.Now())
	label, _ := p.Role(models.Role(a.Role))
	name := label.Label.In("vi")
	if u, ok := p.Unit(a.Unit); ok {
		name += ", " + u.Name.In("vi")
	}
	return name
}

// wantedAccounts are one log-in for each role of the operations centre, and three for each
// unit that works: a coordinator, a handler and a head.
func wantedAccounts(p *pack.Pack) []handlers.DemoAccount {
	var out []handlers.DemoAccount
	centre := p.Settings().Operations
	add := func(login string, role models.Role, unit string) {
		out = append(out, handlers.DemoAccount{Login: login, Role: string(role), Unit: unit})
	}
	for _, one := range []struct {
		login string
		role  models.Role
	}{
		{"truc-ban", models.RoleOperator}, {"kiem-duyet", models.RoleVerifier}, {"lanh-dao", models.RoleLeader}, {"bao-chi", models.RolePress},
		{"kiem-toan", models.RoleAuditor}, {"quan-tri", models.RoleAdministrator}, {"buu-dien", models.RoleAgent}, {"camera", models.RoleMachine},
	} {
		add(one.login, one.role, centre)
	}
	for _, u := range p.Units() {
		if u.Kind == pack.UnitCity || u.Successor != "" {
			continue
		}
		add("dau-moi."+u.Code, models.RoleCoordinator, u.Code)
		add("xu-ly."+u.Code, models.RoleHandler, u.Code)
		add("truong."+u.Code, models.RoleUnitHead, u.Code)
	}
	return out
}
