// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hientruong/models"
	"hientruong/words"
)

// TestEveryCodeHasAStatusAndWords reads the codes from their source, so that a new one
// cannot be forgotten.
func TestEveryCodeHasAStatusAndWords(t *testing.T) {
	t.Parallel()
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "../models/error.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[models.Code]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Code" {
			code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes[models.Code(code)] = true
		}
		return true
	})
	if len(codes) < 40 {
		t.Fatalf("only %d codes were found", len(codes))
	}
	for code := range codes {
		if statuses[code] == 0 {
			t.Errorf("%s has no status", code)
		}
		if !catalogue.Has("problem."+string(code)+".title") || !catalogue.Has("problem."+string(code)+".detail") {
			t.Errorf("%s has no words", code)
		}
	}
	for code := range statuses {
		if !codes[code] {
			t.Errorf("%s has a status and is no code", code)
		}
	}
}

func TestTidy(t *testing.T) {
	t.Parallel()
	in := Submission{Description: " O\u0302\u0309 ga\u0300\x00 ", Attributes: map[string]string{" a\u200b": "b\u202e "}, Reporter: &Reporter{Name: "\ufeffA"}, PhotoIDs: []string{"x "}}
	tidy(&in)
	want := Submission{Description: "Ổ gà", Attributes: map[string]string{"a": "b"}, Reporter: &Reporter{Name: "A"}, PhotoIDs: []string{"x"}}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Error(diff)
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	one := models.Photo{SHA256: []byte("1"), Kind: models.PhotoBefore}
	two := models.Photo{SHA256: []byte("2"), Kind: models.PhotoBefore}
	id := newID()
	prints := [][32]byte{
		fingerprint("a", id, 1), fingerprint("b", id, 1), fingerprint("a", newID(), 1), fingerprint("a", id, 2),
		fingerprint("a", id, 1, one), fingerprint("a", id, 1, two), fingerprint("a", id, 1, one, two), fingerprint("a", id, 1, two, one),
	}
	for i := range prints {
		for j := range i {
			if prints[i] == prints[j] {
				t.Errorf("%d and %d look alike", i, j)
			}
		}
	}
	if fingerprint("a", id, map[string]string{"x": "1", "y": "2"}) != fingerprint("a", id, map[string]string{"y": "2", "x": "1"}) {
		t.Error("the order of names matters")
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `{"category":"a","location":{"lat":1e400}}`, `[[[[`, `{"a":1}{}`, `{"category":"a","CATEGORY":"b"}`, "\"\xff\"", `{"sos":{"people":1.5}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		var in Submission
		err := decodeJSON(content, &in)
		if err != nil {
			if status := statusOf(models.CodeOf(err)); status >= 500 {
				t.Fatalf("%d: %v", status, err)
			}
			return
		}
		if !json.Valid(content) {
			t.Fatalf("%q is no JSON", content)
		}
		tidy(&in)
		once := in.Description
		tidy(&in)
		if in.Description != once {
			t.Fatalf("tidying again changes %q to %q", once, in.Description)
		}
	})
}
