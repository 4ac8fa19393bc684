#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Shell completion offers what the command accepts, and file(1) recognises a compiled program.

# shellcheck disable=SC2016 # other shells expand
bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
bfk=$(realpath "${BFK:-$repo/build/bfk}")
packaging=$(realpath "$repo/userspace/packaging")

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    PATH=${bfk%/*}:$PATH
    unset BFK_ENGINE
}

# Print the commands, and the options of one, from the tables in the sources.
commands() { sed -nE 's/^\t\{ "([a-z]+)", (cmd|show)_.*/\1/p' "$repo/userspace/cmd/main.c"; }

options() { # COMMAND
    local file=cmd_$1.c
    case $1 in
        dump) file=dump_main.c ;;
        ops) file=cmd_info.c ;;
    esac
    sed -nE 's/^\t\{ "([a-z-]+)", (no|required|optional)_argument,.*/--\1/p' "$repo/userspace/cmd/$file"
    # The short options are in a string, with a ':' after those that take an argument.
    sed -nE 's/.*getopt_long\(argc, argv, "([A-Za-z:]+)".*/\1/p' "$repo/userspace/cmd/$file" | tr -d : | grep -o . | sed 's/^/-/'
}

with_options='run check compile dump audit bench submit ops info'

@test "--help (each command) lists the options of its table, and no other" {
    local command
    for command in $with_options; do
        "$bfk" help "$command" | sed -nE '/^ {2,6}-/s/^ *(-[A-Za-z])?(, )?(--[a-z-]+)?.*/\1\n\3/p' | grep . | sort >listed
        options "$command" | sort >has
        diff listed has || { echo "$command"; return 1; }
        [ "$(wc -l <has)" -ge 5 ]
    done
    diff <(commands) <("$bfk" help | sed -nE 's/^  ([a-z]+) .*/\1/p')
    [ "$(commands | wc -l)" = 11 ]
}

