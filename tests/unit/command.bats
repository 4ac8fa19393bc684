#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The command line of bfk: options in any order, mistyped words, surplus arguments and numbers.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

@test "options (after the program, each subcommand) mean what they mean before it" {
    echo '+>++.[-]' >x.bf
    run -0 "$bfk" run x.bf --engine jit --stats
    has 'engine:       jit'
    run -1 "$bfk" check x.bf --werror <(echo '%r')
    has 'warning: %r (read)'
    run -0 "$bfk" compile x.bf -o x.bfo
    [ -s x.bfo ]
    "$bfk" dump x.bf -O0 | cmp - <("$bfk" dump -O0 x.bf)
    run -2 "$bfk" audit x.bf --engine abacus
    run -0 "$bfk" bench x.bf -n 2 /dev/null --engine interp
    has 'engine interp, median of 2'
    run -3 "$bfk" submit x.bf -S ./nobody
    has 'no service at ./nobody'
}

@test "run (options among N=PATH arguments) gives each file its slot" {
    echo hello >in
    "$bfk" run "$repo/examples/copy.bf" 0=in -E jit 1=out:w --stats 2>said
    cmp in out
    grep -q 'engine:       jit' said
    "$bfk" run 0=wrong --engine jit -e "$(<"$repo/examples/copy.bf")" 0=in 1=other:w && return 1
    "$bfk" run 0=in --engine jit -e "$(<"$repo/examples/copy.bf")" 1=other:w
    cmp in other
}

@test "run --async (options among programs and their files) gives each program its files" {
    echo a >a
    echo b >b
    "$bfk" run "$repo/examples/copy.bf" --async 0=a 1=a.out:w -E jit "$repo/examples/copy.bf" 0=b --stats 1=b.out:w 2>said
    cmp a a.out
    cmp b b.out
    [ "$(grep -c 'engine:       jit' said)" = 2 ]
}

@test "run -- (what follows looks like an option) takes it as the program, or as a file of it" {
    cp "$repo/examples/hello.bf" ./--stats
    run -0 "$bfk" run --engine jit -- --stats
    [ "$output" = "$(<"$repo/examples/hello.out")" ]
    run -2 "$bfk" run --engine jit -- --stats --fuel
    has "'--fuel' is not N=PATH"
}

@test "-e TEXT (each subcommand that takes FILE) is the program" {
    run -0 "$bfk" run --engine jit -e '+'
    run -1 "$bfk" check -e '+]'
    has 'bfk: -e:1:2: unbalanced ]'
    run -0 "$bfk" check --expression '+%r'
    has '-e: ' '%r  read'
    run -0 "$bfk" compile -o x.bfo -e +
    run -0 "$bfk" dump -e +
    run -0 "$bfk" audit -e +
    run -0 "$bfk" bench --engine jit -n 1 -e ',[.,]' /dev/null
    has '-e: engine jit'
    run -3 "$bfk" submit -S ./nobody -e +
    has 'no service at ./nobody'
    run -3 "$bfk" submit -S ./nobody -e + -- true
    run -2 "$bfk" submit -S ./nobody -e + x.bf -- true
    has 'one program for one command'
    # no command was forgotten: the help of each that takes FILE lists -e
    for command in $("$bfk" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
        run -0 "$bfk" help "$command"
        [[ $output != *FILE* ]] || has '-e, --expression TEXT'
    done
}

@test "check and audit (-e TEXT and files) check all of them" {
    echo + >x.bf
    run -0 "$bfk" check -e + x.bf
    has '-e: ' 'x.bf: '
    run -0 "$bfk" audit -e + x.bf
    has '-e: accepted' 'x.bf: accepted'
}

@test "an argument too many (dump, compile, bench, ops, info, help, version) exits 2 and is named" {
    echo + >x.bf
    for command in 'dump x.bf' 'dump -e +' 'compile -o x.bfo x.bf' 'compile -o x.bfo -e +' 'bench -c x.bf /dev/null' \
        'bench -c -e + /dev/null' ops info 'help run' version; do
        # shellcheck disable=SC2086 # words
        run -2 "$bfk" $command surplus
        has "unexpected argument 'surplus'" 'hint: try: bfk '
    done
    [ ! -e x.bfo ]
}

@test "bfk help prints what --help does, and bfk help COMMAND what bfk COMMAND --help does" {
    diff <("$bfk" help) <("$bfk" --help)
    local n=0
    for command in $("$bfk" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
        diff <("$bfk" help "$command") <("$bfk" "$command" --help)
        n=$((n + 1))
    done
    [ $n = 11 ]
    "$bfk" help run | grep -q '^usage: bfk run '
    run -2 "$bfk" help frobnicate
    has "no command 'frobnicate'"
}

@test "bfk version prints what --version does" {
    run -0 "$bfk" version
    [[ $output == 'bfk '*', ABI 2' ]]
    [ "$output" = "$("$bfk" --version)" ]
}

@test "bfk (a mistyped command) exits 2 and suggests the one that was meant" {
    while read -r typed meant; do
        run -2 "$bfk" "$typed"
        has "there is no command '$typed'" "hint: did you mean '$meant'?"
        hasnt usage:
    done <<'END'
rnu run
rum run
rn run
chekc check
chcek check
compil compile
comp compile
dmup dump
inof info
benhc bench
sumbit submit
hlep help
END
}

@test "bfk (a word that resembles no command) lists the commands" {
    for word in x frobnicate asdf "$(printf '%0100d' 0)"; do
        run -2 "$bfk" "$word"
        has 'usage: bfk COMMAND'
        hasnt 'did you mean'
    done
}

@test "bfk FILE (not a command, but a file) exits 2 and hints at run" {
    echo + >x.bf
    run -2 "$bfk" x.bf
    has "there is no command 'x.bf'" 'hint: to run that file: bfk run x.bf'
    echo + >rnu
    run -2 "$bfk" rnu
    has 'bfk run rnu'
    mkdir folder
    run -2 "$bfk" folder
    hasnt 'to run that file'
}

@test "run --fuel (K, M, G, a power of ten, hexadecimal) is that many" {
    while read -r written number; do
        run -1 jit --fuel "$written" -e '+[]'
        has "out of fuel after $number loop iterations"
    done <<'END'
3 3
0x10 16
2K 2000
2k 2000
3M 3000000
1e6 1000000
25e3 25000
0e5 0
END
    run -0 jit --fuel 1G -e +
    run -0 jit --fuel 18446744073709551615 -e +
    run -0 jit --fuel 1e19 -e +
}

@test "a number (not one, or out of its range) exits 2 and names its option and range" {
    for fuel in x -1 1x '' 18446744073709551616 1KK 1Ki 1e 1e1x e6 1e20 2e19 18446744073709552K 1T '1 K' K; do
        run -2 jit --fuel "$fuel" -e +
        has "bfk: --fuel: '$fuel' is not a number from 0 to 18446744073709551615" 'hint: ' '1e6'
    done
    for runs in 0 x 100001 1M; do
        run -2 "$bfk" bench --runs "$runs" -e +
        has "bfk: --runs: '$runs' is not a number from 1 to 100000"
    done
}
