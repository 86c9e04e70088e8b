// SPDX-License-Identifier: Apache-2.0

// Package e2e holds the tests that run the program as an operator runs it: processes that
// are killed, stopped and started again, before a real PostgreSQL, seen over HTTP alone.
// With -short they kill less often and send less.
package e2e
