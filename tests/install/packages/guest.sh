#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# guest.sh ROOT load|open|udev - in a guest that boots the kernel of ROOT, where the packages (or `make install`)
# have installed bfk: use the module as an administrator does.
set -euo pipefail

root=$1
what=$2
[ -e /run/vm/settings ] || { echo "guest.sh: only in the guest of tests/harness/vm/run.sh" >&2; exit 1; }
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t sysfs sys "$root/sys"
mount -t tmpfs tmp "$root/tmp"
mount -t tmpfs run "$root/run"
cp examples/hello.bf "$root/tmp/"
# udevadm does nothing where it detects a chroot.
in_root() { chroot "$root" /usr/bin/env -i SYSTEMD_IGNORE_CHROOT=1 PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

# O and E (out-of-tree, unsigned), as in bfk-install(7); they stay when the module is unloaded.
tainted() { [ "$(</proc/sys/kernel/tainted)" = 12288 ]; }

try_load() {
    [ "$(</proc/sys/kernel/tainted)" = 0 ]
    in_root modprobe bfk
    tainted
    in_root bfk run -E kernel /tmp/hello.bf
    in_root modprobe -r bfk
    tainted
}

# Makes the device node as Debian does at boot, from what depmod found in the module.
static_nodes() { in_root sh -c 'kmod static-nodes --format=tmpfiles | grep bfk | systemd-tmpfiles --create --boot -'; }

try_open() {
    [ ! -e /sys/module/bfk ]
    static_nodes
    [ "$(stat -c %t:%T:%a /dev/bfk)" = a:fa:600 ]
    in_root bfk run -E kernel /tmp/hello.bf
    [ -e /sys/module/bfk ]
}

show() { in_root stat -c %u:%G:%a /dev/bfk; }

# Prints the commands of README.Debian, which are indented by four blanks, from FIRST to LAST.
from_readme() { # FIRST LAST
    sed -n "/^    $1/,/^    $2/s/^    //p" "$root/usr/share/doc/bfk-dkms/README.Debian"
}

try_udev() {
    in_root /lib/systemd/systemd-udevd --daemon 2>/dev/null # its greeting
    in_root modprobe bfk
    in_root udevadm settle
    show
    from_readme echo 'udevadm trigger' >"$root/tmp/give"
    # Without the last command, which needs an account.
    in_root sh -e /tmp/give
    in_root udevadm settle
    show
    rm "$root/etc/udev/rules.d/61-bfk.rules"
    in_root udevadm control --reload
    in_root udevadm trigger --sysname-match=bfk
    in_root udevadm settle
    show
    in_root udevadm control --exit
}

"try_$what"
