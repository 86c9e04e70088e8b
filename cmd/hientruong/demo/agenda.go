// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"container/heap"
	"time"

	"github.com/google/uuid"
)

// appointment is something that happens at a time: a birth where dossier is nil, a clock
// that runs out where deadline is set, else the dossier's next step.
type appointment struct {
	at       time.Time
	number   int // of its making: what was made first comes first
	dossier  *dossier
	turn     int // of the dossier when it was made; passed over when that has moved on
	step     step
	deadline uuid.UUID
}

// agenda is what is still to happen, the earliest first.
type agenda struct {
	list []appointment
	made int
}

func (a *agenda) Len() int { return len(a.list) }
func (a *agenda) Less(i, j int) bool {
	if c := a.list[i].at.Compare(a.list[j].at); c != 0 {
		return c < 0
	}
	return a.list[i].number < a.list[j].number
}
func (a *agenda) Swap(i, j int) { a.list[i], a.list[j] = a.list[j], a.list[i] }

// Push implements heap.Interface.
func (a *agenda) Push(x any) { a.list = append(a.list, x.(appointment)) }

// Pop implements heap.Interface.
func (a *agenda) Pop() any {
	last := len(a.list) - 1
	x := a.list[last]
	a.list = a.list[:last]
	return x
}

func (a *agenda) add(one appointment) {
	a.made++
	one.number = a.made
	heap.Push(a, one)
}

func (a *agenda) next() (appointment, bool) {
	if a.Len() == 0 {
		return appointment{}, false
	}
	return heap.Pop(a).(appointment), true
}
