#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh [STAGE]... - run the tests, all stages or those named, and count them. The last line is
# "N passed, N failed"; the exit status is 0 only if none failed and each stage ran some. Everything
# a stage printed is in build/test-logs/ (or, next to a run under way, in a folder of its own).
#
# Stages: deps build lint loc unit oracle optimise programs audit prove attacks fuzz async witness equal asan machinery demo service guest-6.1 guest-6.12
# guest-7.3. The guests run next to the others, one after the other. Only if named (make check-debug, check-kcsan,
# check-rt, check-arm64): guest-debug failures planted guest-kcsan planted-race guest-6.1-rt guest-6.12-rt
# build-arm64 guest-arm64 guest-arm64-16k
#
# COUNT   random programs on the engines of this machine (60000)       SEED    of these (1)
set -uo pipefail

cd "$(dirname "$0")/.." || exit 2
logs=build/test-logs
COUNT=${COUNT:-60000} SEED=${SEED:-1}
host_stages=(deps build lint loc unit oracle optimise programs audit prove attacks fuzz async witness equal asan machinery demo service)
read -ra kernels < <(sed -n "s/^KERNELS := //p" Makefile)
guest_stages=("${kernels[@]/#/guest-}")
named_stages=(failures planted planted-race build-arm64)
named_guests=(guest-debug guest-kcsan guest-6.1-rt guest-6.12-rt guest-arm64 guest-arm64-16k)

# --- one line of TAP for a command that prints none ---------------------------------------------
as_test() { # NAME COMMAND...
    local name=$1 log
    shift
    log=$(mktemp)
    if "$@" >"$log" 2>&1 </dev/null; then
        echo "ok 1 - $name"
    else
        sed 's/^/# /' "$log" | tail -n 60
        echo "not ok 1 - $name"
    fi
    echo "1..1"
    rm -f "$log"
}

tap_of() { bats --formatter tap --timing "$@" </dev/null 2>&1; }

# --- the stages ---------------------------------------------------------------------------------
stage_deps() { as_test "deps (build, demo, test) are installed" tests/deps.sh build demo test; }

stage_build() {
    as_test "the user-space programs build" make -s user
    as_test "they build with the sanitizers" make -s asan
    as_test "the test programs build" make -s test-programs
    as_test "Debian's kernels are there" make -s kernels
    as_test "the module builds for each, without a warning" make -s modules
}

stage_lint() { tests/lint.sh --tap; }

stage_loc() { as_test "the trusted code is within its budget of lines" tests/loc.sh; }

stage_unit() {
    build/tests/parse
    build/tests/check
    tap_of tests/unit
}

stage_oracle() {
    build/tests/oracle jit/x86_asm.h build/tests
    build/tests/sticky
    build/tests/layout
    tap_of tests/oracle
}

