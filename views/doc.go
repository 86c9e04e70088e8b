// SPDX-License-Identifier: Apache-2.0

// Package views turns reports into what people are shown: the public, a report's own
// reporter, a unit that works on it and the operations centre each have a type of their
// own, so that what is not theirs has no field to be in. What is assembled here was read
// for that view alone (models.LoadBundle); the two together keep the reporter hidden.
package views
