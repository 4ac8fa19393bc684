#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The bfk command line: the default engine, options in any order, mistyped words, numbers, files, and hints that name
# the cause. What it prints about programs is tested in cli.bats.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
bfk=$(realpath "${BFK:-$repo/build/bfk}")

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    unset BFK_ENGINE
}

# Runs machine code in this process, which needs no device.
jit() { "$bfk" run --engine jit "$@"; }

# has TEXT...: the output contains each.
has() {
    local text
    for text in "$@"; do
        [[ $output == *"$text"* ]] || { echo "no '$text' in: $output"; return 1; }
    done
}

# hasnt TEXT...: the output contains none of them.
hasnt() {
    local text
    for text in "$@"; do
        [[ $output != *"$text"* ]] || { echo "'$text' in: $output"; return 1; }
    done
}

# --- engines ------------------------------------------------------------------------------------

# on_terminal COMMAND: runs a shell command with a terminal as its standard output and error.
# Bash runs it: other shells drop exported functions.
on_terminal() { SHELL=$BASH script -qec "$1" /dev/null </dev/null; }

# without_device COMMAND: runs a shell command with a /dev that has no bfk, or, if $forbidden is set, one that nobody
# can open, as the file system is mounted nodev.
without_device() {
    local forbid=''
    [ -z "${forbidden-}" ] || forbid='mknod /dev/bfk c 1 3 &&'
    if [ -z "$forbid" ] && [ ! -e /dev/bfk ]; then
        bash -c "$1"
    else
        unshare -m bash -c "mount -t tmpfs -o nodev none /dev && $forbid $1"
    fi
}

# Skips a test that needs another /dev.
needs_own_dev() { unshare -m true || skip "a /dev of its own takes root, and a root that is a mount point"; }

