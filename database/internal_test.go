// SPDX-License-Identifier: Apache-2.0

package database

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLibpqURL(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in, address, password string
		err                         error
	}{
		{"password leaves", "postgres://owner:s%40cret@db:5432/ht?sslmode=require", "postgres://owner@db:5432/ht?sslmode=require", "s@cret", nil},
		{"pgx's own parameters leave", "postgresql://owner@db/ht?pool_max_conns=4&default_query_exec_mode=exec", "postgresql://owner@db/ht", "", nil},
		{"keyword form", "host=db user=owner", "", "", ErrURL},
		{"not an address", "::", "", "", ErrURL},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			address, password, err := libpqURL(tc.in)
			if address != tc.address || password != tc.password || !errors.Is(err, tc.err) {
				t.Errorf("libpqURL(%q) = %q, %q, %v", tc.in, address, password, err)
			}
		})
	}
}

func TestToolKeepsThePasswordFromTheCommandLine(t *testing.T) {
	t.Parallel()
	cmd, err := tool(t.Context(), "postgres://owner:hidden-word@127.0.0.1/ht", "pg_dump")
	if errors.Is(err, ErrNoTools) {
		t.Skip("pg_dump is not installed")
	}
	if err != nil {
		t.Fatal(err)
	}
	if line := strings.Join(cmd.Args, " "); strings.Contains(line, "hidden-word") {
		t.Errorf("the command line holds the password: %s", line)
	}
	if !strings.Contains(strings.Join(cmd.Env, "\n"), "PGPASSWORD=hidden-word") {
		t.Error("the environment lacks PGPASSWORD")
	}
}

func TestMajorVersion(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		"15\n": 15, "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)": 15,
		"pg_dump (PostgreSQL) 17beta1": 17, "": 0, "none": 0,
	} {
		if got := majorVersion(in); got != want {
			t.Errorf("majorVersion(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestParsePostmaster(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in string
		want     postmaster
		ok       bool
	}{
		{"ready", "4711\n/data\n1764000000\n5433\n\n127.0.0.1\n 53\nready   \n", postmaster{pid: 4711, port: 5433, ready: true}, true},
		{"starting", "4711\n/data\n1764000000\n5433\n\n127.0.0.1\n", postmaster{pid: 4711, port: 5433}, true},
		{"stopping", "4711\n/data\n1764000000\n5433\n\n127.0.0.1\n 53\nstopping\n", postmaster{pid: 4711, port: 5433}, true},
		{"first line only", "4711\n", postmaster{pid: 4711}, true},
		{"empty", "", postmaster{}, false},
		{"single user", "-4711\n/data\n", postmaster{}, false},
		{"init", "1\n/data\n", postmaster{}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, ok := parsePostmaster(tc.in)
			if ok != tc.ok || got != tc.want {
				t.Errorf("parsePostmaster = %+v, %v; want %+v, %v", got, ok, tc.want, tc.ok)
			}
		})
	}
}

func FuzzParsePostmaster(f *testing.F) {
	f.Add("4711\n/data\n1764000000\n5433\n\n127.0.0.1\n 53\nready   \n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := parsePostmaster(text)
		if ok && got.pid <= 1 || !ok && got != (postmaster{}) {
			t.Errorf("parsePostmaster(%q) = %+v, %v", text, got, ok)
		}
	})
}

func FuzzLibpqURL(f *testing.F) {
	f.Add("postgres://owner:secret@db:5432/ht?sslmode=require")
	f.Add("postgres://@/?sslmode=%zz")
	f.Fuzz(func(t *testing.T, in string) {
		address, _, err := libpqURL(in)
		if err != nil {
			return
		}
		again, password, err := libpqURL(address)
		if err != nil || password != "" {
			t.Fatalf("libpqURL(%q) left a password, or does not parse: %q, %v", in, address, err)
		}
		if diff := cmp.Diff(address, again); diff != "" {
			t.Errorf("libpqURL is not stable: %s", diff)
		}
	})
}
