#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# exercise.sh N              print exercise N, and boot a guest with its broken module, ready to be attacked
# exercise.sh list           list the exercises
# exercise.sh hint N LEVEL   print a hint: 1 to 3
# exercise.sh solution N     print the explanation, the fix, the bug as a patch and an exploit
# exercise.sh check N [FILE] judge an exploit (FILE.bf or FILE.c), and a fix if there is one (see README.md)
# exercise.sh check-all      judge the exploits of the solutions: each shows its bug, and none in bfk itself
#
# K is the kernel. Exit status of check: 0 the bug is shown, and fixed if the sources were changed; 1 otherwise.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=examples/review/review.bash
. examples/review/review.bash
K=${K:-$(tests/harness/system.sh kernel)}
export WERROR=1
top=$PWD

usage() { sed -n '3,8s/^# //p' "$0" >&2; exit 2; }
say() { echo "exercise: $*"; }

# Creates the broken sources, for the student to read and fix, unless they exist.
make_sources() { # N
    work=$top/build/exercise/$1
    review_folder "$1" >/dev/null || exit
    [ ! -d "$work/src" ] || return 0
    mkdir -p "$work/src.new"
    cp -r Makefile bfk jit syscall_ops "$work/src.new/"
    review_patch "$1" | patch -s -d "$work/src.new" -p1 --fuzz=0 --forward --batch ||
        { say "its patch does not apply to these sources"; rm -rf "$work/src.new"; exit 1; }
    cp -r "$work/src.new" "$work/broken"
    mv "$work/src.new" "$work/src"
}

build_module() { # SOURCES DEST
    tests/harness/vm/kmod.sh "$K" "$1" "$2" >"$work/log" 2>&1 || { cat "$work/log"; say "it does not build"; return 1; }
}

# Prepares an exploit as a file that the guest can run; prints its path.
prepare() { # FILE
    local out
    out=$work/exploit-$(basename "${1%.*}")
    case $1 in
        *.bf)
            cp "$1" "$out.bf"
            [ ! -e "${1%.bf}.in" ] || cp "${1%.bf}.in" "$out.in"
            echo "$out.bf"
            ;;
        *.c)
            gcc -std=gnu11 -O1 -Wall -D_GNU_SOURCE -I. -static -pthread -o "$out" "$1" >&2 || return
            echo "$out"
            ;;
        *) say "an exploit is a .bf or a .c file" >&2; return 2 ;;
    esac
}

# attack KO EXPLOIT: status 0 if the bug is shown; the log is $work/attack.log
attack() {
    local status
    timeout 700 tests/harness/vm/run.sh -k "$K" -t 600 -- env BFK_MODULE="$1" examples/review/attack.sh "$2" >"$work/attack.log" 2>&1
    status=$?
    case $(grep -ao '^verdict: .*' "$work/attack.log") in
        'verdict: shown') return 0 ;;
        'verdict: not shown') [ $status != 0 ] ;; # the kernel complained after all
        *) [ $status = 124 ] || [ $status = 125 ] || { cat "$work/attack.log"; say "the guest failed"; exit 1; } ;;
    esac
}

sound_module() {
    make -s module "K=$K" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    make -s build/bfk >>"$work/log" 2>&1
}

judge_exploit() { # FILE: does it show the bug on the broken module, and not on the sound one?
    local exploit
    exploit=$(prepare "$1") || return
    [ -e "$work/broken-ko/bfk.ko" ] || build_module "$work/broken" "$work/broken-ko" || return
    sound_module
    if ! attack "$work/broken-ko/bfk.ko" "$exploit"; then
        sed 's/^/    /' "$work/attack.log" | tail -n 5
        say "$(basename "$1") does not show the bug"
        return 1
    fi
    if attack "$top/build/kmod-$K/bfk.ko" "$exploit"; then
        sed 's/^/    /' "$work/attack.log" | tail -n 5
        say "$(basename "$1") shows the same on bfk without the bug: it shows something else"
        return 1
    fi
    say "$(basename "$1") shows the bug"
}

