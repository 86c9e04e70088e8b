// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"hientruong/identity"
	"hientruong/models"
)

// userCommand looks after staff accounts.
type userCommand struct {
	Add      userAddCommand      `cmd:"" help:"Make a staff account."`
	Password userPasswordCommand `cmd:"" help:"Give an account a new password and end its sessions."`
	Disable  userDisableCommand  `cmd:"" help:"End what an account may do, and its sessions."`
	List     userListCommand     `cmd:"" help:"List the accounts."`
}

// userOf says which jurisdiction is meant.
type userOf struct {
	Jurisdiction string `env:"-" help:"Code of the jurisdiction; needed where there are several."`
}

// with opens everything for a command about the jurisdiction's staff.
func (u userOf) with(ctx context.Context, s *Settings, do func(*Main, models.Actor) error) (err error) {
	stop, err := s.reach(ctx, os.Stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	return withMain(ctx, s, func(m *Main) error {
		all, err := models.Jurisdictions(ctx, m.db.Gorm)
		if err != nil {
			return err
		}
		id, err := u.pick(all)
		if err != nil {
			return err
		}
		return do(m, models.System(id))
	})
}

// pick finds the one that is meant.
func (u userOf) pick(all []models.Jurisdiction) (int32, error) {
	codes := make([]string, 0, len(all))
	for _, j := range all {
		if j.Code == u.Jurisdiction || u.Jurisdiction == "" && len(all) == 1 {
			return j.ID, nil
		}
		codes = append(codes, j.Code)
	}
	switch {
	case len(all) == 0:
		return 0, errors.New("there is no jurisdiction yet: apply a pack first")
	case u.Jurisdiction == "":
		return 0, fmt.Errorf("--jurisdiction: one of %s", strings.Join(codes, ", "))
	default:
		return 0, fmt.Errorf("--jurisdiction: no %q; there are %s", u.Jurisdiction, strings.Join(codes, ", "))
	}
}

// newPassword says where a password comes from.
type newPassword struct {
	PasswordStdin bool `env:"-" help:"Read the password from standard input, one line; else one is made and printed once."`
}

// choose returns the password, and whether it was made here.
func (p newPassword) choose(in io.Reader) (password string, made bool, err error) {
	if !p.PasswordStdin {
		return strings.ToLower(rand.Text()[:16]), true, nil
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", false, err
	}
	return strings.TrimRight(line, "\r\n"), false, nil
}

type userAddCommand struct {
	userOf
	newPassword
	Login string   `arg:"" help:"2 to 64 of a-z, 0-9, dot, dash, underscore and @."`
	Name  string   `required:"" env:"-" help:"The person's name."`
	Role  []string `required:"" env:"-" help:"What the person is; may be given more than once."`
	Unit  string   `env:"-" help:"Code of the unit, as the pack names it."`
}

// Run implements the command.
func (c userAddCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stdin, os.Stdout)
}

func (c userAddCommand) run(ctx context.Context, s *Settings, in io.Reader, out io.Writer) error {
	roles, err := rolesOf(c.Role)
	if err != nil {
		return exitCode{2, err}
	}
	return c.with(ctx, s, func(m *Main, system models.Actor) error {
		if err := m.checkUnit(system.Jurisdiction, c.Unit); err != nil {
			return err
		}
		password, made, err := c.choose(in)
		if err != nil {
			return err
		}
		staff, err := m.identity.CreateStaff(ctx, system, identity.NewStaff{Login: c.Login, Name: c.Name, Password: password, Roles: roles, Unit: c.Unit})
		if err != nil {
			return explain(err)
		}
		fmt.Fprintf(out, "%s is there\n", staff.Login)
		tellPassword(out, password, made)
		return nil
	})
}

// rolesOf reads roles, and names all of them where one is wrong.
func rolesOf(names []string) ([]models.Role, error) {
	var roles []models.Role
	for _, name := range names {
		role := models.Role(name)
		if !role.Valid() || role == models.RoleCitizen {
			return nil, fmt.Errorf("--role: no %q; there are %s", name, joined(models.Roles()[1:]))
		}
		roles = append(roles, role)
	}
	return roles, nil
}

