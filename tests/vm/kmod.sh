#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kmod.sh 6.1|6.12|6.1-rt|6.12-rt|debug|kcsan|gcov|host [SOURCES DEST] - build bfk.ko in build/kmod-<kernel>/
# from a copy of the sources, as the kernel's build system writes beside them; or of other SOURCES in DEST.
# Any warning, the compiler's or objtool's, fails it. gcov is the debug kernel with counters in the module.
set -euo pipefail

kernel=${1:?usage: kmod.sh 6.1|6.12|6.1-rt|6.12-rt|debug|kcsan|gcov|host}
top=$(cd "$(dirname "$0")/../.." && pwd)
sources=${2:-$top} dest=${3:-$top/build/kmod-$kernel}
flags=()
case $kernel in
    host) kdir=/lib/modules/$(uname -r)/build ;;
    gcov) kdir=$top/build/linux-debug/kdir flags=(CC=gcc-12 GCOV_PROFILE=y) ;;
    debug) kdir=$top/build/linux-debug/kdir flags=(CC=gcc-12 UBSAN_SANITIZE=y KCOV_INSTRUMENT=y) ;;
    kcsan) kdir=$top/build/linux-kcsan/kdir flags=(CC=gcc-12) ;;
    *) kdir=$top/build/linux-$kernel/kdir ;;
esac
[ -e "$kdir/Makefile" ] ||
    { echo "bfk.ko: no kernel headers in $kdir: install linux-headers-$(uname -r), or use K=6.1" >&2; exit 1; }

cd "$sources"
mkdir -p "$dest"/{bfk,jit,syscall_ops}
# Copy what changed, forget what is gone.
for dir in bfk jit syscall_ops; do
    [ -d "$dest/$dir" ] || continue
    for old in "$dest/$dir"/*.[chS]; do
        [ -e "$dir/${old##*/}" ] || rm -f "$old" "${old%.*}.o"
    done
done
for file in Makefile bfk/*.[chS] jit/*.[chS] syscall_ops/*.[chS]; do
    cmp -s "$file" "$dest/$file" || cp "$file" "$dest/$file"
done

rm -f "$dest/bfk.ko"
log=$dest/log
# MAKEFLAGS: this is not part of the outer make, only as parallel as it.
if ! MAKEFLAGS='' make -C "$kdir" M="$dest" W=1 -j"$(nproc)" modules "${flags[@]}" >"$log" 2>&1; then
    grep -vE '^(make|  [A-Z]+ )' "$log" >&2 || :
    echo "bfk.ko for $kernel: failed (all output: ${log#"$top"/})" >&2
    exit 1
fi
if grep -i -e warning -e objtool "$log" >&2; then
    rm -f "$dest/bfk.ko" "$dest"/*/*.o # to be said again next time
    echo "bfk.ko for $kernel: warnings are errors (all output: ${log#"$top"/})" >&2
    exit 1
fi
echo "${dest#"$top"/}/bfk.ko: built for $(modinfo -F vermagic "$dest/bfk.ko" | cut -d" " -f1)"
