// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"hientruong/models"
	"hientruong/models/modelstest"
	"hientruong/packs"
)

// packFolder is the demo's pack with texts in it exchanged, old and new by turns.
func packFolder(t *testing.T, pairs ...string) packFiles {
	t.Helper()
	dir := t.TempDir()
	how := strings.NewReplacer(pairs...)
	err := fs.WalkDir(packs.Demo(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(packs.Demo(), name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), []byte(how.Replace(string(content))), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return packFiles{Dir: dir}
}

// reports puts reports of the demo city into the database.
func reports(t *testing.T, s *Settings, specs ...modelstest.Spec) {
	t.Helper()
	if err := withMain(t.Context(), s, func(m *Main) error {
		for _, spec := range specs {
			modelstest.Insert(t, m.db.Gorm, modelstest.Make(spec))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// account makes a log-in of the lighting company.
func account(t *testing.T, s *Settings, login string, role models.Role) {
	t.Helper()
	add := userAddCommand{Login: login, Name: "Lê Lan", Role: []string{string(role)}, Unit: "chieu-sang"}
	if err := add.run(t.Context(), s, nil, io.Discard); err != nil {
		t.Fatal(err)
	}
}

// figure reads one number of the installation's database.
func figure(t *testing.T, s *Settings, query string) (n int) {
	t.Helper()
	if err := withMain(t.Context(), s, func(m *Main) error { return m.db.Pool.QueryRow(t.Context(), query).Scan(&n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

// says fails unless the output says all of it.
func says(t *testing.T, out *bytes.Buffer, all ...string) {
	t.Helper()
	for _, one := range all {
		if !strings.Contains(out.String(), one) {
			t.Errorf("it does not say %q:\n%s", one, out)
		}
	}
	out.Reset()
}

// refuses fails unless a command ends with exit code 2 and one line that names what is wrong.
func refuses(t *testing.T, err error, named string) {
	t.Helper()
	if exitsWith(err) != 2 || !strings.Contains(err.Error(), named) || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v, want exit code 2 and one line that names %q", err, named)
	}
}

func TestPackPlanApplyListAndRollBack(t *testing.T) {
	t.Parallel()
	s, ctx := newSettings(t), t.Context()
	var tell, out bytes.Buffer
	account(t, s, "quan.tri", models.RoleAdministrator)
	reports(t, s, modelstest.Spec{State: "assigned", Category: "den-duong"})
	older, newer := packFolder(t), packFolder(t, "Broken streetlight", "Broken lamp")

	if err := (packPlanCommand{older}).run(ctx, s, &tell, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, "version 1", "nothing changes")
	if err := (packPlanCommand{newer}).run(ctx, s, &tell, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, "against version 1", "changed category den-duong", "         1 open: they keep", "of 1 open reports pack move could take 1 over")

	tomorrow := time.Now().Add(36 * time.Hour).Format(time.DateOnly)
	for _, c := range []struct {
		command packApplyCommand
		want    string
	}{
		{packApplyCommand{packFiles: newer, Document: "12/QĐ-UBND", byWhom: byWhom{"quan.tri"}, Effective: tomorrow}, "version 2 comes into force on " + tomorrow + "; until then version 1\n"},
		{packApplyCommand{packFiles: newer}, "version 3 is in force\ndemo: version 2 (12/QĐ-UBND), scheduled for " + tomorrow + ", no longer comes into force: apply it again if it still should\n"},
		{packApplyCommand{packFiles: newer}, "newest version already"},
		{packApplyCommand{packFiles: older}, "version 4 is in force"},
	} {
		if err := c.command.run(ctx, s, &tell, &out); err != nil {
			t.Fatal(err)
		}
		says(t, &out, c.want)
		if strings.Contains(c.want, "until then") {
			if err := (packPlanCommand{older}).run(ctx, s, &tell, &out); err != nil {
				t.Fatal(err)
			}
			says(t, &out, "nothing changes\napplied now: version 2 (12/QĐ-UBND), scheduled for "+tomorrow+", no longer comes")
		}
	}
	if err := (packListCommand{}).run(ctx, s, &out); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(out.String(), "\n"); len(lines) != 6 || lines[1][len(lines[1])-12:] != lines[4][len(lines[4])-12:] {
		t.Errorf("the versions:\n%s", &out)
	} else {
		for i, all := range [][]string{
			{"version", "status", "by"}, {"1", "replaced", "system"}, {"2", "dropped before its day", "Lê Lan (quan.tri)", "12/QĐ-UBND"}, {"3", "replaced"}, {"4", "in force"},
		} {
			line := bytes.NewBufferString(lines[i])
			says(t, line, all...)
		}
	}
	out.Reset()
	if n := figure(t, s, "SELECT count(*) FROM pack_versions"); n != 4 {
		t.Errorf("%d versions, want 4", n)
	}
}

func TestPackApplyNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	s, ctx := newSettings(t), t.Context()
	var tell, out bytes.Buffer
	account(t, s, "tho", models.RoleHandler)
	newer := packFolder(t, "Broken streetlight", "Broken lamp")
	for named, wrong := range map[string]packApplyCommand{
		"--effective": {packFiles: newer, Effective: "mai"},
		"--effective 2020-01-01 is past; leave it out to apply now":                                {packFiles: newer, Effective: "2020-01-01"},
		"hientruong user add nobody --name NAME --role administrator --jurisdiction demo":          {packFiles: newer, byWhom: byWhom{"nobody"}},
		"--by: none of the roles of tho (handler) may do that; who may has the role administrator": {packFiles: newer, byWhom: byWhom{"tho"}},
		"--document is too long": {packFiles: newer, Document: strings.Repeat("1", 101)},
	} {
		refuses(t, wrong.run(ctx, s, &tell, &out), named)
	}
	broken := packApplyCommand{packFiles: packFolder(t, "lead: chieu-sang", "lead: khong-co")}
	if err := broken.run(ctx, s, &tell, &out); exitsWith(err) != 3 {
		t.Errorf("a broken pack: %v, want exit code 3", err)
	}
	if n := figure(t, s, "SELECT count(*) FROM pack_versions"); n != 1 {
		t.Errorf("%d versions, want 1", n)
	}
}

func TestPackMove(t *testing.T) {
	t.Parallel()
	s, ctx := newSettings(t), t.Context()
	var tell, out bytes.Buffer
	reports(t, s,
		modelstest.Spec{State: "submitted"}, modelstest.Spec{State: "assigned"}, modelstest.Spec{State: "in_progress"},
		modelstest.Spec{State: "in_progress", Category: "o-ga"}, modelstest.Spec{State: "closed"},
	)
	apply := packApplyCommand{packFiles: packFolder(t, "in_progress", "under_way")}
	if err := apply.run(ctx, s, &tell, &out); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	const moved = "SELECT count(*) FROM reports WHERE pack_version = 2"
	if err := (packMoveCommand{To: 2, Plan: true}).run(ctx, s, &tell, &out); exitsWith(err) != 3 {
		t.Errorf("%v, want exit code 3: not all can move", err)
	}
	says(t, &out, "2 open reports would move to version 2", "2 refused: states: invalid_value (state: in_progress)",
		"hientruong pack move --to 2 --state in_progress=NEW\nNEW is one of ", "under_way")
	if n := figure(t, s, moved); n != 0 {
		t.Errorf("a plan moved %d reports", n)
	}
	mapped := packMoveCommand{To: 2, State: map[string]string{"in_progress": "under_way"}, Category: "o-ga"}
	if err := mapped.run(ctx, s, &tell, &out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, "1 open reports have moved to version 2")
	mapped.Category, mapped.From = "", 1
	for _, want := range []string{"3 open reports have moved", "0 open reports have moved"} {
		if err := mapped.run(ctx, s, &tell, &out); err != nil {
			t.Fatal(err)
		}
		says(t, &out, want)
	}
	if n := figure(t, s, moved); n != 4 {
		t.Errorf("%d reports have moved, want 4: what is over stays", n)
	}
	if n := figure(t, s, "SELECT count(*) FROM events WHERE kind = '"+string(models.EventReportRepacked)+"'"); n != 4 {
		t.Errorf("%d events, want 4", n)
	}
	for named, wrong := range map[string]packMoveCommand{
		"--to": {To: 9}, "--from": {To: 2, From: 9}, "--from: it is": {To: 2, From: 2}, "--category": {To: 2, Category: "khong-co"}, "--by": {To: 2, byWhom: byWhom{"nobody"}},
	} {
		refuses(t, wrong.run(ctx, s, &tell, &out), named)
	}
}

// A plan tells which open reports a version is about, and which of them would be left.
func TestPackPlanNamesWhatItTouches(t *testing.T) {
	t.Parallel()
	s, ctx := newSettings(t), t.Context()
	var tell, out bytes.Buffer
	reports(t, s,
		modelstest.Spec{State: "submitted"}, modelstest.Spec{State: "assigned"}, modelstest.Spec{State: "in_progress"},
		modelstest.Spec{State: "in_progress", Category: "o-ga"}, modelstest.Spec{State: "closed"},
	)
	for _, c := range []struct {
		what []string
		want []string
	}{
		{[]string{"in_progress", "under_way"}, []string{"removed state thuong/in_progress\n         2 open: ", "could take 2 over", "2 refused: states: invalid_value (state: in_progress)", "pack move --to NUMBER --state in_progress=NEW"}},
		{[]string{"Pothole", "Hole"}, []string{"changed category o-ga\n         1 open: ", "of 4 open reports pack move could take 4 over"}},
		{[]string{"code: thoat-nuoc, kind: utility,", "code: thoat-nuoc, kind: utility, valid_to: 2027-01-01, successor: so-xay-dung,"}, []string{"changed unit thoat-nuoc\n", "once this is in force: hientruong unit handover thoat-nuoc\n"}},
		{[]string{"Street Lighting Company", "Lighting"}, []string{"changed unit chieu-sang\n         3 open: "}},
		{[]string{"Personal data", "Private"}, []string{"changed reasons hide\nof 4 open"}},
	} {
		if err := (packPlanCommand{packFolder(t, c.what...)}).run(ctx, s, &tell, &out); err != nil {
			t.Fatal(err)
		}
		says(t, &out, c.want...)
	}
	if n := figure(t, s, "SELECT count(*) FROM reports WHERE pack_version <> 1"); n != 0 {
		t.Errorf("a plan moved %d reports", n)
	}
}

func TestPackDiagram(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := (packDiagramCommand{packFiles: packFolder(t), Language: "en"}).run(&out); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "stateDiagram-v2"); n != 3 {
		t.Errorf("%d diagrams, want 3", n)
	}
	says(t, &out, "%% thuong\n", "%% sos\n", "Being worked on")
	if err := (packDiagramCommand{packFiles: packFolder(t), Workflow: "sos", Language: "vi"}).run(&out); err != nil || strings.Contains(out.String(), "thuong") {
		t.Errorf("one workflow: %v\n%s", err, &out)
	}
	dir := filepath.Join(t.TempDir(), "pictures")
	if err := (packDiagramCommand{packFiles: packFolder(t), Language: "vi", Out: dir}).run(&out); err != nil {
		t.Fatal(err)
	}
	says(t, &out, filepath.Join(dir, "thuong.mmd"), filepath.Join(dir, "sos.mmd"), filepath.Join(dir, "tuc-thoi.mmd"))
	if one, err := os.ReadFile(filepath.Join(dir, "sos.mmd")); err != nil || !strings.HasPrefix(string(one), "stateDiagram-v2") {
		t.Errorf("%.40s, %v", one, err)
	}
	refuses(t, packDiagramCommand{packFiles: packFolder(t), Workflow: "khong-co", Language: "vi"}.run(&out), "--workflow")
	refuses(t, packDiagramCommand{packFiles: packFolder(t), Language: "fr"}.run(&out), "--language")
}

func TestPackSchema(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	dir := filepath.Join(t.TempDir(), "schemas")
	for range 2 {
		if err := (packSchemaCommand{Out: dir}).run(&out); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"pack", "units", "categories", "workflow", "routing", "calendar", "roles", "reasons", "words", "templates"} {
		content, err := os.ReadFile(filepath.Join(dir, name+".schema.json"))
		if err != nil || !json.Valid(content) || !bytes.Contains(content, []byte("$schema")) {
			t.Errorf("%s: %v\n%.200s", name, err, content)
		}
	}
	file := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refuses(t, packSchemaCommand{Out: file}.run(&out), "--out")
}

func TestPackNew(t *testing.T) {
	t.Parallel()
	wards, err := fs.ReadFile(packs.Demo(), "areas.geojson")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	areas := filepath.Join(dir, "wards.geojson")
	if err := os.WriteFile(areas, wards, 0o600); err != nil {
		t.Fatal(err)
	}
	begin := packNewCommand{Dir: filepath.Join(dir, "city"), ID: "hue", Name: "Thành phố Huế", NameEN: "Hue City", Prefix: "HUE", Areas: areas}
	if err := begin.Run(); err != nil {
		t.Fatal(err)
	}
	if err := (packCheckCommand{packFiles{Dir: begin.Dir}}).Run(); err != nil {
		t.Errorf("a new pack is not sound: %v", err)
	}
	refuses(t, begin.Run(), "is there already")
	begin.Dir = filepath.Join(dir, "other")
	for named, change := range map[string]func(*packNewCommand){
		"--prefix": func(c *packNewCommand) { c.Prefix = "hue" },
		"--id":     func(c *packNewCommand) { c.ID = "Huế" },
		"--areas":  func(c *packNewCommand) { c.Areas = dir },
	} {
		wrong := begin
		change(&wrong)
		refuses(t, wrong.Run(), named)
	}
}

// The files of a new pack name the schemas beside them; what else lies in its folder is no
// part of it.
func TestPackNewBringsItsSchemas(t *testing.T) {
	t.Parallel()
	wards, err := fs.ReadFile(packs.Demo(), "areas.geojson")
	if err != nil {
		t.Fatal(err)
	}
	areas, dir := filepath.Join(t.TempDir(), "wards.geojson"), filepath.Join(t.TempDir(), "city")
	if err := os.WriteFile(areas, wards, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (packNewCommand{Dir: dir, ID: "hue", Name: "Huế", Prefix: "HUE", Areas: areas}).Run(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(text), "\n")
		schema, ok := strings.CutPrefix(first, "# yaml-language-server: $schema=")
		if _, err := os.Stat(filepath.Join(dir, schema)); !ok || err != nil {
			t.Errorf("%s begins with %q: %v", name, first, err)
		}
	}
	before, err := readPack(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	zipped, err := zipPack(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "schemas")); err != nil {
		t.Fatal(err)
	}
	after, err := readPack(os.DirFS(dir))
	if err != nil || after.Digest() != before.Digest() {
		t.Errorf("the schemas are in the digest: %v", err)
	}
	if again, err := zipPack(os.DirFS(dir)); err != nil || !bytes.Equal(zipped, again) {
		t.Errorf("the schemas are in the zip: %v", err)
	}
}

// Before a first version there are no accounts, so nobody can answer for it.
func TestPackApplyTellsHowToBegin(t *testing.T) {
	t.Parallel()
	s, ctx := newSettings(t), t.Context()
	other := packApplyCommand{packFiles: packFolder(t, "id: demo\n", "id: other\n"), byWhom: byWhom{"lan"}}
	refuses(t, other.run(ctx, s, io.Discard, io.Discard), "the first version can be applied without --by")
}

func TestFaultsAreShownAsEditorsReadThem(t *testing.T) {
	t.Parallel()
	err := (packCheckCommand{packFolder(t, "lead: chieu-sang", "lead: khong-co")}).Run()
	if shown := told(err); exitsWith(err) != 3 || !strings.HasPrefix(shown, "routing.yaml:") {
		t.Errorf("%s", shown)
	}
	if shown := told(exitCode{2, errors.New("so")}); shown != "hientruong: so" {
		t.Errorf("%s", shown)
	}
}

// The flags of a command are not buried under the settings.
func TestHelpBeginsWithTheCommandsOwnFlags(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"pack apply", "decision make", "unit handover", "backup", "doctor"} {
		var c commands
		var out bytes.Buffer
		parser, err := c.parser(kong.Writers(&out, &out), kong.Exit(func(int) { panic("ended") }))
		if err != nil {
			t.Fatal(err)
		}
		func() {
			defer func() {
				if r := recover(); r != any("ended") {
					t.Errorf("%s: %v", command, r)
				}
			}()
			_, err = parser.Parse(append(strings.Fields(command), "--help"))
			t.Errorf("%s: no help: %v", command, err)
		}()
		own, settings, found := strings.Cut(out.String(), "Settings of the installation")
		if !found || strings.Contains(own, "--listen") || !strings.Contains(own, "--help") || !strings.Contains(settings, "--listen") || strings.Contains(settings, "--plan") {
			t.Errorf("%s:\n%s", command, &out)
		}
	}
}

// What runs in one process leaves alone what was applied since.
func TestRunKeepsThePackThatWasApplied(t *testing.T) {
	t.Parallel()
	s, ctx := newSettings(t), t.Context()
	var out bytes.Buffer
	if err := (packApplyCommand{packFiles: packFolder(t, "Broken streetlight", "Broken lamp"), Effective: "2100-01-01"}).run(ctx, s, io.Discard, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"", "version 3 of demo is in force, which is not the program's own"} {
		out.Reset()
		if err := withMain(ctx, s, func(m *Main) error { _, err := m.ensurePack(ctx, &out); return err }); err != nil {
			t.Fatal(err)
		}
		if n := figure(t, s, "SELECT max(number) FROM pack_versions"); want == "" && (n != 2 || out.Len() > 0) {
			t.Fatalf("version %d: %s", n, &out)
		}
		says(t, &out, want)
		if err := (packApplyCommand{packFiles: packFolder(t, "Broken streetlight", "Broken lamp")}).run(ctx, s, io.Discard, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
}