# by_bash WORD...: prints what bash offers for the last word, one a line, in its order.
by_bash() {
    bash -c '
        source "$1"
        shift
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        _bfk bfk "${@: -1}" "${@: -2:1}"
        [ ${#COMPREPLY[@]} = 0 ] || printf "%s\n" "${COMPREPLY[@]}"' x "$packaging/bfk.bash-completion" "$@"
}

# by_fish WORD...: the same for fish, without descriptions.
by_fish() {
    fish --no-config -c 'source $argv[1]; complete -C "$argv[2]"' "$packaging/bfk.fish" "$*" | cut -f 1
}

# by_zsh WORD...: prints what the function for zsh passes to _arguments, _describe and _files, one a line.
by_zsh() {
    zsh -f -c '
        _describe() { print -rl -- "${(@P)@[-1]}"; }
        _arguments() { print -rl -- "$@"; }
        _files() { print -r -- _files "$@"; }
        file=$1
        shift
        words=("$@") CURRENT=$#
        source $file' x "$packaging/bfk.zsh-completion" "$@"
}

@test "completion for bash offers all commands, and all options of each, short ones too" {
    local command
    diff <(by_bash bfk '' | sort) <({ commands; printf '%s\n' --help --version; } | sort)
    diff <(by_bash bfk help '' | sort) <(commands | sort)
    for command in $with_options; do
        diff <(by_bash bfk "$command" - | sort) <(options "$command" | sort)
    done
    [ "$(by_bash bfk ru)" = run ]
    [ "$(by_bash bfk run --en)" = --engine ]
    [ "$(by_bash bfk run --async --st)" = --stats ]
}

@test "completion for bash offers programs first, then folders and other files" {
    touch z.bf b.bfo a.txt 'with space.bf'
    mkdir folder
    diff <(by_bash bfk run '') <(printf '%s\n' b.bfo 'with space.bf' z.bf folder a.txt)
    diff <(by_bash bfk check w) <(echo 'with space.bf')
    diff <(by_bash bfk run z.bf 0 = a) <(echo a.txt)
    diff <(by_bash bfk run z.bf 0 =) <(by_bash bfk run '')
    diff <(by_bash bfk run -- a) <(echo a.txt)
    [ -z "$(by_bash bfk info '')" ]
    [ -z "$(by_bash bfk run -e '')" ]
    by_bash bfk submit z.bf -- bas | grep -qx bash
}

# Print the values of an option, from the message about a wrong one.
engines() { "$bfk" run -E none -e + 2>&1 | sed -n 's/.*engines: //p' | tr -d ,; }
passes() { "$bfk" run --without none -e + 2>&1 | sed -n 's/.*passes: //p' | tr -d ,; }
words() { xargs -n 1 | sort; }

@test "completion (each shell) offers all engines, levels, passes and values of --eof" {
    local shell n=0
    [ "$(engines | wc -w)" = 4 ] && [ "$(passes | wc -w)" = 6 ]
    for shell in bash fish; do
        command -v $shell >/dev/null || continue
        for option in -E --engine; do
            diff <(by_$shell bfk run $option '' | sort) <(engines | words)
            diff <(by_$shell bfk dump $option '' | sort) <(printf '%s\n' jit kernel)
        done
        diff <(by_$shell bfk run --without '' | sort) <(passes | words)
        diff <(by_$shell bfk check -O '' | sort) <(printf '%s\n' 0 1 2)
        diff <(by_$shell bfk bench --eof '' | sort) <(printf '%s\n' 0 255 keep)
        n=$((n + 1))
    done
    [ $n -ge 1 ]
    diff <(by_bash bfk run --engine = k) <(printf '%s\n' kernel kernel-interp)
    diff <(by_bash bfk run --without blocks,re) <(echo blocks,regs)
    command -v zsh >/dev/null || return 0
    by_zsh bfk run '' | grep -qF ":($(engines))"
    by_zsh bfk run '' | grep -qF "pass $(passes)"
}

@test "completion for fish offers all commands, and all options of each" {
    command -v fish >/dev/null || skip "there is no fish here"
    local command
    diff <(by_fish bfk '' | sort) <(commands | sort)
    diff <(by_fish bfk help '' | sort) <(commands | sort)
    for command in $with_options; do
        diff <({ by_fish bfk "$command" -; by_fish bfk "$command" --; } | sort -u) <(options "$command" | sort)
    done
    touch z.bf a.txt
    [ "$(by_fish bfk run '' | head -1)" = z.bf ]
    [ -z "$(by_fish bfk info '')" ]
}

@test "completion for zsh offers all commands, and all options of each" {
    command -v zsh >/dev/null || skip "there is no zsh here"
    local command
    diff <(by_zsh bfk '' | cut -d : -f 1 | sort) <(commands | sort)
    for command in $with_options; do
        diff <(by_zsh bfk "$command" '' | sed -nE 's/^(--?[A-Za-z-]*[A-Za-z]).*/\1/p' | grep -vx -- -s | sort) \
            <(options "$command" | if [ "$command" = run ]; then grep -vx -- -s; else cat; fi | sort)
    done
    by_zsh bfk run '' | grep -q '^-s+'
    by_zsh bfk run '' | grep -qF '*:file:_bfk_programs'
}

@test "file (a compiled program, and our magic) prints its kind, version and size" {
    command -v file >/dev/null || skip "there is no file(1) here"
    "$bfk" compile -O0 -o x.bfo -e '+[-.]%r'
    "$bfk" compile -z -o z.bfo -e '+'
    by_magic() { file -b -m "$packaging/bfk.magic" "$@"; }
    [ "$(by_magic x.bfo)" = 'bfk program, compiled, ops version 1, 7 ops' ]
    [[ $(by_magic z.bfo) == *', for a tape of zeros' ]]
    [ "$(by_magic --mime-type x.bfo)" = application/x-bfk ]
    sed 's/\r$//' x.bfo >changed.bfo
    [[ $(by_magic changed.bfo) == *'line ends were changed' ]]
    [[ $(by_magic "$repo/examples/hello.bf") != *compiled* ]]
    run -0 file -C -m "$packaging/bfk.magic" # it is well-formed
    [ -z "$output" ]
}
