#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# fuzz.sh MINUTES TARGET... - fuzz each target for so long: source, ops, programs and frames here, by libFuzzer;
# calls in a guest that runs kernel K (6.1). New inputs go to build/fuzz/corpus/TARGET/, crashes to
# build/fuzz/crash-*, what was said to build/fuzz/TARGET.log. BFK_FUZZ_SEED for calls.
#
# Exit status: 0 if nothing was found.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 2
minutes=${1:?usage: fuzz.sh MINUTES TARGET...}
shift
K=${K:-6.1}
seconds=$(awk "BEGIN { print int($minutes * 60) }")
status=0

fuzz_here() { # TARGET
    local log=build/fuzz/$1.log
    mkdir -p "build/fuzz/corpus/$1"
    "build/fuzz/$1" -max_total_time="$seconds" -max_len=1200 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/crash-$1-" "build/fuzz/corpus/$1" "tests/fuzz/corpus/$1" > >(cat >"$log") 2>&1 & # whose files may not grow
    local pid=$!
    while kill -0 $pid 2>/dev/null; do
        [ ! -t 2 ] || printf '\r%s: %s\e[K' "$1" "$(grep -a '^#' "$log" | tail -n 1 | cut -c1-90)" >&2
        sleep 1
    done
    [ ! -t 2 ] || printf '\r\e[K' >&2
    if wait $pid; then
        echo "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions," \
            "$(grep -ao 'cov: [0-9]*' "$log" | tail -n 1), nothing found"
    else
        tail -n 40 "$log"
        echo "$1: found something: build/fuzz/crash-$1-*, $log"
        status=1
    fi
}

fuzz_calls() {
    local log=build/fuzz/calls.log seed=${BFK_FUZZ_SEED:-$RANDOM}
    if tests/vm/run.sh -k "$K" -t $((seconds + 120)) -- \
        "BFK_FUZZ_SECONDS=$seconds BFK_FUZZ_SEED=$seed tests/device/run-in-guest.sh calls" >"$log" 2>&1; then
        echo "calls: $(sed -n 's/^# \([0-9]* sequences.*\)/\1/p' "$log"), seed $seed, nothing found"
    else
        tail -n 40 "$log"
        echo "calls: found something, with seed $seed: $log"
        status=1
    fi
}

for target; do
    echo "$target: for $seconds s ..."
    case $target in
        calls) fuzz_calls ;;
        source | ops | programs | frames) fuzz_here "$target" ;;
        *) echo "fuzz.sh: no target is called '$target': source ops programs frames calls" >&2; exit 2 ;;
    esac
done
exit $status
