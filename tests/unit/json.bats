#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# --json: one document on standard output, whatever the files and programs contain, with the names that bfk(1) lists.

# shellcheck disable=SC2016 # inner shells expand
bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
bfk=$(realpath "${BFK:-$repo/build/bfk}")

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    unset BFK_ENGINE
}

# json STATUS ARGUMENT...: runs bfk, which must exit with STATUS and print one document, which is left in $output, and
# nothing else.
json() {
    run "-$1" --separate-stderr "$bfk" "${@:2}"
    [ -z "$stderr" ] || { echo "on standard error: $stderr"; return 1; }
    python3 -c 'import json, sys; json.loads(sys.stdin.buffer.read().decode("utf-8", "strict"))' <<<"$output"
    [ "$(jq -s length <<<"$output")" = 1 ]
}

# is FILTER VALUE: jq prints VALUE for the document.
is() {
    local found
    found=$(jq -c "$1" <<<"$output")
    [ "$found" = "$2" ] || { echo "$1 is $found in: $output"; return 1; }
}

@test "check --json (good, bad and missing programs) has what the text has, and the same status" {
    printf '+%%r[>%%w<-]' >good.bf
    printf '+\n ]' >bad.bf
    printf '>%%r' >warned.bf
    json 1 check --json good.bf bad.bf nowhere.bf warned.bf
    is '[.programs[] | [.file, .ok]]' '[["good.bf",true],["bad.bf",false],["warned.bf",true]]'
    is '.programs[0].sysops' '[{"letter":"r","name":"read","count":1},{"letter":"w","name":"write","count":1}]'
    is '.programs[0] | .n_ops > 5 and .text_len > 20' true
    is '.warnings' 1
    is '[.messages[] | [.level, .file, .line, .column, .offset]]' \
        '[["error","bad.bf",2,2,3],["error","nowhere.bf",null,null,null],["warning","warned.bf",1,2,1]]'
    is '.messages[0] | [.message, .hints]' '["unbalanced ]: it closes nothing",["every loop before it is closed already"]]'
    json 0 check -j good.bf
    is .messages '[]'
    json 1 check -j --werror warned.bf
}

@test "check --json (more warnings than are shown) counts all of them" {
    for ((i = 0; i < 50; i++)); do printf '>%%r'; done >x.bf
    json 0 check --json x.bf
    is .warnings 50
    is '.messages | length' 21
    is '.messages[20].message' '"and 30 more: operations that do nothing"'
}

@test "dump --json has each op with its place, and each instruction" {
    json 0 dump --json -O0 -e $'+\n>[-.]%r'
    is '[.file, .engine, .n_ops]' '["-e","jit",8]'
    is '.ops[0]' '{"line":1,"column":1,"offset":0,"kind":"add","text":"cell[0] += 1","text_off":0}'
    is '.ops[1] | [.line, .column, .offset, .kind]' '[2,2,3,"if"]'
    is '.ops | length' 8
    is '.insns[0]' '{"text_off":0,"bytes":"800301","assembly":"add byte ptr [rbx], 1"}'
    is '[.insns[].assembly] | map(select(. == "call bfk_entry_host")) | length > 1' true
    # the bytes of the instructions are all of the code
    is '([.insns[].bytes] | add | length) / 2 == .text_len' true
    # it has what the text has, line by line
    diff <(jq -r '.insns[].assembly' <<<"$output") <("$bfk" dump -O0 -e $'+\n>[-.]%r' | sed -nE 's/^ *[0-9a-f]+  ([0-9a-f]{2} )+ *([a-z0-9]+.*)/\2/p')
    diff <(jq -r '.ops[].text' <<<"$output") <("$bfk" dump -O0 -e $'+\n>[-.]%r' | sed -nE 's/^op [0-9]+, [0-9]+:[0-9]+: //p')
}

@test "dump, check and audit --json (a compiled program) name ops by number" {
    "$bfk" compile -O0 -o x.bfo -e '+[-.]%r'
    json 0 dump --json x.bfo
    is '[.ops[].op]' '[0,1,2,3,4,5,6]'
    json 0 audit --json x.bfo
    json 1 check --json --allow w x.bfo
    is '.messages[0] | [.file, .op, .line]' '["x.bfo",5,null]'
}

