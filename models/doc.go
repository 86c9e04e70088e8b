// SPDX-License-Identifier: Apache-2.0

// Package models holds the nouns of the system: the tables and their queries, the
// words of the domain as closed types, who may do what, and the one error type.
// It knows no HTTP, no object store and no rule of the workflow.
package models
