#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run.sh [STAGE]...                         run the tests, all stages or those named, and count them
# run.sh [-f REGEX] FILE.bats|FOLDER...     run these files, or those of their tests whose name matches
# run.sh --list                             list the stages, the question of each, and how long it takes
#
# The last line of stages is "N passed, N failed"; the exit status is 0 only if none failed and each stage ran
# some. The output of each stage is in build/test-logs/ (or in another folder, if another run is in progress).
# The guests run in parallel with the other stages, one after another. A name or a REGEX that matches nothing fails.
#
# COUNT   random programs on the engines of this machine (60000)       SEED    of these (1)
set -uo pipefail

cd "$(dirname "$0")/.." || exit 2
logs=build/test-logs
COUNT=${COUNT:-60000} SEED=${SEED:-1}
read -ra kernels < <(sed -n "s/^KERNELS := //p" Makefile)

# NAME WHERE TIME QUESTION. WHERE: host or guest run by default, named and named-guest only if named. TIME is for
# two otherwise idle processors, without fetching or building a kernel.
stages() {
    local kernel
    cat <<'END'
deps host 1s Is everything installed that is needed to build and test?
build host 5m Does everything build, without a warning, and with the sanitizers?
lint host 20s Do sparse, checkpatch, kernel-doc, clang-format, shellcheck and mandoc find nothing?
loc host 1s Is the trusted code within its budget of lines?
unit host 1m Do the parser, the command, libbfk, bfkd without a device, and the files around them behave as documented?
oracle host 10s Does the encoder write the same bytes as nasm?
optimise host 40s Does each pass make the ops of its tables, in time and memory proportional to the source?
programs host 10s Do the programs, examples and servers do what is expected of them?
audit host 3s Does the auditor refuse each image that the sandbox does not allow?
prove host 1m Does the code of each op do what the op means, for all operands?
attacks host 50s Is the list of attacks complete, and does each patch that removes a defence still apply?
review host 3m Does the judge of the review exercises accept what is right, and refuse what cheats?
fuzz host 40s Do the corpora pass, and do the fuzz targets detect planted bugs?
async host 30s Do the queue and continued runs work on the engines of this process?
witness host 30s Do independent interpreters agree with bfk?
equal host 80s Do random programs end alike on the engines of this machine, whatever the optimiser does?
asan host 1m Do the sanitizers find nothing in the command, the service, the auditor and random programs?
machinery host 2m Do the guest, the benchmarks and the measurements of cost detect planted errors?
demo host 35s Does `make demo` copy a file in the kernel?
service host 12m Does bfkd serve, refuse and restart correctly, in a guest of each kernel?
END
    for kernel in "${kernels[@]}"; do
        echo "guest-$kernel guest 8m Does the device suite pass on Debian's $kernel, and do all four engines agree there?"
    done
    cat <<'END'
guest-debug named-guest 1h The same under KASAN, lockdep and kmemleak: does nothing complain? (make check-debug)
failures named 1h Does every failing allocation leave everything unchanged? (make check-debug)
planted named 1h Does that kernel detect mistakes planted in the module? (make check-debug)
guest-kcsan named-guest 1h The same with KCSAN: are there no data races? (make check-kcsan)
planted-race named 10m Does that kernel detect a race planted in the module? (make check-kcsan)
guest-6.1-rt named-guest 10m The same on Debian's PREEMPT_RT kernel 6.1 (make check-rt)
guest-6.12-rt named-guest 10m The same on Debian's PREEMPT_RT kernel 6.12 (make check-rt)
build-arm64 named 10m Does everything build for arm64? (make check-arm64)
guest-arm64 named-guest 30m The same on arm64, interpreted (make check-arm64)
guest-arm64-16k named-guest 10m The parts that depend on the page size, with pages of 16 KiB (make check-arm64)
END
}

stages_of() { stages | awk -v where="$1" '$2 == where { print $1 }'; }

mapfile -t host_stages < <(stages_of host)
mapfile -t guest_stages < <(stages_of guest)
mapfile -t named_stages < <(stages_of named)
mapfile -t named_guests < <(stages_of named-guest)

