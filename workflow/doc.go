// SPDX-License-Identifier: Apache-2.0

// Package workflow decides. Each intent looks at the facts and the pack and answers with
// a Change or a refusal. Nothing here reads a clock, draws a random number, or calls
// anything that takes a context or a database: what is random comes with the intent.
package workflow
