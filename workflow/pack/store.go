// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"maps"
	"sync/atomic"
)

// Store is every version of the packs of all jurisdictions, by jurisdiction number. It never changes: With makes another.
type Store struct {
	packs map[int32]versions
}

type versions struct {
	byNumber map[int32]*Pack
	newest   int32
}

// NewStore is a store without packs.
func NewStore() *Store { return &Store{packs: map[int32]versions{}} }

// With is the store with one more version. The greatest number of a jurisdiction is its current one.
func (s *Store) With(jurisdiction, number int32, p *Pack) *Store {
	out := maps.Clone(s.packs)
	v := versions{byNumber: map[int32]*Pack{}, newest: number}
	if old, ok := out[jurisdiction]; ok {
		maps.Copy(v.byNumber, old.byNumber)
		v.newest = max(old.newest, number)
	}
	v.byNumber[number] = p
	out[jurisdiction] = v
	return &Store{packs: out}
}

// Current is the newest version of a jurisdiction's pack and its number; nil and 0 where it has none.
func (s *Store) Current(jurisdiction int32) (*Pack, int32) {
	v := s.packs[jurisdiction]
	return v.byNumber[v.newest], v.newest
}

// Version is one version of a jurisdiction's pack.
func (s *Store) Version(jurisdiction, number int32) (*Pack, bool) {
	p, ok := s.packs[jurisdiction].byNumber[number]
	return p, ok
}

// Jurisdictions are the numbers of those that have a pack, in no order.
func (s *Store) Jurisdictions() []int32 {
	out := make([]int32, 0, len(s.packs))
	for n := range s.packs {
		out = append(out, n)
	}
	return out
}

// Holder holds the store in use. It is swapped whole, so a reader sees one state of all packs. The zero Holder holds an
// empty store.
type Holder struct{ store atomic.Pointer[Store] }

// Load is the store in use.
func (h *Holder) Load() *Store {
	if s := h.store.Load(); s != nil {
		return s
	}
	return NewStore()
}

// Swap puts another store in use.
func (h *Holder) Swap(s *Store) { h.store.Store(s) }

// Add puts one more version in use. Of versions added at the same time none is lost.
func (h *Holder) Add(jurisdiction, number int32, p *Pack) {
	for {
		old := h.store.Load()
		base := old
		if base == nil {
			base = NewStore()
		}
		if h.store.CompareAndSwap(old, base.With(jurisdiction, number, p)) {
			return
		}
	}
}
