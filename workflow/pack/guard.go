// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// What an expression may cost. Nothing in it loops, so its nodes bound its time.
const (
	maxNodes     = 200
	memoryBudget = 10_000
)

const (
	attributesPath = "report.attributes"
	wordsPath      = "report.words"
	approvedPath   = "report.approved"
)

// helpers are the functions of expr-lang that an expression may call: none of them iterates or makes more than it is given.
func helpers() []string {
	return []string{"len", "lower", "upper", "trim", "hasPrefix", "hasSuffix", "abs", "min", "max", "int", "float"}
}

// Guard is a compiled expression that answers yes or no. It is safe for concurrent use.
type Guard struct {
	source  string
	program *vm.Program
	machine *sync.Pool
	paths   []string  // what it looks at, such as report.attributes["owner"]
	compare []compare // what it holds them against
	numbers []number  // and with numbers
	needs   []need    // what must be so for it to hold
	// approved tells that an approval can make it hold.
	approved bool
}

// number is a path that an expression compares with a number.
type number struct {
	path  string
	value int
}

// compare is a path that an expression compares with a written-out value.
type compare struct{ path, value string }

// String is the expression as it was written.
func (g *Guard) String() string { return g.source }

// Holds tells whether the guard lets pass. A nil guard always does. An error means that the expression failed on these
// values; nothing should pass then.
func (p *Pack) Holds(g *Guard, in Input) (bool, error) {
	if g == nil {
		return true, nil
	}
	return g.holds(p.env(in))
}

func (g *Guard) holds(e *env) (bool, error) {
	if !met(g.needs, e) {
		return false, nil
	}
	out, err := g.run(e)
	if err != nil {
		return false, err
	}
	yes, ok := out.(bool)
	if !ok {
		return false, fmt.Errorf("pack: %q gave no yes or no", g.source)
	}
	return yes, nil
}

func (g *Guard) run(e *env) (any, error) {
	m, ok := g.machine.Get().(*vm.VM)
	if !ok {
		m = new(vm.VM)
	}
	defer g.machine.Put(m)
	m.MemoryBudget = memoryBudget
	out, err := m.Run(g.program, e)
	if err != nil {
		return nil, fmt.Errorf("pack: %q: %w", g.source, err)
	}
	return out, nil
}

// compileGuard compiles a yes-or-no expression against env.
func compileGuard(text string, machine *sync.Pool) (*Guard, error) {
	return compile(text, machine, expr.AsBool())
}

func compile(text string, machine *sync.Pool, as ...expr.Option) (*Guard, error) {
	if len(text) > maxExprText {
		return nil, fmt.Errorf("the expression is longer than %d bytes; split it into several rules", maxExprText)
	}
	options := append([]expr.Option{
		expr.Env(env{}), expr.DisableAllBuiltins(), expr.MaxNodes(maxNodes), expr.DisableIfOperator(),
	}, as...)
	for _, name := range helpers() {
		options = append(options, expr.EnableBuiltin(name))
	}
	// The optimizer folds ranges before anything could refuse them, so the tree is looked at first.
	tree, err := parser.Parse(text)
	if err != nil {
		return nil, plain(err)
	}
	var look lookout
	ast.Walk(&tree.Node, &look)
	if look.fault != "" {
		return nil, errors.New(look.fault)
	}
	program, err := expr.Compile(text, options...)
	if err != nil {
		return nil, plain(err)
	}
	slices.Sort(look.paths)
	return &Guard{source: text, program: program, machine: machine, paths: slices.Compact(look.paths), compare: look.compare,
		numbers: look.numbers, needs: needsOf(tree.Node), approved: look.approved > 0}, nil
}

// plain is the library's message without its drawing of the source.
func plain(err error) error {
	var at *file.Error
	if errors.As(err, &at) {
		hint := ""
		switch {
		case strings.HasPrefix(at.Message, `unexpected token Operator("=")`):
			hint = "; write == to compare"
		case strings.Contains(at.Message, "mismatched types time.Duration and") || strings.Contains(at.Message, "and time.Duration)"):
			hint = "; compare with days(10) or hours(4)"
		}
		return fmt.Errorf("%s (column %d)%s", typeNames().Replace(at.Message), at.Column+1, hint)
	}
	return errors.New(strings.SplitN(err.Error(), "\n", 2)[0])
}

