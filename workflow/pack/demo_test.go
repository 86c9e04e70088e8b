// SPDX-License-Identifier: Apache-2.0

package pack_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	_ "time/tzdata"

	"hientruong/workflow/pack"
)

const demoFolder = "../../packs/demo"

func demoFiles() fs.FS { return os.DirFS(demoFolder) }

func demo(tb testing.TB) *pack.Pack {
	tb.Helper()
	p, faults := pack.Parse(demoFiles())
	if err := faults.Err(); err != nil {
		tb.Fatalf("%s does not parse:\n%v", filepath.Clean(demoFolder), err)
	}
	return p
}

func TestDemoChecksClean(t *testing.T) {
	t.Parallel()
	p := demo(t)
	if err := pack.Check(p).Err(); err != nil {
		t.Fatalf("faults:\n%v", err)
	}
}
