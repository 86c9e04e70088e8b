// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"hientruong/geo"
	"hientruong/models"
	"hientruong/workflow/calendar"
)

// AreasFile is the file of polygons. It may be replaced when a pack is applied.
const AreasFile = "areas.geojson"

var languagePattern = regexp.MustCompile(`^[a-z]{2,3}$`)

var codePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// Parse reads a pack from the top of a file system. It gathers the faults of all files; with any, the Pack is nil, and what Check
// finds in the other files is there too. What one file says of another is left to Check.
func Parse(fsys fs.FS) (*Pack, Faults) {
	l := &loader{fsys: fsys, machine: &sync.Pool{}, pack: &Pack{
		units: map[string]*Unit{}, wards: map[string][]string{}, categories: map[string]*Category{},
		workflows: map[string]*Workflow{}, lenses: map[string]*Guard{}, roles: map[models.Role]RoleWords{},
		reasons: map[string][]Reason{}, words: map[string]Text{}, sources: map[string]*source{}, areaByID: map[string]geo.Area{},
	}}
	for _, load := range []func(){
		l.settings, l.calendars, l.units, l.categories, l.workflows, l.routing, l.roles, l.reasons, l.words, l.templates, l.areas,
	} {
		load()
	}
	if len(l.faults) > 0 {
		l.faults = append(l.faults, checkSound(l.pack, l.faults)...)
		l.faults.early()
		return nil, l.faults
	}
	l.pack.digest = l.digest()
	return l.pack, nil
}

// loader fills a pack file by file.
type loader struct {
	fsys    fs.FS
	pack    *Pack
	faults  Faults
	machine *sync.Pool
	files   []part
}

type part struct {
	name string
	sum  [32]byte
}

// read decodes a file into v; false where that was not possible.
func (l *loader) read(name string, v any) (*source, bool) {
	src, data, faults := readSource(l.fsys, name)
	if len(faults) == 0 {
		l.files = append(l.files, part{name, sha256.Sum256(data)})
		l.pack.sources[name] = src
		var ok bool
		if faults, ok = src.decode(v); ok {
			l.faults = append(l.faults, faults...)
			return src, true
		}
	}
	l.faults = append(l.faults, faults...)
	return src, false
}

func (l *loader) fault(src *source, at []any, format string, args ...any) {
	if src.lost(at...) {
		return
	}
	l.faults = append(l.faults, Fault{File: src.name, Line: src.line(at...), Text: fmt.Sprintf(format, args...)})
}

// aside is a fault that nothing else hangs on: the rest of its file can be checked.
func (l *loader) aside(src *source, at []any, format string, args ...any) {
	before := len(l.faults)
	l.fault(src, at, format, args...)
	for i := range l.faults[before:] {
		l.faults[before+i].aside = true
	}
}

func at(path ...any) []any { return path }

// code refuses a code that is malformed or was used before.
func (l *loader) code(src *source, where []any, code string, taken bool) {
	switch {
	case !codePattern.MatchString(code):
		l.fault(src, where, "%q is no code; write a-z, 0-9, - and _, at most 64 of them, as in den-duong", code)
	case taken:
		l.fault(src, where, "the code %q is used twice; codes are unique", code)
	}
}