own_exploit() { # N: prints the path of the solution's exploit
    local folder file
    folder=$(review_folder "$1") || return
    file=$(echo "$folder"/exploit.*.rot13)
    file=$(basename "${file%.rot13}")
    review_decode <"$folder/$file.rot13" >"$work/solution.${file##*.}"
    echo "$work/solution.${file##*.}"
}

judge_fix() { # N [FILE]
    local exploit file
    if diff -rq "$work/broken" "$work/src" >/dev/null; then
        say "no fix yet: the sources in build/exercise/$1/src are unchanged"
        return 0
    fi
    build_module "$work/src" "$work/ko" || return
    for file in "$(own_exploit "$1")" ${2:+"$2"}; do
        exploit=$(prepare "$file") || return
        if attack "$work/ko/bfk.ko" "$exploit"; then
            say "your fix does not work: $(basename "$file") still shows the bug"
            return 1
        fi
    done
    say "the exploits fail now; running the device suite to check everything else (some minutes)"
    make -s device-drivers >"$work/log" 2>&1
    if ! tests/harness/vm/run.sh -k "$K" -- env BFK_MODULE="$work/ko/bfk.ko" tests/kernel/device/run-in-guest.sh \
        requests load load_errors run dump mmap \
        language fuel in_out report large \
        ops ops_len ops_load ops_fields \
        registers registers_stopped effects \
        read_write streams full positions move open beneath slots no_file file_systems \
        signal endless blocked cut_short \
        threads stress rewritten \
        sockets ready wait_signals \
        owner exec passing unload \
        seccomp memory >"$work/suite.log" 2>&1; then
        grep -a '^not ok' "$work/suite.log" | head -n 8
        say "your fix breaks something: $(grep -ac '^not ok' "$work/suite.log") tests (${work#"$top"/}/suite.log)"
        return 1
    fi
    say "your fix works, and breaks nothing"
}

check() { # N [FILE]
    make_sources "$1"
    [ -z "${2-}" ] || judge_exploit "$2" || return
    judge_fix "$@"
}

check_all() { # TAP
    local n file failed=0 i=0
    while read -r n _; do
        make_sources "$n"
        file=$(own_exploit "$n")
        judge_exploit "$file" >"$work/verdict" 2>&1 || { sed 's/^/# /' "$work/verdict"; printf 'not '; failed=1; }
        echo "ok $((i += 1)) - exercise $n: its exploit shows the bug, and nothing in bfk"
    done < <(review_list)
    echo "1..$i"
    return $failed
}

start() { # N
    local folder
    make_sources "$1"
    folder=$(review_folder "$1")
    build_module "$work/src" "$work/ko" || exit
    make -s build/bfk
    cat "$folder/README.md"
    cat <<END

--- The module's sources, with the bug: build/exercise/$1/src. This is a guest that runs it: bfk.ko is loaded, and
    build/bfk is the command. Nothing you do here is kept but in /out (build/exercise/$1/work).
    Ctrl-A x ends it. make exercise-hint N=$1 LEVEL=1 gives a hint; make exercise-check N=$1 EXPLOIT=FILE judges.
END
    mkdir -p "$work/work"
    tests/harness/vm/run.sh -k "$K" -i -o "$work/work" -- "insmod ${work@Q}/ko/bfk.ko; exec bash"
}

case ${1-} in
    list) while read -r n folder; do sed -n "1s/^# /    /p" "$folder/README.md"; done < <(review_list) ;;
    hint)
        [ $# = 3 ] || usage
        folder=$(review_folder "$2") || exit
        review_decode <"$folder/hints.rot13" | sed -n "/^== hint $3/,/^== hint/{/^==/!p}"
        ;;
    solution)
        [ $# = 2 ] || usage
        folder=$(review_folder "$2") || exit
        cat "$folder/solution.rot13" "$folder/bug.patch.rot13" "$folder"/exploit.*.rot13 | review_decode
        ;;
    check) [ $# -ge 2 ] || usage; shift; check "$@" ;;
    check-all) check_all ;;
    [0-9]*) start "$1" ;;
    *) usage ;;
esac
