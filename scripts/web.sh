#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Builds the pages into web/dist, from where Go takes them into the binary. Without
# Node the committed placeholder is taken instead, and that is said. A build that is
# newer than every source is kept.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
stamp="$root/.cache/web.built"

say() { printf '%s\n' "web.sh: $*"; }

cd "$root/web"
if ! command -v npm >/dev/null; then
	say "Node is not installed: the program is built without its pages (the API is whole)"
	exit 0
fi
major=$(node --version | sed 's/v\([0-9]*\).*/\1/')
if [ "$major" -lt 20 ]; then
	say "Node $(node --version) is too old for the pages (20.19 or newer): the program is built without them"
	exit 0
fi
if [ -f "$stamp" ] && [ -z "$(find . \( -name node_modules -o -name dist -o -name e2e \) -prune -o -type f -newer "$stamp" -print -quit)" ] && [ "$(find dist -name '*.html' | wc -l)" -gt 1 ]; then
	say "the pages are built already"
	exit 0
fi
mkdir -p "$root/.cache"
if [ ! -d node_modules ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
	say "installing the pages' packages (npm ci, about half a minute)"
	npm ci --no-audit --no-fund --loglevel=error
fi
say "building the pages"
npm run --silent build
touch "$stamp"
say "the pages are built"
