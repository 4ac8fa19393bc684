#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# checkpatch.sh - put the kernel's checkpatch.pl, and the files it reads, into build/checkpatch/, unless they are there: always
# those of 6.1, so that every Debian uses the same. Takes them from Debian 12's linux-source-6.1 if
# that is installed, else downloads it (130 MB). Needs apt, not root.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$here/../.." && pwd)/build
dest=$build/checkpatch
archive=/usr/src/linux-source-6.1.tar.xz
files=(checkpatch.pl spelling.txt const_structs.checkpatch)

take() { tar -xJ -C "$work" --strip-components 2 "${files[@]/#/linux-source-6.1/scripts/}"; }

[ ! -e "$dest/checkpatch.pl" ] || exit 0
mkdir -p "$build"
work=$(mktemp -d "$build/.checkpatch.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
if [ -e "$build/linux-source/scripts/checkpatch.pl" ]; then
    cp "${files[@]/#/$build/linux-source/scripts/}" "$work/"
elif [ -e $archive ]; then
    take <$archive
else
    echo "checkpatch: downloading linux-source-6.1 (130 MB)" >&2
    mkdir "$work/deb"
    (cd "$work/deb" && "$here/../harness/vm/archive.sh" bookworm apt-get -q download linux-source-6.1 >&2)
    dpkg --fsys-tarfile "$work"/deb/*.deb | tar -xO ".$archive" | take
    rm -r "$work/deb"
fi
rm -rf "$dest"
mv "$work" "$dest"
