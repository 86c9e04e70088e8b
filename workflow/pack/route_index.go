// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// need is something that must be so for a rule to hold, read off its expression: a place or category that it compares with
// written-out values, joined to the rest by &&. Looking at the needs first spares most rules the machine.
type need struct {
	of     func(*env) string
	values []string
}

// met tells whether everything needed is so.
func met(needs []need, e *env) bool {
	for _, n := range needs {
		if !slices.Contains(n.values, n.of(e)) {
			return false
		}
	}
	return true
}

// needsOf are the needs of an expression.
func needsOf(n ast.Node) []need {
	b, ok := n.(*ast.BinaryNode)
	if !ok {
		return nil
	}
	switch b.Operator {
	case "&&", "and":
		return append(needsOf(b.Left), needsOf(b.Right)...)
	case "==":
		if one, ok := needOf(b.Left, b.Right); ok {
			return []need{one}
		}
		if one, ok := needOf(b.Right, b.Left); ok {
			return []need{one}
		}
	case "in":
		if list, ok := b.Right.(*ast.ArrayNode); ok {
			if one, ok := needOf(b.Left, list.Nodes...); ok {
				return []need{one}
			}
		}
	}
	return nil
}

func needOf(path ast.Node, values ...ast.Node) (need, bool) {
	n := need{of: readers()[pathOf(path)]}
	for _, v := range values {
		s, ok := v.(*ast.StringNode)
		if !ok {
			return need{}, false
		}
		n.values = append(n.values, s.Value)
	}
	return n, n.of != nil
}

// readers read the paths that rules are mostly told apart by.
func readers() map[string]func(*env) string {
	return map[string]func(*env) string{
		"category.code":  func(e *env) string { return e.Category.Code },
		"category.group": func(e *env) string { return e.Category.Group },
		"area.code":      func(e *env) string { return e.Area.Code },
		"area.kind":      func(e *env) string { return e.Area.Kind },
	}
}
