// SPDX-License-Identifier: Apache-2.0

package models

// TSQuery is tsquery, for its fuzz target.
func TSQuery(typed string) string { return tsquery(typed) }
