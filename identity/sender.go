// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"slices"
	"sync"
	"time"

	"hientruong/models"
)

// Sender brings a code to a phone. e164 is the number, language its owner's.
type Sender interface {
	SendCode(ctx context.Context, e164, code string, language models.Language) error
}

// noSender stands where no sender is set.
type noSender struct{}

func (noSender) SendCode(context.Context, string, string, models.Language) error {
	return models.E(models.CodeUnavailable)
}

// SentCode is a code that a DemoSender kept.
type SentCode struct {
	Phone    string
	Code     string
	Language models.Language
	At       time.Time
}

// maxShown is how many codes a DemoSender keeps.
const maxShown = 50

// DemoSender sends nothing: it keeps the last codes for the demo's phone page. It is for
// the demo alone, where anybody may see them.
type DemoSender struct {
	mu    sync.Mutex
	codes []SentCode
	now   func() time.Time
}

// NewDemoSender makes a DemoSender; now is time.Now where nil.
func NewDemoSender(now func() time.Time) *DemoSender {
	if now == nil {
		now = time.Now
	}
	return &DemoSender{now: now}
}

// SendCode keeps the code, and forgets the oldest of more than 50.
func (d *DemoSender) SendCode(_ context.Context, e164, code string, language models.Language) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.codes = append(d.codes, SentCode{Phone: e164, Code: code, Language: language, At: d.now()})
	if extra := len(d.codes) - maxShown; extra > 0 {
		d.codes = slices.Delete(d.codes, 0, extra)
	}
	return nil
}

// Codes returns what was kept, newest first.
func (d *DemoSender) Codes() []SentCode {
	d.mu.Lock()
	defer d.mu.Unlock()
	codes := slices.Clone(d.codes)
	slices.Reverse(codes)
	return codes
}
