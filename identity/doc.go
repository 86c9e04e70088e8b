// SPDX-License-Identifier: Apache-2.0

// Package identity knows who is calling: devices by a secret they made, citizens by a
// code sent to their phone, staff by a password. It hands out opaque tokens and turns
// them into a models.Actor, seals what is personal and opens it for those who may read
// it, and bounds how often somebody may try.
package identity