@test "run (no engine asked for, no device, a terminal) prints one line: it runs in this process, and why" {
    [ ! -e /dev/bfk ] || needs_own_dev
    export -f without_device
    run -0 on_terminal "bash -c 'without_device \"$bfk run -e +\"'"
    [[ $output == 'bfk: there is no /dev/bfk (is the module loaded?): running in this process ('* ]]
    [ ${#lines[@]} = 1 ]
}

@test "run (no engine asked for, no permission, a terminal) prints one line: it runs in this process, and why" {
    needs_own_dev
    export -f without_device
    export forbidden=1
    run -0 on_terminal "bash -c 'without_device \"$bfk run -e +\"'"
    [[ $output == 'bfk: no permission to open /dev/bfk: running in this process ('* ]]
    [ ${#lines[@]} = 1 ]
}

@test "run --async (no engine asked for, no device, a terminal) prints that line once for all programs" {
    [ ! -e /dev/bfk ] || needs_own_dev
    export -f without_device
    echo + >x.bf
    run -0 on_terminal "bash -c 'without_device \"$bfk run --async x.bf x.bf x.bf\"'"
    [ "$(grep -c 'running in this process' <<<"$output")" = 1 ]
}

@test "run (no engine asked for, no device, standard error in a pipe) prints no such line" {
    [ ! -e /dev/bfk ] || needs_own_dev
    run -0 without_device "$bfk run -e +"
    [ -z "$output" ]
}

@test "run (an engine asked for, by option or BFK_ENGINE, a terminal) prints no such line" {
    run -0 on_terminal "$bfk run -E interp -e +"
    [ -z "$output" ]
    run -0 on_terminal "BFK_ENGINE=interp $bfk run -e +"
    [ -z "$output" ]
}

@test "run (an engine of the kernel asked for, by option or BFK_ENGINE, and no device) exits 3 instead of another" {
    [ ! -e /dev/bfk ] || needs_own_dev
    for engine in kernel kernel-interp; do
        run -3 without_device "$bfk run -E $engine -e +"
        run -3 without_device "BFK_ENGINE=$engine $bfk run -e +"
        has 'cannot open /dev/bfk'
        run -3 without_device "BFK_ENGINE=$engine $bfk info"
        run -3 without_device "BFK_ENGINE=$engine $bfk bench $repo/examples/hello.bf"
    done
}

@test "BFK_ENGINE is the engine of run, bench, ops and info, and --engine wins over it" {
    for engine in jit interp; do
        export BFK_ENGINE=$engine
        run -0 "$bfk" run --stats -e +
        has "engine:       $engine"
        run -0 "$bfk" info
        has "engine:          $engine"
        run -0 "$bfk" ops
        run -0 "$bfk" bench "$repo/examples/hello.bf"
        has "engine $engine,"
    done
    run -0 "$bfk" run --stats -E jit -e +
    has 'engine:       jit'
    BFK_ENGINE=abacus run -0 "$bfk" run -E jit -e +
}

@test "BFK_ENGINE (not an engine) exits 2 and is named; (empty) is ignored" {
    for command in 'run -e +' 'bench x.bf' ops info; do
        echo + >x.bf
        # shellcheck disable=SC2086 # words
        BFK_ENGINE=abacus run -2 "$bfk" $command
        has "BFK_ENGINE: no engine is called 'abacus'" 'kernel, kernel-interp, jit, interp'
    done
    BFK_ENGINE='' run -0 "$bfk" run -e +
}

@test "BFK_ENGINE (an engine without machine code) does not affect dump and audit" {
    BFK_ENGINE=interp run -0 "$bfk" dump -e +
    has '(jit)'
    BFK_ENGINE=interp run -0 "$bfk" audit -e +
}

@test "run --service (BFK_ENGINE is of this process) exits 2 and names the variable" {
    BFK_ENGINE=jit run -2 "$bfk" run --service -e +
    has 'the service is for the kernel, and not for BFK_ENGINE=jit'
    BFK_ENGINE=jit run -3 "$bfk" submit -S ./nobody "$repo/examples/hello.bf"
}

# --- the command line ---------------------------------------------------------------------------

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

# --- numbers ------------------------------------------------------------------------------------

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

# --- hints --------------------------------------------------------------------------------------

@test "N=PATH (no such file, no mode) hints at :w, but for slot 0" {
    run -1 jit "$repo/examples/copy.bf" 1=new
    has 'slot 1: new: No such file or directory' 'hint: ' 'for writing: 1=new:w'
    run -1 jit --slot 7=new -e +
    has 'for writing: 7=new:w'
    run -1 jit --async "$repo/examples/copy.bf" 1=new
    has 'for writing: 1=new:w'
    run -1 jit "$repo/examples/copy.bf" 0=new
    hasnt hint:
    for mode in r w a rw; do
        run -1 jit "$repo/examples/copy.bf" 1=new/file:$mode
        [ $mode = r ] || has 'No such file'
        hasnt hint:
    done
    [ ! -e new ]
}

@test "a failed write (to a file that exists and was given no mode) hints at :w" {
    : >out
    for out in out /dev/null; do
        run -1 jit -e '+.' 1=$out
        has '. on slot 1 failed: Bad file descriptor' "hint: 1=$out has no mode" "for writing: 1=$out:w"
        for letter in w p s; do
            run -1 jit -e "+>>+>>>>+<<<<<<%$letter" --slot 1=$out 0=/dev/null
            has "%$letter (" "for writing: 1=$out:w"
            hasnt '0=/dev/null has'
        done
        run -1 jit -e '+>>>+<<<%x' 0=/dev/zero 1=$out
        has "for writing: 1=$out:w"
        run -1 jit -e '+>>+<<%t' 1=$out
        has "for writing: 1=$out:w"
        run -1 jit --async "$repo/examples/copy.bf" 0="$repo/examples/copy.bf" 1=$out
        has "for writing: 1=$out:w"
        run -0 jit -e '+.' 1=$out:w
    done
    run -1 jit -e '+>>+>>>>+<<<<<<%w' 1=out:r # the mode was given
    has 'Bad file descriptor'
    hasnt hint:
    run -1 jit -e '+>>+++++++<<%r' 1=out # the slot is empty
    hasnt hint:
}

plus() { printf '%*s' "$1" '' | tr ' ' '+'; } # N

# open_beneath PATH ARG: prints a program that opens PATH beneath slot 0.
open_beneath() {
    local i
    printf '+>>>%s>>>%s>>>>>>>>>>' "$(plus "$2")" "$(plus ${#1})" # go, arg, len; and the data is at 16
    for ((i = 0; i < ${#1}; i++)); do printf '%s>' "$(plus "$(printf %d "'${1:i:1}")")"; done
    printf '<%.0s' $(seq $((${#1} + 16)))
    printf '%%o'
}

@test "EXDEV, ELOOP and ENOTDIR of %o get a hint about opening beneath a directory" {
    ln -s nowhere link
    : >file
    mkdir x
    for path in /x x/../y ..; do
        open_beneath "$path" 0 >x.bf
        run -1 jit x.bf 0=.:d
        has '%o (open) failed: Invalid cross-device link' 'hint: %o opens beneath its directory' "'..'"
    done
    open_beneath link 0 >x.bf
    run -1 jit x.bf 0=.:d
    has '%o (open) failed: Too many levels of symbolic links' 'hint: %o opens beneath its directory' 'symbolic link'
    open_beneath link/x 0 >x.bf
    run -1 jit x.bf 0=.:d
    has '%o (open) failed: Not a directory' 'hint: %o opens beneath its directory' 'symbolic link'
    open_beneath file 3 >x.bf
    run -1 jit x.bf 0=.:d
    has 'Invalid argument' 'hint: arg may have both 1 and 2'
}

@test "EINVAL of %x gets a hint with its possible causes" {
    run -1 bash -c 'echo x | "$1" run --engine jit -e "+>>>+<<<%x" 1=out:w' x "$bfk"
    has '%x (move) failed: Invalid argument' 'hint: ' 'a pipe, a socket or a terminal' 'open to append'
    run -1 jit -e '+>>>+<<<%x' 0="$repo/examples/copy.bf" 1=out:a
    has '%x (move) failed: Invalid argument' 'open to append'
}

@test "hints at causes: each operation for which bfk(7) lists EINVAL has one, and bfk(7) lists the errno of each hint" {
    local listed hinted
    # "LETTER ERRNO" of each section that lists them
    listed=$(awk '
        /^\.S[sh] / { n = 0; if ($1 == ".Ss") for (i = 2; i <= NF; i++) if ($i ~ /^%[a-z]$/) letters[++n] = substr($i, 2) }
        /^\.It Er / { for (i = 3; i <= NF; i++) if ($i ~ /^E[A-Z]+$/) for (j = 1; j <= n; j++) print letters[j], $i }
    ' "$repo/userspace/man/bfk.7" | sort -u)
    hinted=$(sed -nE "s/^\t\{ '(.)', (E[A-Z]+), .*/\1 \2/p" "$repo/userspace/cmd/explain.c" | sort -u)
    [ "$(wc -l <<<"$hinted")" -ge 18 ]
    # Of %s bfk(7) has "as above"; %r and %d have one cause, which only the kernel has.
    diff <(comm -23 <(echo "$hinted") <(echo "$listed")) <(echo 's EINVAL')
    diff <(comm -13 <(echo "$hinted") <(echo "$listed") | grep EINVAL) <(echo 'r EINVAL')
}

@test "a program (a binary file, UTF-16) that does not load gets a hint, and a text does not" {
    { printf '\177ELF\1\1\1\0\0\0'; echo ']'; } >binary
    run -1 jit binary
    has 'unbalanced ]' 'hint: no text has bytes that are 0'
    printf '\377\376%s' ']' | sed 's/\(.\)/\1\x00/g' >utf16.bf
    run -1 "$bfk" check utf16.bf
    has 'UTF-16?'
    run -1 jit -e ']'
    hasnt 'no text has'
}

@test "a program (data after '!') that does not load or fails gets a hint with the line" {
    printf ',[.,]!Hello [world' >x.bf
    run -1 jit x.bf
    has 'unbalanced [' "hint: what follows the '!' in line 1 is part of the program"
    printf '+>\n,[.,]\n!Hello. [World]' >x.bf
    run -1 bash -c '"$1" run --engine jit x.bf >/dev/full' x "$bfk"
    has '. on slot 1 failed' "hint: what follows the '!' in line 3"
    for text in '+] Hello, world!' '+] wow! x' '[+!x' '!+]' $'+]!\n' '#!]'$'\n''+!x]'; do
        printf '%s' "$text" >x.bf
        run -1 jit x.bf
        has unbalanced
        hasnt "what follows"
    done
}

@test "run (data after '!', on a terminal) warns before it waits for input" {
    printf ',[.,]\n!Hello. World\n' >x.bf
    run -0 on_terminal "$bfk run --engine jit --fuel 0 x.bf; true"
    has "bfk: x.bf:2:1: warning: what follows the '!' is part of the program, not its input"
    run -0 jit x.bf </dev/null
    hasnt "what follows"
}

@test "a program (each % in a word of a comment) that fails gets a hint at --plain" {
    printf '[ printf("%%c", x); ]\n"%%c" +>>+++++++<< writes "%%c"' >x.bf
    run -1 jit x.bf
    has '%c (close) failed' 'hint: each % in it is part of a word: --plain'
    run -1 jit --plain -e '+. puts("%c")' 1=/dev/null
    hasnt --plain
    run -1 jit -e '+>>+++++++<<%r "%c" [-]'
    hasnt --plain
    for example in "$repo"/examples/*.bf "$repo"/examples/*/*.bf; do
        run "$bfk" check --allow '' "$example"
        hasnt 'part of a word'
    done
}

# --- files --------------------------------------------------------------------------------------

@test "a program (a UTF-8 byte order mark before #!) runs, and the mark is no column" {
    printf '\357\273\277#!/usr/bin/bfk run [ %% %%\n++++++++[>++++++++<-]>+.' >x.bf
    [ "$(jit x.bf)" = A ]
    [ "$("$bfk" run --engine jit - <x.bf)" = A ]
    "$bfk" compile -o x.bfo x.bf
    [ "$(jit x.bfo)" = A ]
    printf '\357\273\277+]' >x.bf
    run -1 jit x.bf
    has 'bfk: x.bf:1:2: unbalanced ]' '    1 | +]'
    printf '\357\273\277' >x.bf
    run -0 jit x.bf
}

@test "a program (lines that end in CR only) runs, and messages count its lines and columns" {
    printf '#!/usr/bin/bfk [\r++++++++[>++++++++<-]\r>+.\r' >x.bf
    [ "$(jit x.bf)" = A ]
    printf '+\r\r >]\r+' >x.bf
    run -1 jit x.bf
    has 'bfk: x.bf:3:3: unbalanced ]' '    3 |  >]' '      |   ^'
    printf '+\r\n\r\n >]\r\n+' >x.bf # CR LF as before
    run -1 jit x.bf
    has 'bfk: x.bf:3:3: unbalanced ]'
    printf '+\n\r\r>]' >x.bf # other lines end in LF
    run -1 jit x.bf
    has 'bfk: x.bf:2:4: unbalanced ]'
}

# --- check --------------------------------------------------------------------------------------

# repeat N TEXT: prints TEXT N times.
repeat() { printf "%*s" "$1" '' | sed "s/ /${2//&/\\&}/g"; }

@test "check (more than 20 warnings of a kind) prints 20 of each kind, and the number of the others" {
    { repeat 411 '>%r'; repeat 21 '>[.]'; repeat 20 '>+[]'; } >x.bf
    run -0 "$bfk" check x.bf
    [ "$(grep -c 'warning: %r (read) does nothing' <<<"$output")" = 20 ]
    [ "$(grep -c 'warning: this loop is never entered' <<<"$output")" = 20 ]
    [ "$(grep -c 'warning: \[\] never ends' <<<"$output")" = 20 ]
    has 'bfk: x.bf: warning: and 391 more: operations that do nothing' 'bfk: x.bf: warning: and 1 more: loops'
    [ "$(grep -c 'warning: and ' <<<"$output")" = 2 ]
    run -1 "$bfk" check --werror x.bf
}

@test "check (several files) prints 20 warnings of each" {
    repeat 22 '>%r' >x.bf
    cp x.bf y.bf
    run -0 "$bfk" check x.bf y.bf
    [ "$(grep -c 'x.bf:1:.*does nothing' <<<"$output")" = 20 ]
    [ "$(grep -c 'y.bf:1:.*does nothing' <<<"$output")" = 20 ]
    [ "$(grep -c 'and 2 more' <<<"$output")" = 2 ]
}

@test "messages are written line by line" {
    { repeat 30 '>%r'; echo '%K'; } >x.bf
    for command in 'check x.bf' 'run -E jit x.bf' 'dump x.bf' 'check x.bf --plain' frobnicate; do
        # shellcheck disable=SC2086 # words
        ASAN_OPTIONS=detect_leaks=0 strace -qq -o log -e trace=write "$bfk" $command 2>said >/dev/null || :
        [ "$(grep -c '^write(2,' log)" -le "$(wc -l <said)" ] || { echo "$command"; cat log; return 1; }
    done
    "$bfk" check <(repeat 30 '>%r') 2>said >/dev/null
    [ "$(wc -l <said)" = 81 ]
}

# count N: prints how many instructions it takes to check a program with N warnings.
count() {
    repeat "$1" '>%r' >many.bf
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$repo/build/bfk" check many.bf 2>&1 |
        sed -n 's/^==[0-9]*== Collected : //p' | grep -x '[0-9]*'
}

@test "check (20,000 warnings more) takes at most 2,000 instructions more for each" {
    local some more
    some=$(count 20000)
    more=$(count 40000)
    echo "$some $more"
    [ $((more - some)) -gt 20000 ]
    [ $((more - some)) -lt $((20000 * 2000)) ]
}

@test "check (each % in a word of a comment) warns of stock Brainfuck; --plain and programs for bfk have none" {
    printf 'prints "%%c" ++++[>++<-]>. 100%%correct' >x.bf
    run -0 "$bfk" check x.bf
    has 'x.bf:1:9: warning: %c (close) in a word of a comment is an operation' 'hint: --plain makes every %' '1:30: warning: %c'
    run -1 "$bfk" check --werror x.bf
    run -0 "$bfk" check --plain --werror x.bf
    for example in "$repo"/examples/*.bf "$repo"/examples/*/*.bf "$repo"/tests/language/programs/*.bf; do
        run "$bfk" check "$example"
        hasnt 'in a word of a comment'
    done
}

@test "check (data after '!', bytes that are 0) warns" {
    printf ',[.,]\n!Hello' >x.bf
    run -1 "$bfk" check --werror x.bf
    has "x.bf:2:1: warning: what follows the '!' is part of the program, not its input"
    printf '+\0.' >x.bf
    run -1 "$bfk" check --werror x.bf
    has 'x.bf: warning: no text has bytes that are 0'
    for example in "$repo"/examples/*.bf "$repo"/examples/*/*.bf "$repo"/tests/language/programs/*.bf; do
        run "$bfk" check "$example"
        hasnt 'what follows'
    done
}

@test "check, dump and audit (one op, loop or call) count it in the singular" {
    run -0 "$bfk" check -e ''
    has '-e: 1 op, '
    run -0 "$bfk" dump -e ''
    has '-e: 1 op, '
    run -0 "$bfk" audit -e '+[-.]'
    has ' 1 loop, 2 calls'
    run -0 "$bfk" audit -e ''
    has ' 0 loops, 1 call'
    hasnt '1 calls'
}

# --- terminals ----------------------------------------------------------------------------------

escape=$'\033'

@test "messages (on a terminal) have a coloured caret, but not with NO_COLOR or TERM=dumb" {
    for has in TERM=xterm 'TERM=xterm NO_COLOR='; do
        run -1 on_terminal "env -u NO_COLOR $has $bfk check -e ]"
        has "${escape}[1;32m^"
    done
    for hasnt in 'NO_COLOR=1 TERM=xterm' 'NO_COLOR=0 TERM=xterm' 'TERM=dumb' '-u TERM'; do
        run -1 on_terminal "env -u NO_COLOR $hasnt $bfk check -e ]"
        has 'unbalanced ]' '^'
        hasnt "$escape"
    done
}

@test "run --async (on a terminal) shows progress, but not with TERM=dumb" {
    echo + >x.bf
    run -0 on_terminal "TERM=xterm NO_COLOR=1 $bfk run --async -E interp x.bf x.bf"
    has $'\r'"${escape}[K2 of 2 running"
    for hasnt in TERM=dumb '-u TERM'; do
        run -0 on_terminal "env $hasnt $bfk run --async -E interp x.bf x.bf"
        has 'x.bf: ended after'
        hasnt "$escape" running
    done
}

@test "escape sequences are written only in the two files that the tests above are about" {
    run -0 grep -lE '\\(033|e\[|x1b)' -r "$repo/userspace/cmd"
    [ "$(sort <<<"${output//"$repo/userspace/cmd/"/}")" = $'cmd_async.c\nreport.c' ]
}
