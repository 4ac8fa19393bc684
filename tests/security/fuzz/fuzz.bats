#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2030,SC2031 # each test is a process
# The fuzz targets: replays their corpora, fuzzes each for some seconds, and shows that they find planted errors.

bats_require_minimum_version 1.5.0

repo=$(realpath "$BATS_TEST_DIRNAME/../../..")

smoke() { # TARGET: replays the corpus, and fuzzes for five seconds
    cp -r "$repo/tests/security/fuzz/corpus/$1" "$BATS_TEST_TMPDIR/corpus"
    cd "$BATS_TEST_TMPDIR" || return
    [ "$(find corpus -type f | wc -l)" -ge 50 ]
    run -0 timeout 1000 "$repo/build/fuzz/$1" -max_total_time=5 -max_len=600 -seed=1 -rss_limit_mb=2048 corpus
    [[ $output == *'Done '*' runs in '* ]]
}

@test "fuzz: the parser, for five seconds" { smoke source; }

@test "fuzz: arrays of ops, for five seconds" { smoke ops; }

@test "fuzz: programs, for five seconds" { smoke programs; }

@test "fuzz: frames, for five seconds" { smoke frames; }

# planted SED FILE TARGET: the target's corpus must fail after this edit of the file.
planted() {
    local tree=$BATS_TEST_TMPDIR/tree
    mkdir -p "$tree" "$BATS_TEST_TMPDIR/out"
    cp -r "$repo"/{Makefile,bfk,jit,syscall_ops,userspace,tests,examples} "$tree/"
    sed -i "$1" "$tree/$2"
    run -1 diff -q "$repo/$2" "$tree/$2" # the edit must change something
    TARGETS=$3 SOURCES=$tree run -1 timeout 2000 "$repo/tests/security/fuzz/replay.sh" "$BATS_TEST_TMPDIR/out" \
        -fsanitize=address,undefined -fno-sanitize-recover=all
    [[ ${lines[-1]} == "$3: an input of the corpus fails" ]]
}

@test "a parser that moves the wrong way is found" {
    planted "s/byte == '>' ? 1 : -1/1/" jit/parse.c source
}

@test "a compiler that omits a test is found" {
    planted 's/last->reg != op->reg ||/0 ||/' jit/x86_emit.c ops
}

@test "an optimiser that misses changes in a loop is found" {
    planted 's/if (bfk_block_is_wrong(.*, &varying)/& \&\& 0/' userspace/opt/pass_blocks.c programs
}

@test "a copy or a search that leaves the ring is found" {
    planted 's/position % BFK_TAPE_CELLS/position/' userspace/local/sysop_tape.c frames
}

@test "an operation on a slot out of range is found" {
    planted 's/return slot < BFK_SLOTS ? \(.*\) : -1;/return \1;/' userspace/local/slots.c frames
}
