#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# initramfs.sh KERNEL - make build/linux-<series>/initramfs.cpio: busybox, init, and the modules
# that a stock Debian kernel needs to mount the host's root over 9p under an overlay.
set -euo pipefail

series=${1:?usage: initramfs.sh KERNEL}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)/build/linux-$series
out=$root/initramfs.cpio
PATH=$PATH:/sbin:/usr/sbin

[ "$out" -nt "$here/init" ] && [ "$out" -nt "$here/initramfs.sh" ] && [ "$out" -nt "$root/release" ] && exit 0
busybox=busybox
[[ $series != arm64* ]] || busybox=$here/../../../build/arm64/root/bin/busybox
for tool in "$busybox" cpio modprobe; do
    command -v "$tool" >/dev/null || { echo "initramfs: no $tool: run tests/harness/deps.sh demo" >&2; exit 1; }
done

work=$(mktemp -d "$root/.initramfs.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/tree/{bin,dev,proc,host,upper,new,mod}
cd "$work/tree"
cp "$(command -v "$busybox")" bin/busybox
install -m 755 "$here/init" init
# In loading order; modprobe does not list built-in ones as insmod.
for module in virtio_pci virtio_console 9pnet_virtio 9p overlay; do
    modprobe -d "$root" -S "$(<"$root/release")" --show-depends "$module"
done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$work/modules"
n=100
while read -r file; do
    name=mod/$((n += 1)).ko
    case $file in *.xz) xz -dc "$file" >$name ;; *) cp "$file" $name ;; esac
done <"$work/modules"
find . | cpio -o -H newc -R 0:0 --quiet >"$work/cpio"
mv "$work/cpio" "$out"
