// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"cmp"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"hientruong/models"
)

// Store is every version of the packs of all jurisdictions, by jurisdiction number, and the decisions about their deadlines. It
// never changes: With and WithDecisions make another.
type Store struct {
	packs map[int32]versions
}

type versions struct {
	byNumber  map[int32]*Pack
	inForce   []entry // by the moment from which each is in force, then by number
	decisions []models.Decision
}

type entry struct {
	number    int32
	effective time.Time
}

// NewStore is a store without packs.
func NewStore() *Store { return &Store{packs: map[int32]versions{}} }

// With is the store with one more version, in force from a moment on; the zero time is always.
func (s *Store) With(jurisdiction, number int32, p *Pack, effective time.Time) *Store {
	old := s.packs[jurisdiction]
	v := versions{byNumber: map[int32]*Pack{}, decisions: old.decisions}
	maps.Copy(v.byNumber, old.byNumber)
	v.byNumber[number] = p
	v.inForce = slices.DeleteFunc(slices.Clone(old.inForce), func(e entry) bool { return e.number == number })
	v.inForce = append(v.inForce, entry{number, effective})
	slices.SortFunc(v.inForce, func(a, b entry) int {
		return cmp.Or(a.effective.Compare(b.effective), cmp.Compare(a.number, b.number))
	})
	return s.with(jurisdiction, v)
}

// WithDecisions is the store with these decisions of a jurisdiction in the place of those it had.
func (s *Store) WithDecisions(jurisdiction int32, decisions []models.Decision) *Store {
	v := s.packs[jurisdiction]
	v.decisions = slices.Clone(decisions)
	return s.with(jurisdiction, v)
}

func (s *Store) with(jurisdiction int32, v versions) *Store {
	out := maps.Clone(s.packs)
	out[jurisdiction] = v
	return &Store{packs: out}
}

// Current is the version of a jurisdiction's pack that is in force at a moment, and its number: the one that came into force last,
// of two at once the greater number. It is nil and 0 where there is none.
func (s *Store) Current(jurisdiction int32, now time.Time) (*Pack, int32) {
	v := s.packs[jurisdiction]
	for _, e := range slices.Backward(v.inForce) {
		if !e.effective.After(now) {
			return v.byNumber[e.number], e.number
		}
	}
	return nil, 0
}

// Version is one version of a jurisdiction's pack.
func (s *Store) Version(jurisdiction, number int32) (*Pack, bool) {
	p, ok := s.packs[jurisdiction].byNumber[number]
	return p, ok
}

// Decisions are all about a jurisdiction's deadlines, revoked ones too. Not to be changed.
func (s *Store) Decisions(jurisdiction int32) []models.Decision {
	return s.packs[jurisdiction].decisions
}

// Jurisdictions are the numbers of those that have a pack, in no order.
func (s *Store) Jurisdictions() []int32 {
	out := make([]int32, 0, len(s.packs))
	for n, v := range s.packs {
		if len(v.byNumber) > 0 {
			out = append(out, n)
		}
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
func (h *Holder) Add(jurisdiction, number int32, p *Pack, effective time.Time) {
	h.change(func(s *Store) *Store { return s.With(jurisdiction, number, p, effective) })
}

// Decide puts a jurisdiction's decisions in use in the place of those that were.
func (h *Holder) Decide(jurisdiction int32, decisions []models.Decision) {
	h.change(func(s *Store) *Store { return s.WithDecisions(jurisdiction, decisions) })
}

func (h *Holder) change(next func(*Store) *Store) {
	for {
		old := h.store.Load()
		base := old
		if base == nil {
			base = NewStore()
		}
		if h.store.CompareAndSwap(old, next(base)) {
			return
		}
	}
}
