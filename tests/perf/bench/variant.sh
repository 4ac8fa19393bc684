#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# variant.sh DIR PATCH... - build DIR/bfk from the sources with patches applied. A patch that does not
# apply exactly (including its context) is an error: it would measure the cost of something
# else. For measuring only; none of this is ever shipped.
set -euo pipefail

dir=$1
shift
cd "$(dirname "$0")/../../.."
mkdir -p "$dir/src"
# Objects of the last build stay: files that a patch changes are newer.
rm -rf "$dir"/src/{jit,bfk,userspace,syscall_ops}
cp -rp Makefile jit bfk userspace syscall_ops "$dir/src/"
for patch; do
    if ! said=$(patch -d "$dir/src" -p1 --fuzz=0 --forward --batch <"$patch" 2>&1); then
        printf '%s\n%s\n' "$said" "variant.sh: $patch no longer applies to the sources: update it" >&2
        exit 1
    fi
done
"${MAKE:-make}" -s -C "$dir/src" build/bfk
ln -sf src/build/bfk "$dir/bfk"
