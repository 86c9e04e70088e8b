// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"hientruong/models"
)

// Bounds of a password, in characters and bytes.
const (
	minPassword = 10
	maxPassword = 256
)

// passwordParams are OWASP's for a server whose memory is dear: 19 MiB, two passes.
func passwordParams() *argon2id.Params {
	return &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// hasher bounds how many passwords are hashed at once: each takes 19 MiB and a core.
type hasher struct {
	room  chan struct{}
	dummy string // what unknown log-ins are compared with, so that they take as long
}

const (
	hashAtOnce  = 2
	hashWaiting = 3 * time.Second
)

func newHasher() (*hasher, error) {
	dummy, err := argon2id.CreateHash(string(random(16)), passwordParams())
	if err != nil {
		return nil, fmt.Errorf("identity: hash: %w", err)
	}
	return &hasher{room: make(chan struct{}, hashAtOnce), dummy: dummy}, nil
}

// enter waits for room to hash; leave gives it back. Errors: CodeQueueFull after three
// seconds, CodeTimeout when ctx ends first.
func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	timer := time.NewTimer(hashWaiting)
	defer timer.Stop()
	select {
	case h.room <- struct{}{}:
		return func() { <-h.room }, nil
	case <-ctx.Done():
		return nil, models.Wrap(models.CodeTimeout, ctx.Err())
	case <-timer.C:
		return nil, models.E(models.CodeQueueFull).Retry(hashWaiting)
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	hash, err := argon2id.CreateHash(password, passwordParams())
	if err != nil {
		return "", models.Wrap(models.CodeInternal, err)
	}
	return hash, nil
}

// matches compares a password with a hash; an empty hash never matches, and takes as
// long as one that does.
func (h *hasher) matches(ctx context.Context, password, hash string) (bool, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	against := hash
	if against == "" {
		against = h.dummy
	}
	same, err := argon2id.ComparePasswordAndHash(password, against)
	if err != nil {
		return false, models.Wrap(models.CodeInternal, fmt.Errorf("identity: kept hash: %w", err))
	}
	return same && hash != "", nil
}

// checkPassword says whether a password is one to keep. A length is all that is asked:
// rules about characters make passwords worse.
func checkPassword(password string) error {
	switch {
	case len(password) > maxPassword:
		return models.Invalid(models.Field("body.password", models.CodeTooLong, models.Params{"max": maxPassword}))
	case utf8.RuneCountInString(password) < minPassword:
		return models.Invalid(models.Field("body.password", models.CodeTooShort, models.Params{"min": minPassword}))
	default:
		return nil
	}
}
