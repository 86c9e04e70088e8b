// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"hientruong/geo"
)

// TilesConfig says how much is stored when tiles are measured, and where to write.
type TilesConfig struct {
	Program string
	Dir     string // for the PostgreSQL of the measurement; emptied first
	Stocks  []int  // stored reports, ascending
	Open    int    // of them, how many are open
	Tiles   int    // different ones at a zoom
	Rounds  int    // how often each is asked for
	Out     io.Writer
}

// FullTiles is what docs/benchmarks-tiles.md is made with.
func FullTiles(program, dir string) TilesConfig {
	return TilesConfig{Program: program, Dir: dir, Stocks: []int{1_000_000, 10_000_000}, Open: 100_000, Tiles: 40, Rounds: 5, Out: os.Stderr}
}

// QuickTiles is a rehearsal: the same steps on less, too little to be believed.
func QuickTiles(program, dir string) TilesConfig {
	return TilesConfig{Program: program, Dir: dir, Stocks: []int{100_000, 300_000}, Open: 20_000, Tiles: 12, Rounds: 2, Out: os.Stderr}
}

// Spread is how long something took.
type Spread struct{ P50, P99 time.Duration }

// ZoomTiles are tiles of open reports at one zoom: ours over HTTP as an operator gets them,
// and what PostGIS makes of the same reports, by SQL on a connection of its own. The rivals
// are zero where PostGIS is not there.
type ZoomTiles struct {
	Zoom     geo.Zoom
	Tiles    int
	Most     int64 // open reports in the fullest of them
	Ours     Spread
	Clusters Spread // of PostGIS: the same clusters, or the same single reports
	Points   Spread // of PostGIS: all reports of the tile, as pg_tileserv sends them
	Bytes    int    // of ours, in the mean
	AllBytes int    // of all reports
	Single   bool   // all of ours held single reports only
}

// HistoryTiles are tiles of everything that is stored, narrowed by a filter.
type HistoryTiles struct {
	Filter string
	Ours   Spread
	Most   int64 // reports counted in the fullest tile
}

// TileStock is what was measured with a number of reports stored.
type TileStock struct {
	Reports int
	Zooms   []ZoomTiles
	History []HistoryTiles
	Recount time.Duration
}

// TilesResult is everything that was measured.
type TilesResult struct {
	Machine Machine
	Config  TilesConfig
	PostGIS string // its version, "" without it
	Stocks  []TileStock
}

// RunTiles measures tiles with each stock.
func RunTiles(ctx context.Context, config TilesConfig) (result TilesResult, err error) {
	w, err := newWorld(ctx, Config{Program: config.Program, Dir: config.Dir, Out: config.Out})
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	b := &tileBench{world: w, config: config}
	result = TilesResult{Config: config, Machine: w.machine(ctx)}
	if result.PostGIS, err = b.postGIS(ctx); err != nil {
		return result, err
	}
	if err := b.operator(ctx); err != nil {
		return result, err
	}
	for _, stock := range config.Stocks {
		fmt.Fprintf(config.Out, "%d reports\n", stock)
		measured, err := b.stock(ctx, stock)
		if err != nil {
			return result, fmt.Errorf("bench: tiles of %d reports: %w", stock, err)
		}
		result.Stocks = append(result.Stocks, measured)
	}
	return result, nil
}

// tileBench is a world in which tiles are measured.
type tileBench struct {
	*world
	config TilesConfig
	rival  bool
	token  string
	url    string
}

// operator makes somebody who sees everything, and signs them in.
func (b *tileBench) operator(ctx context.Context) (err error) {
	add := exec.CommandContext(ctx, b.config.Program, "user", "add", "bench", "--name", "Bench", "--role", "operator", "--password-stdin")
	add.Env, add.Stdin = b.env, strings.NewReader("a password for the bench 42\n")
	if out, err := add.CombinedOutput(); err != nil {
		return fmt.Errorf("user add: %w\n%s", err, out)
	}
	server, err := b.start(ctx, "serve")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.url+"/api/v1/auth/login", strings.NewReader(`{"login":"bench","password":"a password for the bench 42"}`))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	var grant struct{ Token string }
	if err := json.NewDecoder(answer.Body).Decode(&grant); err != nil || grant.Token == "" {
		return fmt.Errorf("log-in answers %d: %w", answer.StatusCode, err)
	}
	b.token = grant.Token
	return nil
}

// stock fills up and measures.
func (b *tileBench) stock(ctx context.Context, reports int) (out TileStock, err error) {
	out.Reports = reports
	if out.Recount, err = b.fill(ctx, reports); err != nil {
		return out, err
	}
	server, err := b.start(ctx, "serve")
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	b.url = server.url
	for z := geo.Zoom(0); z <= 18; z += 2 {
		measured, err := b.zoom(ctx, z)
		if err != nil {
			return out, err
		}
		out.Zooms = append(out.Zooms, measured)
		fmt.Fprintf(b.config.Out, "      zoom %d: %d tiles, at most %d open: p99 %v, PostGIS %v\n", z, measured.Tiles, measured.Most, measured.Ours.P99, measured.Clusters.P99)
	}
	out.History, err = b.history(ctx)
	return out, err
}

