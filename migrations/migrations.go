// SPDX-License-Identifier: Apache-2.0

// Package migrations holds the numbered SQL that makes and changes the database.
// Files are goose's: 00001_name.sql with an up and a down part each. They expand
// first and contract a release later, so that the version before goes on serving
// while this one migrates.
package migrations

import "embed"

// FS holds every migration, named NNNNN_subject.sql.
//
//go:embed *.sql
var FS embed.FS
