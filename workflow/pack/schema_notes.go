// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"embed"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// typeFiles are the files with the types of a pack. Their comments are the descriptions in the schemas, so that there is one place
// to say what a key means.
//
//go:embed settings.go units.go categories.go flow.go route.go calendars.go demands.go templates.go files.go
var typeFiles embed.FS

// readNotes are the comments on the types and their fields, by "Type" and "Type.Field". A file that does not parse, which the compiler
// would have refused, has none.
func readNotes() map[string]string {
	notes := map[string]string{}
	entries, err := typeFiles.ReadDir(".")
	if err != nil {
		return notes
	}
	for _, entry := range entries {
		text, err := typeFiles.ReadFile(entry.Name())
		if err != nil {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, decl := range file.Decls {
			d, ok := decl.(*ast.GenDecl)
			switch {
			case ok && d.Tok == token.TYPE:
				noteTypes(notes, d)
			case ok && d.Tok == token.CONST:
				noteValues(notes, d)
			}
		}
	}
	return notes
}

func noteTypes(notes map[string]string, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		t, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		doc := t.Doc
		if doc == nil && len(d.Specs) == 1 {
			doc = d.Doc
		}
		notes[t.Name.Name] = note(doc)
		fields, ok := t.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, f := range fields.Fields.List {
			text := note(f.Doc)
			if text == "" {
				text = note(f.Comment)
			}
			for _, name := range f.Names {
				notes[t.Name.Name+"."+name.Name] = text
			}
		}
	}
}

// valuesNote begins the name of the notes on the values of a closed set.
const valuesNote = "values of "

// noteValues gathers what is said of the values of a closed set: "accept: sets the category's visibility; route: …".
func noteValues(notes map[string]string, d *ast.GenDecl) {
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 || v.Comment == nil {
			continue
		}
		set, typed := v.Type.(*ast.Ident)
		value, literal := v.Values[0].(*ast.BasicLit)
		if !typed || !literal {
			continue
		}
		name := valuesNote + set.Name
		if notes[name] != "" {
			notes[name] += "; "
		}
		notes[name] += strings.Trim(value.Value, `"`) + ": " + note(v.Comment)
	}
}

// note is a comment as one line.
func note(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }
