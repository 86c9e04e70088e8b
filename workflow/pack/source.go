// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"hientruong/models"
)

// What a pack's file may be at most. The parser recurses, so nesting is bounded before it runs.
const (
	maxFile     = 1 << 20 // bytes of a YAML file
	maxAreas    = 64 << 20
	maxLine     = 4000 // bytes
	maxNesting  = 32   // of brackets
	maxExprText = 2000 // bytes
)

// Fault is one thing wrong with a pack, told to the person who wrote it: where, what, and what to write instead.
type Fault struct {
	File string
	Line int // from 1; 0 where the file as a whole is meant
	Text string

	// early tells that it was found before all could be looked at.
	early bool
	// aside tells that nothing hangs on what is wrong here.
	aside bool
}

// String is "file:line: text".
func (f Fault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

// Faults is all that is wrong with a pack. An empty list is a sound pack.
type Faults []Fault

// Error lists the faults, one a line, and says so where there may be more.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.String()
	}
	if f.Early() {
		lines = append(lines, f.Summary())
	}
	return strings.Join(lines, "\n")
}

// Early tells whether the faults kept something from being looked at, so that there may be more of them.
func (f Faults) Early() bool {
	return slices.ContainsFunc(f, func(one Fault) bool { return one.early })
}

// Summary counts the faults in a line.
func (f Faults) Summary() string {
	switch {
	case len(f) == 1 && f.Early():
		return "1 fault; more may show when it is mended"
	case len(f) == 1:
		return "1 fault"
	case f.Early():
		return fmt.Sprintf("%d faults; more may show when these are mended", len(f))
	default:
		return fmt.Sprintf("%d faults", len(f))
	}
}

// early marks the faults as those that kept something from being looked at.
func (f Faults) early() {
	for i := range f {
		f[i].early = true
	}
}

// Err is nil where there is no fault, else the faults as an error.
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// source is a file that was read, with the tree that knows the lines.
type source struct {
	name string
	root ast.Node
	// cut are the parts of the tree from which something was taken that does not fit.
	cut map[ast.Node]bool
}

// readSource reads one YAML file and refuses what could make the parser or the decoder run away.
func readSource(fsys fs.FS, name string) (*source, []byte, Faults) {
	bad := func(line int, format string, args ...any) (*source, []byte, Faults) {
		return nil, nil, Faults{{File: name, Line: line, Text: fmt.Sprintf(format, args...)}}
	}
	data, err := readAll(fsys, name, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return bad(0, "the file is missing; every pack has one")
	} else if err != nil {
		return bad(0, "%v", err)
	}
	if line, text := runaway(string(data)); text != "" {
		return bad(line, "%s", text)
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, nil, Faults{yamlFault(name, err)}
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return bad(0, "it must hold one YAML document")
	}
	var links linkFinder
	ast.Walk(&links, file.Docs[0].Body)
	if links.line > 0 {
		return bad(links.line, "anchors, aliases and merge keys are not used in packs; write the value out")
	}
	return &source{name: name, root: file.Docs[0].Body}, data, nil
}

func readAll(fsys fs.FS, name string, most int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, fmt.Errorf("it cannot be read: %w", err)
	}
	if int64(len(data)) > most {
		return nil, fmt.Errorf("it is longer than %d bytes", most)
	}
	return data, nil
}

// runaway finds the first line that is too long or nested too deeply. Brackets in texts count too, which no honest pack notices.
func runaway(text string) (line int, fault string) {
	depth := 0
	for s := range strings.Lines(text) {
		line++
		if len(s) > maxLine {
			return line, fmt.Sprintf("the line is longer than %d bytes; break it", maxLine)
		}
		if strings.HasPrefix(strings.TrimLeft(s, " "), strings.Repeat("- ", 8)) || strings.Count(s, "? ") > 8 {
			return line, "lists are nested too deeply"
		}
		depth += strings.Count(s, "[") + strings.Count(s, "{") - strings.Count(s, "]") - strings.Count(s, "}")
		if depth > maxNesting || strings.Count(s, "[")+strings.Count(s, "{") > 4*maxNesting {
			return line, fmt.Sprintf("brackets are nested more than %d deep; is one not closed?", maxNesting)
		}
	}
	return 0, ""
}

