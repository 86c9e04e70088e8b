#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs every fuzz target for a while (FOR=30s each), one after the other, and names
# each one. What breaks a target is kept by Go in that package's testdata/fuzz.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
PATH="$(scripts/go.sh):$PATH"
export PATH
time=${FOR:-30s}

grep -rlE '^func Fuzz[A-Z]' --include='*_test.go' --exclude-dir=node_modules . | while read -r file; do dirname "$file"; done | sort -u | while read -r package; do
	grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$package"/*_test.go | sed 's/^func //' | while read -r target; do
		echo "fuzz.sh: $package $target for $time"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package" </dev/null
	done
done
