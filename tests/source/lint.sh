#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lint.sh [--tap] [CHECK]... - checks beyond the compiler's; any warning fails. Runs all checks, or those named:
#
#   sparse      the module, as the kernel's build runs it
#   checkpatch  the kernel side, strictly; checkpatch.txt has the accepted types
#   kernel_doc  every /** comment is complete
#   format      all C is as clang-format lays it out; blanks before a trailing comment are free
#   shape       one .clang-format, which lays out everything except tables; no #pragma once; no include that
#               points up
#   shell       scripts, bats files too, by shellcheck
#   manual      the manual pages, by mandoc
#
# Needs build/linux-6.1 (make kernels), for its headers and its kernel-doc, and the kernel's checkpatch, which
# checkpatch.sh fetches.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 2
kdir=$PWD/build/linux-6.1/kdir
copy=$PWD/build/lint

sources() { # GLOB...: files of the project, committed or not
    git -c safe.directory='*' ls-files --cached --others --exclude-standard -- "$@" | sort -u |
        while read -r file; do [ ! -e "$file" ] || echo "$file"; done
}

lint_sparse() {
    local log=$copy.log
    rm -rf "$copy"
    mkdir -p "$copy"
    cp -r Makefile bfk jit syscall_ops "$copy/" || return 1
    MAKEFLAGS='' make -C "$kdir" M="$copy" C=2 CHECK=sparse -j"$(nproc)" modules >"$log" 2>&1 ||
        { cat "$log"; return 1; }
    grep -q CHECK "$log" || { echo "sparse did not run"; return 1; }
    # only our files, not the kernel's headers
    ! grep -E "^$copy/.*: (warning|error):" "$log"
}

lint_checkpatch() {
    local file said='' n=0
    tests/source/checkpatch.sh || return 1
    while read -r file; do
        n=$((n + 1))
        said+=$(perl build/checkpatch/checkpatch.pl --no-tree --strict --max-line-length=100 --show-types \
            --terse --no-summary --file "$file" 2>&1)$'\n'
    done < <(sources 'bfk/*.[chS]' 'jit/*.[chS]' 'syscall_ops/*.[chS]')
    [ $n -ge 5 ] || { echo "checkpatch checked only $n files"; return 1; }
    # FILE:LINE: KIND:TYPE: text
    awk '
        NR == FNR { if (/^[A-Z]/) { n++; type[n] = $1; files[n] = "^(" $2 ")$" } next }
        /^$/ { next }
        {
            split($1, at, ":"); split($2, what, ":")
            for (i = 1; i <= n; i++)
                if (what[1] != "ERROR" && what[2] == type[i] && at[1] ~ files[i]) { is_used[i] = 1; next }
            print
            failed = 1
        }
        END {
            for (i = 1; i <= n; i++)
                if (!is_used[i]) { print "tests/source/checkpatch.txt: " type[i] ": nothing is of this type"; failed = 1 }
            exit failed
        }' tests/source/checkpatch.txt - <<<"$said"
}

lint_kernel_doc() {
    local file failed=0 n=0 said
    while read -r file; do
        grep -q '^/\*\*$' "$file" || continue
        n=$((n + 1))
        said=$(perl "$kdir"/scripts/kernel-doc -none -Werror "$file" 2>&1) || failed=1
        [ -z "$said" ] || { echo "$said"; failed=1; }
    done < <(sources 'bfk/*.[ch]' 'jit/*.[ch]' 'syscall_ops/*.[ch]' 'userspace/*.[ch]')
    [ $n -ge 5 ] || { echo "kernel-doc checked only $n files"; return 1; }
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

# Fails if grep finds, and prints, a forbidden line.
no() { ! grep -nE "$@"; }

lint_shape() {
    local failed=0 c formats
    formats=$(sources '.clang-format' '*/.clang-format')
    [ "$formats" = .clang-format ] || { echo "more than one .clang-format, or none:" "$formats"; failed=1; }
    mapfile -t c < <(sources '*.[chS]')
    [ ${#c[@]} -ge 50 ] || { echo "only ${#c[@]} sources"; return 1; }
    no '^[ \t]*#[ \t]*pragma[ \t]+once' "${c[@]}" || failed=1
    # make loc would count lines exempt from clang-format as they are: only tables may be exempt.
    mapfile -t c < <(sources 'bfk/*.[chS]' 'jit/*.[chS]' 'syscall_ops/*.[chS]' |
        grep -vxE 'bfk/uapi.h|jit/op.h|jit/x86_asm.h|syscall_ops/table.c')
    no 'clang-format off' "${c[@]}" || failed=1
    mapfile -t c < <(sources 'jit/*.[chS]')
    no "^[ \t]*#[ \t]*include[ \t]+[\"<]([^\">]*/)?(bfk|syscall_ops|userspace)/" "${c[@]}" || failed=1
    mapfile -t c < <(sources 'syscall_ops/*.[chS]')
    no "^[ \t]*#[ \t]*include[ \t]+[\"<]([^\">]*/)?userspace/" "${c[@]}" || failed=1
    mapfile -t c < <(sources 'bfk/*.[chS]')
    no "^[ \t]*#[ \t]*include[ \t]+[\"<]([^\">]*/)?userspace/" "${c[@]}" || failed=1
    return $failed
}

# Variables shared by `load` between bats files seem unused or unassigned to shellcheck (2034, 2154).
lint_shell() {
    local scripts failed=0
    mapfile -t scripts < <(sources '*.sh' '.ci/*' 'tests/harness/vm/init')
    [ ${#scripts[@]} -ge 5 ] && shellcheck -x "${scripts[@]}" || failed=1
    mapfile -t scripts < <(sources '*.bash' '*.bats')
    [ ${#scripts[@]} -ge 5 ] && shellcheck -x -e SC2034,SC2154 "${scripts[@]}" || failed=1
    return $failed
}

lint_manual() {
    local pages
    mapfile -t pages < <(sources 'userspace/man/*')
    [ ${#pages[@]} = 0 ] || mandoc -Tlint -W warning "${pages[@]}"
}

[ -e "$kdir/Makefile" ] || { echo "lint: no kernel headers in build/linux-6.1: make kernels" >&2; exit 1; }
tap=''
[ "${1-}" != --tap ] || { tap=1; shift; }
checks=(sparse checkpatch kernel_doc format shape shell manual)
[ $# -gt 0 ] || set -- "${checks[@]}"
for lint; do
    [[ " ${checks[*]} " = *" $lint "* ]] || { echo "lint: no check is called '$lint': ${checks[*]}" >&2; exit 2; }
done
n=0 failed=0
for lint; do
    n=$((n + 1))
    name="lint (${lint/_/-})"
    if said=$("lint_$lint" 2>&1); then
        echo "${tap:+ok $n - }$name is clean"
    else
        failed=$((failed + 1))
        echo "$said" | sed 's/^/# /' | head -n 200
        echo "${tap:+not ok $n - }$name has warnings"
    fi
done
[ -z "$tap" ] || echo "1..$n"
[ $failed = 0 ]
