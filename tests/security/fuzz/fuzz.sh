#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# fuzz.sh MINUTES TARGET... - fuzz each target for MINUTES: source, ops, programs and frames here, by libFuzzer;
# ops@kernel, programs@kernel and frames@kernel in a guest with kernel K, the kernel's engines against
# those of user space; calls also in the guest. New inputs go to build/fuzz/corpus/TARGET/, crashes to
# build/fuzz/crash-*, output to build/fuzz/TARGET.log. BFK_FUZZ_SEED is the seed of calls.
#
# fuzz.sh --in-guest SECONDS TARGET ENGINES   is the part that runs in the guest.
#
# Exit status: 0 if nothing was found.
set -uo pipefail

cd "$(dirname "$0")/../../.." || exit 2
options=(-max_len=1200 -rss_limit_mb=2048 -print_final_stats=1)

if [ "${1-}" = --in-guest ]; then
    # shellcheck source=tests/harness/vm/guest.bash
    . tests/harness/vm/guest.bash
    # shellcheck disable=SC2119 # no parameters for the module
    bfk_load || exit
    status=0
    ENGINES=$4 "build/fuzz/$3" "${options[@]}" -max_total_time="$2" -artifact_prefix="/out/crash-$3@kernel-" \
        /out "tests/security/fuzz/corpus/$3" 2>&1 | cat || status=1
    bfk_unload || status=1
    exit $status
fi
minutes=${1:?usage: fuzz.sh MINUTES TARGET...}
shift
K=${K:-$(tests/harness/system.sh kernel)}
seconds=$(awk "BEGIN { print int($minutes * 60) }")
status=0

# The log is written through a pipe, because the target limits the size of its own files.
fuzz_by() { # TARGET COMMAND...
    local target=$1 log=build/fuzz/$1.log pid
    shift
    mkdir -p "build/fuzz/corpus/$target"
    "$@" > >(cat >"$log") 2>&1 &
    pid=$!
    while kill -0 $pid 2>/dev/null; do
        [ ! -t 2 ] || printf '\r%s: %s\e[K' "$target" "$(grep -a '^#' "$log" | tail -n 1 | cut -c1-90)" >&2
        sleep 1
    done
    [ ! -t 2 ] || printf '\r\e[K' >&2
    if wait $pid; then
        echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tr -d '\r') executions," \
            "$(grep -ao 'cov: [0-9]*' "$log" | tail -n 1), nothing found"
    else
        tail -n 40 "$log"
        echo "$target: found something: build/fuzz/crash-$target-*, $log"
        status=1
    fi
}

fuzz_here() { # TARGET
    fuzz_by "$1" "build/fuzz/$1" "${options[@]}" -max_total_time="$seconds" -artifact_prefix="build/fuzz/crash-$1-" \
        "build/fuzz/corpus/$1" "tests/security/fuzz/corpus/$1"
}

# Frames run in the interpreters: only their operations are compared.
fuzz_in_guest() { # TARGET@kernel
    local engines=kernel,interp out=build/fuzz/corpus/$1
    [ "$1" != frames@kernel ] || engines=kernel-interp,interp
    mkdir -p "$out"
    fuzz_by "$1" tests/harness/vm/run.sh -k "$K" -t $((seconds + 3600)) -w $((seconds + 900)) -o "$out" -- \
        tests/security/fuzz/fuzz.sh --in-guest "$seconds" "${1%@kernel}" "$engines"
    find "$out" -name 'crash-*' -exec mv {} build/fuzz/ \;
}

fuzz_calls() {
    local log=build/fuzz/calls.log seed=${BFK_FUZZ_SEED:-$RANDOM}
    if tests/harness/vm/run.sh -k "$K" -t $((seconds + 3600)) -w $((seconds + 900)) -- \
        "BFK_FUZZ_SECONDS=$seconds BFK_FUZZ_SEED=$seed tests/kernel/device/run-in-guest.sh calls" >"$log" 2>&1; then
        echo "calls: $(sed -n 's/^# \([0-9]* sequences.*\)/\1/p' "$log"), seed $seed, nothing found"
    else
        tail -n 40 "$log"
        echo "calls: found something, or did not finish, with seed $seed: $log"
        status=1
    fi
}

for target; do
    echo "$target: for $seconds s ..."
    case $target in
        calls) fuzz_calls ;;
        source | ops | programs | frames) fuzz_here "$target" ;;
        ops@kernel | programs@kernel | frames@kernel) fuzz_in_guest "$target" ;;
        *) echo "fuzz.sh: no target is called '$target': source ops programs frames calls, or with @kernel" >&2; exit 2 ;;
    esac
done
exit $status
