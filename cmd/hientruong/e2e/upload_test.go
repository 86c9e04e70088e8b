// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"hientruong/database/dbtest"
)

// The storm: so many uploads at once, of so many photos each; and what may hold them.
const (
	uploads         = 50
	uploadsShort    = 10
	photosOfUpload  = 5
	mostMemory      = 700 << 20
	renderedAtLeast = 24 // of the 250: enough for both renderers to be busy for a while
)

// Many uploads of large photos stay within the memory of a small server, whether one
// process does everything or the work is shared.
func TestPhotoStorm(t *testing.T) {
	picture := photograph(t)
	t.Logf("a photo of 12 megapixels has %.1f MB", float64(len(picture))/1e6)
	t.Run("serve and worker", func(t *testing.T) {
		timed(t)
		c := fresh(t)
		edge := freeAddress(t)
		c.storm(t, edge, picture, c.start(edge, "serve"), c.start(freeAddress(t), "worker"))
	})
	t.Run("run", func(t *testing.T) {
		timed(t)
		c := fresh(t)
		edge := freeAddress(t)
		c.storm(t, edge, picture, c.start(edge, "run"))
	})
}

// fresh is a city in an empty database of the tests' server.
func fresh(t *testing.T) *city {
	t.Helper()
	db := dbtest.Empty(t)
	return newCity(t, db.OwnerURL, db.AppURL)
}

// storm sends all at once and looks at the memory of the processes.
func (c *city) storm(t *testing.T, edge string, picture []byte, processes ...*process) {
	t.Helper()
	n := uploads
	if testing.Short() {
		n = uploadsShort
	}
	began := time.Now()
	answers := c.upload(t, edge, picture, n)
	taken := time.Since(began)
	for _, a := range answers {
		if a.status != http.StatusCreated {
			t.Errorf("an upload was answered %v", a)
		}
	}
	db := c.open()
	want := min(renderedAtLeast, n*photosOfUpload)
	eventually(t, fmt.Sprintf("%d photos are ready", want), 2*time.Minute, func() bool {
		return one[int](t, db, "SELECT count(*)::int FROM photos WHERE status = 'ready'") >= want
	})
	ready := one[int](t, db, "SELECT count(*)::int FROM photos WHERE status = 'ready'")
	t.Logf("%d uploads of %d photos in %v; %d photos ready after %v", n, photosOfUpload, taken.Round(time.Millisecond), ready, time.Since(began).Round(time.Millisecond))
	for _, p := range processes {
		peak := p.peak()
		t.Logf("%s: %d MB at its peak", p.command, peak>>20)
		if peak > mostMemory {
			t.Errorf("%s took %d MB", p.command, peak>>20)
		}
	}
	if wrong := one[int](t, db, "SELECT count(*)::int FROM photos WHERE status = 'refused' OR report_id IS NULL"); wrong != 0 {
		t.Errorf("%d photos were refused or belong to no report", wrong)
	}
	if all := one[int](t, db, "SELECT count(*)::int FROM photos"); all != n*photosOfUpload {
		t.Errorf("%d photos, want %d", all, n*photosOfUpload)
	}
}

// upload sends n reports with photos, all at once, each from a phone of its own.
func (c *city) upload(t *testing.T, edge string, picture []byte, n int) []answer {
	t.Helper()
	phones := newPhones(t, edge)
	answers := make([]answer, n)
	var all sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		p := phones.mustSignIn(t)
		all.Go(func() {
			<-gate
			key := uuid.New()
			kind, body := form(describe(key), picture)
			headers := p.headers(key)
			headers["Content-Type"] = kind
			answers[i] = p.send(t.Context(), http.MethodPost, "/api/v1/reports", headers, body)
		})
	}
	close(gate)
	all.Wait()
	return answers
}

// form is a multipart form whose photos are the same bytes, never copied.
func form(report map[string]any, picture []byte) (contentType string, body io.Reader) {
	var parts []io.Reader
	var text bytes.Buffer
	w := multipart.NewWriter(&text)
	flush := func() {
		parts = append(parts, bytes.NewReader(bytes.Clone(text.Bytes())))
		text.Reset()
	}
	content, _ := json.Marshal(report)          // strings and numbers marshal
	_ = w.WriteField("report", string(content)) // a buffer takes everything
	for i := range photosOfUpload {
		header := textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name="photos"; filename="IMG_%d.jpg"`, i)}, "Content-Type": {"image/jpeg"},
		}
		_, _ = w.CreatePart(header)
		flush()
		parts = append(parts, bytes.NewReader(picture))
	}
	_ = w.Close()
	flush()
	return w.FormDataContentType(), io.MultiReader(parts...)
}

// photograph draws 4000×3000 pixels with shapes of every size and the noise of a sensor,
// as large as what a phone takes.
func photograph(t *testing.T) []byte {
	t.Helper()
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	state := uint32(1)
	noise := func() int {
		state ^= state << 13
		state ^= state >> 17
		state ^= state << 5
		return int(state % 23)
	}
	for y := range 3000 {
		for x := range 4000 {
			m.Y[y*m.YStride+x] = uint8(40 + (x/13^y/17)%97 + (x+y)/80 + noise())
		}
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = uint8(110+i/97%30+noise()/4), uint8(120+i/1301%20+noise()/4)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
