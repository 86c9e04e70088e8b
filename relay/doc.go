// SPDX-License-Identifier: Apache-2.0

// Package relay runs what goes on by itself: the readers of the ledger, the jobs that
// they make, the clocks of the workflow and the housekeeping. Any number of processes may
// run it at once.
package relay
