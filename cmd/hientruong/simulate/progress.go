// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Progress shows how far something is: a bar on a terminal, else a line every 10 %.
type Progress struct {
	out      io.Writer
	terminal bool
	started  time.Time
	drawn    time.Time
	line     int // the last that was written, in tens of percent
}

// NewProgress shows on out.
func NewProgress(out io.Writer, terminal bool) *Progress {
	return &Progress{out: out, terminal: terminal, started: time.Now()}
}

const barWidth = 30

// Show draws how far it is, 0 to 1, where that is worth drawing.
func (p *Progress) Show(done float64, reports int) {
	done = min(max(done, 0), 1)
	switch {
	case p.terminal && time.Since(p.drawn) > 200*time.Millisecond:
		p.drawn = time.Now()
		full := int(barWidth * done)
		fmt.Fprintf(p.out, "\r[%s%s] %3.0f %%  %d reports ", strings.Repeat("#", full), strings.Repeat("-", barWidth-full), 100*done, reports)
	case !p.terminal && int(done*10) > p.line:
		p.line = int(done * 10)
		fmt.Fprintf(p.out, "%d %%: %d reports, %s\n", p.line*10, reports, time.Since(p.started).Round(100*time.Millisecond))
	}
}

// End tells how long it took.
func (p *Progress) End(reports int) {
	if p.terminal {
		fmt.Fprintf(p.out, "\r%s\r", strings.Repeat(" ", barWidth+30))
	}
	took := time.Since(p.started)
	fmt.Fprintf(p.out, "%d reports in %s, %.0f a second\n", reports, took.Round(10*time.Millisecond), float64(reports)/max(took.Seconds(), 1e-3))
}
