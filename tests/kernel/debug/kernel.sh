#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernel.sh debug|kcsan - build that kernel in build/linux-<name>/, unless it is there: Debian's sources of 6.1 with
# allnoconfig, config-guest and config-<name>. Takes some ten minutes of CPU time and 4 GB.
#
#   build/linux-debug/release, bootfile, kdir, lib/modules/<release>    as tests/harness/vm/kernel.sh makes them
#   build/linux-source/                                                 the sources, of both kernels
#
# Builds it again when its configuration changes. Called by tests/harness/vm/kernel.sh.
set -euo pipefail

name=${1:?usage: kernel.sh debug|kcsan}
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$here/../../.." && pwd)/build
root=$build/linux-$name
source=$build/linux-source
config=$(cat "$here/config-guest" "$here/config-$name")
PATH=$PATH:/sbin:/usr/sbin

say() { echo "kernel $name: $*" >&2; }
die() { say "$*"; exit 1; }
ready() { [ -e "$root/release" ] && [ "$(cat "$root/config" 2>/dev/null)" = "$config" ]; }

get_source() { # from the archive, if it is not installed
    local archive=/usr/src/linux-source-6.1.tar.xz work
    [ ! -e "$source/Makefile" ] || return 0
    work=$(mktemp -d "$build/.linux-source.XXXXXX")
    if [ ! -e $archive ]; then
        say "downloading linux-source-6.1 (130 MB)"
        (cd "$work" && "$here/../../harness/vm/archive.sh" bookworm apt-get -q download linux-source-6.1 >&2 &&
            dpkg -x linux-source-6.1_*.deb .) || die "no linux-source-6.1"
        archive=$work$archive
    fi
    say "unpacking the sources"
    mkdir "$work/tree"
    tar -xf "$archive" -C "$work/tree" --strip-components 1
    rm -rf "$source"
    mv "$work/tree" "$source"
    rm -rf "$work"
}

# enlighten.o, and memcmp() of string.o: QEMU enters there by PVH, before KASAN has its shadow memory.
kbuild() {
    MAKEFLAGS='' nice -n 5 make -C "$source" O="$root/kbuild" CC=gcc-12 HOSTCC=gcc-12 \
        KASAN_SANITIZE_enlighten.o=n KASAN_SANITIZE_string.o=n "$@"
}

# Kconfig silently drops options whose dependencies are missing.
configure() {
    local line missing=0
    printf '%s\n' "$config" >"$root/fragment"
    kbuild -s KCONFIG_ALLCONFIG="$root/fragment" allnoconfig >"$root/log" 2>&1 || die "no configuration: $root/log"
    while read -r line; do
        case $line in
            CONFIG_*) grep -qxF -e "$line" "$root/kbuild/.config" ;;
            '# CONFIG_'*' is not set') ! grep -q "^$(cut -d ' ' -f 2 <<<"$line")=" "$root/kbuild/.config" ;;
        esac || { say "not available: $line"; missing=1; }
    done <<<"$config"
    [ $missing = 0 ] || die "this kernel would lack checks; see config-guest and config-$name"
}

# Prints progress every half minute.
compile() {
    local start=$SECONDS pid
    kbuild -j"$(nproc)" vmlinux modules >>"$root/log" 2>&1 &
    pid=$!
    while kill -0 $pid 2>/dev/null; do
        sleep 1
        [ $(((SECONDS - start) % 30)) != 0 ] || say "$((SECONDS - start)) s: $(wc -l <"$root/log") files of about 2,500"
    done
    wait $pid || { tail -n 30 "$root/log" >&2; die "it does not build (all output: $root/log)"; }
    say "built in $((SECONDS - start)) s"
}

install_tree() {
    local release
    release=$(<"$root/kbuild/include/config/kernel.release")
    kbuild -s INSTALL_MOD_PATH="$root" modules_install >>"$root/log" 2>&1 || die "no modules: $root/log"
    rm -f "$root/lib/modules/$release"/{build,source}
    depmod -b "$root" "$release"
    ln -sfn kbuild "$root/kdir"
    ln -sfn kbuild/vmlinux "$root/bootfile"
    printf '%s\n' "$config" >"$root/config"
    echo "$release" >"$root/release"
}

ready && exit 0
case $build in *[:\ ]*) die "the kernel's makefiles cannot work in a path with a space or colon: $build" ;; esac
for tool in gcc-12 bc bison flex depmod xz; do
    command -v $tool >/dev/null || die "no $tool: run tests/harness/deps.sh debug"
done

mkdir -p "$root"
exec 9>"$build/.kernel-$name.lock"
flock 9
ready && exit 0
rm -f "$root/release"
(
    flock 9
    get_source
) 9>"$build/.linux-source.lock"
configure
say "building, which takes some ten minutes of CPU time"
compile
install_tree
say "ready: $(<"$root/release")"
