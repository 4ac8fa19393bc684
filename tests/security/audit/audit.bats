#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The auditor: good and bad images made by nasm, and the machine code of programs.

bats_require_minimum_version 1.5.0
load ../../harness/output

repo=$(realpath "$BATS_TEST_DIRNAME/../../..")
bfk=$(realpath "${BFK:-$repo/build/bfk}")
image=$(realpath "${IMAGE:-$repo/build/tests/image}")

# case_do NAME VERDICT: compares it with the verdict on the image of `body`.
case_do() {
    local options=()
    ! grep -q '^whole:' body || options=(-DWHOLE)
    nasm -O0 -f bin "${options[@]}" -I ./ -o code "$BATS_TEST_DIRNAME/image.asm" || { echo "case: $1"; return 1; }
    # Status and text: "accepted" is 0.
    output=$("$image" code -0x1000 -0x2000 2) && [ "$2" = accepted ] && [ "$output" = accepted ] && return
    [[ $2 != accepted && $output = 0x*"$2"* ]] || { echo "case '$1': $output, not: $2"; return 1; }
}

@test "each image of cases.txt, made by nasm, gets its verdict" {
    cd "$BATS_TEST_TMPDIR"
    name='' n=0
    while IFS= read -r line || [ -n "$line" ]; do
        if [[ $line =~ ^([a-z0-9][^:]*):\ ([a-zA-Z0-9].*)$ ]]; then
            [ -z "$name" ] || case_do "$name" "$verdict"
            name=${BASH_REMATCH[1]} verdict=${BASH_REMATCH[2]} n=$((n + 1))
            : >body
        elif [[ -n $line && $line != '#'* ]]; then
            echo "$line" >>body
        fi
    done <"$BATS_TEST_DIRNAME/cases.txt"
    case_do "$name" "$verdict"
    echo "$n cases"
    [ "$n" -ge 70 ]
}

@test "an image of no bytes is refused" {
    run -1 "$image" /dev/null 0 0 0
    [ "$output" = '0x0: there is no image of that length' ]
}

@test "every example is accepted, at every level of the optimiser" {
    cd "$repo"
    for level in 0 1 2; do
        run -0 "$bfk" audit -O $level examples/*.bf examples/*/*.bf
        [ "$(grep -c ': accepted: ' <<<"$output")" = "$(find examples -name '*.bf' | wc -l)" ]
    done
}

@test "programs of each form, deeply nested and at the ends of the ring, are accepted" {
    for source in '' '+' '[]' '[[[[]]]]' '%r%w%o' ',[.,]' "$(printf '>%.0s' {1..40000})+[>]" '[->+<]' '[->>+++<<]' '[>]' '[<<<]'; do
        run -0 "$bfk" audit -e "$source"
    done
}

@test "corrupted images do not crash it" {
    run -0 "$image" --corrupt 1 2000 "$repo"/examples/hello.bf "$repo"/examples/copy.bf "$repo"/examples/primes.bf
    has '3 images, 6000 corrupted'
}

@test "audit: usage, missing files, wrong programs, interpreted programs" {
    run -2 "$bfk" audit
    run -2 "$bfk" audit --nonsense
    run -0 "$bfk" audit --help
    has 'usage: bfk audit'
    run -1 "$bfk" audit /no/such/file
    run -1 "$bfk" audit -e ']'
    has 'unbalanced ]'
    run -1 "$bfk" audit -E interp -e +
    has 'interpreted there'
    echo + >"$BATS_TEST_TMPDIR/one.bf"
    run -1 "$bfk" audit "$BATS_TEST_TMPDIR/one.bf" /no/such/file "$BATS_TEST_TMPDIR/one.bf"
    [ "$(grep -c ': accepted: ' <<<"$output")" = 2 ]
}
