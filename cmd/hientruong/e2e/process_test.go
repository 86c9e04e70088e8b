// SPDX-License-Identifier: Apache-2.0

package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is the program, running.
type process struct {
	tb      testing.TB
	command string
	cmd     *exec.Cmd
	out     output // standard output
	said    output // standard error: the log
	ended   chan struct{}
}

// output keeps what a process says.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// tail is the end of it.
func (o *output) tail() string {
	const most = 3000
	text := o.String()
	return text[max(0, len(text)-most):]
}

// start runs a command of the program. A test that ends kills what still runs; one that
// fails shows what it said.
func start(tb testing.TB, env []string, args ...string) *process {
	tb.Helper()
	return startAs(tb, exec.Command(program, args...), env)
}

// startAs is start for a command with a standard output of its own, or inside another.
func startAs(tb testing.TB, cmd *exec.Cmd, env []string) *process {
	tb.Helper()
	p := &process{tb: tb, command: strings.Join(cmd.Args[1:], " "), cmd: cmd, ended: make(chan struct{})}
	p.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}, env...)
	if p.cmd.Stderr = &p.said; p.cmd.Stdout == nil {
		p.cmd.Stdout = &p.out
	}
	if err := p.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is in ProcessState
		close(p.ended)
	}()
	tb.Cleanup(func() {
		p.kill()
		if tb.Failed() {
			tb.Logf("%s said:\n%s%s", p.command, p.out.tail(), p.said.tail())
		}
	})
	return p
}

// run runs a command that ends by itself and returns its exit code.
func run(tb testing.TB, env []string, args ...string) (*process, int) {
	tb.Helper()
	p := start(tb, env, args...)
	return p, p.wait(time.Minute)
}

// kill is kill -9.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // it may have ended already
	<-p.ended
}

func (p *process) signal(s syscall.Signal) {
	p.tb.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.tb.Errorf("%s: %v: %v", p.command, s, err)
	}
}

// wait returns the exit code, -1 where a signal ended it.
func (p *process) wait(patience time.Duration) int {
	p.tb.Helper()
	select {
	case <-p.ended:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		_ = p.cmd.Process.Signal(syscall.SIGQUIT) // shows where it hangs
		p.tb.Fatalf("%s still runs after %v", p.command, patience)
		return 0
	}
}

// peak is the most memory that the process ever had, in bytes.
func (p *process) peak() int64 {
	p.tb.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "status"))
	if err != nil {
		p.tb.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if figure, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			var kilobytes int64
			if _, err := fmt.Sscan(figure, &kilobytes); err != nil {
				p.tb.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	p.tb.Fatal("no VmHWM")
	return 0
}

// alive says whether a process of any parent runs; one that has ended and was not waited
// for does not.
func alive(pid int) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(after, "Z")
}

// freeAddress is one of this machine's that nobody listens on.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	listener, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// folder is a temporary one that PostgreSQL's user can reach.
func folder(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "hientruong-e2e-")
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	return dir
}

// poll asks again and again until something is so.
func poll(ctx context.Context, every time.Duration, so func() bool) bool {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if so() {
			return true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
}

// eventually fails the test where something does not become so in time.
func eventually(tb testing.TB, what string, patience time.Duration, so func() bool) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if !poll(ctx, 20*time.Millisecond, so) {
		tb.Fatalf("not within %v: %s", patience, what)
	}
}

// pass waits for a while, as the world does.
func pass(d time.Duration) { <-time.After(d) }

// ready waits until a process answers that it is.
func (p *process) ready(address string, patience time.Duration) {
	p.tb.Helper()
	eventually(p.tb, p.command+" is ready", patience, func() bool {
		select {
		case <-p.ended:
			p.tb.Fatalf("%s ended with %d", p.command, p.cmd.ProcessState.ExitCode())
		default:
		}
		return status("http://"+address+"/readyz") == http.StatusOK
	})
}

// status asks once; 0 is no answer.
func status(url string) int {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}
