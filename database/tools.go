// SPDX-License-Identifier: Apache-2.0

package database

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

var (
	// ErrNoServer is a machine on which initdb and postgres were not found.
	ErrNoServer = errors.New("database: PostgreSQL 15 or newer was not found: run scripts/postgres.sh, or install Debian's package postgresql")
	// ErrNoTools is a machine on which pg_dump or pg_restore was not found.
	ErrNoTools = errors.New("database: pg_dump and pg_restore were not found: install Debian's package postgresql-client")
)

// oldest is the first major version that the SQL of this program is written for.
const oldest = 15

var versionNumber = regexp.MustCompile(`\d+`)

// majorVersion reads "15", "postgres (PostgreSQL) 15.18 (Debian …)" and the like.
func majorVersion(text string) int {
	major, _ := strconv.Atoi(versionNumber.FindString(text))
	return major
}

// findServer returns the folder of the newest initdb and postgres that the server's
// user can run, or of those that made the data (want > 0).
func findServer(ctx context.Context, given, home string, as *identity, want int) (string, error) {
	folders := []string{given}
	if given == "" {
		folders = toolFolders("postgres", home)
	}
	for _, found := range newestFirst(ctx, "postgres", folders) {
		if _, err := os.Stat(filepath.Join(found.folder, "initdb")); err != nil || !as.reaches(found.folder) {
			continue
		}
		if found.major == want || want == 0 && found.major >= oldest {
			return found.folder, nil
		}
	}
	if want > 0 {
		return "", fmt.Errorf("%w (the data in %s needs version %d)", ErrNoServer, home, want)
	}
	return "", cmp.Or(ctx.Err(), ErrNoServer)
}

// findTool returns the newest pg_dump, pg_restore …: a newer one reads older servers,
// never the other way round.
func findTool(ctx context.Context, name string) (string, error) {
	found := newestFirst(ctx, name, toolFolders(name, ""))
	if len(found) == 0 {
		return "", cmp.Or(ctx.Err(), ErrNoTools)
	}
	return filepath.Join(found[0].folder, name), nil
}

// toolFolders lists where systems keep PostgreSQL's programs, then PATH, then
// .cache/postgresql of the working folder, of home and of the folders above them.
func toolFolders(name, home string) []string {
	var folders []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin", "/usr/local/lib/hientruong/postgresql/bin",
	} {
		matches, _ := filepath.Glob(pattern)
		folders = append(folders, matches...)
	}
	if path, err := exec.LookPath(name); err == nil {
		if program, err := filepath.EvalSymlinks(path); err == nil {
			folders = append(folders, filepath.Dir(program))
		}
	}
	work, _ := os.Getwd()
	for _, from := range []string{work, home} {
		for at := from; at != "" && at != filepath.Dir(at); at = filepath.Dir(at) {
			folders = append(folders, filepath.Join(at, ".cache", "postgresql", "bin"))
		}
	}
	return folders
}

type foundTool struct {
	folder string
	major  int
}

func newestFirst(ctx context.Context, name string, folders []string) []foundTool {
	var found []foundTool
	for _, folder := range folders {
		path := filepath.Join(folder, name)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, path, "--version").Output()
		if err != nil {
			continue
		}
		found = append(found, foundTool{folder: folder, major: majorVersion(string(out))})
	}
	slices.SortStableFunc(found, func(a, b foundTool) int { return cmp.Compare(b.major, a.major) })
	return found
}
