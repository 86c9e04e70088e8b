// SPDX-License-Identifier: Apache-2.0

// Package house_test holds the rules that no single room can check: who may import
// whom, how long things may be, what every file begins with, that decisions stay
// pure, and that what is shipped is pinned and carries no secret.
package house_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "hientruong"

// rooms is who may import whom: of this module's packages, a room may use those that
// are named beside it, and the folders inside itself. Tests may use anything.
var rooms = map[string][]string{
	"cmd":               {"*"},
	"bench":             {"*"},
	"handlers":          {"live", "notify", "relay", "views", "workflow", "workflow/pack", "workflow/calendar", "photos", "identity", "ledger", "models", "geo", "words", "database", "web"},
	"live":              {"views", "ledger", "models", "geo"},
	"notify":            {"views", "ledger", "workflow/pack", "models", "words"},
	"relay":             {"workflow", "ledger", "workflow/pack", "models", "words"},
	"views":             {"workflow/pack", "models", "geo", "words"},
	"workflow":          {"workflow/pack", "workflow/calendar", "models", "geo"},
	"workflow/simulate": {"workflow", "workflow/pack", "workflow/calendar", "models", "geo"},
	"workflow/pack":     {"workflow/calendar", "models", "geo", "words"},
	"workflow/calendar": {},
	"photos":            {"storage", "ledger", "models"},
	"identity":          {"ledger", "models", "words"},
	"ledger":            {"models"},
	"models":            {"geo", "words"},
	"storage":           {},
	"geo":               {},
	"words":             {},
	"database":          {"migrations"},
	"migrations":        {},
	"packs":             {"geo", "words"},
	"web":               {},
}

// pure are the packages that decide: they call nothing that could do I/O.
var pure = []string{"workflow", "workflow/calendar", "workflow/simulate"}

// exceptions are the functions and files that may be longer than the rule says, with
// the reason. The key is "file" or "file:Function". At most 5 % of all.
var exceptions = map[string]string{
	"web/src/api/schema.ts": "made from /openapi.json by npm run types",
}

const (
	longestFunction = 60
	longestFile     = 500
)

type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestImportsRunDownward(t *testing.T) {
	t.Parallel()
	packages := listPackages(t)
	for _, pkg := range packages {
		room := roomOf(pkg.ImportPath)
		allowed, known := rooms[room]
		if !known {
			t.Errorf("%s is in no room: a new room belongs in the table here and in the plan", pkg.ImportPath)
			continue
		}
		for _, imported := range pkg.Imports {
			if !strings.HasPrefix(imported, module+"/") {
				continue
			}
			// What measures may stand on what tests stand on: it is no part of the program.
			if forTests(imported) && !forTests(pkg.ImportPath) && room != "bench" {
				t.Errorf("%s imports %s, which is for tests only", pkg.ImportPath, imported)
			}
			if to := roomOf(imported); to != room && !slices.Contains(allowed, to) && !slices.Contains(allowed, "*") {
				t.Errorf("%s imports %s: %s may import %v only", pkg.ImportPath, imported, room, allowed)
			}
		}
	}
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out := goList(t, "-json=ImportPath,Imports", "./...")
	var packages []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg goPackage
		err := decoder.Decode(&pkg)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if pkg.ImportPath != module && !strings.Contains(pkg.ImportPath, "/node_modules/") {
			packages = append(packages, pkg)
		}
	}
	if len(packages) < 5 {
		t.Fatalf("only %d packages found", len(packages))
	}
	return packages
}

func goList(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v\n%s", args, err, said.String())
	}
	return out
}

// roomOf is the longest entry of rooms that the package lies in; for an unknown one,
// its first folder.
func roomOf(importPath string) string {
	folder := strings.TrimPrefix(importPath, module+"/")
	for at := folder; at != "."; at = path.Dir(at) {
		if _, ok := rooms[at]; ok {
			return at
		}
	}
	return folder
}

// forTests: dbtest and its like, and the commands inside them.
func forTests(importPath string) bool {
	return slices.ContainsFunc(strings.Split(importPath, "/"), func(name string) bool {
		return strings.HasSuffix(name, "test") && name != "test"
	})
}

