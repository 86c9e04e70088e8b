#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Everything that "make run" does: sees to what is lacking, builds the program and
# becomes it, so that Ctrl-C reaches it directly. Arguments go to "hientruong run".
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
PATH="$(scripts/go.sh):$PATH"
export PATH

[ -n "${HIENTRUONG_DATABASE_URL-}" ] || scripts/postgres.sh
scripts/web.sh || echo "run.sh: the pages could not be built: the placeholder is taken"
echo "run.sh: building the program (the first time takes a minute or two)"
CGO_ENABLED=0 go build -trimpath -o bin/hientruong ./cmd/hientruong
exec bin/hientruong run "$@"
