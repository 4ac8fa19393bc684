#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# mutants.sh [NAME]... - test that something notices when a defence of bfk is removed. For each patch in this
# folder and each bug of the exercises (review/N), or for those named: builds bfk with it, and runs
#
#   build    compiler and objtool, with all warnings      unit   tests of parser and check
#   nasm     tests/language/oracle (encodings, layout)             equal  the engines against each other
#   audit    bfk audit on the examples                    prove  the proofs (tests/language/prove)
#   spray    tests/security/attacks/spray                          guest  the attacks that need it (attacks.txt)
#
# The first, none, changes nothing, and no check on this machine may fail. (For the guest: make attacks.) Prints a
# line of TAP for each, with the checks that failed. It passes if each of its attacks succeeds, that is, if the
# attack's test fails; without an attack, if any check failed. K is the kernel; takes some 40 s each.
set -uo pipefail

cd "$(dirname "$0")/../../.." || exit 2
# shellcheck source=tests/security/attacks/attacks.bash
. tests/security/attacks/attacks.bash
# shellcheck source=examples/review/review.bash
. examples/review/review.bash
K=${K:-$(tests/harness/system.sh kernel)}
export WERROR=1
top=$PWD
work=$top/build/mutants
sources=$work/src # the sources, mutated
tree=$work/tree   # the same with the tests, to build and run on this machine
log=$work/log
mkdir -p "$sources" "$tree" "$work/kmod-$K"
: >"$log"

patch_of() { # MUTANT: prints its patch
    case $1 in
        none) ;;
        review/*) review_patch "${1#review/}" ;;
        *) cat "tests/security/mutants/$1.patch" ;;
    esac
}

# Fails if the patch does not apply exactly: it could remove something else.
make_sources() { # MUTANT
    rm -rf "$sources"
    mkdir -p "$sources"
    cp -r Makefile bfk jit syscall_ops "$sources/"
    [ "$1" = none ] || patch_of "$1" | patch -s -d "$sources" -p1 --fuzz=0 --forward --batch
}

# Unchanged files keep their modification times, so that make rebuilds little.
make_tree() {
    local file
    mkdir -p "$tree"
    while IFS= read -r -d '' file; do
        cmp -s "$file" "$tree/$file" || { mkdir -p "$tree/${file%/*}" && cp -p "$file" "$tree/$file" && touch "$tree/$file"; }
    done < <(git ls-files -z userspace tests examples)
    (cd "$sources" && find . -type f -print0) | while IFS= read -r -d '' file; do
        cmp -s "$sources/$file" "$tree/$file" || { mkdir -p "$tree/${file%/*}" && cp "$sources/$file" "$tree/$file"; }
    done
    make -s -C "$tree" build/tests/{oracle,sticky,layout,parse,check,spray,equal} build/bfk build/bfk-dump >>"$log" 2>&1
}

# The checks on this machine; each succeeds if it finds nothing.
# shellcheck disable=SC2317 # called by name
{
check_unit() { build/tests/parse && build/tests/check; }
check_nasm() { build/tests/oracle jit/x86_asm.h build/tests && build/tests/sticky && build/tests/layout; }
check_equal() { timeout 1200 build/tests/equal --count 3000; }
check_spray() { build/tests/spray; }
check_prove() { [ ! -x tests/language/prove/prove.sh ] || PROVE=quick timeout 3000 tests/language/prove/prove.sh; }
check_audit() {
    local file level
    for file in examples/*.bf examples/servers/*.bf; do
        for level in 0 2; do
            timeout 200 build/bfk audit "-O$level" "$file" || return
        done
    done
}

}

host_catches() { # prints the names of the checks that fail
    local check
    make_tree || { echo build-user; return; }
    for check in unit nasm equal audit prove spray; do
        echo "--- $check" >>"$log"
        (cd "$tree" && "check_$check") >>"$log" 2>&1 </dev/null || echo $check
    done
}

module_builds() {
    tests/harness/vm/kmod.sh "$K" "$sources" "$work/kmod-$K" >>"$log" 2>&1
}

try_one() { # TRY: prints passed or failed
    local op text
    case $1 in
        host\ *) # host_catches has run it
            [[ " $caught " = *" ${1##*/} "* ]] && echo failed || echo passed ;;
        crash\ *)
            read -r _ op text <<<"$1"
            try_crash "$K" "$work/kmod-$K/bfk.ko" "$op" "$text" 2>>"$log" && echo passed || echo failed ;;
        *) try_guest "$K" "$work/kmod-$K/bfk.ko" 600 "$1" 2>>"$log" | cut -d' ' -f1 ;;
    esac
}

mutant() { # NAME: sets $caught to the checks that failed, $missed to the tests of its attacks that did not fail
    local i try
    caught='' missed=''
    make_sources "$1" >>"$log" || { missed="its patch does not apply"; return; }
    if ! module_builds; then
        caught=build
        return
    fi
    if [ "$1" = none ] || grep -q '^+++ b/jit/' < <(patch_of "$1"); then
        caught=$(host_catches | paste -sd' ')
    fi
    [ "$1" != none ] || return
    for i in "${!names[@]}"; do
        [ "${mutants[i]}" = "$1" ] || continue
        try=${tries[i]}
        if [ "$(try_one "$try")" = failed ]; then
            [[ $try = host\ * ]] || caught+="${caught:+ }guest:(${try})"
        else
            missed+="${missed:+; }${names[i]} ($try)"
        fi
    done
    [ -n "$caught" ] || missed=${missed:-nothing}
}

attacks_list
if [ $# = 0 ]; then
    set -- none
    for file in tests/security/mutants/*.patch; do set -- "$@" "$(basename "$file" .patch)"; done
    while read -r n _; do set -- "$@" "review/$n"; done < <(review_list)
fi
for name; do
    case $name in none | review/*) continue ;; esac
    [ -e "tests/security/mutants/$name.patch" ] || { echo "mutants.sh: no mutant is called '$name'" >&2; exit 2; }
done
n=0 failed=0
for name; do
    echo "=== $name" >>"$log"
    start=$SECONDS
    mutant "$name"
    [ "$name" != none ] || missed=${caught:+what is sound}
    [ -z "$missed" ] || { printf 'not '; failed=1; }
    echo "ok $((n += 1)) - $name: caught by ${caught:-nothing}${missed:+; not by $missed} # $((SECONDS - start)) s"
done
echo "1..$n"
[ $failed = 0 ] || echo "# all output: ${log#"$top"/}"
exit $failed
