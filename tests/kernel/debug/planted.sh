#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# planted.sh debug|kcsan - build bfk.ko with mistakes in it, in build/planted-<kernel>/, and print its
# path. A patch that does not apply exactly (including its context) is an error.
set -euo pipefail

kernel=${1:?usage: planted.sh debug|kcsan}
cd "$(dirname "$0")/../../.."
dir=$PWD/build/planted-$kernel
rm -rf "$dir"
mkdir -p "$dir/build"
cp -r Makefile bfk jit syscall_ops tests "$dir/"
ln -s "$PWD/build/linux-$kernel" "$dir/build/"
if ! said=$(patch -d "$dir" -p1 --fuzz=0 --forward --batch <tests/kernel/debug/planted.patch 2>&1); then
    printf '%s\n' "$said" "planted.sh: planted.patch no longer applies to the sources: update it" >&2
    exit 1
fi
"$dir/tests/harness/vm/kmod.sh" "$kernel" >&2
echo "$dir/build/kmod-$kernel/bfk.ko"
