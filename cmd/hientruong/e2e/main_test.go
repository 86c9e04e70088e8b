// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"hientruong/database/dbtest"
)

// program is the binary under test; TestMain builds it once.
var program string

func TestMain(m *testing.M) {
	code, err := dbtest.WithServer(context.Background(), func() int {
		code, err := withProgram(m.Run)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		return code
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = cmp.Or(code, 1)
	}
	os.Exit(code)
}

func withProgram(work func() int) (code int, err error) {
	dir, err := os.MkdirTemp("", "hientruong-e2e-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	program = filepath.Join(dir, "hientruong")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "hientruong/cmd/hientruong")
	if out, err := build.CombinedOutput(); err != nil {
		return 1, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return work(), nil
}

// timed prints how long a test took, for whoever watches the budget.
func timed(t *testing.T) {
	t.Helper()
	began := time.Now()
	t.Cleanup(func() { t.Logf("%s took %v", t.Name(), time.Since(began).Round(10*time.Millisecond)) })
}