func (l *loader) settings() {
	src, ok := l.read("pack.yaml", &l.pack.settings)
	l.pack.zone = time.UTC
	if !ok {
		return
	}
	s := &l.pack.settings
	l.lists(src, s.Words)
	l.remote(src, s.Remote)
	l.code(src, at("id"), s.ID, false)
	if !regexp.MustCompile(`^[A-Z]{2,6}$`).MatchString(s.Prefix) {
		l.aside(src, at("prefix"), "%q is no prefix of codes; write 2 to 6 capital letters, as in DEMO", s.Prefix)
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil || s.Zone == "" || s.Zone == "Local" {
		l.fault(src, at("zone"), "%q is no time zone; write Asia/Ho_Chi_Minh", s.Zone)
		return
	}
	l.pack.zone = zone
	for i, lang := range s.Languages {
		if !languagePattern.MatchString(lang) {
			l.fault(src, at("languages", i), "%q is no language; write vi or en", lang)
		}
	}
	if !slices.Contains(s.Languages, "vi") {
		l.fault(src, at("languages"), "Vietnamese is missing; write languages: [vi, en]")
	}
	if m := s.Limits; m.Description < 1 || m.Photos < 0 || m.PhotoBytes < 1 || m.PhotoPixels < 1 {
		l.aside(src, at("limits"), "a limit is missing; write limits: {description: 4000, photos: 6, photo_bytes: 20971520, photo_pixels: 52000000}")
	}
	if s.Limits.Description > LongestText {
		l.aside(src, at("limits", "description"), "no description can be as long as that; write %d at most", LongestText)
	}
}

func (l *loader) calendars() {
	var f calendarFile
	src, ok := l.read("calendar.yaml", &f)
	if !ok {
		return
	}
	made, faults := f.build(src, l.pack.zone)
	l.faults = append(l.faults, faults...)
	l.pack.calendars, l.pack.calendar, l.pack.working = made, made[f.Default], f
}

func (l *loader) units() {
	var f unitsFile
	src, ok := l.read("units.yaml", &f)
	if !ok {
		return
	}
	for i, u := range f.Units {
		if u == nil {
			l.fault(src, at("units", i), "the unit is empty")
			continue
		}
		_, taken := l.pack.units[u.Code]
		l.code(src, at("units", i, "code"), u.Code, taken)
		if !slices.Contains([]UnitKind{UnitCity, UnitIOC, UnitDepartment, UnitUtility, UnitWard}, u.Kind) {
			l.fault(src, at("units", i, "kind"), "%q is no kind of unit; write city, ioc, department, utility or ward", u.Kind)
		}
		l.day(src, at("units", i, "valid_from"), u.ValidFrom)
		l.day(src, at("units", i, "valid_to"), u.ValidTo)
		l.pack.units[u.Code] = u
		l.pack.unitList = append(l.pack.unitList, u)
		for _, a := range u.Areas {
			l.pack.wards[a] = append(l.pack.wards[a], u.Code)
		}
	}
}

func (l *loader) day(src *source, where []any, s string) {
	if s == "" {
		return
	}
	if d, err := calendar.ParseDate(s); err != nil || d.Year == 0 {
		l.fault(src, where, "%q is not a day; write 2025-07-01", s)
	}
}

func (l *loader) routing() {
	var f routingFile
	src, ok := l.read("routing.yaml", &f)
	if !ok {
		return
	}
	for i := range f.Rules {
		r := &f.Rules[i]
		g, err := compileGuard(r.When, l.machine)
		if err != nil {
			l.aside(src, at("rules", i, "when"), "rule %d: %v", i+1, err)
			continue
		}
		r.guard = g
		r.looks = slices.DeleteFunc(slices.Clone(g.paths), func(path string) bool { return l.pack.lenses[path] != nil })
		l.lens(src, at("rules", i, "when"), g)
	}
	l.pack.rules = f.Rules
}

// lens compiles what shows the values a guard looks at.
func (l *loader) lens(src *source, where []any, g *Guard) {
	for _, path := range g.paths {
		if _, ok := l.pack.lenses[path]; ok {
			continue
		}
		lens, err := compile(path, l.machine)
		if err != nil {
			l.fault(src, where, "%v", err)
			continue
		}
		l.pack.lenses[path] = lens
	}
}

func (l *loader) roles() {
	var f rolesFile
	src, ok := l.read("roles.yaml", &f)
	if !ok {
		return
	}
	for _, name := range src.keys("roles") {
		if !models.Role(name).Valid() {
			l.fault(src, at("roles", name), "%q is no role; %s", name, instead(name, texts(models.Roles()), "the roles are "+join(models.Roles())))
		}
	}
	l.pack.roles = f.Roles
}

func (l *loader) reasons() {
	var f reasonsFile
	src, ok := l.read("reasons.yaml", &f)
	if !ok {
		return
	}
	for _, name := range src.keys("reasons") {
		seen := map[string]bool{}
		for i, r := range f.Reasons[name] {
			l.code(src, at("reasons", name, i, "code"), r.Code, seen[r.Code])
			seen[r.Code] = true
		}
	}
	l.pack.reasons = f.Reasons
}

func (l *loader) words() {
	var f wordsFile
	if _, ok := l.read("words.yaml", &f); ok {
		l.pack.words = f.Words
	}
}

func (l *loader) areas() {
	data, err := readAll(l.fsys, AreasFile, maxAreas)
	if err != nil {
		l.faults = append(l.faults, Fault{File: AreasFile, Text: err.Error()})
		return
	}
	l.files = append(l.files, part{AreasFile, sha256.Sum256(data)})
	all, err := geo.ParseAreas(strings.NewReader(string(data)), geo.DefaultProperties())
	if err != nil {
		l.faults = append(l.faults, Fault{File: AreasFile, Text: err.Error()})
		return
	}
	var current []geo.Area
	for _, a := range all {
		a.ID = AreaID(a)
		l.pack.areaByID[a.ID] = a
		if a.ValidTo.IsZero() {
			current = append(current, a)
		}
	}
	l.pack.areas = geo.NewAreas(current)
}

// digest is over the names and sums of the files that were read, in the order of their names.
func (l *loader) digest() [32]byte {
	slices.SortFunc(l.files, func(a, b part) int { return strings.Compare(a.name, b.name) })
	h := sha256.New()
	for _, f := range l.files {
		name := sha256.Sum256([]byte(f.name))
		h.Write(name[:])
		h.Write(f.sum[:])
	}
	return [32]byte(h.Sum(nil))
}

// Files are the names of the files a pack in fsys is made of, sorted.
func Files(fsys fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	var out []string
	for _, e := range entries {
		if name := e.Name(); !e.IsDir() && (path.Ext(name) == ".yaml" || name == AreasFile) {
			out = append(out, name)
		}
	}
	return out, nil
}

func join[T ~string](all []T) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = string(s)
	}
	return strings.Join(out, ", ")
}
