#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# stage-man.sh DIR - install the manual pages in DIR/man1 to DIR/man8. Each further name in the NAME section of a page
# of section 3 gets a page that includes that one, so that `man bfk_run` finds libbfk(3).
set -euo pipefail

dir=$1
man=$(cd "$(dirname "$0")/../man" && pwd)

names() { # PAGE
    sed -n '/^\.Sh NAME/,/^\.Sh [^N]/s/^\.Nm \([a-z_]*\).*/\1/p' "$1"
}

for page in "$man"/*.[1-8]; do
    install -d "$dir/man${page##*.}"
    install -m 644 "$page" "$dir/man${page##*.}/"
done
for page in "$man"/*.3; do
    for name in $(names "$page"); do
        [ -e "$man/$name.3" ] || echo ".so man3/${page##*/}" >"$dir/man3/$name.3"
    done
done