func TestLengths(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	all, under45 := 0, 0
	check := func(key string, lines, longest int) {
		if lines <= longest {
			return
		}
		if exceptions[key] == "" {
			t.Errorf("%s has %d lines, %d at most", key, lines, longest)
		}
		used[key] = true
	}
	for _, file := range sources(t, ".go", ".ts", ".tsx", ".sql", ".sh") {
		text := readFile(t, file)
		check(file, strings.Count(text, "\n"), longestFile)
		if !strings.HasSuffix(file, ".go") {
			continue
		}
		for name, lines := range functionLengths(t, file, text) {
			check(file+":"+name, lines, longestFunction)
			all++
			if lines <= 45 {
				under45++
			}
		}
	}
	t.Logf("%d functions, %.1f %% of at most 45 lines, %d exceptions", all, 100*float64(under45)/float64(all), len(exceptions))
	for key := range exceptions {
		if !used[key] {
			t.Errorf("the exception %s is not needed any more", key)
		}
	}
	if len(exceptions)*20 > all {
		t.Errorf("%d exceptions in %d functions: 5 %% at most", len(exceptions), all)
	}
}

func functionLengths(t *testing.T, file, text string) map[string]int {
	t.Helper()
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	lengths := map[string]int{}
	for _, declaration := range parsed.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok {
			lengths[functionName(function)] = files.Position(function.End()).Line - files.Position(function.Pos()).Line + 1
		}
	}
	return lengths
}

func functionName(function *ast.FuncDecl) string {
	if function.Recv == nil || len(function.Recv.List) == 0 {
		return function.Name.Name
	}
	receiver := function.Recv.List[0].Type
	if pointer, ok := receiver.(*ast.StarExpr); ok {
		receiver = pointer.X
	}
	if generic, ok := receiver.(*ast.IndexExpr); ok {
		receiver = generic.X
	}
	return fmt.Sprintf("%v.%s", receiver, function.Name.Name)
}

func TestEveryFileNamesItsLicence(t *testing.T) {
	t.Parallel()
	const line = "SPDX-License-Identifier: Apache-2.0"
	for _, file := range sources(t, ".go", ".ts", ".tsx", ".sql", ".sh") {
		lines := bufio.NewScanner(strings.NewReader(readFile(t, file)))
		lines.Scan()
		if strings.HasPrefix(lines.Text(), "#!") {
			lines.Scan()
		}
		if !strings.HasSuffix(lines.Text(), " "+line) {
			t.Errorf("%s does not begin with %s", file, line)
		}
	}
	if licence := readFile(t, "LICENSE"); !strings.Contains(licence, "Apache License") || !strings.Contains(licence, "The Hiện Trường authors") {
		t.Error("LICENSE is not Apache-2.0 of The Hiện Trường authors")
	}
}

// sources lists the files of this repository with one of the endings, sorted; what
// is built, fetched or run is left out.
func sources(t *testing.T, endings ...string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{".git", ".cache", "node_modules", "dist"}, entry.Name()) || file == "bin" || file == "var" {
				return fs.SkipDir
			}
			return nil
		}
		if slices.Contains(endings, filepath.Ext(file)) {
			found = append(found, filepath.ToSlash(file))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatalf("no file ends with one of %v", endings)
	}
	return found
}

var decisionName = regexp.MustCompile(`^\d{4}-[a-z0-9-]+\.md$`)

func TestDecisionsAreIndexed(t *testing.T) {
	t.Parallel()
	const folder = "docs/decisions"
	index := readFile(t, folder+"/README.md")
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case name == "README.md":
		case !decisionName.MatchString(name):
			t.Errorf("%s/%s is not named NNNN-subject.md", folder, name)
		case strings.Count(index, "("+name+")") != 1:
			t.Errorf("%s/README.md must link to %s once", folder, name)
		}
	}
	for _, link := range regexp.MustCompile(`\((\d{4}-[^)]*)\)`).FindAllStringSubmatch(index, -1) {
		if _, err := os.Stat(filepath.Join(folder, link[1])); err != nil {
			t.Errorf("%s/README.md links to %s, which is not there", folder, link[1])
		}
	}
}

func readFile(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