// cells are the tiles of a zoom with the most reports, and as many others.
func (b *tileBench) cells(ctx context.Context, z geo.Zoom, where string) (cells []geo.Cell, most int64, err error) {
	rows, err := b.pool.Query(ctx, fmt.Sprintf(`WITH t AS (SELECT tile >> %d AS cell, count(*) AS n FROM reports WHERE jurisdiction_id = 1 AND %s GROUP BY 1)
(SELECT cell, n FROM t ORDER BY n DESC LIMIT %d) UNION (SELECT cell, n FROM t ORDER BY md5(cell::text) LIMIT %[3]d)`, geo.Shift(z), where, (b.config.Tiles+1)/2))
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var key, n int64
		if err := rows.Scan(&key, &n); err != nil {
			return nil, 0, err
		}
		cells, most = append(cells, geo.CellOfKey(z, key)), max(most, n)
	}
	return cells, most, rows.Err()
}

// get asks for a tile as a viewer without a cache does, and returns its size.
func (b *tileBench) get(ctx context.Context, cell geo.Cell, query string) (int, bool, time.Duration, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/tiles/reports/%d/%d/%d.mvt?%s", b.url, cell.Z, cell.X, cell.Y, query), nil)
	if err != nil {
		return 0, false, 0, err
	}
	request.Header.Set("Authorization", "Bearer "+b.token)
	request.Header.Set("Accept-Encoding", "identity")
	began := time.Now()
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, false, 0, err
	}
	body, err := io.ReadAll(answer.Body)
	took := time.Since(began)
	if err = errors.Join(err, answer.Body.Close()); err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("answer %d: %.300s", answer.StatusCode, body)
	}
	return len(body), !strings.Contains(string(body), "clusters"), took, err
}

const openOnly = "phase=received&phase=working"

func (b *tileBench) zoom(ctx context.Context, z geo.Zoom) (out ZoomTiles, err error) {
	cells, most, err := b.cells(ctx, z, "phase IN ('received', 'working') AND tile IS NOT NULL")
	if err != nil {
		return out, err
	}
	out = ZoomTiles{Zoom: z, Tiles: len(cells), Most: most, Single: true}
	var ours, clusters, points []time.Duration
	for range b.config.Rounds {
		for _, cell := range cells {
			size, single, took, err := b.get(ctx, cell, openOnly)
			if err != nil {
				return out, err
			}
			ours, out.Bytes, out.Single = append(ours, took), out.Bytes+size, out.Single && single
			if !b.rival {
				continue
			}
			same := clustersByPostGIS
			if single {
				same = spotsByPostGIS
			}
			if _, took, err = b.byPostGIS(ctx, same, cell); err != nil {
				return out, err
			}
			clusters = append(clusters, took)
			if size, took, err = b.byPostGIS(ctx, pointsByPostGIS, cell); err != nil {
				return out, err
			}
			points, out.AllBytes = append(points, took), out.AllBytes+size
		}
	}
	out.Ours, out.Clusters, out.Points = spread(ours), spread(clusters), spread(points)
	out.Bytes, out.AllBytes = out.Bytes/max(1, len(ours)), out.AllBytes/max(1, len(ours))
	return out, nil
}

// history measures filters over everything, at zooms from the country to a street.
func (b *tileBench) history(ctx context.Context) (out []HistoryTiles, err error) {
	since := time.Now().AddDate(0, 0, -30).UTC().Format(time.RFC3339)
	for _, filter := range []string{"", "phase=ended", "state=closed", "category=o-ga", "unit=chieu-sang", "urgent=true", "created_since=" + since, "overdue=true"} {
		var all []time.Duration
		var most int64
		for _, z := range []geo.Zoom{6, 9, 11, 13, 14, 16} {
			cells, n, err := b.cells(ctx, z, "tile IS NOT NULL")
			if err != nil {
				return nil, err
			}
			most = max(most, n)
			for range b.config.Rounds {
				for _, cell := range cells {
					_, _, took, err := b.get(ctx, cell, filter)
					if err != nil {
						return nil, fmt.Errorf("%s: %w", filter, err)
					}
					all = append(all, took)
				}
			}
		}
		name, _, _ := strings.Cut(filter, "=20") // a time's own value says nothing later
		out = append(out, HistoryTiles{Filter: name, Ours: spread(all), Most: most})
		fmt.Fprintf(b.config.Out, "      history, %q: p50 %v, p99 %v\n", name, spread(all).P50, spread(all).P99)
	}
	return out, nil
}

func spread(all []time.Duration) Spread {
	if len(all) == 0 {
		return Spread{}
	}
	slices.Sort(all)
	return Spread{P50: all[len(all)/2], P99: all[min(len(all)-1, len(all)*99/100)]}
}
