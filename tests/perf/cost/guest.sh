#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# guest.sh tsc|ns [OPTION of cost]... - in the guest: write measurements to /out/CLOCK.tsv, and the number of
# system calls of a copy by each method to /out/calls.tsv.
set -euo pipefail

clock=$1
shift
cd "$(dirname "$0")/../../.."
insmod "build/kmod-$K/bfk.ko"
insmod "build/cost/kmod-$K/bfk_cost.ko"

# Each start of a program reads its files from the host, unless they are touched: that copies them to the guest's
# memory.
touch -h /bin /lib /lib64 /lib64/ld-linux-x86-64.so.2
touch /bin/true "$(realpath /lib64/ld-linux-x86-64.so.2)" /lib/x86_64-linux-gnu/libc.so.6 /etc/ld.so.cache

build/cost/cost -c "$clock" "$@" >"/out/$clock.tsv"

# The two calls of getppid enclose what is measured.
for method in bfk c calls uring sendfile %x; do
    strace -f -o /run/strace build/cost/cost -r 0 -t tmpfs -b 64 -m $method >/dev/null
    awk -v method=$method '/getppid\(/ { on = !on; next } on { n++ } END { print method "\t" n + 0 }' /run/strace
done >/out/calls.tsv
