// SPDX-License-Identifier: Apache-2.0

package handlers_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
)

const samples = "../../shared/data"

// sampleFiles lists the real files of a folder, and skips where there are none.
func sampleFiles(t *testing.T, folder string) []string {
	t.Helper()
	root := filepath.Join(samples, folder)
	if _, err := os.Stat(root); err != nil {
		t.Skipf("the samples in %s are not here", root)
	}
	var files []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// tally counts the cases of a test and what came of them.
type tally struct {
	mu       sync.Mutex
	cases    int
	statuses map[int]int
}

func (n *tally) add(t *testing.T, name string, response *http.Response, body string) {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.statuses == nil {
		n.statuses = map[int]int{}
	}
	n.cases++
	n.statuses[response.StatusCode]++
	if response.StatusCode >= http.StatusInternalServerError {
		t.Errorf("%s: %d %s", name, response.StatusCode, body)
	}
	if response.StatusCode >= http.StatusBadRequest && !strings.Contains(body, `"code":"`) {
		t.Errorf("%s: %d without a code: %s", name, response.StatusCode, body)
	}
}

func (n *tally) done(t *testing.T) {
	t.Helper()
	t.Logf("%d cases: %v", n.cases, n.statuses)
	if n.cases == 0 {
		t.Error("no case was run")
	}
}

// whole checks that every report that was answered 201 is there with its text and its
// event, and nothing beside.
func (w *world) whole(created int) {
	w.tb.Helper()
	if n := w.count("reports"); n != int64(created) {
		w.tb.Errorf("%d reports, %d were answered 201", n, created)
	}
	var alone int64
	err := w.db.Gorm.Raw(`SELECT count(*) FROM reports r WHERE NOT EXISTS (SELECT FROM texts t WHERE t.jurisdiction_id = r.jurisdiction_id AND t.id = r.description_id)
OR (SELECT count(*) FROM events e WHERE e.jurisdiction_id = r.jurisdiction_id AND e.subject_id = r.id AND e.kind = 'report.submitted') <> 1`).Scan(&alone).Error
	if err != nil || alone != 0 {
		w.tb.Errorf("%d reports are not whole: %v", alone, err)
	}
}

func TestHostileBodies(t *testing.T) {
	t.Parallel()
	files := sampleFiles(t, "hostile")
	w := newWorld(t)
	var n tally
	for _, file := range files {
		content := must(os.ReadFile(file))(t)
		response, body := w.send(http.MethodPost, "/api/v1/reports", jsonHeaders(), bytes.NewReader(content))
		n.add(t, file, response, body)
		response, body = w.sendForm(t, "/api/v1/reports", "", map[string][]byte{"report": content})
		n.add(t, file+" as a part", response, body)
		name := filepath.Base(file)
		if strings.HasPrefix(name, "n_") && response.StatusCode != http.StatusBadRequest && response.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s is no JSON and was answered %d: %s", name, response.StatusCode, body)
		}
	}
	n.done(t)
	w.whole(n.statuses[http.StatusCreated])
}

// fields are the places of a submission that take a text.
var fields = []string{
	`{"category":%s,"description":"Ổ gà",` + point + `}`,
	`{"category":"o-ga","description":%s,` + point + `}`,
	`{"category":"o-ga","description":"Ổ gà","location":{"words":%s}}`,
	`{"category":"o-ga","description":"Ổ gà","location":{"area_id":%s}}`,
	`{"category":"o-ga","description":"Ổ gà","location":{"lat":16.4848,"lon":107.5957,"source":%s}}`,
	`{"category":"o-ga","description":"Ổ gà","address":%s,` + point + `}`,
	`{"category":"o-ga","description":"Ổ gà","attributes":{"owner":%s},` + point + `}`,
	`{"category":"o-ga","description":"Ổ gà","attributes":{%s:"x"},` + point + `}`,
	`{"category":"o-ga","description":"Ổ gà","observed_at":%s,` + point + `}`,
	`{"category":"o-ga","description":"Ổ gà","language":%s,` + point + `}`,
	`{"category":"o-ga","description":"Ổ gà","channel":%s,` + point + `}`,
	`{"category":"o-ga","description":"Ổ gà","external_ref":%s,` + point + `}`,
	`{"category":"o-ga","description":"Ổ gà","photo_ids":[%s],` + point + `}`,
	`{"category":"o-ga","description":"Ổ gà","reporter":{"name":%s},` + point + `}`,
	`{"category":"o-ga","description":"Ổ gà","reporter":{"phone":%s},` + point + `}`,
	`{"category":"o-ga","description":"Ổ gà","reporter":{"email":%s},` + point + `}`,
	`{"sos":{"people":1,"water_level":%s,"callback":"0912345678"}}`,
	`{"sos":{"people":1,"callback":%s}}`,
	`{%s:"x"}`,
}

