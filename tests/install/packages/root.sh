#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# root.sh SUITE base|build|new|beside [COMMAND [ARG]...] - run COMMAND as root in a root file system of Debian SUITE,
# bookworm or trixie. The first call downloads its packages and has dpkg install them; later calls do not.
#
#   base    the system: its kernel with headers, dkms, and the dependencies of bfk's packages
#   build   base, and the tools to build and check packages
#   new     base, and a layer for changes, $ROOT_LAYER, a folder of the caller's
#   beside  the same, but COMMAND runs outside the root, which is at build/debian-SUITE-packages/at
#
# Layers are folders in build/debian-SUITE-packages/, stacked by overlayfs in a mount namespace that ends with COMMAND.
# The repository is there at its own path, writable, and so is the network. Needs root, debootstrap and overlayfs.
# Prints what it downloads: some 250 MB for base, and 60 MB for build.
set -euo pipefail

suite=${1:?usage: root.sh bookworm|trixie base|build|new|beside [COMMAND [ARG]...]}
kind=${2:?usage: root.sh SUITE base|build|new|beside [COMMAND [ARG]...]}
shift 2
here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../../.." && pwd)
dir=$repo/build/debian-$suite-packages
PATH=$PATH:/usr/sbin:/sbin

say() { echo "root $suite: $*" >&2; }
die() { say "$*"; exit 1; }

case $suite in
    bookworm) libs='libcapstone4 liburing2 libsystemd0' ;;
    trixie) libs='libcapstone5 liburing2 libsystemd0' ;;
    *) die "no such suite" ;;
esac
base="linux-image-amd64 linux-headers-amd64 dkms kmod udev systemd man-db gcc libc6-dev pkg-config libcapstone-dev liburing-dev $libs"
build='build-essential debhelper dh-dkms fakeroot lintian gcc libc6-dev make pkg-config libcapstone-dev liburing-dev libsystemd-dev'

# --- in the namespace -----------------------------------------------------------------------------

# Gives the root what it needs of this machine. These are only mounts, so that nothing stays in a layer.
enter() { # ROOT COMMAND...
    local root=$1
    shift
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sys "$root/sys"
    mount -t tmpfs -o mode=755 dev "$root/dev"
    local node
    for node in null zero full random urandom tty; do
        : >"$root/dev/$node"
        mount --bind "/dev/$node" "$root/dev/$node"
    done
    mkdir "$root/dev/shm" "$root/dev/pts"
    ln -s /proc/self/fd "$root/dev/fd"
    mount -t tmpfs tmp "$root/tmp"
    mount -t tmpfs run "$root/run"
    mkdir -p "$root/run/lock"
    if [ -d "$root$repo" ]; then
        mount --bind "$repo" "$root$repo"
    fi
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive "$@"
}

stack() { # UPPER LOWER...: mounts the overlay at $dir/at
    local upper=$1 lower
    shift
    lower=$(IFS=:; echo "$*")
    mkdir -p "$upper" "$upper.work" "$dir/at"
    mount -t overlay -o "lowerdir=$lower,upperdir=$upper,workdir=$upper.work" root "$dir/at"
}

# --- making the layers ----------------------------------------------------------------------------

apt_quietly() { # ROOT ARG...: runs apt-get in the root, and shows its output only if it fails
    local root=$1 log=$dir/log
    shift
    if ! enter "$root" apt-get -q -y -o APT::Install-Recommends=false -o Acquire::Retries=3 "$@" >"$log" 2>&1 </dev/null; then
        tail -n 40 "$log" >&2
        die "apt-get $* failed (see above)"
    fi
    sed -n 's/^Fetched \(.*\) in .*/downloaded \1/p' "$log" | while read -r line; do say "$line"; done
}

in_namespace() { # FUNCTION ARG...: runs it in a process with mounts of its own
    unshare -m --propagation private bash -c '"$@"' - "$0" "$suite" "$kind" --in-namespace "$@"
}

make_base() {
    local sources mirror
    command -v debootstrap >/dev/null || die "no debootstrap here: install it"
    "$repo/tests/harness/vm/archive.sh" "$suite" apt-cache policy >/dev/null
    sources=$repo/build/archive/$suite/sources.list
    mirror=$(sed -n "s/^deb \[[^]]*\] \([^ ]*\) $suite main/\1/p" "$sources")
    rm -rf "$dir/base.new"
    mkdir -p "$dir/base.new"
    say "installing a base system from $mirror"
    debootstrap --variant=minbase --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
        "$suite" "$dir/base.new" "$mirror" >"$dir/log" 2>&1 || { tail -n 20 "$dir/log" >&2; die "debootstrap failed"; }
    grep -v backports "$sources" | sed 's/\[[^]]*\] //' >"$dir/base.new/etc/apt/sources.list"
    # The settings by which this machine reaches the archive.
    apt-config dump | grep -E '^Acquire::(http|https)::' >"$dir/base.new/etc/apt/apt.conf.d/00machine" || :
    cp /etc/resolv.conf "$dir/base.new/etc/"
    printf '#!/bin/sh\nexit 101\n' >"$dir/base.new/usr/sbin/policy-rc.d"
    chmod 755 "$dir/base.new/usr/sbin/policy-rc.d"
    mkdir -p "$dir/base.new$repo"
    in_namespace fill_base
    mv "$dir/base.new" "$dir/base"
}

fill_base() {
    apt_quietly "$dir/base.new" update
    # shellcheck disable=SC2086 # one package name a word
    apt_quietly "$dir/base.new" install $base
    enter "$dir/base.new" apt-get clean
}

fill_build() {
    stack "$dir/build.new" "$dir/base"
    # shellcheck disable=SC2086 # one package name a word
    apt_quietly "$dir/at" install $build
    enter "$dir/at" apt-get clean
}

make_build() {
    rm -rf "$dir/build.new" "$dir/build.new.work"
    in_namespace fill_build
    rm -rf "$dir/build.new.work"
    mv "$dir/build.new" "$dir/build"
}

ready() { # base|build: makes the layer once
    [ ! -e "$dir/$1" ] || return 0
    exec 9>"$dir.lock"
    flock 9
    [ -e "$dir/$1" ] || "make_$1"
    exec 9>&-
}

# --- running --------------------------------------------------------------------------------------

run() { # LAYER COMMAND...
    local layer=$1
    shift
    case $kind in
        build) stack "$layer" "$dir/build" "$dir/base" ;;
        *) stack "$layer" "$dir/base" ;;
    esac
    if [ "$kind" = beside ]; then
        "$@"
    else
        enter "$dir/at" "$@"
    fi
}

if [ "${1-}" = --in-namespace ]; then
    shift
    "$@"
    exit
fi
[ "$(id -u)" = 0 ] || die "needs root: packages are installed as on a real machine"
mkdir -p "$dir"
ready base
[ "$kind" != build ] || ready build
[ $# -gt 0 ] || exit 0
if [ "$kind" = new ] || [ "$kind" = beside ]; then
    in_namespace run "${ROOT_LAYER:?new: ROOT_LAYER is the folder for changes}" "$@"
    exit
fi
layer=$(mktemp -d "$dir/.layer.XXXXXX")
trap 'rm -rf "$layer" "$layer.work"' EXIT
in_namespace run "$layer" "$@"
