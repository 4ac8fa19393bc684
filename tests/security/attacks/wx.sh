#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# wx.sh look|write|exec - in the guest, while a program runs: looks for a page of bfk that is writable and
# executable; writes to its text; executes its tape. The last two crash the kernel, if all is well.
set -uo pipefail

cd "$(dirname "$0")/../../.." || exit 2
# shellcheck source=tests/harness/vm/guest.bash
. tests/harness/vm/guest.bash
op=${1:?usage: wx.sh look|write|exec}

areas() { # prints START,END lines: areas of bfk, and areas with its functions and its arena
    awk 'NR == FNR { if ($NF == "[bfk]") symbols[$1]; next }
        {
            split($1, area, "-")
            start = substr(area[1], 3); end = substr(area[2], 3)
            is_ours = /\[bfk\]/
            for (symbol in symbols) is_ours = is_ours || (symbol >= start && symbol < end)
            if (is_ours) print "0x" start ",0x" end
        }' /proc/kallsyms /proc/vmallocinfo
}

echo 1 >/proc/sys/kernel/kptr_restrict # root may see addresses; 0 means hashes for all
# shellcheck disable=SC2119 # no parameters
bfk_load || exit 1
# Cell 0 is 195, a ret: if it is executed, it returns.
printf -- '%0.s-' {1..61} >/run/loop.bf
echo '[]' >>/run/loop.bf
build/bfk run --engine kernel /run/loop.bf &
program=$!
until grep -q '^state:.*running' /proc/$program/fdinfo/* 2>/dev/null; do
    kill -0 $program || exit 1 # the program did not start
    sleep 0.1
done
case $op in
    look) ranges=$(areas | paste -sd,) ;;
    write) ranges=0x$(awk '$3 == "bfk_text_arena" { print $1 }' /proc/kallsyms),0 ;;
    # The larger of the two is the ring; copies of cell 0 are 64 KiB apart, and aligned.
    exec) ranges=$(awk '/bfk_tape_create|bfk_dev_open/ && $2 > 200000 { sub("-.*", "", $1); print $1; exit }' /proc/vmallocinfo)
        ranges=$(printf '0x%x,0' $(((ranges + 0xffff) & ~0xffff))) ;;
esac
echo "wx: $op $ranges"
insmod "build/attacks/kmod-$K/bfk_wx.ko" "op=$op" "ranges=$ranges"
status=$?
dmesg | sed -n 's/.*\(bfk_wx: .*\)/\1/p'
[ $status = 0 ] && rmmod bfk_wx
kill $program
wait $program
bfk_unload && exit $status