// checkUnit says whether the pack in force has the unit.
func (m *Main) checkUnit(jurisdiction int32, unit string) error {
	if unit == "" {
		return nil
	}
	p, _ := m.packs.Load().Current(jurisdiction, time.Now())
	if p == nil {
		return errors.New("--unit: no pack is in force, so there are no units yet")
	}
	if _, ok := p.Unit(unit); !ok {
		return fmt.Errorf("--unit: the pack in force has no unit %q", unit)
	}
	return nil
}

// explain says which part of an account was refused.
func explain(err error) error {
	var refused *models.Error
	if !errors.As(err, &refused) || len(refused.Fields) == 0 {
		return err
	}
	var parts []string
	for _, f := range refused.Fields {
		part := strings.TrimPrefix(f.Location, "body.")
		switch {
		case part == "login" && f.Code == models.CodeInvalidValue:
			parts = append(parts, "login: of another form than --help says, or taken")
		case part == "password":
			parts = append(parts, "password: 10 characters at least, 256 bytes at most")
		default:
			parts = append(parts, fmt.Sprintf("%s: %s", part, f.Code))
		}
	}
	return exitCode{2, errors.New(strings.Join(parts, "; "))}
}

func tellPassword(out io.Writer, password string, made bool) {
	if made {
		fmt.Fprintf(out, "password, shown this once: %s\n", password)
	}
}

type userPasswordCommand struct {
	userOf
	newPassword
	Login string `arg:""`
}

// Run implements the command.
func (c userPasswordCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stdin, os.Stdout)
}

func (c userPasswordCommand) run(ctx context.Context, s *Settings, in io.Reader, out io.Writer) error {
	return c.with(ctx, s, func(m *Main, system models.Actor) error {
		staff, err := m.staff(ctx, system.Jurisdiction, c.Login)
		if err != nil {
			return err
		}
		password, made, err := c.choose(in)
		if err != nil {
			return err
		}
		if err := m.identity.SetPassword(ctx, system, staff.ID, password); err != nil {
			return explain(err)
		}
		fmt.Fprintf(out, "%s has a new password; its sessions have ended\n", staff.Login)
		tellPassword(out, password, made)
		return nil
	})
}

// staff finds an account by its log-in.
func (m *Main) staff(ctx context.Context, jurisdiction int32, login string) (models.Staff, error) {
	staff, err := models.StaffByLogin(ctx, m.db.Gorm, jurisdiction, strings.ToLower(login))
	if models.CodeOf(err) == models.CodeNotFound {
		return staff, fmt.Errorf("there is no account %q", login)
	}
	return staff, err
}

type userDisableCommand struct {
	userOf
	Login string `arg:""`
}

// Run implements the command.
func (c userDisableCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stdout)
}

func (c userDisableCommand) run(ctx context.Context, s *Settings, out io.Writer) error {
	return c.with(ctx, s, func(m *Main, system models.Actor) error {
		staff, err := m.staff(ctx, system.Jurisdiction, c.Login)
		if err != nil {
			return err
		}
		if err := m.identity.Deactivate(ctx, system, staff.ID); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s may do nothing any more; its sessions have ended\n", staff.Login)
		return nil
	})
}

type userListCommand struct{ userOf }

// Run implements the command.
func (c userListCommand) Run(ctx context.Context, s *Settings) error {
	return c.run(ctx, s, os.Stdout)
}

func (c userListCommand) run(ctx context.Context, s *Settings, out io.Writer) error {
	return c.with(ctx, s, func(m *Main, system models.Actor) error {
		var all []models.Staff
		if err := m.db.Gorm.WithContext(ctx).Where("jurisdiction_id = ?", system.Jurisdiction).Order("login").Find(&all).Error; err != nil {
			return err
		}
		for _, one := range all {
			state := "active"
			if !one.Active {
				state = "disabled"
			}
			fmt.Fprintf(out, "%-24s %-8s %-28s %-20s %s\n", one.Login, state, joined(one.Roles), one.Actor().Unit, one.Name)
		}
		return nil
	})
}

func joined(roles []models.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ",")
}