@test "audit --json has a verdict for each program" {
    echo '+[>+<-]' >x.bf
    echo ']' >bad.bf
    json 1 audit --json x.bf bad.bf
    is '[.programs[] | [.file, .accepted]]' '[["x.bf",true],["bad.bf",false]]'
    is '.programs[0] | .n_insns > 0 and .text_len > 0 and .n_loops == 0 and .n_calls > 0' true
    is '.messages[0].file' '"bad.bf"'
}

@test "ops and info --json have the operations and limits of an engine" {
    json 0 ops --json -E interp
    is .engine '"interp"'
    diff <(jq -r '.sysops[] | "%\(.letter) \(.name) \(.family) \(.meaning)"' <<<"$output") <("$bfk" ops -E interp | tr -s ' ')
    sysops=$(jq -c .sysops <<<"$output")
    json 0 info --json -E interp
    is .sysops "$sysops"
    is '[.engine, .tape_cells, .slots, .source_max_len]' '["interp",65536,64,4194304]'
}

@test "--json (an engine that does not work) has the message in the document and exits 3" {
    [ ! -e /dev/bfk ] || skip "there is a device here"
    for command in ops info 'dump -e +' 'audit -e +' 'bench -e +'; do
        # shellcheck disable=SC2086 # words
        json 3 $command --json -E kernel
        is '.messages | length' 1
        is '.messages[0] | [.level, (.message | startswith("cannot open /dev/bfk"))]' '["error",true]'
    done
}

@test "--json (a command line that makes no sense) exits 2, with the reason on standard error or in the document" {
    for command in check dump audit ops info bench; do
        run -2 --separate-stderr "$bfk" $command --json --frobnicate
        [ -z "$output" ]
        [[ $stderr == *frobnicate* ]]
    done
    for command in check dump audit bench; do
        json 2 $command --json
        is '.messages[0].message | endswith("which program?")' true
    done
}

@test "--json (any bytes in the names of files and in programs) is UTF-8 and keeps valid characters" {
    local name n=0
    for name in $'\377' $'a"b\\c' $'new\nline\t\033[1m\001\177' $'\303\244\342\202\254\360\237\230\200' $'cut\303' \
        $'\355\240\200' $'\300\200' $'\364\220\200\200' $'\200\277' ']' "'" '%s%n' '<script>'; do
        printf '+]\377\0\033' >"$name.bf"
        json 1 check --json "$name.bf"
        json 1 dump --json "$name.bf"
        json 1 audit --json "$name.bf"
        printf '+%%r\377\033"' >"$name.bf"
        json 0 check --json "$name.bf"
        json 0 dump --json "$name.bf"
        json 0 audit --json "$name.bf"
        json 0 bench --json -n 1 -c "$name.bf"
        printf '+%%\377' >"$name.bf"
        json 1 check --json "$name.bf"
        n=$((n + 1))
    done
    [ $n = 13 ]
    printf ']' >$'\303\244.bf'
    json 1 check --json $'\303\244.bf'
    is '.programs[0].file' $'"\303\244.bf"'
    printf ']' >$'a\377\303b.bf'
    json 1 check --json $'a\377\303b.bf'
    is '.programs[0].file' $'"a\357\277\275\357\277\275b.bf"'
    json 1 check --json $'a"b\\c.bf' nowhere.bf
    is '.programs[0].file' '"a\"b\\c.bf"'
}

@test "--json (standard output is full) exits 1 and reports it on standard error" {
    for command in 'check -e +' 'dump -e +' 'audit -e +' 'bench -c -e +' ops info; do
        # shellcheck disable=SC2086 # words
        run -1 bash -c '"$@" >/dev/full' x "$bfk" $command --json
        [[ $output == *'standard output: No space left on device'* ]]
    done
}

@test "bfk(1) lists each member of a document, and no other" {
    echo ']' >bad.bf
    "$bfk" compile -o x.bfo -e +
    for command in 'check -e +%r' 'check bad.bf' 'dump -e +' 'dump x.bfo' 'audit -e +' 'bench -e +' ops info; do
        # shellcheck disable=SC2086 # words
        "$bfk" $command --json | jq -r '.. | objects | keys[]' || [ "$command" = 'check bad.bf' ]
    done | sort -u >written
    sed -n '/^\.Ss JSON/,/^\.Sh /p' "$repo/userspace/man/bfk.1" | sed -n 's/^\.Va //p' | tr -cs 'a-z_\n' '\n' | grep . | sort -u >listed
    diff listed written
    [ "$(wc -l <written)" -ge 40 ]
}
