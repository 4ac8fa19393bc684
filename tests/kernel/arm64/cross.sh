#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# cross.sh COMMAND... - run it with Debian's cross compiler for arm64 in PATH. The compiler is unpacked in build/arm64/cross
# and not installed, because its package conflicts with gcc-multilib, which our 32-bit callers need.
set -euo pipefail

top=$(cd "$(dirname "$0")/../../.." && pwd)
cross=$top/build/arm64/cross

fetch() {
    local new=$cross.new archive=("$top/tests/kernel/arm64/archive.sh") names deb
    # Everything for the target; this machine's gcc has its other dependencies.
    names=$("${archive[@]}" apt-cache -o APT::Architecture=amd64 depends --recurse --important gcc-aarch64-linux-gnu |
        grep -E '^[a-z].*(aarch64-linux-gnu|-arm64-cross)')
    rm -rf "$new"
    mkdir -p "$new/deb"
    # shellcheck disable=SC2086 # splits into package names
    (cd "$new/deb" && "${archive[@]}" apt-get -q -o APT::Architecture=amd64 download $names >&2)
    for deb in "$new"/deb/*.deb; do dpkg -x "$deb" "$new"; done
    rm -rf "$new/deb" "$cross"
    mv "$new" "$cross"
}

if [ ! -e "$cross" ]; then
    mkdir -p "$top/build/arm64"
    exec 9>"$top/build/.arm64.lock"
    flock 9
    [ -e "$cross" ] || fetch
    exec 9>&-
fi
export PATH=$cross/usr/bin:$PATH LD_LIBRARY_PATH=$cross/usr/lib/x86_64-linux-gnu
exec "$@"
