// SPDX-License-Identifier: Apache-2.0

// Package doctor looks an installation over and says in plain lines what is wrong with
// it and what to do. It changes nothing but a probe object, which it deletes again, and
// never prints a secret.
package doctor

import (
	"context"
	"fmt"
	"io"
	"time"

	"hientruong/database"
	"hientruong/identity"
	"hientruong/storage"
)

// Installation is what the doctor is told.
type Installation struct {
	Settings            []Setting
	Listen              string
	Data                string
	DatabaseURL         string // the application's
	OwnerURL            string // may be empty: needed for backup and migrations only
	KeyFile             string
	OpenStore           func() (storage.Store, func() error, error)
	ReadPack            func(files []byte) error // parses an applied pack
	FirebaseProject     string
	FirebaseCredentials string
	FirebaseEndpoint    string
	PushTo              string // a device's token to try a push with, delivered to nobody; "" for no network
}

// Setting is one setting of the process.
type Setting struct {
	Name   string
	Value  string
	Secret bool // only whether it is set may be shown
}

// Verdict is what came of one look.
type Verdict string

// The verdicts.
const (
	Good    Verdict = "✓"
	Bad     Verdict = "✗"
	Skipped Verdict = "–" // could not or need not be looked at
)

// Finding is one line of the diagnosis.
type Finding struct {
	Verdict Verdict
	About   string
	Says    string
	Do      string // what to do about it; "" where nothing has to be done
}

// Write prints a finding as one line.
func (f Finding) Write(to io.Writer) {
	line := fmt.Sprintf("%s %s: %s", f.Verdict, f.About, f.Says)
	if f.Do != "" {
		line += " → " + f.Do
	}
	fmt.Fprintln(to, line)
}

// patience bounds every look.
const patience = 10 * time.Second

// exam is one examination and what it has opened.
type exam struct {
	Installation
	db   *database.DB      // nil: it cannot be reached
	ring *identity.KeyRing // nil: it cannot be read
	tell func(Finding)
	ill  bool
}

// Examine looks at everything, or at what every start needs when quick, and tells each
// finding at once. It returns whether nothing is wrong.
func Examine(ctx context.Context, of Installation, quick bool, tell func(Finding)) bool {
	e := &exam{Installation: of, tell: tell}
	looks := []func(context.Context){e.settings, e.folder, e.keyFile, e.database, e.schema, e.keys, e.store}
	if !quick {
		looks = append(looks, e.rights, e.clock, e.logs, e.readers, e.jobs, e.packs, e.firebase, e.push, e.tools, e.port)
	}
	defer func() {
		if e.db != nil {
			e.db.Close()
		}
	}()
	for _, look := range looks {
		look := func() {
			ctx, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			look(ctx)
		}
		look()
	}
	return !e.ill
}

func (e *exam) good(about, says string, args ...any) {
	e.tell(Finding{Good, about, fmt.Sprintf(says, args...), ""})
}

func (e *exam) skip(about, says string, args ...any) {
	e.tell(Finding{Skipped, about, fmt.Sprintf(says, args...), ""})
}

func (e *exam) bad(about, do, says string, args ...any) {
	e.ill = true
	e.tell(Finding{Bad, about, fmt.Sprintf(says, args...), do})
}

// reached says whether there is a database to look into.
func (e *exam) reached(about string) bool {
	if e.db == nil {
		e.skip(about, "not looked at without the database")
	}
	return e.db != nil
}
