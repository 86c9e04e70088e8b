// SPDX-License-Identifier: Apache-2.0

// Package ledger is the one way in and the one way on. Do gathers intents, loads and
// locks what they need, lets them decide, and writes every row and event of a batch in
// one commit. Tail hands the events on, in order, to readers whose cursors move in the
// transaction of what they made of them. The ledger knows no rule.
package ledger