type linkFinder struct{ line int }

// Visit implements ast.Visitor.
func (l *linkFinder) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		if l.line == 0 {
			l.line = n.GetToken().Position.Line
		}
	}
	return l
}

// decode fills v with what fits it, and finds what does not; false where v could not be filled.
func (s *source) decode(v any) (Faults, bool) {
	s.cut = map[ast.Node]bool{}
	shape := shaper{name: s.name, cut: s.cut}
	if !shape.fits(s.root, reflect.TypeOf(v).Elem()) {
		return shape.faults, false
	}
	if err := yaml.NodeToValue(s.root, v, yaml.Strict()); err != nil {
		return append(shape.faults, yamlFault(s.name, err)), false
	}
	return shape.faults, true
}

// yamlFault words an error of the YAML library without its picture of the file.
func yamlFault(name string, err error) Fault {
	var placed yaml.Error
	if !errors.As(err, &placed) {
		return Fault{File: name, Text: err.Error()}
	}
	f := Fault{File: name, Text: placed.GetMessage()}
	if t := placed.GetToken(); t != nil && t.Position != nil {
		f.Line = t.Position.Line
	}
	switch {
	case strings.Contains(f.Text, "tab character") || strings.Contains(f.Text, "'\t'"):
		f.Text = "a tab; use spaces"
	case !strings.Contains(f.Text, "' must be specified") && !strings.Contains(f.Text, "could not find flow"):
	case name == "routing.yaml" || strings.HasPrefix(name, "workflow"):
		f.Text += "; put the whole condition in '…'"
	default:
		f.Text += `; put a text with , : [ or { in "…"`
	}
	return f
}

// line is where the value at a path of keys (string), indexes (int) and items (models.State) stands: its key's line for a mapping. What is not
// there answers with the nearest thing around it that is.
func (s *source) line(path ...any) int {
	_, line := s.nearest(path)
	return line
}

func (s *source) nearest(path []any) (ast.Node, int) {
	node := s.root
	line := node.GetToken().Position.Line
	for _, step := range path {
		next, at := child(node, step)
		if next == nil {
			break
		}
		node, line = next, at
	}
	return node, line
}

// lost tells whether what is missed at a path may be what was taken out.
func (s *source) lost(path ...any) bool {
	node, _ := s.nearest(path)
	return s.cut[node]
}

// keys are the keys of the mapping at a path, in the order they are written in.
func (s *source) keys(path ...any) []string {
	node := s.root
	for _, step := range path {
		next, _ := child(node, step)
		if next == nil {
			return nil
		}
		node = next
	}
	var out []string
	for _, v := range pairs(node) {
		out = append(out, v.Key.GetToken().Value)
	}
	return out
}

func child(n ast.Node, step any) (ast.Node, int) {
	switch step := step.(type) {
	case string:
		for _, v := range pairs(n) {
			if v.Key.GetToken().Value == step {
				return v.Value, v.Key.GetToken().Position.Line
			}
		}
	case models.State:
		if seq, ok := n.(*ast.SequenceNode); ok {
			for _, v := range seq.Values {
				if v.GetToken().Value == string(step) {
					return v, v.GetToken().Position.Line
				}
			}
		}
	case int:
		if seq, ok := n.(*ast.SequenceNode); ok && step < len(seq.Values) {
			return seq.Values[step], firstLine(seq.Values[step])
		}
	}
	return nil, 0
}

func pairs(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

// firstLine is the line an item begins on; the token of a mapping is its first colon.
func firstLine(n ast.Node) int {
	if p := pairs(n); len(p) > 0 {
		return p[0].Key.GetToken().Position.Line
	}
	return n.GetToken().Position.Line
}