stage_optimise() {
    build/tests/tables tests/optimise/*.txt
    build/tests/nomem
    tests/optimise/linear.py tests/optimise/count.sh
    tap_of tests/optimise
}

stage_programs() {
    ENGINES="jit interp" tap_of tests/programs/programs.bats tests/programs/examples.bats tests/servers
}

stage_audit() { tap_of tests/audit; }

# A part of what `make prove` proves, and that it can fail.
stage_prove() {
    PROVE=quick as_test "the code of each op is proved to do what the op means" tests/prove/prove.sh
    tap_of tests/prove
}

# What is tried on this machine; the rest is in the device suite. `make attacks` tries the whole list.
stage_attacks() {
    build/tests/spray
    tap_of tests/mutants tests/attacks
}

stage_fuzz() { tap_of tests/fuzz; }

# The queue and continued runs with engines of this process; with the kernel's they are a part of the
# device suite.
stage_async() {
    build/device/queue-jit
    build/device/queue-interp
    build/device/continued-local
    build/device/waited-local
    build/device/flushed-local
    build/device/to_end-local
    build/device/halted-local
    build/device/args-local
    build/device/stops-local
    build/device/tape-local
    build/device/now-local
    tap_of tests/async
}

stage_witness() { tap_of tests/programs/witness.bats; }

stage_equal() {
    build/tests/equal --count "$COUNT" --seed "$SEED"
    tap_of tests/equal
}

stage_asan() {
    build/tests/equal-asan --count $((COUNT / 50)) --max-len 4 --seed $((SEED + 1))
    BFK=$PWD/build/asan/bfk ENGINES="jit interp" tap_of tests/programs/programs.bats tests/programs/examples.bats
    BFK=$PWD/build/asan/bfk BFKD=$PWD/build/asan/bfkd IMAGE=$PWD/build/tests/image-asan \
        tap_of tests/unit/cli.bats tests/unit/bfkd.bats tests/audit
}

stage_machinery() { tap_of tests/vm tests/bench tests/cost; }

stage_demo() { as_test "the demo copies a file both ways, rightly" make -s demo; }

# The service in guests of its own: those of the device suite are the longer of the two lines.
stage_service() {
    local kernel failed=0
    for kernel in "${kernels[@]}"; do
        tests/vm/run.sh -k "$kernel" -l "$logs/console-service-$kernel" -- \
            bats --formatter tap --timing tests/service || failed=1
    done
    return $failed
}

# A quiet machine needs 6 minutes, a busy one hours, and there is nothing to wait for only if the guest
# says nothing: its longest case may take so long (tests/device/dev.h).
long=(-t 36000 -w 3600)

stage_guest() { # KERNEL
    local memory=2048
    case $1 in debug | kcsan) memory=3072 ;; esac
    tests/vm/run.sh -k "$1" -m $memory "${long[@]}" -l "$logs/console-$1" -- tests/run.sh --in-guest
}

# Every allocation fails once.
stage_failures() {
    tests/vm/run.sh -k debug -m 3072 "${long[@]}" -l "$logs/console-failures" -- \
        tests/device/run-in-guest.sh ../debug/failures
}

# The kernels find what they are there to find.
stage_planted() { tap_of tests/debug/planted.bats; }
stage_planted-race() { tap_of tests/debug/race.bats; }

# Another architecture.
stage_build-arm64() {
    as_test "deps (arm64) are installed" tests/deps.sh arm64
    as_test "the module, the user-space programs and the tests of them build for arm64, without a warning" \
        tests/arm64/build.sh arm64,arm64-16k arm64-programs
    tap_of tests/arm64/build.bats
}

# In the guest: the device, and everything that has four engines.
in_guest() {
    local count failed=0 engines="kernel kernel-interp jit interp"
    if [ "$K" = arm64-16k ]; then # what the size of a page matters to
        tests/device/run-in-guest.sh refuse language ops registers fuzz mapped taken edges memory
        return
    fi
    case $K in arm64*) engines="kernel kernel-interp interp" ;; esac # where programs are interpreted
    # shellcheck source=tests/vm/guest.bash
    . tests/vm/guest.bash
    count=$((COUNT / 250 / ${BFK_TEST_SLOW:-1}))
    export ENGINES=$engines BFK=$PWD/build/bfk
    tests/device/run-in-guest.sh || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk # if that failed
    tests/device/run-in-guest.sh uring queue-uring queue-threads queue-denied tests/async/run.bats tests/async/signals.bats tests/async/counted.bats || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk
    tests/programs/quick.bash tests/programs/programs.bats tests/programs/examples.bats || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk
    ENGINES="kernel kernel-interp" tests/programs/quick.bash tests/servers/servers.bats || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk
    as_test "the module is loaded again" bfk_load
    build/tests/equal --engines "${engines// /,}" --count "$count" --max-len 3 --seed "$SEED" ||
        failed=1
    ENGINES=${engines// /,} as_test "the frames of the fuzzer's corpus do the same on all engines" \
        build/tests/frames-replay tests/fuzz/corpus/frames || failed=1
    as_test "the module is unloaded, and nothing has leaked" bfk_unload
    return $failed
}

# --- running and counting -----------------------------------------------------------------------

run_stage() { # NAME: its log, and what it came to in $results/NAME
    local name=$1 start=$SECONDS status=0
    say "$name ..."
    case $name in
        guest-*) stage_guest "${name#guest-}" ;;
        *) "stage_$name" ;;
    esac >"$logs/$name" 2>&1 </dev/null || status=$?
    count_stage "$name" "$status" $((SECONDS - start))
}

# A stage whose results are not as many as its plans say, which ran nothing, or which failed
# without a "not ok", has one failure more.
count_stage() { # NAME STATUS SECONDS
    local name=$1 status=$2 passed failed skipped planned extra=''
    passed=$(grep -a '^ok ' "$logs/$name" | grep -avc '# skip')
    failed=$(grep -ac '^not ok ' "$logs/$name")
    skipped=$(grep -aic '^ok .*# skip' "$logs/$name")
    planned=$(awk -F'[.][.]' '/^1[.][.][0-9]+/ { n += $2 } END { print n + 0 }' "$logs/$name")
    if [ $((passed + failed)) = 0 ]; then
        extra="it ran no test"
    elif [ $((passed + failed + skipped)) != "${planned:-0}" ]; then
        extra="it planned ${planned:-0} tests, and $((passed + failed + skipped)) reported"
    elif [ "$status" != 0 ] && [ "$failed" = 0 ]; then
        extra="it ended with status $status"
    fi
    [ -z "$extra" ] || failed=$((failed + 1))
    printf '%s %s %s %s\n' "$passed" "$failed" "$skipped" "$3" >"$results/$name"
    say "$name: $passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped") in $3 s"
    [ "$failed" = 0 ] || show_failures "$name" "$extra" | sed "s/^/    /"
}

show_failures() { # NAME EXTRA
    [ -z "$2" ] || { echo "$1: $2; the end of its log:"; tail -n 25 "$logs/$1"; }
    # bats explains after "not ok", our C programs before it
    grep -a -B 12 -A 20 '^not ok ' "$logs/$1" | grep -a -e '^not ok' -e '^#' | head -n 60
    echo "(all of it: $logs/$1)"
}

say() { printf 'test: %3d:%02d  %s\n' $((SECONDS / 60)) $((SECONDS % 60)) "$*"; }

summary() {
    local name passed failed skipped seconds all_passed=0 all_failed=0
    printf '\n%-12s %8s %8s %8s %8s\n' stage passed failed skipped seconds
    for name in "$@"; do
        read -r passed failed skipped seconds <"$results/$name" || { passed=0 failed=1 skipped=0 seconds=0; }
        printf '%-12s %8d %8d %8d %8d\n' "$name" "$passed" "$failed" "$skipped" "$seconds"
        all_passed=$((all_passed + passed)) all_failed=$((all_failed + failed))
    done
    printf '%-12s %8d %8d %8s %8d\n\n' all $all_passed $all_failed '' $SECONDS
    echo "$all_passed passed, $all_failed failed"
    [ $all_failed = 0 ] && [ $all_passed -gt 0 ]
}

is_in() { # WORD WORDS...
    local word=$1 other
    shift
    for other in "$@"; do [ "$word" != "$other" ] || return 0; done
    return 1
}

run_guests() { # NAMES...
    local name
    for name in "$@"; do run_stage "$name"; done
}

if [ "${1-}" = --in-guest ]; then
    in_guest
    exit
fi
wanted=("$@")
[ $# -gt 0 ] || wanted=("${host_stages[@]}" "${guest_stages[@]}")
guests=() host=()
for stage in "${wanted[@]}"; do
    if is_in "$stage" "${guest_stages[@]}" "${named_guests[@]}"; then
        guests+=("$stage")
    elif is_in "$stage" "${host_stages[@]}" "${named_stages[@]}"; then
        host+=("$stage")
    else
        echo "run.sh: no stage is called '$stage': ${host_stages[*]} ${guest_stages[*]} ${named_stages[*]} ${named_guests[*]}" >&2
        exit 2
    fi
done

mkdir -p "$logs"
exec 9>"$logs/.lock"
if ! flock -n 9; then # another run is under way here
    logs=build/test-logs.$$
    mkdir -p "$logs"
fi
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS
export LC_ALL=C.UTF-8 WERROR=1
guests_pid=''
for stage in "${host[@]}"; do
    # Guests need what deps and build make.
    if ! is_in "$stage" deps build build-arm64 && [ -z "$guests_pid" ] && [ ${#guests[@]} -gt 0 ]; then
        run_guests "${guests[@]}" &
        guests_pid=$!
    fi
    run_stage "$stage"
done
if [ -n "$guests_pid" ]; then
    wait "$guests_pid"
elif [ ${#guests[@]} -gt 0 ]; then
    run_guests "${guests[@]}"
fi
summary "${wanted[@]}"
