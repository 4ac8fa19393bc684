#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernel.sh 6.1|6.12|7.3|6.1-rt|6.12-rt|7.3-rt - download Debian's stock kernel of that series to
# build/linux-<series>/: the image, its modules, and the headers that an external module builds against.
# Needs apt, not root. (tests/kernel/debug/kernel.sh builds the kernels debug and kcsan.)
#
#   build/linux-6.1/release   the version, e.g. 6.1.0-56-amd64
#   build/linux-6.1/vmlinuz   the image (symlink); bootfile is what QEMU loads, see unpack_image
#   build/linux-6.1/kdir      the headers (symlink), for kbuild.sh
#   build/linux-6.1/lib/modules/<release>, with depmod's files
#
# 6.1 comes from Debian 12, 7.3 from Debian 13's backports, and 6.12 from Debian 12 on Debian 12, else from 13.
# Takes the newest version in the archive, and keeps it until `make distclean`. KVER_6_1, KVER_6_12 and
# KVER_7_3 choose another one, e.g. KVER_6_12=6.12.111+deb12-amd64.
set -euo pipefail

series=${1:?usage: kernel.sh 6.1|6.12|7.3|6.1-rt|6.12-rt|7.3-rt|debug|kcsan}
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../../.." && pwd)
case $series in debug | kcsan) exec "$top/tests/kernel/debug/kernel.sh" "$series" ;; esac
case $series in arm64*) exec "$top/tests/kernel/arm64/kernel.sh" "$series" ;; esac
build=$top/build
root=$build/linux-$series
wanted_var=KVER_${series//[.-]/_}
wanted_var=${wanted_var^^}
wanted=${!wanted_var:-}

say() { echo "kernel $series: $*" >&2; }
die() { say "$*"; exit 1; }

ready() { [ -e "$root/release" ] && { [ -z "$wanted" ] || [ "$(<"$root/release")" = "$wanted" ]; }; }

suite() { # prints the Debian suite whose archive has it
    case ${wanted:-$series} in
        *+deb12*) echo bookworm ;;
        *+deb13*) echo trixie ;;
        6.1 | 6.1[.-]*) echo bookworm ;;
        6.12*) if grep -qs '^12' /etc/debian_version; then echo bookworm; else echo trixie; fi ;;
        *) echo trixie ;;
    esac
}

apt() { "$here/archive.sh" "$suite" "$@"; }

# Prints the newest stock release of the series that has headers too: not cloud, not debug, and rt only if
# asked for.
newest() {
    local number=${series%-rt}
    apt apt-cache search --names-only \
        "^linux-(image|headers)-${number//./\\.}\\.[0-9]+[-+][0-9a-z.]+${series#"$number"}-amd64\$" |
        sed 's/^linux-[a-z]*-\([^ ]*\).*/\1/' | sort -V | uniq -d | tail -n 1
}

download() { # RELEASE: downloads its packages into the current directory
    local parts
    parts=$(apt apt-cache depends "linux-image-$1" "linux-headers-$1" |
        sed -n 's/^ *Depends: \(linux-\(base\|binary\|modules\|headers\|kbuild\)-.*\)/\1/p' | sort -u)
    # shellcheck disable=SC2086 # splits into package names
    apt apt-get -q download "linux-image-$1" "linux-headers-$1" $parts >&2
}

number() { od -An -t"$1" -j"$2" -N"${1#u}" "$image" | tr -d ' '; } # u1|u2|u4 OFFSET: prints a number of the image

# An xz image (6.1) spends 3 s of emulated time unpacking itself, so unpack it here: QEMU boots
# the ELF file inside by its PVH entry (without address randomisation; 6.12's zstd image has it).
# Layout: Documentation/arch/x86/boot.rst; the payload ends with the unpacked size.
unpack_image() { # release: ./root/vmlinuz -> ./root/bootfile
    local image=root/vmlinuz start len size
    if [ -e "root/boot/vmlinuz-$1" ]; then
        ln -s "boot/vmlinuz-$1" $image
    else
        ln -s "lib/modules/$1/vmlinuz" $image
    fi
    start=$((($(number u1 0x1f1) + 1) * 512 + $(number u4 0x248)))
    len=$(number u4 0x24c)
    size=$(number u4 $((start + len - 4)))
    tail -c +$((start + 1)) "$image" | head -c $((len - 4)) | xz -dc >root/bootfile 2>/dev/null || :
    [ "$(stat -c %s root/bootfile)" = "$size" ] || ln -sf vmlinuz root/bootfile
}

# Unlike dpkg -x, keeps a symlink to a folder where a package has the folder.
unpack_deb() { dpkg-deb --fsys-tarfile "$1" | tar -x --no-same-owner --keep-directory-symlink -C root; }

unpack() { # RELEASE: .deb files in the current directory -> ./root, relocatable
    local release=$1 deb headers
    mkdir -p root/usr/lib
    ln -s usr/lib root/lib # as newer packages expect
    for deb in *.deb; do unpack_deb "$deb"; done
    headers=root/usr/src/linux-headers-$release
    # Debian's Makefile includes /usr/src/...-common/Makefile, and may name its own folder: make both
    # relative to the Makefile.
    # shellcheck disable=SC2016 # make expands
    sed -i 's|^KBUILD_OUTPUT=|KBUILD_OUTPUT := |; s|/usr/src/|$(dir $(lastword $(MAKEFILE_LIST)))../|' "$headers/Makefile"
    # With vmlinux here kbuild would need pahole for BTF, which no test uses.
    rm -f "$headers/vmlinux" "root/lib/modules/$release/build" "root/lib/modules/$release/source"
    ln -s "../../../src/linux-headers-$release" "root/lib/modules/$release/build"
    ln -s "usr/src/linux-headers-$release" root/kdir
    unpack_image "$release"
    "$depmod" -b root "$release"
    echo "$release" >root/release
}

ready && exit 0
case $top in *[:\ ]*) die "the kernel's makefiles cannot work in a path with a space or colon: $top" ;; esac
depmod=$(PATH=$PATH:/sbin:/usr/sbin command -v depmod) || die "no depmod: run tests/harness/deps.sh build"

mkdir -p "$build"
exec 9>"$build/.kernels.lock"
flock 9
ready && exit 0

suite=$(suite)
release=${wanted:-$(newest)}
[ -n "$release" ] || die "the archive of Debian's $suite has none with headers"

work=$(mktemp -d "$build/.linux-$series.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
say "downloading $release with its headers (about 140 MB) from $suite"
download "$release"
say "unpacking"
unpack "$release"
chmod 755 root # undo modes of mktemp and dpkg that lock out other users
rm -rf "$root"
mv root "$root"
say "ready: $release"
