#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# coverage.sh - replay the corpora on a build of jit/ that counts executed lines (gcov), and print the lines not
# reached. Exit status: 0 if all were reached.
set -euo pipefail

cd "$(dirname "$0")/../../.."
top=$PWD
work=$top/build/fuzz/coverage
rm -rf "$work"
mkdir -p "$work"
tests/security/fuzz/replay.sh "$work" --coverage

status=0
for name in parse check x86_asm x86_emit interp; do
    # One line a source line: "count: line: text", ##### for never.
    gcov -t -o "$work" "$work"/*-"$name.gcda" 2>/dev/null >"$work/$name.gcov" || :
    awk -F: -v file="jit/$name.c" '
        $0 ~ "Source:" { mine = index($0, file) > 0 }
        !mine || $2 + 0 == 0 || $1 ~ /-$/ { next }
        { n[$2]; if ($1 !~ /#####/) hit[$2]; text[$2] = $0; sub(/^[^:]*:[^:]*:/, "", text[$2]) }
        END {
            for (i in n) { all++; if (i in hit) reached++; else print file ":" i + 0 ":" text[i] }
            printf "%s: %d of %d lines\n", file, reached, all
            exit reached != all
        }' "$work/$name.gcov" || status=1
done
exit $status
