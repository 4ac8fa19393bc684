#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# exercise.sh N                print exercise N, and boot a guest with its broken module, ready to be attacked
# exercise.sh list             list the exercises
# exercise.sh hint N LEVEL     print a hint: 1 to 3
# exercise.sh solution N       print the explanation, the bug as a patch, and an exploit
# exercise.sh try N FILE       run an exploit (FILE.bf or FILE.c) once on the broken module, and show what happens
# exercise.sh check N FILE     judge an exploit, and the fix if there is one (see README.md)
# exercise.sh check-all [N]... judge the exploits of the solutions, and bfk itself as the fix
#
# From the environment: K is the kernel. LIMIT is how many seconds an exploit may run for (60). ROUNDS is how often it
# runs on each module (3). FULL=1 makes a fix pass the whole device suite, not only the exercise's part of it.
#
# Exit status of check: 0 the exploit shows the bug, and the fix works; 1 refused: one of them does not; 2 wrong arguments, or it
# does not build; 3 the exploit shows the bug, and there is no fix yet; 4 not judged: there was no exploit, or the guest failed
# twice. Of try: 0 it saw the bug; 1 it did not; 2 and 4 as above.
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
# shellcheck source=examples/review/review.bash
. examples/review/review.bash
# shellcheck source=examples/review/judge.bash
. examples/review/judge.bash
K=${K:-$(tests/harness/system.sh kernel)}
LIMIT=${LIMIT:-60} ROUNDS=${ROUNDS:-3} FULL=${FULL-}
export WERROR=1 LIMIT K
top=$PWD
root=$top/build/exercise # check-all uses another folder
vm=${REVIEW_VM:-tests/harness/vm/run.sh} # the judge's own tests replace it

