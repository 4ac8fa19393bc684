#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The packages that deps.sh installs on each system, and the default kernel of each Debian. The file `installed`
# stands for the packages of the machine; the fake apt-get only records its arguments.
# shellcheck disable=SC2016 # the fakes expand

bats_require_minimum_version 1.5.0

repo=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir bin
    fake dpkg-query 'grep -xF -e "$(printf "%s\n" "$@")" installed | sed "s/\$/ installed/"'
    fake apt-cache ''
    fake apt-get 'echo "$@" >>asked'
    fake id 'echo "${UID_OF_TEST:-0}"'
    : >installed
    : >asked
    PATH=$PWD/bin:$PATH
}

fake() { # NAME COMMANDS
    printf '#!/bin/sh\n%s\n' "$2" >"bin/$1"
    chmod +x "bin/$1"
}

system() { # ID VERSION_ID PRETTY_NAME
    printf 'ID=%s\nVERSION_ID=%s\nPRETTY_NAME="%s"\n' "$@" >os-release
    export OS_RELEASE=$PWD/os-release
}

asked_for() { sed -n 's/.*--no-install-recommends //p' asked | tr ' ' '\n'; }

has() { asked_for | grep -qxF "$1" || { echo "not asked for: $1"; return 1; }; }

@test "deps (Debian 12, and 13) installs packages of that release" {
    system debian 12 'Debian 12'
    "$repo/tests/harness/deps.sh" debug
    for package in libelf1 gcc-12 gcc-12-multilib libclang-rt-14-dev linux-source-6.1 qemu-system-x86; do has $package; done
    run -1 grep -e t64 -e gcc-14 -e 19 <(asked_for)

    : >asked
    system debian 13 'Debian 13'
    "$repo/tests/harness/deps.sh" debug
    for package in libelf1t64 gcc-12 gcc-14 gcc-14-multilib libclang-rt-19-dev qemu-system-x86; do has $package; done
    run -1 grep -x -e libelf1 -e libclang-rt-14-dev -e linux-source-6.1 <(asked_for)
}

@test "deps (some packages are installed) installs the others" {
    system debian 13 'Debian 13'
    printf '%s\n' make gcc libelf1t64 >installed
    "$repo/tests/harness/deps.sh" build
    has xz-utils
    run -1 grep -x -e make -e gcc -e libelf1t64 <(asked_for)
}

@test "deps (all packages are installed) installs none" {
    for version in 12 13; do
        system debian $version "Debian $version"
        : >installed
        : >asked
        "$repo/tests/harness/deps.sh" build demo test
        asked_for >installed
        : >asked
        "$repo/tests/harness/deps.sh" build demo test
        [ ! -s asked ]
    done
}

@test "deps (not root) lists the missing packages and installs none" {
    system debian 13 'Debian 13'
    UID_OF_TEST=1000 run -1 "$repo/tests/harness/deps.sh" build
    [[ $output == *'only root'*'apt-get install'*libelf1t64* ]]
    [ ! -s asked ]
}

@test "deps (another system, or an unreleased Debian) lists the missing packages and installs none" {
    system ubuntu 24.04 'Ubuntu 24.04'
    run -1 "$repo/tests/harness/deps.sh" build
    [[ $output == *'this is Ubuntu 24.04'*libelf1t64* ]]
    system debian '' 'Debian GNU/Linux forky/sid'
    run -1 "$repo/tests/harness/deps.sh" build
    [[ $output == *'this is Debian GNU/Linux forky/sid'*libelf1t64* ]]
    rm bin/apt-get bin/dpkg-query
    for tool in bash dirname sort sed; do ln -s "$(command -v $tool)" bin/; done
    PATH=$PWD/bin run -1 "$repo/tests/harness/deps.sh" build
    [[ $output == *'this is Debian GNU/Linux forky/sid'*libelf1t64* ]]
    [ ! -s asked ]
}

@test "deps (another system) says of each package of each group what it is, a line each" {
    system fedora 42 'Fedora Linux 42'
    for group in build demo test debug arm64 packages; do
        run -1 "$repo/tests/harness/deps.sh" $group
        [ "$(grep -c '^    ' <<<"$output")" -ge 10 ]
        run -1 grep -E '^    [^ ]+ *$' <<<"$output"
    done
    run -1 "$repo/tests/harness/deps.sh" build
    grep -x '    make  *GNU make' <<<"$output"
    grep -x '    libcapstone-dev  *headers and library of capstone' <<<"$output"
    [[ $output == *'userspace/packaging/Containerfile'* ]]
}

@test "deps (this machine, where they are installed) installs none" {
    rm bin/dpkg-query
    unset OS_RELEASE
    run -0 "$repo/tests/harness/deps.sh" build demo test
    [ ! -s asked ]
}

@test "the kernel (K not set) is the one of this Debian release" {
    system debian 12 'Debian 12'
    [ "$("$repo/tests/harness/system.sh" kernel)" = 6.1 ]
    [ "$(K='' make -s -C "$repo" help | grep -c 'the kernel, 6.1 unless')" = 1 ]
    system debian 13 'Debian 13'
    [ "$("$repo/tests/harness/system.sh" kernel)" = 6.12 ]
    [ "$(K='' make -s -C "$repo" help | grep -c 'the kernel, 6.12 unless')" = 1 ]
    [ "$(K=6.1 make -s -C "$repo" help | grep -c 'the kernel, 6.1 unless')" = 1 ]
    system fedora 42 'Fedora'
    [ "$("$repo/tests/harness/system.sh" kernel)" = 6.12 ]
}
