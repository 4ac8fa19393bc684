#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernel.sh 6.1|6.12|6.1-rt|6.12-rt - make Debian's stock kernel of that series ready in
# build/linux-<series>/: the image, its modules, and the headers an external module builds against.
# Needs apt, not root. (debug and kcsan are kernels that tests/debug/kernel.sh builds.)
#
#   build/linux-6.1/release   the version, e.g. 6.1.0-56-amd64
#   build/linux-6.1/vmlinuz   the image (symlink); bootfile is what QEMU loads, see unpack_image
#   build/linux-6.1/kdir      the headers, for make -C (symlink)
#   build/linux-6.1/lib/modules/<release>, with depmod's files
#
# The newest version in the archive is taken, once; `make distclean` forgets it. KVER_6_1 and
# KVER_6_12 name another one, e.g. KVER_6_12=6.12.111+deb12-amd64.
set -euo pipefail

series=${1:?usage: kernel.sh 6.1|6.12|6.1-rt|6.12-rt|debug|kcsan}
top=$(cd "$(dirname "$0")/../.." && pwd)
case $series in debug | kcsan) exec "$top/tests/debug/kernel.sh" "$series" ;; esac
build=$top/build
root=$build/linux-$series
wanted_var=KVER_${series//[.-]/_}
wanted_var=${wanted_var^^}
wanted=${!wanted_var:-}

say() { echo "kernel $series: $*" >&2; }
die() { say "$*"; exit 1; }

ready() { [ -e "$root/release" ] && { [ -z "$wanted" ] || [ "$(<"$root/release")" = "$wanted" ]; }; }

newest() { # the newest stock release of the series: neither cloud nor debug, nor rt unless asked for
    local number=${series%-rt}
    apt-cache search --names-only "^linux-image-${number//./\\.}\\.[0-9]+[-+][0-9a-z]+${series#"$number"}-amd64\$" |
        sed 's/^linux-image-\([^ ]*\).*/\1/' | sort -V | tail -n 1
}

refresh_lists() {
    [ "$(id -u)" = 0 ] || die "apt knows no such package: run 'sudo apt-get update', then try again"
    say "updating apt's package lists"
    apt-get -qq update >&2
}

download() { # release: the four packages, into the current directory
    local release=$1 support
    rm -f ./*.deb
    support=$(apt-cache depends "linux-headers-$release" |
        sed -n 's/^ *Depends: \(linux-\(headers\|kbuild\)-.*\)/\1/p')
    # shellcheck disable=SC2086 # one package name a word
    apt-get -q -o APT::Sandbox::User="$(id -un)" download \
        "linux-image-$release" "linux-headers-$release" $support >&2
}

number() { od -An -t"$1" -j"$2" -N"${1#u}" "$image" | tr -d ' '; } # u1|u2|u4 offset: of the image

# An xz image (6.1) spends 3 s of emulated time on unpacking itself, so do that here: QEMU boots
# the ELF file inside by its PVH entry (without address randomisation; 6.12's zstd image has it).
# Layout: Documentation/arch/x86/boot.rst; the payload ends with the unpacked size.
unpack_image() { # release: ./root/vmlinuz -> ./root/bootfile
    local image=root/boot/vmlinuz-$1 start len size
    ln -s "boot/vmlinuz-$1" root/vmlinuz
    start=$((($(number u1 0x1f1) + 1) * 512 + $(number u4 0x248)))
    len=$(number u4 0x24c)
    size=$(number u4 $((start + len - 4)))
    tail -c +$((start + 1)) "$image" | head -c $((len - 4)) | xz -dc >root/bootfile 2>/dev/null || :
    [ "$(stat -c %s root/bootfile)" = "$size" ] || ln -sf vmlinuz root/bootfile
}

unpack() { # release: .deb files of the current directory -> ./root, relocatable
    local release=$1 deb headers
    for deb in *.deb; do dpkg -x "$deb" root; done
    headers=root/usr/src/linux-headers-$release
    # Debian's Makefile includes /usr/src/...-common/Makefile: make that relative to the file.
    # shellcheck disable=SC2016 # it is make that expands it
    sed -i 's|^include /usr/src/|include $(dir $(lastword $(MAKEFILE_LIST)))../|' "$headers/Makefile"
    # With vmlinux here kbuild would want pahole for BTF, which no test uses.
    rm -f "$headers/vmlinux" "root/lib/modules/$release/build" "root/lib/modules/$release/source"
    ln -s "../../../usr/src/linux-headers-$release" "root/lib/modules/$release/build"
    ln -s "usr/src/linux-headers-$release" root/kdir
    unpack_image "$release"
    "$depmod" -b root "$release"
    echo "$release" >root/release
}

ready && exit 0
case $top in *[:\ ]*) die "the kernel's makefiles cannot work in a path with a space or colon: $top" ;; esac
depmod=$(PATH=$PATH:/sbin:/usr/sbin command -v depmod) || die "no depmod: run tests/deps.sh build"
command -v apt-get >/dev/null || die "no apt-get here: only a Debian 12 machine can fetch its kernels"

mkdir -p "$build"
exec 9>"$build/.kernels.lock"
flock 9 # one at a time: apt locks its lists without waiting
ready && exit 0

release=${wanted:-$(newest)}
if [ -z "$release" ]; then
    refresh_lists
    release=$(newest)
    [ -n "$release" ] || die "apt offers none: this needs Debian 12's archive with bookworm-security"
fi

work=$(mktemp -d "$build/.linux-$series.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
say "downloading $release with its headers (about 100 MB)"
if ! download "$release"; then # the lists may name a version the archive no longer has
    refresh_lists
    release=${wanted:-$(newest)}
    download "$release"
fi
say "unpacking"
unpack "$release"
chmod 755 root # mktemp's and dpkg's modes must not keep other users out
rm -rf "$root"
mv root "$root"
say "ready: $release"
