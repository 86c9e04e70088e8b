// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
)

// packVersion is which version of the pack a node goes by; 0 where it does not say.
func packVersion(t *testing.T, node *phones) int {
	t.Helper()
	a := node.send(t.Context(), http.MethodGet, "/api/v1/config", nil, nil)
	var config struct {
		PackVersion int `json:"pack_version"`
	}
	if err := json.Unmarshal(a.body, &config); a.status != http.StatusOK || err != nil {
		t.Fatalf("config: %v", a)
	}
	return config.PackVersion
}

// changedPack is the demo's pack with another banner.
func changedPack(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../../packs/demo")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "pack.yaml")
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(content), "Đây là bản chạy thử.", "Đây là bản chạy thử, lần hai.", 1)
	if changed == string(content) {
		t.Fatal("the banner is not what it was")
	}
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Two nodes and a worker on one database are one city.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	timed(t)
	c := fresh(t)
	db := c.open()
	var nodes []*phones
	for range 2 {
		edge := freeAddress(t)
		c.start(edge, "serve")
		nodes = append(nodes, newPhones(t, edge))
	}
	c.start(freeAddress(t), "worker")
	p := nodes[0].mustSignIn(t)
	for range 8 { // under what the limiter lets one phone send
		sameKeyAtOnce(t, p, nodes)
	}
	if n := one[int](t, db, "SELECT count(*)::int FROM reports"); n != 8 {
		t.Errorf("%d reports, want 8", n)
	}
	c.command("pack", "apply", changedPack(t))
	applied := time.Now()
	for _, node := range nodes {
		eventually(t, "the pack is in force on every node", 2*time.Second, func() bool { return packVersion(t, node) == 2 })
	}
	t.Logf("in force on both nodes %v after its apply had ended", time.Since(applied).Round(time.Millisecond))
	c.settled(db, 10*time.Second)
	c.judgeLog(t, db)
}

// sameKeyAtOnce sends one report to both nodes at the same time: one does it, and both
// answer with it.
func sameKeyAtOnce(t *testing.T, p *phone, nodes []*phones) {
	t.Helper()
	key := uuid.New()
	what := describe(key)
	answers := make([]answer, len(nodes))
	var both sync.WaitGroup
	for i, node := range nodes {
		both.Go(func() {
			here := *p
			here.phones = node
			answers[i] = here.report(t.Context(), key, what)
		})
	}
	both.Wait()
	a, b := answers[0], answers[1]
	if a.status != http.StatusCreated || b.status != http.StatusCreated || a.reportID() != b.reportID() || a.replayed == b.replayed {
		t.Errorf("the two answers: %v (replayed %v), %v (replayed %v)", a, a.replayed, b, b.replayed)
	}
}
