#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# reading.sh [--check|--write] - the reading order of bfk/README.md: every trusted file once, with its line
# count as in `make loc`. Prints it; --check compares it with bfk/README.md, --write updates that.
set -euo pipefail

cd "$(dirname "$0")/../.."
order() {
    cat <<'END'
bfk/uapi.h|the ABI: every struct and ioctl, and what they promise
bfk/limits.h|every bound, with its reason
jit/op.h|the intermediate representation: thirteen kinds of op
bfk/op.h|its name for those who include `bfk/uapi.h`
jit/interp.c|what each of them means: the reference interpreter
jit/machine.h|the state of a running program, and what an engine asks of its host
jit/env.h|what jit/ takes from its surroundings
jit/parse.h|source to ops, and are they a program? the interfaces
jit/parse.c|source to ops
jit/check.c|all that is checked of ops, whoever made them
jit/x86_asm.h|every instruction generated code can contain, and the interface of what makes it
jit/x86_asm.c|the encoder
jit/x86_emit.h|translating ops to machine code: the interface
jit/x86_emit.c|ops to machine code
bfk/enter.S|the way into generated code and out of it
bfk/text_arena.S|where generated code lies
bfk/text.h|published machine code: the interface
bfk/text.c|the only writer of executable memory
bfk/tape.h|the ring: the interface
bfk/tape.c|the ring: why an address cannot leave it
bfk/program.h|what LOAD makes
bfk/program.c|LOAD
syscall_ops/table.h|what an operation is, and the one under way
syscall_ops/table.c|everything a program may ask for, on one screen; how to add an operation
bfk/run.h|one execution: everything it has, and its files
bfk/run.c|RUN: slots, fuel, signals, what is checked of frames, and IN, OUT, SYS
bfk/trace.h|the tracepoints: an operation is done, a run has ended
syscall_ops/file.c|the file family
syscall_ops/socket.c|the socket family
syscall_ops/wait.c|the wait family: events, and sleep
syscall_ops/time.c|the time family
syscall_ops/process.c|the process family
syscall_ops/tape.c|the tape family
bfk/compat.h|where 6.1 and later kernels differ
bfk/dev.c|the device: the only place that copies requests
END
}

table() {
    local counts file what lines link sum=0 n=0
    counts=$(LOC_BUDGET=1000000 tests/source/loc.sh) # only `make loc` enforces the budget
    echo '| | file | lines | what it is |'
    echo '|--:|---|--:|---|'
    while IFS='|' read -r file what; do
        lines=$(awk -v file="$file" '$2 == file { print $1 }' <<<"$counts")
        [ -n "$lines" ] || { echo "reading.sh: no file $file" >&2; return 1; }
        n=$((n + 1)) sum=$((sum + lines))
        link=../$file
        echo "| $n | [$file](${link#../bfk/}) | $lines | $what |"
    done < <(order)
    echo "| | | **$sum** | of at most 1,950 |"
    # nothing trusted may be missing from the list
    [ "$sum" = "$(awk '$2 == "of" { print $1 }' <<<"$counts")" ] ||
        { echo "reading.sh: the list is not complete" >&2; return 1; }
}

page=bfk/README.md
begin='<!-- tests/source/reading.sh -->' end='<!-- end -->'
in_readme() { awk -v begin="$begin" -v end="$end" '$0 == end { inside = 0 } inside { print } $0 == begin { inside = 1 }' "$page"; }
case ${1:---print} in
    --print) table ;;
    --check)
        want=$(table)
        if ! diff <(in_readme) - <<<"$want"; then
            echo "$page is out of date: tests/source/reading.sh --write" >&2
            exit 1
        fi
        ;;
    --write)
        table=$(table)
        { sed "\\|^$begin\$|q" "$page" && echo "$table" && sed -n "\\|^$end\$|,\$p" "$page"; } >"$page.new"
        mv "$page.new" "$page"
        ;;
    *) echo "usage: reading.sh [--check|--write]" >&2; exit 2 ;;
esac
