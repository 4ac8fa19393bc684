#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Lint finds planted defects, in a copy of the sources.

bats_require_minimum_version 1.5.0

repo=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

setup() {
    cd "$repo" || return
    "$repo/tests/source/checkpatch.sh"
    git -c safe.directory='*' ls-files --cached --others --exclude-standard -- .clang-format Makefile bfk jit syscall_ops tests \
        userspace | while read -r file; do [ ! -e "$file" ] || echo "$file"; done | cpio -pd --quiet "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR" || return
    mkdir -p build
    ln -s "$repo"/build/{linux-6.1,checkpatch} build/
    git init -q .
}

# finds CHECK TEXT...: the check fails, and prints this.
finds() {
    run -1 tests/source/lint.sh "$1"
    shift
    for text; do [[ $output == *"$text"* ]] || { echo "not printed: $text"; return 1; }; done
}

@test "lint checkpatch (a type that is not accepted, or not in this file) prints the place" {
    printf '#define PLANTED (1 << 3)\n\nint bfk_planted(int first)\n{\n\tint other;\n\n\tother = first = PLANTED;\n\treturn other;\n}\n' >bfk/planted.c
    finds checkpatch 'bfk/planted.c:7: CHECK:MULTIPLE_ASSIGNMENTS' 'bfk/planted.c:1: CHECK:BIT_MACRO'
}

@test "lint checkpatch (an error) prints the place, even if its type is listed" {
    printf 'TRAILING_STATEMENTS  .*  planted\n' >>tests/source/checkpatch.txt
    printf 'int bfk_planted(int first)\n{\n\tif (first) return 2;\n\treturn 3;\n}\n' >bfk/planted.c
    finds checkpatch 'bfk/planted.c:3: ERROR:TRAILING_STATEMENTS'
}

@test "lint checkpatch (a listed type that never occurs) names it" {
    printf 'SPLIT_STRING  bfk/nowhere[.]c  planted\n' >>tests/source/checkpatch.txt
    finds checkpatch 'SPLIT_STRING: nothing is of this type'
}

@test "lint shape (includes that point up, pragma once, clang-format off, a second .clang-format) prints the place" {
    printf '#pragma once\n' >jit/once.h
    printf '#include "../userspace/local/local.h"\n' >jit/up.h
    printf '#include "bfk/bfk.h"\n' >jit/up.c
    printf '# include <userspace/local/local.h>\n' >syscall_ops/up.h
    printf '#include "userspace/local/local.h"\n' >bfk/up.c
    printf '/* clang-format off */\n' >bfk/packed.c
    cp .clang-format bfk/
    finds shape bfk/packed.c:1: jit/once.h:1: jit/up.h:1: jit/up.c:1: syscall_ops/up.h:1: bfk/up.c:1: bfk/.clang-format
}

@test "lint format (a statement on the line of an if) prints the place" {
    printf 'int planted(int first)\n{\n\tif (first) return 2;\n\treturn 3;\n}\n' >userspace/planted.c
    finds format '-	if (first) return 2;'
}

@test "loc counts lines as clang-format lays them out" {
    lines() { LOC_BUDGET=100000 tests/source/loc.sh | sed -n 's/ of .*//p' | tr -d ' '; }
    before=$(lines)
    printf 'int planted(int first)\n{\n\tif (first) { first++; return 2; }\n\treturn 3;\n}\n' >bfk/planted.c
    [ "$(lines)" = $((before + 8)) ]
}
