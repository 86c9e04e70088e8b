// SPDX-License-Identifier: Apache-2.0

// Package fcmtest is a server that speaks as much of Firebase Cloud Messaging's HTTP v1
// as a test needs, strictly: a message that Firebase would not take, it does not take.
// It signs and checks its own service account, and can be told to fail for a token.
package fcmtest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Project is the one project that the server knows.
const Project = "hientruong-test"

// Accepted is a message that the server took.
type Accepted struct {
	At      time.Time
	Name    string // as it was answered: projects/P/messages/N
	Message Message
}

// NotificationID is what the message's data say it is; "" where they do not.
func (a Accepted) NotificationID() string { return a.Message.Data["notification_id"] }

// Server is a running server. It is safe for concurrent use.
type Server struct {
	url     string
	key     *rsa.PrivateKey
	http    *http.Server
	served  chan error
	closing chan struct{}
	once    sync.Once

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced when something was accepted or tried
	scripts  map[string][]Act
	tokens   map[string]time.Time // bearer → when it expires
	tries    map[string]int       // by device token
	accepted []Accepted
	faults   []string
}

// Start runs a server on a free port of the loopback until tb ends, and fails tb for
// every request that Firebase would not have taken.
func Start(tb testing.TB) *Server {
	tb.Helper()
	s, err := Listen("127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("fcmtest: %v", err)
		}
		for _, fault := range s.Faults() {
			tb.Errorf("fcmtest: %s", fault)
		}
	})
	return s
}

// Listen runs a server on an address until Close.
func Listen(address string) (*Server, error) {
	const keyBits = 2048
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("fcmtest: key: %w", err)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("fcmtest: %w", err)
	}
	s := &Server{
		url: "http://" + listener.Addr().String(), key: key, served: make(chan error, 1), closing: make(chan struct{}),
		changed: make(chan struct{}), scripts: map[string][]Act{}, tokens: map[string]time.Time{}, tries: map[string]int{},
	}
	routes := http.NewServeMux()
	routes.HandleFunc("POST /token", s.issue)
	routes.HandleFunc("POST /v1/projects/{project}/{call}", s.send)
	routes.HandleFunc("/", s.unknown)
	s.http = &http.Server{Handler: routes, ReadHeaderTimeout: 10 * time.Second}
	go func() { s.served <- s.http.Serve(listener) }()
	return s, nil
}

// Close ends the server and what hangs in it.
func (s *Server) Close() error {
	var err error
	s.once.Do(func() {
		close(s.closing)
		err = s.http.Close()
		if served := <-s.served; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
	})
	return err
}

// Endpoint is what the SDK takes for Google's: the address with the version.
func (s *Server) Endpoint() string { return s.url + "/v1" }

// Play makes the next tries of a device token go as told, one act each; after the last
// all goes well. It adds to what is still to be played.
func (s *Server) Play(token string, acts ...Act) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts[token] = append(s.scripts[token], acts...)
}

// Accepted is every message that was taken, in order.
func (s *Server) Accepted() []Accepted {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.accepted)
}

// Tries is how often a well-formed message for a device token came, taken or not.
func (s *Server) Tries(token string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tries[token]
}

// Faults says what was wrong with requests that Firebase would not have taken.
func (s *Server) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults)
}

// Wait returns what was taken once it is n messages or more, or the error of ctx.
func (s *Server) Wait(ctx context.Context, n int) ([]Accepted, error) {
	for {
		s.mu.Lock()
		got, changed := slices.Clone(s.accepted), s.changed
		s.mu.Unlock()
		if len(got) >= n {
			return got, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return got, fmt.Errorf("fcmtest: %d messages of %d: %w", len(got), n, ctx.Err())
		}
	}
}

// send takes a message, or plays what the script says.
func (s *Server) send(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("project") != Project || r.PathValue("call") != "messages:send" {
		s.unknown(w, r)
		return
	}
	if !s.authorized(r) {
		s.fault("a bearer token that was not issued here, or expired")
		problem(w, http.StatusUnauthorized, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return // the caller left
	}
	message, err := parse(r.Header.Get("Content-Type"), body)
	if err != nil {
		s.fault(err.Error())
		problem(w, http.StatusBadRequest, "INVALID_ARGUMENT", err.Error(), fcmError("INVALID_ARGUMENT"))
		return
	}
	act := s.next(message.Token)
	if act.taken {
		name := s.accept(message)
		if act.play == nil {
			answer(w, http.StatusOK, map[string]string{"name": name})
			return
		}
	}
	act.play(s, w, r)
}

// next counts a try and takes the next act of its token.
func (s *Server) next(token string) Act {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries[token]++
	s.wake()
	script := s.scripts[token]
	if len(script) == 0 {
		return OK()
	}
	s.scripts[token] = script[1:]
	return script[0]
}

func (s *Server) accept(m Message) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := "projects/" + Project + "/messages/" + strconv.Itoa(len(s.accepted)+1)
	s.accepted = append(s.accepted, Accepted{At: time.Now(), Name: name, Message: m})
	s.wake()
	return name
}

// wake is called with the lock held.
func (s *Server) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Server) fault(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, what)
}

func (s *Server) authorized(r *http.Request) bool {
	bearer, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	defer s.mu.Unlock()
	return is && time.Now().Before(s.tokens[bearer])
}

func (s *Server) unknown(w http.ResponseWriter, r *http.Request) {
	s.fault("no such call: " + r.Method + " " + r.URL.Path)
	problem(w, http.StatusNotFound, "NOT_FOUND", "Requested entity was not found.")
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	// A caller that left needs no answer.
	_ = json.NewEncoder(w).Encode(body)
}

// problem answers as Google's APIs do.
func problem(w http.ResponseWriter, status int, code, message string, details ...map[string]any) {
	answer(w, status, map[string]any{"error": map[string]any{"code": status, "message": message, "status": code, "details": details}})
}