list_stages() {
    local name where time question
    printf '%-16s %5s  %s\n' stage about asks
    while read -r name where time question; do
        case $where in named*) question+=" [only if named]" ;; esac
        printf '%-16s %5s  %s\n' "$name" "$time" "$question"
    done < <(stages)
}

# run_files REGEX PATH...: an empty REGEX matches any name. bats alone succeeds if a REGEX matches nothing.
run_files() {
    local filter=() n
    [ -z "$1" ] || filter=(-f "$1")
    n=$(bats --count "${filter[@]}" "${@:2}") || return 2
    if [ "$n" = 0 ]; then
        echo "run.sh: no test of ${*:2} has a name that matches '${1:-.}'" >&2
        return 2
    fi
    bats "${filter[@]}" "${@:2}"
}

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
stage_deps() { as_test "deps (build, demo, test) are installed" tests/harness/deps.sh build demo test; }

stage_build() {
    as_test "the user-space programs build" make -s user
    as_test "they build with the sanitizers" make -s asan
    as_test "the test programs build" make -s test-programs
    as_test "Debian's kernels are there" make -s kernels
    as_test "the module builds for each, without a warning" make -s modules
}

stage_lint() { tests/source/lint.sh --tap; }

stage_loc() { as_test "the trusted code is within its budget of lines" tests/source/loc.sh; }

stage_unit() {
    build/tests/parse
    build/tests/check
    tap_of tests/unit
}

stage_oracle() {
    build/tests/oracle jit/x86_asm.h build/tests
    build/tests/sticky
    build/tests/layout
    tap_of tests/language/oracle
}

