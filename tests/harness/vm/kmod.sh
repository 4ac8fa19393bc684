#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kmod.sh 6.1|6.12|7.3|6.1-rt|6.12-rt|7.3-rt|debug|kcsan|gcov|host [SOURCES DEST] - build bfk.ko in build/kmod-<kernel>/
# from a copy of the sources, because the kernel's build system writes next to them; or from other SOURCES in DEST.
# gcov is the debug kernel with coverage counters in the module.
#
# Prints warnings of the compiler and of objtool. With WERROR=1, which the tests set, any warning fails the
# build.
set -euo pipefail

kernel=${1:?usage: kmod.sh 6.1|6.12|7.3|6.1-rt|6.12-rt|7.3-rt|debug|kcsan|gcov|host}
top=$(cd "$(dirname "$0")/../../.." && pwd)
sources=${2:-$top} dest=${3:-$top/build/kmod-$kernel}
flags=() cross=()
case $kernel in
    gcov) flags=(CC=gcc-12 GCOV_PROFILE=y) ;;
    debug) flags=(CC=gcc-12 UBSAN_SANITIZE=y KCOV_INSTRUMENT=y) ;;
    kcsan) flags=(CC=gcc-12) ;;
    arm64*) flags=(ARCH=arm64) cross=("$top/tests/kernel/arm64/cross.sh") ;;
esac

cd "$sources"
mkdir -p "$dest"/{bfk,jit,syscall_ops}
# Copies changed files and removes deleted ones.
for dir in bfk jit syscall_ops; do
    [ -d "$dest/$dir" ] || continue
    for old in "$dest/$dir"/*.[chS]; do
        [ -e "$dir/${old##*/}" ] || rm -f "$old" "${old%.*}.o"
    done
done
for file in Makefile bfk/*.[chS] jit/*.[chS] syscall_ops/*.[chS]; do
    cmp -s "$file" "$dest/$file" || cp "$file" "$dest/$file"
done

[ "${WERROR-}" != 1 ] || flags+=(WERROR=1)
"$top/tests/harness/vm/kbuild.sh" "$kernel"
rm -f "$dest"/{bfk.ko,warned}
log=$dest/log
if ! "${cross[@]}" "$top/tests/harness/vm/kbuild.sh" "$kernel" "$dest" W=1 "${flags[@]}" >"$log" 2>&1; then
    grep -vE '^(make|  [A-Z]+ )' "$log" >&2 || :
    echo "bfk.ko for $kernel: failed (all output: ${log#"$top"/})" >&2
    exit 1
fi
# kbuild warns if the compiler or pahole differs from the kernel's: that is only a note.
note='warning: .* differs from the one used to build the kernel'
if grep -i -e warning -e objtool "$log" | grep -vx "$note" >&2; then
    rm -f "$dest"/*/*.o # so that the next build warns again
    if [ "${WERROR-}" = 1 ]; then
        rm -f "$dest/bfk.ko"
        echo "bfk.ko for $kernel: warnings are errors (all output: ${log#"$top"/})" >&2
        exit 1
    fi
    touch "$dest/warned" # for a build with WERROR=1
fi
echo "${dest#"$top"/}/bfk.ko: built for $(modinfo -F vermagic "$dest/bfk.ko" | cut -d" " -f1)"
