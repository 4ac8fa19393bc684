#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# deb.sh [SUITE] - build the Debian packages in build/deb/, or in build/deb-SUITE/, from a copy of the sources.
#
# Without SUITE they are built on this machine, if it has the build dependencies. If not, or with SUITE (bookworm or
# trixie), they are built in a root file system of that Debian, which tests/install/packages/root.sh makes (needs root).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)
suite=${1-}
out=$repo/build/deb${suite:+-$suite}
version=$(sed -n 's/^BFK_VERSION := //p' "$repo/Makefile")
source=$out/bfk-$version

say() { echo "deb: $*" >&2; }

date_of_sources() {
    git -C "$repo" log -1 --format=%cD 2>/dev/null || date -R -r "$repo/Makefile"
}

copy_sources() {
    rm -rf "$out"
    mkdir -p "$source"
    tar -C "$repo" --exclude=./build --exclude=./.git --exclude=./userspace/packaging/debian -c . | tar -C "$source" -x
    cp -r "$here/debian" "$source/"
    sed "s/@VERSION@/$version/; s/@DATE@/$(date_of_sources)/" "$here/debian/changelog.in" >"$source/debian/changelog"
    rm "$source/debian/changelog.in"
}

can_build_here() { command -v dpkg-buildpackage >/dev/null && (cd "$source" && dpkg-checkbuilddeps 2>"$out/missing"); }

suite_of_machine() {
    case $("$repo/tests/harness/system.sh" release) in
        12) echo bookworm ;;
        *) echo trixie ;;
    esac
}

enter=()
copy_sources
if [ -n "$suite" ] || ! can_build_here; then
    suite=${suite:-$(suite_of_machine)}
    say "building in a root file system of Debian $suite"
    "$repo/tests/install/packages/root.sh" "$suite" build
    enter=("$repo/tests/install/packages/root.sh" "$suite" build)
fi
# The source package is not signed.
"${enter[@]}" env -C "$source" MAKEFLAGS= DEB_BUILD_OPTIONS="parallel=$(nproc) noautodbgsym" dpkg-buildpackage -us -uc >"$out/log" 2>&1 ||
    { tail -n 40 "$out/log" >&2; say "failed (all output: ${out#"$repo"/}/log)"; exit 1; }
say "built in ${out#"$repo"/}:"
(cd "$out" && ls -- *.deb)