usage() { sed -n '3,/^set /{/^set /!s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
say() { echo "exercise: $*"; }
wrong() { say "$*" >&2; exit 2; }
short() { echo "${1#"$top"/}"; }

check_settings() {
    [[ $LIMIT =~ ^[1-9][0-9]{0,4}$ ]] || wrong "LIMIT is a number of seconds, not '$LIMIT'"
    [[ $ROUNDS =~ ^[1-9][0-9]?$ ]] || wrong "ROUNDS is a number, 1 to 99, not '$ROUNDS'"
    [[ " $(sed -n 's/^KERNELS := //p' Makefile) debug " = *" $K "* ]] || wrong "there is no kernel '$K' for exercises"
}

# --- the modules --------------------------------------------------------------------------------
sum_sources() { cat Makefile {bfk,jit,syscall_ops}/*.[chS] | cksum; }

# Sets $n, $work and $logs. Creates the broken sources, for the student to read and fix, unless they exist.
open_exercise() { # N
    n=$(review_number "$1") || exit
    work=$root/$n logs=$root/$n/$K
    if [ -d "$work/src" ] && [ "$(cat "$work/sum" 2>/dev/null)" != "$(sum_sources)" ]; then
        wrong "bfk has changed since you began exercise $n: save your changes, remove $(short "$work"), and begin again"
    fi
    mkdir -p "$logs" "$work/work"
    for file in skeleton.c skeleton.bf; do
        [ -e "$work/work/exploit.${file##*.}" ] || cp "$review_dir/$file" "$work/work/exploit.${file##*.}"
    done
    [ ! -d "$work/src" ] || return 0
    rm -rf "$work/src.new" "$work/broken"
    mkdir -p "$work/src.new"
    cp -r Makefile bfk jit syscall_ops "$work/src.new/"
    review_patch "$n" | patch -s -d "$work/src.new" -p1 --fuzz=0 --forward --batch ||
        { rm -rf "$work/src.new"; wrong "the patch of exercise $n does not apply to these sources"; }
    cp -r "$work/src.new" "$work/broken"
    sum_sources >"$work/sum"
    mv "$work/src.new" "$work/src"
}

build_module() { # SOURCES DEST
    tests/harness/vm/kmod.sh "$K" "$1" "$2" >"$logs/build.log" 2>&1 || { cat "$logs/build.log"; say "it does not build"; return 2; }
}

broken_module() { # the one of this kernel
    [ -e "$logs/broken/bfk.ko" ] || build_module "$work/broken" "$logs/broken"
}

# The Makefile is bfk's own: that of a fix would run on this machine.
fixed_module() {
    cp Makefile "$work/src/Makefile"
    build_module "$work/src" "$logs/fixed"
}

sound=$top/build/kmod-$K/bfk.ko
build_judge() {
    mkdir -p build/review
    make -s "${sound#"$top"/}" build/bfk "K=$K" >"$logs/build.log" 2>&1 || { cat "$logs/build.log"; exit 2; }
    [ build/review/jail -nt "$review_dir/jail.c" ] ||
        gcc -O1 -Wall -D_GNU_SOURCE -static -o build/review/jail "$review_dir/jail.c" || exit 2
}

# Prepares an exploit as a file that the guest can run; prints its path.
prepare() { # FILE NAME
    local out=$logs/$2
    case $1 in
        *.bf)
            cp "$1" "$out.bf"
            rm -f "$out.in"
            [ ! -e "${1%.bf}.in" ] || cp "${1%.bf}.in" "$out.in"
            echo "$out.bf"
            ;;
        *.c) gcc -std=gnu11 -O1 -Wall -D_GNU_SOURCE -I. -static -pthread -o "$out" "$1" >&2 && echo "$out" ;;
    esac
}

check_exploit() { # FILE
    [ -f "$1" ] || wrong "EXPLOIT=$1: there is no such file; a skeleton is in $(short "$work")/work"
    case $1 in
        *.bf | *.c) ;;
        *) wrong "EXPLOIT=$1: an exploit is a .bf or a .c file" ;;
    esac
}

# --- attacks ------------------------------------------------------------------------------------
# Ends a guest that has begun an attack and says nothing more, long after its own time limit for it; status 124. Ends one that
# has done all, too: it may not be able to power off, if a process holds one of its processors. A guest that is only
# starting has more time (run.sh's -t).
watch_attack() { # PID LOG
    local before='' now silent=0
    while kill -0 "$1" 2>/dev/null; do
        sleep 0.5
        now=$(grep -a '^review: ' "$2" | tail -n 1)
        silent=$((silent + 1))
        [ "$now" = "$before" ] || silent=0
        before=$now
        case $now in
            *done) [ $silent -lt 20 ] || kill "$1" ;;
            *begins)
                [ $silent -gt $((8 * (LIMIT + 60))) ] || continue
                kill "$1"
                return 124
                ;;
        esac
    done
}

# Runs the rounds of a plan in a new guest; sets $token and $ended.
run_guest() { # PLAN
    local guest
    token=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
    rm -f "$logs/console"
    "$vm" -k "$K" -t $((3600 + ROUNDS * 10 * LIMIT)) -l "$logs/console" -- \
        env "TOKEN=$token" "LIMIT=$LIMIT" examples/review/attack.sh "$1" >"$logs/attack.log" 2>&1 &
    guest=$!
    watch_attack $guest "$logs/attack.log"
    ended=$?
    wait $guest || [ $ended = 124 ] || ended=$?
    touch "$logs/console"
    cat "$logs/attack.log" "$logs/console" >>"$logs/all.log"
}

# Prints what an exploit printed in a round, and what the kernel said about it.
show_round() { # ROUND
    sed -n "/^review: round $1: begins/,/^review: round $1: /{/^review:/!p}" "$logs/attack.log" | sed '/^vm (/,$d' | head -n 40
    tr -d '\r' <"$logs/console" | sed '1,/bfk-test: review '"$token: $1"' begins/d; /bfk-test: review/,$d' |
        grep -aE -A 14 "$judge_complaint" | head -n 24 | sed 's/^/    kernel: /'
}

# Runs all rounds of $logs/plan, lines of "ROUND MODULE EXPLOIT USER WANTED", in as many guests as that needs. Status 0: each
# verdict is the wanted one; 1: one is not, and $round, $verdict and $why are about that one; 4: the guest failed twice.
run_plan() {
    local failures=0 wanted first
    : >"$logs/all.log"
    while [ -s "$logs/plan" ]; do
        run_guest "$logs/plan"
        judge_rounds "$logs/console" "$token" "$ended" >"$logs/rounds"
        first=$(head -n 1 "$logs/plan" | cut -f 1)
        join_verdicts "$first" | judge_final >"$logs/verdicts"
        while read -r round wanted verdict _ why; do
            if [ "$verdict" = shown ] && [ ! -e "$logs/shown.log" ]; then
                { show_round "$round"; echo "    ($why)"; } >"$logs/shown.log"
            fi
            [ "$verdict" = "$wanted" ] || { show_round "$round" >"$logs/wrong.log"; return 1; }
        done <"$logs/verdicts"
        keep_pending
        [ ! -s "$logs/verdicts" ] || continue
        [ $((failures += 1)) -lt 2 ] || return 4
        say "the guest did not say that an attack began and how it ended (status $ended); trying once more"
    done
}

# From the verdicts of this guest: lines "ROUND WANTED VERDICT first|later WHY", in the order of the rounds.
join_verdicts() { # FIRST
    awk -v first="$1" 'NR == FNR { wanted[$1] = $5; next }
        { r = $1; v = $2; sub(/^[^ ]+ [^ ]+ /, ""); print r, wanted[r], v, r == first ? "first" : "later", $0 }' \
        FS='\t' "$logs/plan" FS=' ' "$logs/rounds"
}

# Leaves the rounds without a final verdict in the plan: first those of which the verdict has to be confirmed.
keep_pending() {
    awk 'FILENAME ~ /verdicts$/ { done[$1] = 1; next }
        FILENAME ~ /rounds$/ { seen[$1] = 1; next }
        !done[$1] { print seen[$1] ? 0 : 1, $0 }' "$logs/verdicts" "$logs/rounds" "$logs/plan" |
        sort -s -n -k 1,1 | cut -d' ' -f2- >"$logs/plan.new"
    mv "$logs/plan.new" "$logs/plan"
}

# Makes a plan in random order of rows "MODULE EXPLOIT WANTED", each ROUNDS times.
make_plan() { # [MODULE EXPLOIT WANTED]...
    local i user
    user=$(review_user "$n")
    rm -f "$logs"/{shown,wrong}.log
    while [ $# -gt 0 ]; do
        for ((i = 0; i < ROUNDS; i++)); do printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$user" "$3"; done
        shift 3
    done | shuf | cat -n | sed 's/^ *//' >"$logs/plan"
    cp "$logs/plan" "$logs/plan.all"
}

not_judged() {
    sed 's/^/    /' "$logs/attack.log" | tail -n 5
    say "not judged: the guest failed twice, which says nothing about your work ($(short "$logs")/all.log)"
    return 4
}

limit_note() {
    [[ ${why-} != *"in time"* ]] || say "it may run for $LIMIT s; LIMIT=$((LIMIT * 5)) allows more"
}

# Does it show the bug on the broken module each time, and on the sound one never?
judge_exploit() { # FILE
    local exploit status module
    exploit=$(prepare "$1" exploit) || { say "$1 does not compile"; return 2; }
    broken_module || return
    build_judge
    make_plan "$logs/broken/bfk.ko" "$exploit" shown "$sound" "$exploit" not-shown
    say "running $(basename "$1") $ROUNDS times on each module, for at most $LIMIT s each"
    run_plan
    status=$?
    case $status in
        0)
            cat "$logs/shown.log"
            say "$(basename "$1") shows the bug"
            return 0
            ;;
        4) not_judged; return ;;
    esac
    module=$(awk -F'\t' -v round="$round" '$1 == round { print $2 }' "$logs/plan.all")
    cat "$logs/wrong.log"
    if [ "$module" = "$sound" ]; then
        say "$(basename "$1") shows the same on bfk without the bug: it shows something else ($why)"
    else
        [ ! -e "$logs/shown.log" ] || say "it did another time, but it has to each time"
        say "$(basename "$1") does not show the bug ($why)"
        limit_note
    fi
    return 1
}

