#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The judge of the exercises, with real guests: a right exploit, and some that cheat. `make exercises-test` tests the rest.

bats_require_minimum_version 1.5.0

repo=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
load "$repo/examples/review/review.bash"

# However busy the machine is, no exploit here takes so long.
export LIMIT=600

setup() { cd "$repo" || return; }

# The judge, on another folder than the student's.
exercise() { bash -c '. examples/review/exercise.sh; root=$top/build/exercises-test; main "$@"' test "$@"; }

setup_file() {
    cd "$BATS_TEST_DIRNAME/../../.." || return
    rm -rf build/exercises-test/9
}

@test "the solution's exploit shows its bug in a guest, and not on bfk without it" {
    review_decode <"$(review_folder 9)/exploit.c.rot13" >"$BATS_TEST_TMPDIR/right.c"
    run -3 exercise check 9 "$BATS_TEST_TMPDIR/right.c"
    [[ $output == *'a sealed instance ran another program'*'right.c shows the bug'* ]] || { echo "$output"; return 1; }
    # All six rounds ran, in one guest.
    [ "$(grep -c '^review: round [1-6]: begins' "build/exercises-test/9/${K:-$(tests/harness/system.sh kernel)}/attack.log")" = 6 ]
}

@test "an exploit that looks for signs of the broken module, or of an earlier round, finds none" {
    run -1 exercise check 9 "$BATS_TEST_DIRNAME/looks.c"
    [[ $output == *'it looked everywhere'*'looks.c does not show the bug'* ]] || { echo "$output"; return 1; }
    [[ $output != *'it can tell'* ]]
    [[ $(<"build/exercises-test/9/${K:-$(tests/harness/system.sh kernel)}/all.log") != *'it can tell'* ]]
}

@test "an exploit that prints verdicts, loads modules, resets the machine and kills everything shows something else" {
    run -1 exercise check 9 "$BATS_TEST_DIRNAME/lies.c"
    [[ $output == *'lies.c shows the same on bfk without the bug'* ]] || { echo "$output"; return 1; }
    log=$(<"build/exercises-test/9/${K:-$(tests/harness/system.sh kernel)}/all.log")
    [[ $log == *'| verdict: shown'* && $log != *'it wrote to'* && $log != *'it changed the'* && $log != *'it reset the'* ]]
    [[ $log != *'unable to handle everything'* ]]
}
