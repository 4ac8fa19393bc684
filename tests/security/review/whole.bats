#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The judge of the exercises refuses wrong fixes, in guests: run by `make exercises-test`, not by default.

bats_require_minimum_version 1.5.0

repo=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
load "$repo/examples/review/review.bash"

setup() {
    cd "$repo" || return
    rm -rf build/exercises-test/9/src
    run -4 exercise check 9 # creates the sources
    src=build/exercises-test/9/src
    review_decode <"$(review_folder 9)/exploit.c.rot13" >"$BATS_TEST_TMPDIR/right.c"
}

# The judge, on another folder than the student's.
exercise() { bash -c '. examples/review/exercise.sh; root=$top/build/exercises-test; main "$@"' test "$@"; }

refuses() { # TEXT
    run -1 exercise check 9 "$BATS_TEST_TMPDIR/right.c"
    [[ $output == *'right.c shows the bug'*"$1"* ]] || { echo "$output"; return 1; }
}

@test "a fix that only changes a comment is refused: the bug is still shown" {
    echo '/* fixed */' >>"$src"/bfk/dev.c
    refuses 'your fix does not work: an exploit still shows the bug'
}

@test "a fix that deletes the feature, as LOAD refuses every program, is refused: it breaks something" {
    sed -i 's/^\tint err = check_args(args);/\tint err = check_args(args) ?: -EPERM;/' "$src"/bfk/program.c
    grep -q 'EPERM;' "$src"/bfk/program.c
    refuses 'your fix breaks something'
}

@test "a fix that cannot be loaded is refused" {
    sed -i 's/^module_misc_device(device);/static int __init cheat(void)\n{\n\treturn device.name ? -ENODEV : 0;\n}\nmodule_init(cheat);/' "$src"/bfk/dev.c
    grep -q '^module_init(cheat)' "$src"/bfk/dev.c
    refuses 'your fix does not work: it cannot be loaded'
}
