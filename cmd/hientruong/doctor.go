// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"

	"hientruong/cmd/hientruong/doctor"
	"hientruong/storage"
)

// doctorCommand looks an installation over.
type doctorCommand struct {
	Quick bool   `env:"-" help:"Only what every start needs."`
	Push  string `env:"-" placeholder:"TOKEN" help:"Have Firebase check a message to this device; nobody gets it."`
}

// Run implements the command.
func (c doctorCommand) Run(ctx context.Context, s *Settings, line *kong.Context) error {
	return c.run(ctx, s, line.Model.Node, os.Stdout)
}

func (c doctorCommand) run(ctx context.Context, s *Settings, program *kong.Node, out io.Writer) error {
	settings := settingsOf(program)
	if s.DatabaseURL == "" && s.DatabaseOwnerURL == "" && s.readBeside() {
		fmt.Fprintf(out, "%s database: its addresses are those that make run left in %s\n", doctor.Skipped, s.Data)
	}
	well := doctor.Examine(ctx, doctor.Installation{
		Settings: settings, Listen: s.Listen, Data: s.Data, DatabaseURL: s.DatabaseURL, OwnerURL: s.DatabaseOwnerURL, KeyFile: s.keyFile(),
		OpenStore: s.presentStore, FirebaseProject: s.FirebaseProject, FirebaseCredentials: s.FirebaseCredentials, FirebaseEndpoint: s.FirebaseEndpoint, PushTo: c.Push,
		ReadPack: func(files []byte) error {
			_, err := unzipPack(files)
			return err
		},
	}, c.Quick, func(f doctor.Finding) { f.Write(out) })
	if !well {
		return exitCode{1, errors.New("something is wrong: the lines with ✗ say what to do")}
	}
	return nil
}

// presentStore is store, but makes no folder: who runs the doctor need not be who serves.
func (s *Settings) presentStore() (storage.Store, func() error, error) {
	if s.S3Endpoint == "" {
		if _, err := os.Stat(s.Data); err != nil {
			return nil, nil, fmt.Errorf("HIENTRUONG_DATA: %w", err)
		}
	}
	return s.store()
}

// settingsOf lists the settings of every command, by their variables.
func settingsOf(program *kong.Node) []doctor.Setting {
	var out []doctor.Setting
	for _, flag := range program.Flags {
		if len(flag.Envs) == 0 {
			continue
		}
		value := fmt.Sprint(flag.Target.Interface())
		if flag.Target.IsZero() || value == "[]" {
			value = ""
		}
		out = append(out, doctor.Setting{Name: flag.Envs[0], Value: value, Secret: secret(flag.Envs[0])})
	}
	return out
}

// secret says whether a variable's value must not be shown: keys, tokens, and addresses
// with a password inside.
func secret(name string) bool {
	for _, sign := range []string{"DATABASE", "SECRET", "TOKEN", "PASSWORD", "ACCESS_KEY"} {
		if strings.Contains(name, sign) {
			return true
		}
	}
	return false
}
