#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The index of the tests is complete, and every runner fails for a name or pattern that matches nothing.
# shellcheck disable=SC2016 # backquotes of Markdown

bats_require_minimum_version 1.5.0

repo=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

setup() { cd "$repo" || return; }

# refuses TEXT COMMAND...: the command exits 2, with TEXT on standard error
refuses() {
    local text=$1
    shift
    run -2 --separate-stderr "$@"
    [[ $stderr == *"$text"* ]] || { echo "not printed: $text, but: $stderr"; return 1; }
}

# Print the folders, or the commands, in the rows of the index.
folders_of() { sed -n 's/^| `\([a-z0-9/]*\)` | .*/\1/p' "$1"; }
commands_of() { sed -n 's/^| `[a-z0-9/]*` | [^|]* | \([^|]*\) |.*/\1/p' "$1" | grep -o '`[^`]*`' | tr -d '`'; }

# The group unit has no folders, and source and harness have files too.
folders() {
    echo unit
    find tests -mindepth 2 -maxdepth 2 -type d -printf '%P\n'
}

@test "the index has a row for each folder of the groups of tests/, and no other" {
    diff -u <(folders | LC_ALL=C sort) <(folders_of tests/README.md | LC_ALL=C sort)
    diff -u <(printf 'tests/%s\n' README.md run.sh tests.mk) <(find tests -maxdepth 1 -type f | LC_ALL=C sort)
}

@test "every command of the index exists" {
    local n=0 words
    while read -ra words; do
        case ${words[0]} in
            tests/run.sh) for stage in "${words[@]:1}"; do tests/run.sh --list | grep -q "^$stage " || { echo "no stage $stage"; return 1; }; done ;;
            make) grep -qE "^${words[1]}:" Makefile ./*/*.mk tests/*/*/*.mk || { echo "no target ${words[1]}"; return 1; } ;;
            *) echo "what is ${words[*]}?"; return 1 ;;
        esac
        n=$((n + 1))
    done < <(commands_of tests/README.md)
    [ $n -ge 20 ]
}

@test "the makefiles of the tests are all included, and use no variable before it is set" {
    local file
    for file in tests/*/*/*.mk; do grep -qw "${file#tests/}" tests/tests.mk || { echo "$file is not included"; return 1; }; done
    diff <(make -n --warn-undefined-variables help 2>&1 | sed -n "s/.*undefined variable '\([A-Z]*_[A-Z_]*\)'/\1/p" | sort -u) /dev/null
}

@test "the files in the commands of the index exist" {
    local path n=0
    while read -r path; do
        [ -e "$path" ] || { echo "no $path"; return 1; }
        n=$((n + 1))
    done < <(sed -n '/^    /p' tests/README.md | grep -oE '\b(tests|build/device|build/tests)/[a-z0-9_/.-]*[a-z0-9]' | grep -v '^build/fuzz')
    [ $n -ge 10 ]
}

@test "run.sh --list lists exactly the stages that run.sh can run" {
    tests/run.sh --list | sed 1d | awk '{ print $1 }' | grep -v '^guest-' | LC_ALL=C sort >"$BATS_TEST_TMPDIR/listed"
    sed -n 's/^stage_\([a-z0-9-]*\)() .*/\1/p' tests/harness/stages.bash | grep -vx guest | LC_ALL=C sort | diff -u - "$BATS_TEST_TMPDIR/listed"
    read -ra kernels < <(sed -n 's/^KERNELS := //p' Makefile)
    for kernel in "${kernels[@]}"; do tests/run.sh --list | grep -q "^guest-$kernel "; done
    tests/run.sh --list | sed 1d >"$BATS_TEST_TMPDIR/lines"
    run -1 grep -vE '^[a-z0-9.-]+ +[0-9]+[smh]  [A-Z].*[?)]( \[only if named\])?$' "$BATS_TEST_TMPDIR/lines"
}

@test "run.sh (no such stage or file, a pattern that matches nothing, a folder without tests) runs nothing and fails with a message" {
    refuses "no stage or file is called 'planned'" tests/run.sh planned
    refuses "no stage or file is called 'planned'" tests/run.sh lint planned
    refuses "no test of tests/unit/index.bats has a name that matches 'no such " tests/run.sh -f 'no such [n]ame' tests/unit/index.bats
    refuses 'no test of tests/install/demo' tests/run.sh tests/install/demo
    refuses 'usage: run.sh -f' tests/run.sh -f
    refuses 'usage: run.sh -f' tests/run.sh -f REGEX
}

@test "run.sh (a stage, and a folder of that name exists) runs the stage" {
    cp -r .clang-format tests bfk jit syscall_ops "$BATS_TEST_TMPDIR/"
    cd "$BATS_TEST_TMPDIR"
    mkdir loc
    run -0 tests/run.sh loc
    [[ $output == *'loc: 1 passed'* ]]
}

@test "run.sh (files) runs them, or their tests with a matching name, and fails if one fails" {
    printf '@test "first" { :; }\n@test "second" { false; }\n' >"$BATS_TEST_TMPDIR/two.bats"
    run -1 tests/run.sh "$BATS_TEST_TMPDIR/two.bats"
    [[ $output == *'ok 1 first'*'not ok 2 second'* ]]
    run -0 tests/run.sh -f fir "$BATS_TEST_TMPDIR/two.bats"
    [[ $output == *'ok 1 first'* && $output != *second* ]]
}

@test "a driver (no case with a matching name) fails with a message" {
    refuses "no case has 'no such case' in its name" build/device/tape-local 'no such case'
}

@test "run-in-guest.sh (no such driver or file) fails before it does anything" {
    refuses "no driver or file is called 'nothing'" tests/kernel/device/run-in-guest.sh nothing
    refuses "no driver or file is called 'nothing.bats'" tests/kernel/device/run-in-guest.sh nothing.bats
    refuses "no driver or file is called 'tests/nothing.bats'" tests/kernel/device/run-in-guest.sh tests/nothing.bats
}

@test "lint.sh, mutants.sh, attacks.sh and fuzz.sh (no such check, mutant, attack or target) fail with a message" {
    refuses "no check is called 'nothing'" tests/source/lint.sh nothing
    refuses "no mutant is called 'nothing'" tests/security/mutants/mutants.sh nothing
    refuses "no attack has 'nothing of it' in its name" tests/security/attacks/attacks.sh 'nothing of it'
    refuses "no target is called 'nothing'" tests/security/fuzz/fuzz.sh 0.01 nothing
}

@test "prove.sh (no such group) fails with a message" {
    PROVE_ONLY=nothing run -1 tests/language/prove/prove.sh
    [[ $output == *"no group is called 'nothing'"* ]]
}
