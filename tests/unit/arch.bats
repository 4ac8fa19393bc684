#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The architectures that bfk supports, and the sources of each. Needs no other compiler or kernel.
# shellcheck disable=SC2016 # make expands

bats_require_minimum_version 1.5.0
setup() { cd "$BATS_TEST_DIRNAME/../.." || return; }

# Prints the module's objects, as kbuild reads them from Makefile for a kernel with this configuration.
objects() { # CONFIG_NAME=y...
    printf 'include Makefile\nprint: ; @echo $(sort $(bfk-y))\n' |
        make -s -f - print KERNELRELEASE=6.12 src=. SRCARCH=other "$@"
}

@test "module (x86-64) has all objects, (arm64) all except those that generate and enter machine code" {
    run -0 objects CONFIG_MODULES=y CONFIG_X86_64=y
    everything=$output
    for file in bfk/*.[cS] jit/*.c syscall_ops/*.c; do
        [[ " $everything " == *" ${file%.*}.o "* ]] || { echo "not built: $file"; return 1; }
    done
    run -0 objects CONFIG_MODULES=y CONFIG_ARM64=y
    for object in $everything; do
        case $object in
            */text.o | */text_arena.o | */enter.o | */x86_*.o) [[ " $output " != *" $object "* ]] ;;
            *) [[ " $output " == *" $object "* ]] ;;
        esac
    done
}

@test "module (another architecture, big-endian arm64) stops with one error, (no configuration) with none" {
    for config in CONFIG_RISCV=y 'CONFIG_ARM64=y CONFIG_CPU_BIG_ENDIAN=y'; do
        # shellcheck disable=SC2086 # splits into settings
        run -2 objects CONFIG_MODULES=y $config
        [ ${#lines[@]} = 1 ]
        [[ $output == *'bfk runs on x86-64 and, interpreted, on little-endian arm64; this kernel is for other'* ]]
    done
    run -0 objects # as for make clean
}

# Writes a fake compiler that predefines these macros.
compiler() { # MACRO...
    printf '#!/bin/sh\n' >"$BATS_TEST_TMPDIR/cc"
    printf 'echo "#define %s 1"\n' "$@" >>"$BATS_TEST_TMPDIR/cc"
    chmod +x "$BATS_TEST_TMPDIR/cc"
}

sources() { printf 'include Makefile\nprint: ; @echo $(LIBBFK_SOURCES)\n' | make -s -f - print "$@"; }

@test "libbfk (x86-64) has local/text.c, (arm64) text_none.c instead of the code generator" {
    compiler __LP64__ __x86_64__
    run -0 sources CC="$BATS_TEST_TMPDIR/cc"
    [[ $output == *local/text.c* && $output == *local/enter.S* && $output == *x86_emit.c* ]]
    [[ $output != *text_none.c* ]]
    compiler __LP64__ __aarch64__ __AARCH64EL__
    run -0 sources CC="$BATS_TEST_TMPDIR/cc"
    [[ $output == *text_none.c* ]]
    [[ $output != *local/text.c* && $output != *local/enter.S* && $output != *x86_* ]]
}

@test "make user (32-bit x86, another architecture, big-endian arm64) stops with one error" {
    compiler __i386__
    run -2 make -j8 -s -B build/bfk CC="$BATS_TEST_TMPDIR/cc"
    [ "$(grep -c 'bfk runs on x86-64 and, interpreted, on little-endian arm64' <<<"$output")" = 1 ]
    for macros in __x86_64__ '__LP64__ __riscv' '__LP64__ __aarch64__ __AARCH64EB__'; do
        # shellcheck disable=SC2086 # splits into macros
        compiler $macros
        run -2 make -s -j8 -B build/bfk CC="$BATS_TEST_TMPDIR/cc"
        [ "$(grep -c 'bfk runs on x86-64 and, interpreted' <<<"$output")" = 1 ]
    done
}
