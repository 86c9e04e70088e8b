// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"net/netip"
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

func TestNetworks(t *testing.T) {
	t.Parallel()
	trusted, err := parseProxies([]string{"127.0.0.1", "::1", "10.0.0.0/8", "2001:db8:ffff::/48"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parseProxies([]string{"proxy.local"}); err == nil {
		t.Error("a name is no address")
	}
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.7", "198.51.100.1", "203.0.113.7"}, // says so itself
		{"127.0.0.1", "", "127.0.0.1"},
		{"127.0.0.1", "203.0.113.7", "203.0.113.7"},
		{"127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"},
		{"127.0.0.1", "198.51.100.1,203.0.113.7 , 10.1.2.3", "203.0.113.7"},
		{"127.0.0.1", "198.51.100.1, 10.1.2.3,10.9.9.9", "198.51.100.1"},
		{"127.0.0.1", "10.1.2.3", "10.1.2.3"},
		{"127.0.0.1", "203.0.113.7, unknown", "127.0.0.1"},
		{"127.0.0.1", "203.0.113.7,", "127.0.0.1"},
		{"::1", "2001:db8:1:2:3::4", "2001:db8:1::/48"},
		{"::1", "2001:db8:1::9, 2001:db8:ffff::1", "2001:db8:1::/48"},
		{"::1", "fe80::1%eth0", "fe80::/48"},
		{"::1", "::ffff:203.0.113.7", "203.0.113.7"},
	} {
		if got := networkOf(trusted.behind(netip.MustParseAddr(c.peer), c.forwarded)); got != c.want {
			t.Errorf("%s for %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

// Whatever a stranger wrote in front, what the proxy added decides.
func FuzzForwarded(f *testing.F) {
	for _, seed := range []string{"", ",", "203.0.113.7", "10.0.0.1", "::1%x,", "a,b", "[::1]:80"} {
		f.Add(seed)
	}
	trusted, peer, caller := proxies{netip.MustParsePrefix("10.0.0.0/8")}, netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("203.0.113.7")
	f.Fuzz(func(t *testing.T, written string) {
		if got := trusted.behind(peer, written+", "+caller.String()); got != caller {
			t.Fatalf("%q made it %v", written, got)
		}
		if got := networkOf(trusted.behind(peer, written)); got == "" {
			t.Fatalf("%q: no network", written)
		}
	})
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