own_exploit() { # prints the path of the solution's exploit
    local folder file
    folder=$(review_folder "$n") || return
    file=$(echo "$folder"/exploit.*.rot13)
    file=$(basename "${file%.rot13}")
    review_decode <"$folder/$file.rot13" >"$logs/solution.${file##*.}"
    echo "$logs/solution.${file##*.}"
}

# --- fixes --------------------------------------------------------------------------------------
has_fix() { ! diff -rq -x Makefile "$work/broken" "$work/src" >/dev/null; }

judge_fix() { # FILE
    local own theirs rows=() status
    own=$(own_exploit)
    fixed_module || return
    rows=("$logs/fixed/bfk.ko" "$(prepare "$own" own)" not-shown)
    theirs=$(prepare "$1" exploit)
    cmp -s "$own" "$1" || rows+=("$logs/fixed/bfk.ko" "$theirs" not-shown)
    make_plan "${rows[@]}"
    say "running the exploits on your module"
    run_plan
    status=$?
    case $status in
        0) judge_rest ;;
        1)
            cat "$logs/wrong.log"
            case $verdict in
                no-module) say "your fix does not work: $why" ;;
                *) say "your fix does not work: an exploit still shows the bug ($why)" ;;
            esac
            return 1
            ;;
        4) not_judged ;;
    esac
}