func TestNaughtyStrings(t *testing.T) {
	t.Parallel()
	file := filepath.Join(samples, "hostile", "blns.json")
	content, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("the samples in %s are not here", file)
	}
	var naughty []string
	if err := json.Unmarshal(content, &naughty); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	token := w.staff("ioc", "operator")
	var n tally
	// Several at once: then one commit holds what several of them wrote.
	var senders sync.WaitGroup
	strs := make(chan string)
	for range 8 {
		senders.Go(func() {
			for s := range strs {
				w.sendEverywhere(t, &n, token, s)
			}
		})
	}
	for _, s := range naughty {
		strs <- s
	}
	close(strs)
	senders.Wait()
	n.done(t)
	w.whole(n.statuses[http.StatusCreated])
}

// sendEverywhere sends a string as every field that takes one.
func (w *world) sendEverywhere(t *testing.T, n *tally, token, s string) {
	quoted := string(must(json.Marshal(s))(t))
	for _, field := range fields {
		response, body := w.send(http.MethodPost, "/api/v1/reports", jsonHeaders(), strings.NewReader(strings.Replace(field, "%s", quoted, 1)))
		n.add(t, field+" "+quoted, response, body)
		if response.StatusCode >= http.StatusBadRequest && len(s) > 12 && strings.Contains(body, s) {
			t.Errorf("%s: the value is echoed: %s", field, body)
		}
	}
	behalf := strings.NewReader(`{"category":"o-ga","description":"Ổ gà","external_ref":` + quoted + `,` + point + `,"on_behalf_of":{"consent":true,"how":` + quoted + `}}`)
	headers := jsonHeaders()
	headers["Authorization"] = "Bearer " + token
	response, body := w.send(http.MethodPost, "/api/v1/reports", headers, behalf)
	n.add(t, "how "+quoted, response, body)
}

// sendForm sends a multipart form; names of parts may be followed by a number.
func (w *world) sendForm(t *testing.T, path, token string, parts map[string][]byte, order ...string) (*http.Response, string) {
	t.Helper()
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	if len(order) == 0 {
		for name := range parts {
			order = append(order, name)
		}
	}
	for _, name := range order {
		part := must(writer.CreateFormFile(strings.TrimRight(name, "0123456789"), "x"))(t)
		_, _ = part.Write(parts[name])
	}
	_ = writer.Close()
	headers := map[string]string{"Content-Type": writer.FormDataContentType(), "Idempotency-Key": uuid.NewString()}
	if token != "" {
		headers["Authorization"] = "Bearer " + token
	}
	return w.send(http.MethodPost, path, headers, &form)
}

func TestEveryFileAsAPhoto(t *testing.T) {
	t.Parallel()
	files := sampleFiles(t, "photos")
	w := newWorld(t)
	token, _ := w.device()
	var n tally
	for _, file := range files {
		content := must(os.ReadFile(file))(t)
		response, body := w.sendForm(t, "/api/v1/reports", token, map[string][]byte{"report": []byte(pothole), "photos": content}, "photos", "report")
		n.add(t, file, response, body)
	}
	n.done(t)
	w.whole(n.statuses[http.StatusCreated])
	if got, want := w.staged(), n.statuses[http.StatusCreated]; got != want {
		t.Errorf("%d photos are staged, %d were taken", got, want)
	}
	if got := w.count("photos"); got != int64(n.statuses[http.StatusCreated]) {
		t.Errorf("%d photos are in the database", got)
	}
}
