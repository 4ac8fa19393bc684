#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# guest.sh - the demo itself, as root in the guest, in the repository's folder: copies a real file with
# examples/copy.bf in the kernel and with a read/write loop, and compares the two.
# Exit status 0 only if every copy is correct.
set -euo pipefail

rounds=5
work=$(mktemp -d)
fail() { echo "demo: $*" >&2; exit 1; }
checksum() { sha256sum "$1" | cut -d' ' -f1; }

# The two ways to copy $work/in to $work/out in blocks of $block bytes. The first cells of the tape
# are a frame (bfk(7)), and its cap limits how much one read returns.

bfk_copy() {
    "$@" build/bfk run --engine kernel --stats --tape "$work/tape" \
        --slot "0=$work/in" --slot "1=$work/out:w" examples/copy.bf </dev/null
}
loop_copy() { "$@" build/demo/copyloop "$block" <"$work/in" >"$work/out"; }

# Copies once by NAME, checks the copy, and appends its time in ms to NAME.ms.
copy() {
    rm -f "$work/out"
    "$1_copy" env 2>"$work/$1.stats" || fail "$1: the copy failed: $(cat "$work/$1.stats")"
    awk '$1 == "time:" { printf "%d\n", $2 * 1000 + 0.5 }' "$work/$1.stats" >>"$work/$1.ms"
    [ "$(checksum "$work/out")" = "$want" ] || fail "$1: the copy is wrong"
}
median() { sort -n "$work/$1.ms" | sed -n "$(((rounds + 1) / 2))p"; }
# Counts system calls by NAME with strace; "total" is all of them. Reads a value that --stats printed.
calls() { awk -v name="$2" '$2 == name { n = $1 } END { print n + 0 }' "$work/$1.calls"; }
stat_of() { sed -n "s/^$1: *\([0-9]*\).*/\1/p" "$work/bfk.stats"; }
row() { printf '  %-38s %16s %16s\n' "$@"; }

compare() { # BLOCK: copies $work/in both ways in turns, then once each under strace
    local name
    block=$1 want=$(checksum "$work/in")
    printf '%b' "\0\0\0\0\x$(printf %02x $((block % 256)))\x$(printf %02x $((block / 256)))" >"$work/tape"
    rm -f "$work"/*.ms
    for _ in $(seq $rounds); do
        copy bfk
        copy loop
    done
    for name in bfk loop; do
        "${name}_copy" strace -f -c -U calls,name -o "$work/$name.calls" 2>"$work/$name.said"
        [ "$(checksum "$work/out")" = "$want" ] || fail "$name: the copy under strace is wrong"
    done
    echo
    row "blocks of $block bytes" 'copy.bf' 'read/write loop'
    row '  bytes copied' "$(stat -c %s "$work/in")" "$(stat -c %s "$work/out")"
    row "  SHA-256 of the copies, $((rounds + 1)) each way" 'right' 'right'
    row '  %-operations done in the kernel' "$(stat_of %-operations)" '-'
    row '  system calls of the process, all' "$(calls bfk total)" "$(calls loop total)"
    row '    read and write' "$(($(calls bfk read) + $(calls bfk write)))" \
        "$(($(calls loop read) + $(calls loop write)))"
    row '    ioctl' "$(calls bfk ioctl)" "$(calls loop ioctl)"
    row '  time of the copying, median, ms' "$(median bfk)" "$(median loop)"
    row '  machine code, bytes' "$(stat_of 'machine code')" '-'
}

insmod "build/kmod-$K/bfk.ko" || fail "the module does not load"
for _ in 1 2 3 4 5; do cat "build/linux-$K/vmlinuz"; done >"$work/in"
cat <<END

Linux $(uname -r) has loaded bfk.ko, and /dev/bfk is there.
The file to copy: this kernel's own image, five times over, in memory (tmpfs).

The program, examples/copy.bf:        +%r[>>+<<%w>>-<<%r]

    +          cell 0 becomes 1: it is the "go" of a frame of 16 bytes and a buffer
    %r         read from slot 0 into the buffer; at the end of the file go becomes 0
    [ ... ]    as long as go is not 0:
    >>+<<          slot number 1
    %w             write what was read; on an error go becomes 0
    >>-<<          slot number 0
    %r             read on

Copying $rounds times each way, in turns, then once each under strace to count system calls ...
END
compare 32768
head -c 1000000 "$work/in" >"$work/part" && mv "$work/part" "$work/in"
echo
echo "And a million bytes in small blocks, where a system call costs more than the data it moves ..."
compare 64
cat <<END

The two ioctls are LOAD (compile) and RUN: all of the copying is inside that one RUN. The reads
and writes left in its column are for reading copy.bf and the first cells, and for --stats.
Time is an emulated processor's: compare the two columns, and nothing else with it.
END
rmmod bfk