# Runs parts of the device suite, or one case, with a module; sets $ended.
run_suite() { # MODULE COMMAND...
    local module=$1
    shift
    rm -f "$logs/console"
    "$vm" -k "$K" -a loglevel=7 -l "$logs/console" -t 36000 -w 3600 -- env "BFK_MODULE=$module" "$@" >"$logs/suite.log" 2>&1
    ended=$?
    touch "$logs/console"
}

run_again() { # MODULE DRIVER [CASE]: 0 passes, 1 fails, 4 not run
    local status
    for _ in 1 2; do
        case $2 in
            module) run_suite "$1" examples/review/load.sh ;;
            *) if [ -n "${3-}" ]; then
                run_suite "$1" tests/security/attacks/try.sh "device $2 $3"
            else
                run_suite "$1" tests/kernel/device/run-in-guest.sh "$2"
            fi ;;
        esac
        judge_again "$logs/suite.log" "$logs/console" "$ended"
        status=$?
        [ $status = 4 ] || return $status
    done
    return 4
}

# What fails is run again, alone, and with the sound module: a fix is refused for what fails both times with it, and
# passes there.
judge_failure() { # DRIVER CASE: 0 not the fix's fault, 1 it is, 4 not judged
    local name="$1${2:+: $2}"
    say "this failed, running it again: $name"
    run_again "$logs/fixed/bfk.ko" "$@"
    case $? in 0) return 0 ;; 4) return 4 ;; esac
    cp "$logs/suite.log" "$logs/again.log"
    run_again "$sound" "$@"
    case $? in 1) return 0 ;; 4) return 4 ;; esac
    grep -a -B 8 '^not ok' "$logs/again.log" | head -n 16
    say "your fix breaks something: $name ($(short "$logs")/again.log)"
    return 1
}

judge_rest() {
    local parts=() driver name status failed=0
    [ -n "$FULL" ] || mapfile -t parts < <(review_drivers "$n")
    if [ -n "$FULL" ]; then
        say "the exploits fail now; running the whole device suite (many minutes)"
        make -s user test-programs >"$logs/build.log" 2>&1 || { cat "$logs/build.log"; return 2; }
    else
        say "the exploits fail now; running the device suite's ${parts[*]} (FULL=1 runs all of it)"
        make -s "${parts[@]/#/build/device/}" >"$logs/build.log" 2>&1 || { cat "$logs/build.log"; return 2; }
    fi
    for _ in 1 2; do
        run_suite "$logs/fixed/bfk.ko" tests/kernel/device/run-in-guest.sh "${parts[@]}"
        ! grep -aq '^ok .*the module can be inserted' "$logs/suite.log" || break
    done
    cp "$logs/suite.log" "$logs/first.log"
    grep -aq '^ok .*the module can be inserted' "$logs/first.log" || { cp "$logs/first.log" "$logs/attack.log"; not_judged; return; }
    while IFS=$'\t' read -r -u 7 driver name; do
        judge_failure "$driver" "$name"
        status=$?
        [ $status != 1 ] || return 1
        [ $status = 0 ] || failed=4
    done 7< <(judge_suite "$logs/first.log" "${parts[@]}")
    [ $failed = 0 ] || { cp "$logs/suite.log" "$logs/attack.log"; not_judged; return; }
    say "your fix works, and breaks nothing"
}

# --- commands -----------------------------------------------------------------------------------
check() { # N FILE
    open_exercise "$1"
    if [ -z "$2" ]; then
        ! has_fix || say "your fix is judged together with an exploit that shows the bug"
        say "not judged: EXPLOIT=FILE is missing; a skeleton is in $(short "$work")/work"
        return 4
    fi
    check_exploit "$2"
    judge_exploit "$2" || return
    if ! has_fix; then
        say "no fix yet: the sources in $(short "$work")/src are unchanged"
        return 3
    fi
    judge_fix "$2"
}

