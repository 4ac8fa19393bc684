#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Plain Brainfuck on the engines of this machine, and in an independent interpreter, Debian's beef. Its cells are
# bytes too, and its tape is endless in both directions, so programs that do not go around the whole ring have the
# same meaning in both. It treats input and output as text: no byte above 127, and no 0.

bats_require_minimum_version 1.5.0
load programs

COUNT=${WITNESS_COUNT:-1500}
equal=$repo/build/tests/equal

beef_run() { timeout 600 beef -s zero "$1"; }

# agree PROGRAM INPUT: beef and every engine print the same.
agree() {
    local engine
    beef_run "$1" <"$2" >"$BATS_TEST_TMPDIR/beef" || { echo "beef fails on $1"; return 1; }
    for engine in $ENGINES; do
        bfk_run "$engine" --plain "$1" <"$2" >"$BATS_TEST_TMPDIR/out" || { echo "exit status $? on $engine"; return 1; }
        same "$BATS_TEST_TMPDIR/beef" "$BATS_TEST_TMPDIR/out" "$engine, $1" || return 1
    done
}

is_text() { [ "$(tr -d '\001-\177' <"$1" | wc -c)" = 0 ]; }

# all_of COMMAND...: runs COMMAND PROGRAM for each random program, and prints its output after a line with its
# number.
all_of() {
    local i
    for ((i = 0; i < COUNT; i++)); do
        printf "\n== program %d\n" "$i"
        "$@" "$made/$i.bf" <"$made/$i.in"
    done
}

@test "beef agrees with machine code and our own witness (random plain programs that end)" {
    made=$BATS_TEST_TMPDIR/made
    mkdir "$made"
    "$equal" --write "$made" --count "$COUNT" --seed "${SEED:-1}"
    all_of beef -s zero >"$BATS_TEST_TMPDIR/beef"
    all_of "$bfk" run --engine jit --plain --fuel 1000000 >"$BATS_TEST_TMPDIR/jit"
    for ((i = 0; i < COUNT; i++)); do printf "\n== program %d\n" "$i"; cat "$made/$i.out"; done >"$BATS_TEST_TMPDIR/witness"
    [ "$(grep -ac '^== program' "$BATS_TEST_TMPDIR/witness")" -ge $((COUNT / 2)) ]
    diff -a "$BATS_TEST_TMPDIR/beef" "$BATS_TEST_TMPDIR/jit"
    diff -a "$BATS_TEST_TMPDIR/beef" "$BATS_TEST_TMPDIR/witness"
}

@test "beef agrees with every engine (our plain programs whose output is text)" {
    local n=0 name
    for name in "$programs"/*.out; do
        name=${name%.out}
        [ -s "$name.out" ] && is_text "$name.out" && ! grep -q '[%!]' "$name.bf" || continue
        [[ $name != */eof-* && $name != */scan ]] || continue
        if [ -e "$name.in" ]; then is_text "$name.in" || continue; fi
        agree "$name.bf" "$([ -e "$name.in" ] && echo "$name.in" || echo /dev/null)" || return 1
        n=$((n + 1))
    done
    echo "$n programs"
    [ "$n" -ge 4 ]
}

@test "beef agrees with every engine (our examples in plain Brainfuck)" {
    local n=0 name
    for name in "$repo"/examples/*.bf; do
        name=${name%.bf}
        if grep -v '^#' "$name.bf" | sed 's/#.*//' | grep -q '[%!]' || [ -e "$name.test" ]; then continue; fi
        [ -s "$name.out" ] && is_text "$name.out" && is_text "$name.in" || continue
        # comments may contain a % or a !, which beef does not ignore
        sed '1{/^#!/d}; s/#.*//' "$name.bf" >"$BATS_TEST_TMPDIR/plain.bf"
        agree "$BATS_TEST_TMPDIR/plain.bf" "$name.in" || return 1
        n=$((n + 1))
    done
    echo "$n examples"
    [ "$n" -ge 3 ]
}

@test "the comparison with beef (only bfk has --eof 255) can fail" {
    printf ',.' >"$BATS_TEST_TMPDIR/p.bf"
    bfk_run() { timeout 600 "$bfk" run --eof 255 --engine "$@"; }
    run -1 agree "$BATS_TEST_TMPDIR/p.bf" /dev/null
    [[ $output == *"on engine"* ]]
}