stage_optimise() {
    build/tests/tables tests/language/optimise/*.txt
    build/tests/nomem
    tests/language/optimise/linear.py tests/language/optimise/count.sh
    tap_of tests/language/optimise
}

stage_programs() {
    ENGINES="jit interp" tap_of tests/language/programs/{programs,examples}.bats tests/language/servers
}

stage_audit() { tap_of tests/security/audit; }

# A part of the proofs of `make prove`, and that they can fail.
stage_prove() {
    PROVE=quick as_test "the code of each op is proved to do what the op means" tests/language/prove/prove.sh
    tap_of tests/language/prove
}

# The attacks that run on this machine; the rest are in the device suite. `make attacks` tries the whole list.
stage_attacks() {
    build/tests/spray
    tap_of tests/security/mutants tests/security/attacks
}

# `make exercises-test` judges all exercises.
stage_review() { tap_of tests/security/review/{judge,guest}.bats; }

stage_fuzz() { tap_of tests/security/fuzz; }

# The queue and continued runs with the engines of this process; the device suite tests them with the
# kernel's.
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
    tap_of tests/kernel/async
}

stage_witness() { tap_of tests/language/programs/witness.bats; }

stage_equal() {
    build/tests/equal --count "$COUNT" --seed "$SEED"
    tap_of tests/language/equal
}

stage_asan() {
    build/tests/equal-asan --count $((COUNT / 50)) --max-len 4 --seed $((SEED + 1))
    BFK=$PWD/build/asan/bfk ENGINES="jit interp" tap_of tests/language/programs/{programs,examples}.bats
    BFK=$PWD/build/asan/bfk BFKD=$PWD/build/asan/bfkd IMAGE=$PWD/build/tests/image-asan \
        tap_of tests/unit/{cli,command,json,bfkd}.bats tests/security/audit
}

stage_machinery() { tap_of tests/harness/vm tests/perf/bench tests/perf/cost; }

stage_demo() { as_test "the demo copies a file both ways, correctly" make -s demo; }

# The service has its own guests, in parallel with those of the device suite, which take longer.
stage_service() {
    local kernel failed=0
    for kernel in "${kernels[@]}"; do
        tests/harness/vm/run.sh -k "$kernel" -l "$logs/console-service-$kernel" -- \
            bats --formatter tap --timing tests/kernel/service || failed=1
    done
    return $failed
}

# A quiet machine needs 6 minutes, a busy one hours. Only a guest without output is hung: its longest
# case may take this long (tests/kernel/device/dev.h).
long=(-t 36000 -w 3600)

stage_guest() { # KERNEL
    local memory=2048
    case $1 in debug | kcsan) memory=3072 ;; esac
    tests/harness/vm/run.sh -k "$1" -m $memory "${long[@]}" -l "$logs/console-$1" -- tests/run.sh --in-guest
}

# Makes every allocation fail once.
stage_failures() {
    tests/harness/vm/run.sh -k debug -m 3072 "${long[@]}" -l "$logs/console-failures" -- \
        tests/kernel/device/run-in-guest.sh ../debug/failures
}

# The debug kernels find planted mistakes.
stage_planted() { tap_of tests/kernel/debug/planted.bats; }
stage_planted-race() { tap_of tests/kernel/debug/race.bats; }

# Another architecture.
stage_build-arm64() {
    as_test "deps (arm64) are installed" tests/harness/deps.sh arm64
    as_test "the module, the user-space programs and their tests build for arm64, without a warning" \
        tests/kernel/arm64/build.sh arm64,arm64-16k arm64-programs
    tap_of tests/kernel/arm64/build.bats
}

# In the guest: tests the device, and everything that has four engines.
in_guest() {
    local count failed=0 engines="kernel kernel-interp jit interp"
    if [ "$K" = arm64-16k ]; then # only tests that depend on the page size
        tests/kernel/device/run-in-guest.sh refuse language ops registers fuzz mapped taken edges memory
        return
    fi
    case $K in arm64*) engines="kernel kernel-interp interp" ;; esac # no machine code on arm64
    # shellcheck source=tests/harness/vm/guest.bash
    . tests/harness/vm/guest.bash
    count=$((COUNT / 250 / ${BFK_TEST_SLOW:-1}))
    export ENGINES=$engines BFK=$PWD/build/bfk
    tests/kernel/device/run-in-guest.sh || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk # after a failure
    tests/kernel/device/run-in-guest.sh uring queue-uring queue-threads queue-denied \
        tests/kernel/async/{run,signals,counted}.bats || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk
    tests/language/programs/quick.bash tests/language/programs/{programs,examples}.bats || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk
    ENGINES="kernel kernel-interp" tests/language/programs/quick.bash tests/language/servers/servers.bats || failed=1
    [ ! -d /sys/module/bfk ] || rmmod bfk
    as_test "the module is loaded again" bfk_load
    build/tests/equal --engines "${engines// /,}" --count "$count" --max-len 3 --seed "$SEED" ||
        failed=1
    ENGINES=${engines// /,} as_test "the frames of the fuzzer's corpus do the same on all engines" \
        build/tests/frames-replay tests/security/fuzz/corpus/frames || failed=1
    as_test "the module is unloaded, and nothing has leaked" bfk_unload
    return $failed
}

# --- running and counting -----------------------------------------------------------------------

run_stage() { # NAME: writes its log, and its results to $results/NAME
    local name=$1 start=$SECONDS status=0
    say "$name ..."
    case $name in
        guest-*) stage_guest "${name#guest-}" ;;
        *) "stage_$name" ;;
    esac >"$logs/$name" 2>&1 </dev/null || status=$?
    count_stage "$name" "$status" $((SECONDS - start))
}

# A stage that reports fewer or more results than it planned, that ran nothing, or that failed
# without a "not ok", has one more failure.
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
    echo "(all output: $logs/$1)"
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
regex=''
case ${1-} in
    --list)
        list_stages
        exit
        ;;
    -f)
        if [ $# -lt 3 ] || [ -z "$2" ]; then
            echo "usage: run.sh -f REGEX FILE.bats|FOLDER..." >&2
            exit 2
        fi
        regex=$2
        shift 2
        ;;
esac
# A stage called as a folder is, such as build, is the stage.
is_file() { [ -e "$1" ] && ! is_in "$1" "${host_stages[@]}" "${named_stages[@]}"; }
if [ -n "$regex" ] || is_file "${1-}"; then
    run_files "$regex" "$@"
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
        echo "run.sh: no stage or file is called '$stage'; see: tests/run.sh --list" >&2
        exit 2
    fi
done

mkdir -p "$logs"
exec 9>"$logs/.lock"
if ! flock -n 9; then # another run is in progress here
    logs=build/test-logs.$$
    mkdir -p "$logs"
fi
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS
export LC_ALL=C.UTF-8 WERROR=1
guests_pid=''
for stage in "${host[@]}"; do
    # Guests need the results of deps and build.
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
