#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Which file includes which, and which names are defined where: the sources follow the rules, and
# includes.py and names.py find violations that are planted in a copy.

bats_require_minimum_version 1.5.0

repo=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

setup() {
    cd "$repo" || return
    git -c safe.directory='*' ls-files --cached --others --exclude-standard -- tests/source/includes.py tests/source/names.py bfk jit \
        syscall_ops userspace | while read -r file; do [ ! -e "$file" ] || echo "$file"; done |
        cpio -pd --quiet "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR" || return
}

# finds SCRIPT TEXT...: the script fails, and prints this.
finds() {
    run -1 "tests/source/$1"
    shift
    for text; do [[ $output == *"$text"* ]] || { echo "not printed: $text, but: $output"; return 1; }; done
}

# include FILE HEADER: adds the #include as line 1 of the file
include() { sed -i "1i #include \"$2\"" "$1"; }

@test "the sources have no circle of includes, none that points up, and no missing header" {
    run -0 "$repo/tests/source/includes.py"
    [[ $output == *' files, '*' arrows, no circle' ]]
}

@test "includes (two files that include each other's header) are reported as a circle, with both lines" {
    include userspace/cmd/say.h report.h
    finds includes.py 'a circle of ' 'userspace/cmd/say.h:1: userspace/cmd/say -> userspace/cmd/report' \
        'userspace/cmd/report -> userspace/cmd/say'
}

@test "includes (a header that reaches itself through two others) are reported as a circle of three" {
    printf '#include "planted_b.h"\n' >userspace/opt/planted_a.h
    printf '#include "planted_c.h"\n' >userspace/opt/planted_b.h
    printf '#include "planted_a.h"\n' >userspace/opt/planted_c.c
    printf '/* of planted_c.c */\n' >userspace/opt/planted_c.h
    finds includes.py 'a circle of 3 files:' 'userspace/opt/planted_c.c:1: userspace/opt/planted_c -> userspace/opt/planted_a'
}

@test "includes (a header of a folder above) are reported as pointing up" {
    include jit/parse.c ../bfk/limits.h
    include bfk/dev.c userspace/include/libbfk.h
    include syscall_ops/file.c userspace/local/frame.h
    include userspace/lib/libbfk.c userspace/cmd/say.h
    include userspace/opt/list.c userspace/local/tape.h
    finds includes.py 'jit/parse.c:1: jit includes bfk/limits.h, which points up' \
        'bfk/dev.c:1: bfk includes userspace/include/libbfk.h, which points up' \
        'syscall_ops/file.c:1: syscall_ops includes userspace/local/frame.h, which points up' \
        'userspace/lib/libbfk.c:1: userspace/lib includes userspace/cmd/say.h, which points up' \
        'userspace/opt/list.c:1: userspace/opt includes userspace/local/tape.h, which points up'
}

@test "includes (a header of the command in the service, of the kernel in user space, a folder without a place) are refused" {
    include userspace/daemon/log.c userspace/cmd/say.h
    include userspace/local/run.c bfk/run.h
    mkdir userspace/planted
    printf '#include "jit/op.h"\n' >userspace/planted/planted.c
    finds includes.py 'userspace/daemon/log.c:1: userspace/daemon includes userspace/cmd/say.h, but neither' \
        'userspace/local/run.c:1: userspace/local includes bfk/run.h, but of the kernel side only' \
        'userspace/planted/planted.c:1: userspace/planted has no place'
}

@test "includes (a missing header, in quotes and in angle brackets) are reported" {
    include userspace/cmd/main.c nowhere.h
    sed -i '1i #  include <userspace/nowhere.h>' userspace/cmd/say.c
    finds includes.py 'userspace/cmd/main.c:1: nowhere.h does not exist' 'userspace/cmd/say.c:1: userspace/nowhere.h does not exist'
}

@test "includes.py --dot draws each folder, file and arrow" {
    run -0 tests/source/includes.py --dot
    [[ $output == 'digraph includes {'*'label="userspace/opt"'*'"userspace/opt/walk" -> "userspace/opt/block";'*'}' ]]
    run -2 tests/source/includes.py --nonsense
}

@test "no name has one meaning in the kernel and another in user space" {
    run -0 "$repo/tests/source/names.py"
    [[ $output == *' names, each with one meaning' ]]
}

@test "names (a struct, function, macro, guard and label of both sides) are reported with their files" {
    printf 'struct bfk_program {\n\tint planted;\n};\n' >>userspace/local/program.h
    printf 'int bfk_slot_set(struct local_instance *local,\n\t\t int slot)\n{\n\treturn slot;\n}\n' >>userspace/local/slots.c
    printf '#define BFK_CALL_END 2\n' >>userspace/local/frame.c
    printf '#ifndef BFK_TAPE_H\n#define BFK_TAPE_H\n#endif\n' >>userspace/opt/list.h
    printf '\t.globl bfk_enter\n' >>userspace/local/enter.S
    finds names.py 'struct bfk_program is defined in bfk/program.h and in userspace/local/program.h' \
        'bfk_slot_set is defined in bfk/run.c and in userspace/local/slots.c' \
        'BFK_CALL_END is defined in syscall_ops/table.h and in userspace/local/frame.c' \
        'include guard BFK_TAPE_H is defined in bfk/tape.h and in userspace/opt/list.h' \
        'bfk_enter is defined in bfk/enter.S and in userspace/local/enter.S'
}

@test "names (static functions, macros of one file, uses, an exception) may be the same on both sides" {
    printf 'static int bfk_slot_set(int slot)\n{\n\treturn slot;\n}\n#define GRANULES 3\n' >>userspace/local/slots.c
    printf '/* struct bfk_run {} */\nint planted(struct bfk_run *run);\n' >>userspace/local/slots.h
    run -0 tests/source/names.py
}

@test "names (an exception that is not defined twice) is reported" {
    sed -i 's/^EXCEPTIONS = {/&\n    "bfk_planted": "planted",/' tests/source/names.py
    finds names.py 'bfk_planted: an exception, but it is not defined twice'
}

@test "includes (an exception for an arrow that does not exist) is reported" {
    sed -i 's/^EXCEPTIONS = {/&\n    ("jit\/op", "jit\/parse"): "planted",/' tests/source/includes.py
    finds includes.py 'jit/op -> jit/parse: an exception, but there is no such arrow'
}
