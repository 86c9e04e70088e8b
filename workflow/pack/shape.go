// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// shaper holds the tree of a file against the type it is read into. It finds all that does not fit, where the decoder would stop
// at the first, and takes it out, so that the rest can be read.
type shaper struct {
	name   string
	faults Faults
	cut    map[ast.Node]bool // what something was taken out of
}

func (s *shaper) fault(n ast.Node, format string, args ...any) bool {
	s.faults = append(s.faults, Fault{File: s.name, Line: firstLine(n), Text: fmt.Sprintf(format, args...)})
	return false
}

// fits tells whether a value fits a type, once what does not fit within it is out.
func (s *shaper) fits(n ast.Node, t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch n.(type) {
	case *ast.NullNode, *ast.TagNode:
		return true
	}
	switch t {
	case reflect.TypeFor[Text]():
		if !isMapping(n) {
			return s.fault(n, "words are written in each language; write {vi: …, en: …}")
		}
	case reflect.TypeFor[Term]():
		if !isMapping(n) {
			return s.fault(n, "a time belongs here; write {days: 3}, {hours: 4} or {minutes: 30}")
		}
	case reflect.TypeFor[Due]():
		if v, ok := n.(*ast.StringNode); ok && v.Value == "category.sla" {
			return true
		}
		return s.fits(n, reflect.TypeFor[Term]())
	case reflect.TypeFor[Steps]():
		return isScalar(n) || s.fits(n, reflect.TypeFor[[]Step]())
	case reflect.TypeFor[list]():
		return isScalar(n) || s.fits(n, reflect.TypeFor[[]string]())
	case reflect.TypeFor[Demands]():
		return s.demands(n)
	}
	return s.kind(n, t)
}

func (s *shaper) kind(n ast.Node, t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		if !isMapping(n) {
			return s.fault(n, "what belongs here has fields; write {%s: …}", strings.Join(required(t), ": …, "))
		}
		return s.object(n, t)
	case reflect.Map:
		if !isMapping(n) {
			return s.fault(n, "names with values belong here; write them as name: value")
		}
		return s.prune(n, func(v *ast.MappingValueNode) bool { return s.fits(v.Value, t.Elem()) })
	case reflect.Slice:
		seq, ok := n.(*ast.SequenceNode)
		if !ok {
			return s.fault(n, "a list belongs here; write it in [ ], or as lines that begin with -")
		}
		before := len(seq.Values)
		seq.Values = slices.DeleteFunc(seq.Values, func(v ast.Node) bool { return !s.fits(v, t.Elem()) })
		s.cut[seq] = len(seq.Values) < before
		return true
	default:
		return s.scalar(n, t.Kind())
	}
}

// scalar holds a single value against its kind.
func (s *shaper) scalar(n ast.Node, kind reflect.Kind) bool {
	text, isText := n.(*ast.StringNode)
	switch {
	case !isScalar(n):
		return s.fault(n, "a single value belongs here; a text that begins with { or [ is written in quotes")
	case kind == reflect.Bool && n.Type() != ast.BoolType:
		return s.fault(n, "%s is no yes or no; write true or false", n)
	case kind == reflect.Int || kind == reflect.Int64:
		if isText {
			_, err := strconv.ParseInt(text.Value, 10, 64)
			isText = err != nil
		}
		if isText || n.Type() == ast.BoolType || n.Type() == ast.FloatType {
			return s.fault(n, "%s is no whole number; write one in digits, as in 30", n)
		}
	}
	return true
}

// object looks at the fields of a struct, and takes out those that it has not.
func (s *shaper) object(n ast.Node, t reflect.Type) bool {
	fields := fieldsOf(t)
	return s.prune(n, func(v *ast.MappingValueNode) bool {
		key := v.Key.GetToken().Value
		field, ok := fields[key]
		if !ok {
			known := names(fields)
			return s.fault(v, "unknown field %q; %s", key, instead(key, known, "there are "+strings.Join(known, ", ")))
		}
		return s.fits(v.Value, field)
	})
}

// demands looks at what a transition demands.
func (s *shaper) demands(n ast.Node) bool {
	if !isMapping(n) {
		return s.fault(n, "demands are a mapping such as {answer: {min: 30}, outcome: true}")
	}
	return s.prune(n, func(v *ast.MappingValueNode) bool {
		key := v.Key.GetToken().Value
		switch {
		case DemandKind(key).field() == "":
			return s.fault(v, "nothing is called %q to demand; %s", key, instead(key, demandKinds(), "write one of "+strings.Join(demandKinds(), ", ")))
		case isMapping(v.Value):
			return s.fits(v.Value, reflect.TypeFor[demandSpec]())
		case isScalar(v.Value):
			return true
		default:
			return s.fits(v.Value, reflect.TypeFor[[]string]())
		}
	})
}

// prune takes the pairs out of a mapping that do not fit; false where it was a single one.
func (s *shaper) prune(n ast.Node, fits func(*ast.MappingValueNode) bool) bool {
	switch n := n.(type) {
	case *ast.MappingNode:
		before := len(n.Values)
		n.Values = slices.DeleteFunc(n.Values, func(v *ast.MappingValueNode) bool { return !fits(v) })
		s.cut[n] = len(n.Values) < before
	case *ast.MappingValueNode:
		return fits(n)
	}
	return true
}

// fieldsOf are the fields of a struct by their keys.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		if key := f.Tag.Get("yaml"); key != "" && key != "-" {
			out[key] = f.Type
		}
	}
	return out
}

// required are the fields that a struct cannot do without; all where it can without any.
func required(t reflect.Type) []string {
	if keys := requiredKeys()[t.Name()]; len(keys) > 0 {
		return keys
	}
	return names(fieldsOf(t))
}

func isMapping(n ast.Node) bool {
	return n.Type() == ast.MappingType || n.Type() == ast.MappingValueType
}

func isScalar(n ast.Node) bool {
	_, ok := n.(ast.ScalarNode)
	return ok
}
