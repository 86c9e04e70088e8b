// SPDX-License-Identifier: Apache-2.0

// Package live tells viewers what happens to the reports of their filter, as server-sent
// events. One hub a process follows the log; each jurisdiction that is watched has a feed,
// which reads every touched report once, encodes it once for each view and language, and
// finds those whom it concerns by an index. What is told is read when it is told: a viewer
// who comes back hears how things stand, not how they once stood.
package live
