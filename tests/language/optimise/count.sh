#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# count.sh FILE - print how many instructions it takes to compile this program at level 2, including the start and
# end of the process. The number hardly varies, even on a busy machine.
set -uo pipefail

once=$(dirname "$0")/../../../build/tests/once
command -v valgrind >/dev/null || { echo "count: no valgrind: run tests/harness/deps.sh test" >&2; exit 1; }
if ! said=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$once" "$1" 2>&1); then
    grep -v '^==' <<<"$said" >&2
    exit 1
fi
sed -n 's/^==[0-9]*== Collected : //p' <<<"$said" | grep -x '[0-9]*'
