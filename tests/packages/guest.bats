#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# make install on a machine that has the headers of its kernel, and make uninstall. In the guest.

bats_require_minimum_version 1.5.0
[ -e /run/vm/settings ] || { echo "guest.bats: only in the guest of tests/vm/run.sh" >&2; exit 1; }

repo=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

# Headers and modules where an installed kernel has them, and writable.
setup_file() {
    export kernel=$K release modules
    unset K # which would say that the module is not for the running kernel
    release=$(uname -r)
    modules=/usr/lib/modules/$release
    mkdir -p /run/modules/{upper,work} /usr/src "$modules"
    mount -t overlay -o "lowerdir=$(readlink -f "$repo/build/linux-$kernel/lib/modules/$release"),upperdir=/run/modules/upper,workdir=/run/modules/work" modules "$modules"
    ln -s "$repo/build/linux-$kernel"/usr/src/* /usr/src/
    ln -sfn "/usr/src/linux-headers-$release" "$modules/build"
    # Built for this kernel already.
    cp -a "$repo/build/kmod-$kernel" "$repo/build/kmod-host"
    everything >/run/before
    make -s -C "$repo" install
}

# What an installation could have changed.
everything() {
    find /usr/local /etc /usr/lib/modules /usr/lib/x86_64-linux-gnu /usr/lib/systemd | sort
    ldconfig -p | grep bfk || :
    sha256sum "$modules"/modules.{dep,alias,devname}
}

hello() { bfk run -E kernel "$repo/examples/hello.bf"; }

@test "modprobe (after make install) loads the module, and a program runs in the kernel" {
    modprobe bfk
    [ "$(hello)" = "$(<"$repo/examples/hello.out")" ]
    modinfo -n bfk | grep "/$release/updates/bfk.ko"
    modprobe -r bfk
}

@test "opening /dev/bfk (the module is not loaded) loads it" {
    [ ! -e /sys/module/bfk ]
    # What systemd does at boot with the nodes that depmod found.
    run -0 kmod static-nodes --format=tmpfiles
    [[ $output == *'/dev/bfk 0600 - - - 10:250'* ]]
    mknod -m 600 /dev/bfk c 10 250
    [ "$(hello)" = "$(<"$repo/examples/hello.out")" ]
    [ -e /sys/module/bfk ]
    modprobe -r bfk
    rm -f /dev/bfk
}

@test "a program that is linked to libbfk.so (after make install) starts" {
    cd "$BATS_TEST_TMPDIR"
    printf '#include <libbfk.h>\nint main(void) { return bfk_version() != BFK_VERSION; }\n' >user.c
    # shellcheck disable=SC2046 # words
    cc -o user user.c $(pkg-config --cflags --libs libbfk)
    ldd user | grep /usr/local/lib
    ./user
}

@test "uninstall leaves the machine as it was, and modprobe finds no module" {
    run -1 diff /run/before <(everything)
    make -s -C "$repo" uninstall
    diff /run/before <(everything)
    run -1 modprobe bfk
}
