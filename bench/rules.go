// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"hientruong/models"
	"hientruong/packs"
	"hientruong/workflow/pack"
)

// Rules is what it costs to find a report's unit: by a pack, with its trace, and by the same rules as rows of a table, within the
// server and without a round trip.
type Rules struct {
	Rules, Wards, Inputs int
	Route                time.Duration // one routing by the pack, on average over the inputs
	Worst                time.Duration // one that tries every rule
	SQL                  time.Duration // one routing by SQL, on average over the inputs
	SQLWorst             time.Duration
	Ratio                float64 // SQL over Route
}

const (
	manyRules  = 500
	manyWards  = 200
	manyInputs = 2000
)

// province draws the rules of a large province: by category and ward, some with an owner, an hour or an urgency on top, and a last
// one for everything.
type province struct {
	pack   *pack.Pack
	rules  [][]any // ordinal, category, areas, owner, hour, urgent, lead
	inputs []pack.Input
}

func ward(i int) string { return fmt.Sprintf("8%04d", i) }

// newProvince puts the rules into the demo city's pack.
func newProvince() (*province, error) {
	files := fstest.MapFS{}
	err := fs.WalkDir(packs.Demo(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(packs.Demo(), name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		return nil, err
	}
	p := &province{}
	files[pack.AreasFile] = &fstest.MapFile{Data: []byte(wards())}
	files["routing.yaml"] = &fstest.MapFile{Data: []byte(p.write())}
	made, faults := pack.Parse(files)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	p.pack = made
	p.draw()
	return p, nil
}

func wards() string {
	var areas []string
	for i := range manyWards {
		x, y := 107+0.01*float64(i%20), 16+0.01*float64(i/20)
		areas = append(areas, fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"name":"Xã %d","kind":"xa"},"geometry":{"type":"Polygon","coordinates":[[[%f,%f],[%f,%f],[%f,%f],[%f,%f],[%f,%f]]]}}`,
			ward(i), i, x, y, x+0.01, y, x+0.01, y+0.01, x, y+0.01, x, y))
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(areas, ",") + "]}"
}

func categories() []string {
	return []string{"o-ga", "den-duong", "bien-bao", "un-tac", "mat-nuoc", "tieng-on", "cay-gay-do", "via-he-hong"}
}

// write makes the rules, as a file and as rows.
func (p *province) write() string {
	leads := []string{"chieu-sang", "so-xay-dung", "cong-an", "moi-truong"}
	var text strings.Builder
	text.WriteString("rules:\n")
	for i := range manyRules - 1 {
		category, areas, lead := categories()[i%8], []string{ward(i % manyWards), ward(i * 7 % manyWards)}, leads[i%4]
		when := fmt.Sprintf("category.code == %q && area.code in [%q, %q]", category, areas[0], areas[1])
		var owner, hour any
		urgent := false
		switch i % 4 {
		case 1:
			owner, when = "quoc-lo", when+` && report.attributes["owner"] == "quoc-lo"`
		case 2:
			hour, when = 22, when+" && now.hour >= 22"
		case 3:
			urgent, when = true, when+" && report.urgent"
		}
		fmt.Fprintf(&text, "  - {when: '%s', lead: %s, why: {vi: Quy tắc, en: Rule}}\n", when, lead)
		p.rules = append(p.rules, []any{i + 1, category, areas, owner, hour, urgent, lead})
	}
	text.WriteString("  - {when: \"true\", lead: so-xay-dung, why: {vi: Còn lại, en: The rest}}\n")
	p.rules = append(p.rules, []any{manyRules, nil, nil, nil, nil, false, "so-xay-dung"})
	return text.String()
}

// draw makes reports anywhere, at any hour.
func (p *province) draw() {
	r := rand.New(rand.NewPCG(1, 2)) // the same reports in every run
	for range manyInputs {
		in := pack.Input{
			Category: categories()[r.IntN(8)], Area: pack.AreaInput{Code: ward(r.IntN(manyWards)), Kind: "xa"},
			Now: time.Date(2026, 3, 2, r.IntN(24), 0, 0, 0, p.pack.Zone()),
		}
		in.Report.Attributes = map[string]string{"owner": []string{"", "quoc-lo", "do-thi"}[r.IntN(3)]}
		in.Report.Set([]models.Urgency{models.UrgencyNormal, models.UrgencyUrgent}[r.IntN(2)])
		p.inputs = append(p.inputs, in)
	}
}

const ruleTables = `
CREATE TABLE bench_rules (ordinal integer PRIMARY KEY, category text, areas text[], owner text, hour integer, urgent boolean NOT NULL, lead text NOT NULL);
CREATE TABLE bench_inputs (id integer PRIMARY KEY, category text, area text, owner text, hour integer, urgent boolean)`

// routeBySQL takes the first rule that fits, for every input. Sorting and summing are not what is measured, so they are spared.
const routeBySQL = `SELECT (SELECT r.lead FROM bench_rules r
	WHERE (r.category IS NULL OR r.category = i.category) AND (r.areas IS NULL OR i.area = ANY (r.areas)) AND (r.owner IS NULL OR r.owner = i.owner)
		AND (r.hour IS NULL OR i.hour >= r.hour) AND (NOT r.urgent OR i.urgent)
	ORDER BY r.ordinal LIMIT 1) FROM bench_inputs i WHERE $1::text IS NULL OR i.category = $1 ORDER BY i.id`

// rules takes both sides in turns, sees that they agree, and returns the medians.
func (w *world) rules(ctx context.Context) (out Rules, err error) {
	p, err := newProvince()
	if err != nil {
		return out, err
	}
	if err := w.ruleRows(ctx, p); err != nil {
		return out, err
	}
	worst := p.inputs[0]
	worst.Category = "cho-tha-rong" // no rule but the last asks for it
	out = Rules{Rules: manyRules, Wards: manyWards, Inputs: manyInputs}
	var ours, oursWorst, theirs, theirsWorst []float64
	for range 2*w.config.Rounds + 1 {
		leads, took := p.route(p.inputs)
		ours = append(ours, took)
		_, took = p.route(repeated(worst))
		oursWorst = append(oursWorst, took)
		found, took, err := w.routeSQL(ctx, nil)
		if err != nil {
			return out, err
		}
		theirs = append(theirs, took)
		for i := range leads {
			if leads[i] != found[i] {
				return out, fmt.Errorf("input %d goes to %s by the pack and to %s by SQL", i, leads[i], found[i])
			}
		}
		if _, took, err = w.routeSQL(ctx, worst.Category); err != nil {
			return out, err
		}
		theirsWorst = append(theirsWorst, took)
	}
	out.Route, out.Worst = time.Duration(median(ours)), time.Duration(median(oursWorst))
	out.SQL, out.SQLWorst = time.Duration(median(theirs)), time.Duration(median(theirsWorst))
	out.Ratio = float64(out.SQL) / float64(out.Route)
	fmt.Fprintf(w.config.Out, "      a route %s, by SQL %s; the last of all rules %s, by SQL %s\n", out.Route, out.SQL, out.Worst, out.SQLWorst)
	return out, nil
}

func repeated(in pack.Input) []pack.Input {
	all := make([]pack.Input, manyInputs)
	for i := range all {
		all[i] = in
	}
	return all
}

// route routes the inputs and returns each lead and the nanoseconds one took on average.
func (p *province) route(inputs []pack.Input) ([]string, float64) {
	leads := make([]string, len(inputs))
	began := time.Now()
	for i, in := range inputs {
		leads[i] = p.pack.Route(in).Lead
	}
	return leads, float64(time.Since(began)) / float64(len(inputs))
}

// ruleRows fills the tables: the drawn inputs, and as many of one that only the last rule fits.
func (w *world) ruleRows(ctx context.Context, p *province) error {
	if _, err := w.pool.Exec(ctx, ruleTables); err != nil {
		return err
	}
	if _, err := w.pool.CopyFrom(ctx, pgx.Identifier{"bench_rules"}, []string{"ordinal", "category", "areas", "owner", "hour", "urgent", "lead"}, pgx.CopyFromRows(p.rules)); err != nil {
		return err
	}
	var rows [][]any
	for i, in := range p.inputs {
		rows = append(rows, []any{i, in.Category, in.Area.Code, in.Report.Attributes["owner"], in.Now.Hour(), in.Report.Urgent})
	}
	if _, err := w.pool.CopyFrom(ctx, pgx.Identifier{"bench_inputs"}, []string{"id", "category", "area", "owner", "hour", "urgent"}, pgx.CopyFromRows(rows)); err != nil {
		return err
	}
	_, err := w.pool.Exec(ctx, "ANALYZE bench_rules; ANALYZE bench_inputs")
	return err
}

// routeSQL routes all inputs in one statement, or with a category as many that only the last rule fits, and returns the leads and the
// nanoseconds one took on average.
func (w *world) routeSQL(ctx context.Context, category any) (leads []string, each float64, err error) {
	tx, err := w.pool.Begin(ctx)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = tx.Rollback(ctx) }() // the inputs are changed for this statement alone
	if category != nil {
		if _, err := tx.Exec(ctx, "UPDATE bench_inputs SET category = $1", category); err != nil {
			return nil, 0, err
		}
	}
	began := time.Now()
	rows, err := tx.Query(ctx, routeBySQL, category)
	if err != nil {
		return nil, 0, err
	}
	leads, err = pgx.CollectRows(rows, pgx.RowTo[string])
	if err == nil && len(leads) != manyInputs {
		err = fmt.Errorf("%d inputs were routed by SQL, not %d", len(leads), manyInputs)
	}
	return leads, float64(time.Since(began)) / manyInputs, err
}
