#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernel.sh arm64|arm64-16k - download Debian's 6.12 for arm64 to build/linux-arm64/ (with pages of 4 KiB) or
# build/linux-arm64-16k/, as tests/harness/vm/kernel.sh does for this machine's kernels. The kernel's build runs programs
# of linux-kbuild: they come from the amd64 package.
#
# Takes the newest version in the archive, and keeps it. KVER_ARM64 chooses another one, e.g. 6.12.111+deb12-arm64.
set -euo pipefail

series=${1:?usage: kernel.sh arm64|arm64-16k}
top=$(cd "$(dirname "$0")/../../.." && pwd)
root=$top/build/linux-$series
[ ! -e "$root/release" ] || exit 0

say() { echo "kernel $series: $*" >&2; }
die() { say "$*"; exit 1; }
apt() { "$top/tests/kernel/arm64/archive.sh" "$@"; }

newest() { # prints the newest release of the series: neither cloud nor rt
    apt apt-cache search --names-only "^linux-image-6\\.12\\.[0-9]+[-+][0-9a-z]+-$series\$" |
        sed 's/^linux-image-\([^ ]*\).*/\1/' | sort -V | tail -n 1
}

unpack() { # RELEASE: .deb files in the current directory -> ./root, relocatable
    local release=$1 deb headers=root/usr/src/linux-headers-$1
    mkdir -p root/usr/lib
    ln -s usr/lib root/lib # where Debian 12 has the modules
    for deb in *.deb; do
        dpkg-deb --fsys-tarfile "$deb" | tar -C root --keep-directory-symlink --no-same-owner -x
    done
    # Debian's Makefile includes /usr/src/...-common/Makefile: make that relative to the file.
    # shellcheck disable=SC2016 # make expands
    sed -i 's|^include /usr/src/|include $(dir $(lastword $(MAKEFILE_LIST)))../|' "$headers/Makefile"
    rm -f "$headers/vmlinux" "root/lib/modules/$release/build" "root/lib/modules/$release/source"
    ln -sr "$headers" "root/lib/modules/$release/build"
    ln -s "usr/src/linux-headers-$release" root/kdir
    ln -s "boot/vmlinuz-$release" root/bootfile
    "$depmod" -b root "$release"
    echo "$release" >root/release
}

depmod=$(PATH=$PATH:/sbin:/usr/sbin command -v depmod) || die "no depmod: run tests/harness/deps.sh arm64"
mkdir -p "$top/build"
exec 9>"$top/build/.arm64.lock"
flock 9
[ ! -e "$root/release" ] || exit 0
release=${KVER_ARM64:-$(newest)}
[ -n "$release" ] || die "the archive has none"

work=$(mktemp -d "$top/build/.linux-$series.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
say "downloading $release with its headers (about 110 MB)"
kbuild=$(apt apt-cache depends "linux-headers-$release" | sed -n 's/^ *Depends: \(linux-kbuild-.*\)/\1/p')
common=$(apt apt-cache depends "linux-headers-$release" | sed -n 's/^ *Depends: \(linux-headers-.*-common\)/\1/p')
apt apt-get -q download "linux-image-$release" "linux-headers-$release" "$common" "$kbuild:amd64" >&2
say "unpacking"
unpack "$release"
chmod 755 root # undo modes of mktemp and dpkg that lock out other users
rm -rf "$root"
mv root "$root"
say "ready: $release"
