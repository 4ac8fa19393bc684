#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The attack list, the mutants and the exercises match, and apply to the current sources.

bats_require_minimum_version 1.5.0

repo=$(realpath "$BATS_TEST_DIRNAME/../../..")
load "$repo/examples/review/review.bash"
load "$repo/tests/security/attacks/attacks.bash"

fits() { # NAME, the patch on stdin
    local tree=$BATS_TEST_TMPDIR/tree
    rm -rf "$tree"
    mkdir "$tree"
    cp -r "$repo"/{Makefile,bfk,jit,syscall_ops} "$tree/"
    patch -s -d "$tree" -p1 --fuzz=0 --forward --batch || { echo "$1 does not apply"; return 1; }
}

@test "each mutant applies to the sources, and describes what it removes" {
    for file in "$repo"/tests/security/mutants/*.patch; do
        cp "$file" "$BATS_TEST_TMPDIR/patch"
        fits "$file" <"$BATS_TEST_TMPDIR/patch"
        [[ $(head -n 1 "$file") == *. ]]
    done
}

@test "the patches of the debug kernels' planted mistakes and of the benchmarks without sandbox apply too" {
    for file in tests/kernel/debug/planted.patch tests/perf/bench/no-fuel.patch tests/perf/bench/no-ring.patch; do
        rm -rf "$BATS_TEST_TMPDIR/tree"
        mkdir "$BATS_TEST_TMPDIR/tree"
        cp -r "$repo"/{Makefile,bfk,jit,syscall_ops,userspace} "$BATS_TEST_TMPDIR/tree/"
        patch -s -d "$BATS_TEST_TMPDIR/tree" -p1 --forward --batch <"$repo/$file" || { echo "$file does not apply"; return 1; }
    done
}

@test "each exercise has a story, three hints, a solution, an exploit, and a bug that applies to the sources" {
    n=0
    while read -r number folder; do
        [ "$number" = $((n += 1)) ]
        [ "$(head -c 2 "$folder/README.md")" = "# " ]
        [ "$(review_decode <"$folder/hints.rot13" | grep -c '^== hint [123]$')" = 3 ]
        [ -s "$folder/solution.rot13" ]
        [ -s "$folder/exploit.c.rot13" ] || [ -s "$folder/exploit.bf.rot13" ]
        review_patch "$number" >"$BATS_TEST_TMPDIR/patch"
        fits "$folder" <"$BATS_TEST_TMPDIR/patch"
    done < <(review_list)
    [ $n -ge 12 ]
}

@test "each attack names a mutant or an exercise, and each of those is named" {
    attacks_list
    [ ${#names[@]} -ge 40 ]
    for mutant in "${mutants[@]}"; do
        if [[ $mutant == review/* ]]; then review_folder "${mutant#review/}"; else [ -e "$repo/tests/security/mutants/$mutant.patch" ]; fi
    done
    for file in "$repo"/tests/security/mutants/*.patch; do
        name=$(basename "$file" .patch)
        printf '%s\n' "${mutants[@]}" | grep -qx "$name" || { echo "$name: no attack needs it"; return 1; }
    done
    while read -r number _; do
        printf '%s\n' "${mutants[@]}" | grep -qx "review/$number" || { echo "exercise $number: no test notices it"; return 1; }
    done < <(review_list)
}

@test "hint and solution print what was asked for, and no more" {
    cd "$repo"
    run -0 examples/review/exercise.sh hint 1 2
    [[ $output == *'upper half'* && $output != *'operand-size'* ]]
    run -0 examples/review/exercise.sh solution 1
    [[ $output == *'operand-size prefix is gone'*'+#define BFK_FORM_ADD_BX_IMM8'* ]]
    run -0 examples/review/exercise.sh list
    [ ${#lines[@]} -ge 12 ]
    run -2 examples/review/exercise.sh hint 99 1
    [[ $output == *"no exercise '99'"* ]]
}
