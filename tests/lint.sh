#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lint.sh [--tap] - what the compiler does not see; any warning fails.
#
#   sparse        the module, as the kernel's build runs it
#   kernel-doc    every /** comment says what it must
#   clang-format  all C is in the style of .clang-format; blanks before a trailing comment are free
#   scripts       by shellcheck, bats files too
#   mandoc        the manual pages
#
# Needs build/linux-6.1 (make kernels), for its headers and its kernel-doc.
set -uo pipefail

cd "$(dirname "$0")/.." || exit 2
kdir=$PWD/build/linux-6.1/kdir
copy=$PWD/build/lint

sources() { # GLOB...: files of the project, committed or not
    git -c safe.directory='*' ls-files --cached --others --exclude-standard -- "$@" | sort -u |
        while read -r file; do [ ! -e "$file" ] || echo "$file"; done
}

# "#pragma once" is lost on sparse, which takes a/../b.h and b.h for two files: give it guards.
guard() { # HEADER...
    local header name
    for header in "$@"; do
        grep -q '^#pragma once' "$header" || continue
        name=$(basename "$header" | tr 'a-z.' 'A-Z_')_GUARD
        sed -i "s/^#pragma once/#ifndef $name\n#define $name/" "$header"
        echo '#endif' >>"$header"
    done
}

lint_sparse() {
    local log=$copy.log
    rm -rf "$copy"
    mkdir -p "$copy"
    cp -r Makefile bfk jit syscall_ops "$copy/" || return 1
    guard "$copy"/{bfk,jit,syscall_ops}/*.h
    MAKEFLAGS='' make -C "$kdir" M="$copy" C=2 CHECK=sparse -j"$(nproc)" modules >"$log" 2>&1 ||
        { cat "$log"; return 1; }
    grep -q CHECK "$log" || { echo "sparse did not run"; return 1; }
    # what is in our files; the kernel's headers are the kernel's
    ! grep -E "^$copy/.*: (warning|error):" "$log"
}

lint_kernel_doc() {
    local file failed=0 n=0 said
    while read -r file; do
        grep -q '^/\*\*$' "$file" || continue
        n=$((n + 1))
        said=$(perl "$kdir"/scripts/kernel-doc -none -Werror "$file" 2>&1) || failed=1
        [ -z "$said" ] || { echo "$said"; failed=1; }
    done < <(sources 'bfk/*.[ch]' 'jit/*.[ch]' 'syscall_ops/*.[ch]' 'userspace/*.[ch]')
    [ $n -ge 5 ] || { echo "kernel-doc looked at $n files only"; return 1; }
    return $failed
}

free_blanks() { sed 's/[ \t]*\/\*/ \/*/'; }

lint_format() {
    local file failed=0
    while read -r file; do
        diff -u --label "$file" --label "$file, formatted" <(free_blanks <"$file") \
            <(clang-format "$file" | free_blanks) || failed=1
    done < <(sources '*.c' '*.h')
    return $failed
}

# What a bats file gets by `load` shellcheck does not see: used or assigned elsewhere (2034, 2154).
lint_shell() {
    local scripts failed=0
    mapfile -t scripts < <(sources '*.sh' '.ci/*' 'tests/vm/init')
    [ ${#scripts[@]} -ge 5 ] && shellcheck -x "${scripts[@]}" || failed=1
    mapfile -t scripts < <(sources '*.bash' '*.bats')
    [ ${#scripts[@]} -ge 5 ] && shellcheck -x -e SC2034,SC2154 "${scripts[@]}" || failed=1
    return $failed
}

lint_manual() {
    local pages
    mapfile -t pages < <(sources 'userspace/*.[1-8]')
    [ ${#pages[@]} = 0 ] || mandoc -Tlint -W warning "${pages[@]}"
}

[ -e "$kdir/Makefile" ] || { echo "lint: no kernel headers in build/linux-6.1: make kernels" >&2; exit 1; }
tap=''
[ "${1-}" != --tap ] || tap=1
n=0 failed=0
for lint in sparse kernel_doc format shell manual; do
    n=$((n + 1))
    name="lint (${lint/_/-})"
    if said=$(lint_$lint 2>&1); then
        echo "${tap:+ok $n - }$name is clean"
    else
        failed=$((failed + 1))
        echo "$said" | sed 's/^/# /' | head -n 200
        echo "${tap:+not ok $n - }$name has something to say"
    fi
done
[ -z "$tap" ] || echo "1..$n"
[ $failed = 0 ]
