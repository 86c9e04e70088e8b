// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// DefaultMemory is the usual budget of NewMemory, in bytes.
const DefaultMemory = 256 << 20

// Memory is a budget of bytes which all renderings of a process share. Pictures
// that do not fit in wait for others to be done; one that is larger than all of
// it is rendered alone. The estimate counts what is alive: the garbage collector
// keeps more than that, by GOGC and GOMEMLIMIT.
type Memory struct {
	budget int64
	used   atomic.Int64
	free   *semaphore.Weighted
}

// NewMemory returns a budget of so many bytes.
func NewMemory(budget int64) *Memory {
	return &Memory{budget: budget, free: semaphore.NewWeighted(budget)}
}

// InUse returns how many bytes of the budget are taken now.
func (m *Memory) InUse() int64 { return m.used.Load() }

// Acquire waits until so many bytes are free and takes them; release gives them
// back. The error is that of ctx.
func (m *Memory) Acquire(ctx context.Context, bytes int64) (release func(), err error) {
	bytes = min(bytes, m.budget)
	if err := m.free.Acquire(ctx, bytes); err != nil {
		return nil, err
	}
	m.used.Add(bytes)
	return func() {
		m.used.Add(-bytes)
		m.free.Release(bytes)
	}, nil
}
