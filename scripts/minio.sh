#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the S3 servers which the tests of storage/ run against, into .cache/bin.
#
#   scripts/minio.sh                MinIO
#   scripts/minio.sh --versitygw    MinIO, and versitygw as a second S3
#
# A binary that is already there is kept. The first build takes several minutes,
# so every package that has been compiled is counted on the terminal.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
bin="$root/.cache/bin"
minio=github.com/minio/minio@latest
versitygw=github.com/versity/versitygw/cmd/versitygw@v1.8.0

say() { printf '%s\n' "minio.sh: $*"; }

# build NAME MODULE@VERSION
build() {
	if [ -x "$bin/$1" ]; then
		say "$1 is already in $bin"
		return
	fi
	command -v go >/dev/null || { say "Go is needed to build $1 (https://go.dev/dl)" >&2; exit 1; }
	say "building $1 ($2) into $bin; the first time this takes 4 to 9 minutes"
	part=$(mktemp -d "$bin/.build.XXXXXX")
	status=0
	# Outside the module, so that this module's go.mod takes no part in the build.
	# stdout is empty for go install: it carries the exit status past the pipe.
	status=$( { { cd "$part" && GOFLAGS='' GOBIN="$part" CGO_ENABLED=0 go install -v -trimpath "$2" 2>&1 >/dev/null && rc=0 || rc=$?; echo "$rc" >&3; } | progress "$1" >&2; } 3>&1 )
	if [ "$status" != 0 ]; then
		rm -rf "$part"
		say "building $1 failed" >&2
		exit 1
	fi
	mv "$part/$1" "$bin/$1"
	rm -rf "$part"
	say "$1 is ready: $bin/$1"
}

# progress NAME: counts package lines, passes errors on as they are.
progress() {
	awk -v name="$1" '
		/^go: downloading / { d++; if (d % 50 == 0) { printf "minio.sh: %s: %d modules downloaded\n", name, d; fflush() } next }
		/^[a-zA-Z0-9._~\/-]+$/ { n++; if (n % 100 == 0) { printf "minio.sh: %s: %d packages compiled\n", name, n; fflush() } next }
		{ print; fflush() }'
}

second=no
for arg in "$@"; do
	case "$arg" in
	--versitygw) second=yes ;;
	*) say "unknown argument $arg; usage: scripts/minio.sh [--versitygw]" >&2; exit 2 ;;
	esac
done

mkdir -p "$bin"
build minio "$minio"
if [ "$second" = yes ]; then
	build versitygw "$versitygw"
fi
