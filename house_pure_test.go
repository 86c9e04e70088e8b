// SPDX-License-Identifier: Apache-2.0

package house_test

import (
	"bytes"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What decides takes facts and a time and gives a change. Whoever takes a Context may
// wait, and whoever takes a *gorm.DB may read what was not among the facts.
func TestDecisionsArePure(t *testing.T) {
	t.Parallel()
	for _, folder := range pure {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			calls := impureCalls(t, folder)
			for _, call := range calls {
				t.Errorf("%s: nothing in %s may call what takes a Context or a *gorm.DB", call, folder)
			}
		})
	}
}

// The check itself is checked: it finds such calls where they are.
func TestImpureCallsAreFound(t *testing.T) {
	t.Parallel()
	if calls := impureCalls(t, "database"); len(calls) < 10 {
		t.Errorf("%d impure calls found in database, which does little else", len(calls))
	}
}

func impureCalls(t *testing.T, folder string) []string {
	t.Helper()
	files, parsed := parseFolder(t, folder)
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
	config := types.Config{Importer: importer.ForCompiler(files, "gc", exportData(t, folder))}
	if _, err := config.Check(module+"/"+folder, files, parsed, info); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range parsed {
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			if signature, ok := types.Unalias(info.Types[call.Fun].Type).(*types.Signature); ok && impure(signature) {
				found = append(found, files.Position(call.Pos()).String())
			}
			return true
		})
	}
	return found
}

func parseFolder(t *testing.T, folder string) (*token.FileSet, []*ast.File) {
	t.Helper()
	names := strings.Fields(string(goList(t, "-f", `{{join .GoFiles " "}}`, "./"+folder)))
	files := token.NewFileSet()
	var parsed []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(files, filepath.Join(folder, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, file)
	}
	return files, parsed
}

// exportData finds the compiled form of everything that the folder imports.
func exportData(t *testing.T, folder string) importer.Lookup {
	t.Helper()
	compiled := map[string]string{}
	out := goList(t, "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}", "./"+folder)
	for line := range bytes.Lines(out) {
		if name, file, ok := strings.Cut(strings.TrimSpace(string(line)), " "); ok {
			compiled[name] = file
		}
	}
	return func(importPath string) (io.ReadCloser, error) { return os.Open(compiled[importPath]) }
}

func impure(signature *types.Signature) bool {
	parameters := slices.Collect(signature.Params().Variables())
	if receiver := signature.Recv(); receiver != nil {
		parameters = append(parameters, receiver)
	}
	return slices.ContainsFunc(parameters, func(parameter *types.Var) bool {
		name := parameter.Type().String()
		return name == "context.Context" || name == "*gorm.io/gorm.DB"
	})
}
