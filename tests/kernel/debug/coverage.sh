#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# coverage.sh [PART]... - print which lines of the module the device suite and failing allocations reach: on
# the debug kernel, with the module of build/kmod-gcov/, whose counters survive unloading (gcov_persist). Takes
# ten minutes. missed.txt must list every line that is not reached, with the reason; see coverage.py.
set -uo pipefail

cd "$(dirname "$0")/../../.." || exit 2
out=build/coverage

in_guest() {
    local failed=0
    export BFK_MODULE=$PWD/build/kmod-gcov/bfk.ko
    tests/kernel/device/run-in-guest.sh "$@" || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk
    cd "/sys/kernel/debug/gcov$PWD/build/kmod-gcov" || return 1
    find . -name '*.gcda' | while read -r file; do
        mkdir -p "/out/${file%/*}" && cat "$file" >"/out/$file" # their stat size is 0
    done
    return $failed
}

if [ "${1-}" = --in-guest ]; then
    shift
    in_guest "$@"
    exit
fi
# Omits the parts that repeat others: by 32-bit callers, at random, with other programs.
[ $# -gt 0 ] || set -- requests load load_errors run dump mmap \
    language fuel in_out report large \
    ops ops_len ops_load ops_fields \
    read_write streams full positions move open beneath slots no_file file_systems \
    signal endless blocked cut_short \
    threads stress rewritten \
    sockets ready wait_signals \
    share charged fdinfo fdinfo_slots \
    owner exec passing unload \
    seccomp cycle memory uring block ../debug/failures
rm -rf "$out"
mkdir -p "$out"
echo "coverage: running the device suite, which takes ten minutes (its output: $out/log)" >&2
tests/harness/vm/run.sh -k debug -m 3072 -t 36000 -w 3600 -o "$out/counts" -l "$out/console" -- tests/kernel/debug/coverage.sh --in-guest "$@" \
    >"$out/log" 2>&1 || { grep '^not ok' "$out/log" >&2; echo "coverage: not every test passed: $out/log" >&2; }
tests/kernel/debug/coverage.py build/kmod-gcov "$out/counts" tests/kernel/debug/missed.txt
