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

# shellcheck source=tests/harness/stages.bash
. tests/harness/stages.bash

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
