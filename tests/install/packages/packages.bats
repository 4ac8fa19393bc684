#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The Debian packages, built, installed, used and purged in roots of Debian SUITE: bookworm or trixie. Each test
# continues where the one before it has stopped.
# shellcheck disable=SC2016,SC2030,SC2031 # it is the root, or the guest, that expands; each test sets ROOT_LAYER for itself

bats_require_minimum_version 1.5.0

repo=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
packages=(bfk bfk-dkms libbfk1 libbfk-dev)
export deb=$repo/build/deb-$SUITE

setup_file() {
    export version layer release
    version=$(sed -n 's/^BFK_VERSION := //p' "$repo/Makefile")
    "$repo/userspace/packaging/deb.sh" "$SUITE"
    mkdir -p "$repo/build/packages"
    layer=$(mktemp -d "$repo/build/packages/$SUITE.XXXXXX")
    export ROOT_LAYER=$layer
    release=$(installed sh -c 'ls /lib/modules')
}
teardown_file() { rm -rf "$layer" "$layer".* "$repo/build/linux-$SUITE"; }

setup() { cd "$BATS_TEST_TMPDIR" || return; }

fresh() { "$repo/tests/install/packages/root.sh" "$SUITE" build "$@"; }      # in a root whose changes are discarded
installed() { "$repo/tests/install/packages/root.sh" "$SUITE" new "$@"; }    # in the root where the packages are installed
with_package() { dpkg-deb "$1" "$deb/$2_${version}_"*.deb "${@:3}"; } # OPTION PACKAGE ...

# Lists all files of the root except logs, and records and backups of dpkg, apt and ldconfig; all packages; all accounts.
everything() {
    installed sh -c 'find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /run -o -path "$1" -o \
            -path /var/log -o -path /var/cache -o -path /var/lib/dpkg -o -path /var/lib/apt \) -prune -o -print |
            grep -v "^/etc/\(passwd\|group\|shadow\|gshadow\)-$" | sort
        dpkg -l | awk "{ print \$1, \$2 }"
        cat /etc/passwd /etc/group' - "$repo"
}

# Boots the root's kernel, and runs guest.sh in that guest, with the root as its first argument.
in_guest() {
    local linux=$repo/build/linux-$SUITE
    rm -rf "$linux"
    mkdir -p "$linux"
    ln -s "../debian-$SUITE-packages/at/usr/lib" "$linux/lib"
    echo "$release" >"$linux/release"
    "$repo/tests/install/packages/root.sh" "$SUITE" beside \
        sh -c 'cp "$1/boot/vmlinuz-$2" "$3/bootfile" && shift 3 && exec "$@"' - \
        "$repo/build/debian-$SUITE-packages/at" "$release" "$linux" \
        "$repo/tests/harness/vm/run.sh" -k "$SUITE" -- "$repo/tests/install/packages/guest.sh" "$repo/build/debian-$SUITE-packages/at" "$@"
}

@test "make deb builds four packages of the version in the Makefile" {
    [ "$(find "$deb" -maxdepth 1 -name '*.deb' | wc -l)" = 4 ]
    for package in "${packages[@]}"; do
        [ "$(with_package -f "$package" Package)" = "$package" ]
        [ "$(with_package -f "$package" Version)" = "$version" ]
    done
}

@test "lintian reports nothing about the packages and their source" {
    run -0 fresh lintian --allow-root --fail-on warning,error "$deb/bfk_${version}_amd64.changes"
    [ -z "$output" ]
}

