#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# replay.sh DIR [FLAG]... - build the targets without their fuzzer, with these compiler flags, in DIR, and
# run their corpora once. SOURCES: another tree with the sources to build. TARGETS: some of the targets.
set -euo pipefail

cd "$(dirname "$0")/../../.."
dir=$(cd "$1" && pwd)
shift
tests=$PWD
read -ra targets <<<"${TARGETS:-source ops programs frames}"
cd "${SOURCES:-.}"
mapfile -t lib < <(make -s print-fuzz-lib | grep -v 'S$')
gcc -D__ASSEMBLY__ -I. -c -o "$dir/enter.o" userspace/local/enter.S
cflags=(-std=gnu11 -g -O0 -w -I. -DBFK_VERSION=0 "$@")
for target in "${targets[@]}"; do
    if [ "$target" = source ]; then
        gcc "${cflags[@]}" -o "$dir/source" "$tests"/tests/security/fuzz/{source,replay}.c jit/{parse,check,interp}.c
        continue
    fi
    gcc "${cflags[@]}" -Wl,--wrap=bfk_host -o "$dir/$target" "$tests/tests/security/fuzz/$target.c" "$tests/tests/security/fuzz/replay.c" \
        "${lib[@]}" "$dir/enter.o" -lcapstone -luring
done
for target in "${targets[@]}"; do
    if ! (cd "$dir" && "./$target" "$tests/tests/security/fuzz/corpus/$target" >"$target.out" 2>&1); then
        tail -n 25 "$dir/$target.out"
        echo "$target: an input of the corpus fails"
        exit 1
    fi
    echo "$target: $(tail -n 1 "$dir/$target.out")"
done
