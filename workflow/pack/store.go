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
	applied   []version // by number
	decisions []models.Decision
}

type version struct {
	number    int32
	pack      *Pack
	effective time.Time
}

// NewStore is a store without packs.
func NewStore() *Store { return &Store{packs: map[int32]versions{}} }

// With is the store with one more version, in force from a moment on; the zero time is always.
func (s *Store) With(jurisdiction, number int32, p *Pack, effective time.Time) *Store {
	v := s.packs[jurisdiction]
	v.applied = slices.Clone(v.applied)
	one := version{number, p, effective}
	if i, known := v.find(number); known {
		v.applied[i] = one
	} else {
		v.applied = slices.Insert(v.applied, i, one)
	}
	return s.with(jurisdiction, v)
}

// find is where a version is, or would be.
func (v versions) find(number int32) (int, bool) {
	return slices.BinarySearchFunc(v.applied, number, func(one version, n int32) int { return cmp.Compare(one.number, n) })
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

// Current is the version of a jurisdiction's pack that is in force at a moment, and its number: of those whose moment has come the
// one that was applied last. What was applied for a later day comes into force on it unless something was applied after it that is
// in force by then. It is nil and 0 where there is none.
func (s *Store) Current(jurisdiction int32, now time.Time) (*Pack, int32) {
	for _, one := range slices.Backward(s.packs[jurisdiction].applied) {
		if !one.effective.After(now) {
			return one.pack, one.number
		}
	}
	return nil, 0
}

// Before is the version that was in force until one came into force, nil where there was none, or where that one never does.
func (s *Store) Before(jurisdiction, number int32) *Pack {
	v := s.packs[jurisdiction]
	i, known := v.find(number)
	if !known {
		return nil
	}
	by := func(one version) bool { return !one.effective.After(v.applied[i].effective) }
	if slices.ContainsFunc(v.applied[i+1:], by) {
		return nil
	}
	for _, former := range slices.Backward(v.applied[:i]) {
		if by(former) {
			return former.pack
		}
	}
	return nil
}

// Version is one version of a jurisdiction's pack.
func (s *Store) Version(jurisdiction, number int32) (*Pack, bool) {
	v := s.packs[jurisdiction]
	i, known := v.find(number)
	if !known {
		return nil, false
	}
	return v.applied[i].pack, true
}

// Decisions are all about a jurisdiction's deadlines, revoked ones too. Not to be changed.
func (s *Store) Decisions(jurisdiction int32) []models.Decision {
	return s.packs[jurisdiction].decisions
}

// Jurisdictions are the numbers of those that have a pack, in no order.
func (s *Store) Jurisdictions() []int32 {
	out := make([]int32, 0, len(s.packs))
	for n, v := range s.packs {
		if len(v.applied) > 0 {
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
