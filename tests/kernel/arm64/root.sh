#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# root.sh - unpack a small Debian for arm64 in build/arm64/root: the guest's commands, and the libraries that our
# programs link with. No package is installed properly, as its scripts would be arm64 programs; this script does
# the part of their work that the tests need.
set -euo pipefail

top=$(cd "$(dirname "$0")/../../.." && pwd)
root=$top/build/arm64/root

# The tests' commands, then libraries to link with.
packages=(bash coreutils util-linux util-linux-extra bsdutils mount procps kmod grep sed mawk findutils diffutils tar gzip
    hostname bats busybox-static base-passwd base-files e2fsprogs curl socat netcat-openbsd apache2-utils
    libc6-dev liburing-dev libcapstone-dev libsystemd-dev)

[ ! -e "$root/ready" ] || [ "$(<"$root/ready")" != "${packages[*]}" ] || exit 0
mkdir -p "$top/build/arm64"
exec 9>"$top/build/.arm64.lock"
flock 9
debs=$top/build/arm64/debs
rm -rf "$debs"
mkdir -p "$debs/partial"
# Includes all their dependencies.
"$top/tests/kernel/arm64/archive.sh" apt-get -q -y -o Dir::Cache::archives="$debs" --download-only install "${packages[@]}" >&2

new=$root.new
rm -rf "$new"
mkdir -p "$new"/usr/{bin,sbin,lib}
for dir in bin sbin lib; do ln -s "usr/$dir" "$new/$dir"; done
for deb in "$debs"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -C "$new" --keep-directory-symlink --no-same-owner -x
done
rm -r "$debs"

ln -sf mawk "$new/usr/bin/awk"
ln -sf nc.openbsd "$new/usr/bin/nc"
[ -e "$new/usr/bin/sh" ] || ln -s bash "$new/usr/bin/sh"
cp "$new/usr/share/base-passwd/passwd.master" "$new/etc/passwd"
cp "$new/usr/share/base-passwd/group.master" "$new/etc/group"
# An absolute link would make the linker use this machine's files.
find "$new" -type l -lname '/*' | while read -r link; do
    ln -sfnr "$new$(readlink "$link")" "$link"
done
echo '127.0.0.1 localhost' >"$new/etc/hosts"
mkdir -p "$new"/{dev,proc,sys,tmp,run,root,out,mnt}
chmod 755 "$new"
echo "${packages[*]}" >"$new/ready"
rm -rf "$root"
mv "$new" "$root"
