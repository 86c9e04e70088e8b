#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Everything that "make test" does: sees to what is lacking, checks the form of the
# code, runs all tests against one shared PostgreSQL, and ends with what it found.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
PATH="$(scripts/go.sh):$PATH"
export PATH
began=$(date +%s)
notes=""

say() { printf '%s\n' "test.sh: $*"; }
note() {
	say "$*"
	notes="$notes
  $*"
}

scripts/postgres.sh
if ! pg_dump --version >/dev/null 2>&1 && ! ls /usr/lib/postgresql/*/bin/pg_dump >/dev/null 2>&1; then
	note "pg_dump is not here (Debian's postgresql-client): the tests of dump, backup and restore were skipped"
fi
if ! scripts/minio.sh; then
	note "MinIO could not be built: the tests against a real S3 server were skipped"
fi
scripts/web.sh || note "the pages could not be built: the placeholder was taken"

say "the form of the code (gofmt, go vet)"
# npm's packages bring Go files too.
packages=$(go list ./... | grep -v /node_modules/)
folders=$(go list -f '{{.Dir}}' ./... | grep -v /node_modules/ | sed "s|^$root|.|")
# shellcheck disable=SC2086 # lists of folders and packages, none with a space
unformatted=$(for dir in $folders; do gofmt -l "$dir"/*.go; done)
if [ -n "$unformatted" ]; then
	say "not formatted (make fmt does it):" >&2
	printf '%s\n' "$unformatted" >&2
	exit 1
fi
# shellcheck disable=SC2086
go vet $packages

if [ -d web/node_modules ] && command -v npm >/dev/null; then
	say "the tests of the pages"
	(cd web && npm test --silent)
fi

say "the tests (all packages, one PostgreSQL)"
mkdir -p .cache
go build -o .cache/bin/withpostgres ./database/dbtest/withpostgres
status=0
# shellcheck disable=SC2086
.cache/bin/withpostgres go test -count=1 -timeout 20m $packages || status=$?

printf '\n'
if [ "$status" = 0 ]; then
	say "all tests passed in $(($(date +%s) - began)) s"
else
	say "tests failed (after $(($(date +%s) - began)) s); run one package alone with: go test ./FOLDER/" >&2
fi
[ -z "$notes" ] || printf 'test.sh: mind that%s\n' "$notes"
exit "$status"