@test "bfk-dkms contains the source of the module and nothing of user space" {
    with_package -c bfk-dkms | sed -n "s|.* \./usr/src/bfk-$version/\(.*[^/]\)\$|\1|p" | sort >got
    (cd "$repo" && ls Makefile bfk/*.[chS] jit/*.[chS] syscall_ops/*.[chS] && echo dkms.conf) | sort | diff - got
}

@test "packages (installed) have all their dependencies, and DKMS builds the module" {
    everything >"$BATS_FILE_TMPDIR/before"
    for package in "${packages[@]}"; do files+=("$deb/${package}_${version}"_*.deb); done
    installed apt-get -q -y --no-install-recommends install "${files[@]}" >log 2>&1 || { cat log; return 1; }
    run -0 installed dkms status bfk
    [[ $output == "bfk/$version, $release, "*": installed" ]]
    installed sh -c 'modinfo -k "$1" -n bfk' - "$release" | grep /updates/dkms/
}

@test "bfk (installed, no module loaded) runs a program in the process" {
    [ "$(installed bfk run -E jit /usr/share/doc/bfk/examples/hello.bf)" = "$(<"$repo/examples/hello.out")" ]
    installed sh -c 'cd /tmp && seq 50000 >from && bfk run -E jit /usr/share/doc/bfk/examples/copy.bf 0=from 1=to:w && cmp from to'
}

@test "a C program (libbfk-dev installed) builds with both libraries and runs" {
    installed sh -c 'cd /tmp && echo "#include <libbfk.h>
        #include <libbfk-audit.h>
        int main(void) { struct bfk_verdict v; return bfk_version() != BFK_VERSION || !&bfk_audit || sizeof(v) == 0; }" >user.c &&
        gcc -o user user.c $(pkg-config --cflags --libs libbfk libbfk-audit) && ./user'
}

@test "man (libbfk-dev installed) finds the page of a function" {
    installed man -w bfk_run | grep '/man3/.*bfk'
}

@test "the group bfk (installed) exists, and has no permission: the rule sets 0600, and no unit is enabled" {
    installed getent group bfk
    installed sh -c 'cat /lib/udev/rules.d/60-bfk-dkms.rules' | grep 'GROUP="bfk", MODE="0600"'
    run installed systemctl is-enabled bfkd.socket bfkd.service
    [ "$(grep -c enabled <<<"$output")" = 0 ]
}

@test "the module (built by DKMS) is loaded in a guest of that kernel, and hello runs in the kernel" {
    in_guest load >out 2>&1 || { cat out; return 1; }
    diff <(tail -n "$(wc -l <"$repo/examples/hello.out")" out) "$repo/examples/hello.out"
}

@test "/dev/bfk (in the guest, opened before the module is loaded) loads the module" {
    in_guest open >out 2>&1 || { cat out; return 1; }
}

@test "udev (in the guest) gives the device to group bfk without permission, until the rule of README.Debian grants it" {
    in_guest udev >out 2>&1 || { cat out; return 1; }
    diff out - <<'END'
0:bfk:600
0:bfk:660
0:bfk:600
END
}

@test "packages (purged) leave no file, no package and no group" {
    installed apt-get -q -y purge "${packages[@]}" >log 2>&1 || { cat log; return 1; }
    everything >after
    diff "$BATS_FILE_TMPDIR/before" after
}

# Runs make in the sources that the packages were built from, as if this machine ran the root's kernel.
as_administrator() { # TARGET
    installed sh -c 'mkdir /tmp/bin && printf "#!/bin/sh\necho %s\n" "$1" >/tmp/bin/uname && chmod +x /tmp/bin/uname &&
        PATH=/tmp/bin:$PATH && make -s -C "$2" "$3"' - "$release" "$deb/bfk-$version" "$1"
}

@test "make install (headers are there) installs the module, and opening /dev/bfk in a guest loads it" {
    export ROOT_LAYER=$layer.make
    everything >"$BATS_FILE_TMPDIR/before-make"
    as_administrator install >log 2>&1 || { cat log; return 1; }
    installed modinfo -k "$release" -n bfk | grep '/updates/bfk.ko'
    installed sh -c 'ldconfig -p | grep libbfk.so.1' | grep /usr/local/lib/
    for way in load open; do
        in_guest $way >out 2>&1 || { cat out; return 1; }
        diff <(tail -n "$(wc -l <"$repo/examples/hello.out")" out) "$repo/examples/hello.out"
    done
}

@test "make uninstall (after that) leaves the root as it was" {
    export ROOT_LAYER=$layer.make
    run -1 diff "$BATS_FILE_TMPDIR/before-make" <(everything)
    as_administrator uninstall
    diff "$BATS_FILE_TMPDIR/before-make" <(everything)
    run -1 installed modinfo -k "$release" bfk
}
