#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs golangci-lint at a fixed version; the first time it is built into .cache/bin.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
PATH="$(scripts/go.sh):$PATH"
export PATH
version=v2.15.0
tool=.cache/bin/golangci-lint-$version

if [ ! -x "$tool" ]; then
	echo "lint.sh: building golangci-lint $version into .cache/bin (3 to 6 minutes, once)"
	part=$(mktemp -d)
	trap 'rm -rf "$part"' EXIT
	mkdir -p .cache/bin
	GOFLAGS='' GOBIN="$part" go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
	mv "$part/golangci-lint" "$tool"
fi
exec "$tool" run "$@" ./...
