#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# build.sh KERNEL[,KERNEL] TARGET... - build the module for kernels arm64 or arm64-16k, and these make targets for
# arm64, from a copy of the sources with its own build/: build/arm64/tree/. The guest (tests/harness/vm/run.sh -k
# KERNEL) sees that copy in place of this folder.
set -euo pipefail

top=$(cd "$(dirname "$0")/../../.." && pwd)
root=$top/build/arm64/root tree=$top/build/arm64/tree
IFS=, read -ra kernels <<<"${1:?usage: build.sh arm64|arm64-16k[,...] TARGET...}"
shift
command -v pkg-config >/dev/null || { echo "arm64: no pkg-config: run tests/harness/deps.sh arm64" >&2; exit 1; }
"$top/tests/kernel/arm64/root.sh"

# Keeps modification times, so that make sees changes; removes deleted files.
mkdir -p "$tree"
find "$tree" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
cp -a "$top"/{Makefile,README.md,bfk,jit,syscall_ops,userspace,tests,examples} "$tree/"
for kernel in "${kernels[@]}"; do
    "$top/tests/kernel/arm64/kernel.sh" "$kernel"
    "$top/tests/harness/vm/kmod.sh" "$kernel" "$tree" "$tree/build/kmod-$kernel"
done

libs=$root/usr/lib/aarch64-linux-gnu
export PKG_CONFIG_LIBDIR=$libs/pkgconfig:$root/usr/share/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root
unset MAKEFLAGS MAKELEVEL MFLAGS
exec "$top/tests/kernel/arm64/cross.sh" make -s -j"$(nproc)" -C "$tree" CC="aarch64-linux-gnu-gcc --sysroot=$root" \
    AR=aarch64-linux-gnu-ar NM=aarch64-linux-gnu-nm OBJCOPY=aarch64-linux-gnu-objcopy CFLAGS=-Werror "$@"
