// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"hientruong/identity"
)

// What is kept of a request cannot be computed by who has the database alone.
func TestMarkIsKeyed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "keys.json")
	server := func(file string) *Server {
		keys, err := identity.OpenKeyFile(file)
		if err != nil {
			t.Fatal(err)
		}
		service, err := identity.New(identity.Config{Keys: keys})
		if err != nil {
			t.Fatal(err)
		}
		return &Server{config: Config{Identity: service}}
	}
	id := uuid.New()
	mark := server(file).mark("staff", id, "a password")
	if server(file).mark("staff", id, "a password") != mark {
		t.Error("a restart forgets what a request was")
	}
	other := server(filepath.Join(t.TempDir(), "keys.json"))
	if mark == fingerprint("staff", id, "a password") || mark == other.mark("staff", id, "a password") {
		t.Error("the mark needs no key")
	}
	if mark == server(file).mark("staff", id, "another password") {
		t.Error("two requests look alike")
	}
}