try() { # N FILE
    local exploit
    open_exercise "$1"
    [ -n "$2" ] || wrong "EXPLOIT=FILE is missing; a skeleton is in $(short "$work")/work"
    check_exploit "$2"
    exploit=$(prepare "$2" exploit) || { say "$2 does not compile"; return 2; }
    broken_module || return
    build_judge
    ROUNDS=1
    make_plan "$logs/broken/bfk.ko" "$exploit" shown
    run_plan
    case $? in
        0) cat "$logs/shown.log"; say "it shows the bug on the broken module; exercise-check compares with the sound one" ;;
        1)
            cat "$logs/wrong.log"
            say "it does not show the bug ($why)"
            limit_note
            return 1
            ;;
        4) not_judged ;;
    esac
}

check_all() { # [N]...: TAP
    local each file failed=0 i=0
    root=$top/build/exercises-test
    [ $# -gt 0 ] || mapfile -t each < <(review_list | cut -d' ' -f1)
    [ $# = 0 ] || each=("$@")
    for each in "${each[@]}"; do
        each=$(review_number "$each") || exit
        rm -rf "$root/$each/src"
        (open_exercise "$each" && cp -r Makefile bfk jit syscall_ops "$work/src/") || exit
        open_exercise "$each"
        file=$(own_exploit)
        check "$each" "$file" >"$logs/verdict" 2>&1 || { sed "s/^/# $? /" "$logs/verdict"; printf 'not '; failed=1; }
        echo "ok $((i += 1)) - exercise $each: its exploit shows the bug, and bfk itself is a right fix"
    done
    echo "1..$i"
    return $failed
}

start() { # N
    open_exercise "$1"
    build_module "$work/src" "$logs/fixed" || exit
    make -s build/bfk
    cat "$(review_folder "$n")/README.md"
    cat <<END

--- The module's sources, with the bug: $(short "$work")/src. This is a guest that runs it: bfk.ko is loaded, and
    build/bfk is the command. Nothing you do here is kept but in /out, which is $(short "$work")/work: the skeletons of
    exploits are there, exploit.c and exploit.bf. Ctrl-A x ends it. On this machine:
        make exercise-hint N=$n LEVEL=1         a hint
        make exercise-try N=$n EXPLOIT=FILE     runs an exploit on the broken module, and shows what happens
        make exercise-check N=$n EXPLOIT=FILE   judges it, and your fix
END
    "$vm" -k "$K" -i -o "$work/work" -- "insmod ${logs@Q}/fixed/bfk.ko; exec bash"
}

hint() { # N LEVEL
    local folder
    folder=$(review_folder "$1") || exit
    [[ $2 = [123] ]] || wrong "there are three hints: LEVEL is 1, 2 or 3, not '$2'"
    review_decode <"$folder/hints.rot13" | sed -n "/^== hint $2/,/^== hint/{/^==/!p}"
}

solution() { # N
    local folder file
    folder=$(review_folder "$1") || exit
    echo "=== what is wrong"
    review_decode <"$folder/solution.rot13"
    printf '\n=== the bug, as a patch\n'
    review_decode <"$folder/bug.patch.rot13"
    for file in "$folder"/exploit.*.rot13; do
        printf '\n=== an exploit: %s\n' "$(basename "${file%.rot13}")"
        review_decode <"$file"
    done
}

main() {
    check_settings
    case ${1-} in
        list) while read -r n folder; do sed -n "1s/^# /    /p" "$folder/README.md"; done < <(review_list) ;;
        hint) [ $# -ge 2 ] || usage; hint "$2" "${3-}" ;;
        solution) [ $# -ge 2 ] || usage; solution "$2" ;;
        try) [ $# -ge 2 ] || usage; try "$2" "${3-}" ;;
        check) [ $# -ge 2 ] || usage; check "$2" "${3-}" ;;
        check-all) shift; check_all "$@" ;;
        start) start "${2-}" ;;
        [0-9]*) start "$1" ;;
        *) usage ;;
    esac
}

# The judge's tests source this file.
[ "$0" != "${BASH_SOURCE[0]}" ] || main "$@"
