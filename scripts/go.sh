#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Prints the folder of the Go tools, wherever they are installed: a shell that is not
# a login shell often lacks it in PATH.
set -eu

for dir in "$(dirname "$(command -v go || echo /nowhere/go)")" /usr/local/go/bin "${HOME-}/go/bin" "${HOME-}/sdk"/go*/bin /usr/lib/go*/bin /opt/homebrew/bin; do
	if [ -x "$dir/go" ]; then
		printf '%s\n' "$dir"
		exit 0
	fi
done
echo "go.sh: Go 1.26 or newer is needed: https://go.dev/dl" >&2
exit 1