// typeNames turns the names of our types into those that a pack's author knows.
func typeNames() *strings.Replacer {
	return strings.NewReplacer("pack.ReportInput", "report", "pack.AreaInput", "area", "pack.UnitInput", "unit",
		"pack.RatingInput", "rating", "pack.categoryEnv", "category", "pack.nowEnv", "now")
}

// lookout walks a tree: it refuses what loops or makes much of little, and notes what is looked at.
type lookout struct {
	fault   string
	paths   []string
	compare []compare
	numbers []number
	// approved counts how often it asks that a report be approved, less how often that it not be.
	approved int
}

// refuse keeps the first fault: it lies deepest, so it is the cause of others.
func (l *lookout) refuse(format string, args ...any) {
	if l.fault == "" {
		l.fault = fmt.Sprintf(format, args...)
	}
}

// Visit implements ast.Visitor.
func (l *lookout) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.PredicateNode, *ast.PointerNode:
		l.refuse("an expression may not loop; write the cases out with ||")
	case *ast.BuiltinNode:
		l.builtin(n.Name)
	case *ast.CallNode:
		if id, ok := n.Callee.(*ast.IdentifierNode); ok {
			l.builtin(id.Value)
		}
	case *ast.VariableDeclaratorNode, *ast.SequenceNode:
		l.refuse("an expression may not declare variables")
	case *ast.BinaryNode:
		l.binary(n)
	case *ast.MemberNode:
		// All attributes at once are never shown: a trace may hold only what a rule asked for.
		if path := pathOf(n); strings.Contains(path, ".") && path != attributesPath {
			l.paths = append(l.paths, path)
			if path == approvedPath {
				l.approved++
			}
		}
	case *ast.UnaryNode:
		if pathOf(n.Node) == approvedPath {
			l.approved--
		}
	}
}

func (l *lookout) builtin(name string) {
	allowed := append(helpers(), "since", "days", "hours")
	if !slices.Contains(allowed, name) {
		l.refuse("the function %q is not allowed here; there are %s", name, strings.Join(allowed, ", "))
	}
}

func (l *lookout) binary(n *ast.BinaryNode) {
	switch n.Operator {
	case "..", "**", "^":
		l.refuse("the operator %q is not allowed here", n.Operator)
	case "==", "!=", "<", "<=", ">", ">=":
		l.note(n.Left, n.Right)
		l.note(n.Right, n.Left)
	case "in":
		if list, ok := n.Right.(*ast.ArrayNode); ok {
			for _, v := range list.Nodes {
				l.note(n.Left, v)
			}
		}
		if pathOf(n.Right) == wordsPath {
			l.note(n.Right, n.Left)
		}
	}
}

func (l *lookout) note(path, value ast.Node) {
	p := pathOf(path)
	if p == "" {
		return
	}
	switch v := value.(type) {
	case *ast.StringNode:
		l.compare = append(l.compare, compare{p, v.Value})
	case *ast.IntegerNode:
		l.numbers = append(l.numbers, number{p, v.Value})
	case *ast.UnaryNode:
		if n, ok := v.Node.(*ast.IntegerNode); ok && v.Operator == "-" {
			l.numbers = append(l.numbers, number{p, -n.Value})
		}
	case *ast.BoolNode:
		if p == approvedPath && !v.Value {
			l.approved--
		}
	}
}

// pathOf writes a chain of members of the environment, "" for any other node: category.code, report.attributes["owner"].
func pathOf(n ast.Node) string {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value
	case *ast.MemberNode:
		key, ok := n.Property.(*ast.StringNode)
		base := pathOf(n.Node)
		switch {
		case !ok || base == "":
			return ""
		case base == attributesPath:
			return fmt.Sprintf("%s[%q]", base, key.Value)
		default:
			return base + "." + key.Value
		}
	}
	return ""
}
