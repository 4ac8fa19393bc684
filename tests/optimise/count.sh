#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# count.sh FILE - print how many instructions it takes to compile this program at level 2, starting and
# ending a process included. It is nearly the same number each time, on a busy machine too.
set -uo pipefail

once=$(dirname "$0")/../../build/tests/once
command -v valgrind >/dev/null || { echo "count: no valgrind here: run tests/deps.sh test" >&2; exit 1; }
if ! said=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$once" "$1" 2>&1); then
    grep -v '^==' <<<"$said" >&2
    exit 1
fi
sed -n 's/^==[0-9]*== Collected : //p' <<<"$said" | grep -x '[0-9]*'
