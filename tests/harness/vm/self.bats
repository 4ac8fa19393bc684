#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Shows that the test machinery can fail: on the host, with one boot of the 6.12 guest for most tests.
# shellcheck disable=SC2016 # the guest expands

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../../..
guest() { "$BATS_TEST_DIRNAME/run.sh" -k 6.12 "$@"; }

@test "a command that fails in the guest returns its status and its output, and keeps only files in /out" {
    run -7 guest -o "$BATS_TEST_TMPDIR/out" -- bash -c 'echo "$1" | tee /out/kept >"$2"; cat "$2"; exit 7' x 'a  "b' \
        "$repo/build/not-kept"
    [ "$output" = 'a  "b' ]
    [ "$(<"$BATS_TEST_TMPDIR/out/kept")" = 'a  "b' ]
    [ ! -e "$repo/build/not-kept" ]
}

@test "a guest that exceeds its time limit, including the boot, returns 124" {
    run -124 guest -t 6 -- 'sleep 1000'
    [[ $output == *'stopped after 6 s'* ]]
}

@test "a guest without output for too long returns 124" {
    run -124 guest -w 6 -- 'sleep 1000'
    [[ $output == *'stopped after 6 s without output'* ]]
}

@test "the kernel engine can write to the standard output of a guest's command" {
    run -0 guest -- '. tests/harness/vm/guest.bash && bfk_load && build/bfk run -E kernel examples/hello.bf'
    [ "$output" = "$("$repo/build/bfk" run -E jit "$repo/examples/hello.bf")" ]
}

@test "a guest's output is complete, whatever its command leaves running" {
    # The relay gets no CPU time while these run; its pipe holds all the output.
    run -3 guest -- 'chrt -i -p 0 "$(pgrep -f "[b]usybox cat")" || exit
        for i in 1 2 3 4; do while :; do :; done & done
        seq 9000
        exit 3'
    [ "$output" = "$(seq 9000)" ]
}

@test "a kernel panic returns 125 and prints the kernel's log" {
    run -125 guest -- 'echo c >/proc/sysrq-trigger; sleep 1000'
    [[ $output == *'Kernel panic'* ]]
}

@test "a guest that powers off before its command ends returns 125" {
    run -125 guest -- 'echo o >/proc/sysrq-trigger; sleep 1000'
    [[ $output == *'without a verdict'* ]]
}

@test "a kernel complaint fails the current test, and the whole run whatever the command's status" {
    run -125 guest -- '
        . tests/harness/vm/guest.bash
        BATS_TEST_DESCRIPTION="a BUG: in the name of a test is none"
        kernel_mark; kernel_check && echo first passes
        echo "<4>WARNING: CPU: 0 PID: 1 at a test" >/dev/kmsg
        kernel_check || echo second fails
        kernel_mark; kernel_check && echo third passes'
    [[ $output == *'first passes'*'WARNING: CPU: 0 PID: 1'*'second fails'*'third passes'* ]]
}

# Copies the files that a module is built from, and changes to the copy.
copy_of_module() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir build
    cp -r "$repo"/{Makefile,bfk,jit,syscall_ops,tests} .
    ln -s "$(cd "$repo/build/linux-6.12" && pwd)" build/
}

@test "a module (WERROR=1, a compiler or an objtool warning) is not built" {
    copy_of_module
    printf '\n.text\n\tjmp *%%rax\n' >>bfk/enter.S
    WERROR=1 run -1 tests/harness/vm/kmod.sh 6.12
    [[ $output == *'indirect jump'* ]]
    [ ! -e build/kmod-6.12/bfk.ko ]
    echo 'static int unused;' >>bfk/dev.c
    WERROR=1 run -1 tests/harness/vm/kmod.sh 6.12
    [[ $output == *'defined but not used'* ]]
}

@test "a module (a warning, WERROR not set) is built, and WERROR=1 rebuilds it and fails" {
    copy_of_module
    echo 'static int unused;' >>bfk/dev.c
    WERROR='' run -0 make module K=6.12
    [[ $output == *'defined but not used'* ]]
    [ -e build/kmod-6.12/bfk.ko ]
    WERROR=1 run -2 make module K=6.12
    [[ $output == *'defined but not used'* ]]
}

@test "a module is kept if kbuild only notes a different pahole or compiler" {
    copy_of_module
    say() { sed -i "1i\$(info warning: $1)" Makefile; }
    say 'pahole version differs from the one used to build the kernel'
    say 'the compiler differs from the one used to build the kernel'
    WERROR=1 run -0 tests/harness/vm/kmod.sh 6.12
    [ -e build/kmod-6.12/bfk.ko ]
    grep -q 'pahole version differs' build/kmod-6.12/log
    say 'something else differs'
    WERROR=1 run -1 tests/harness/vm/kmod.sh 6.12
    [ ! -e build/kmod-6.12/bfk.ko ]
}

@test "the module builds from only a copy of Makefile, bfk, jit and syscall_ops, for each kernel" {
    local kernel kernels
    read -ra kernels < <(sed -n 's/^KERNELS := //p' "$repo/Makefile")
    [ ${#kernels[@]} -ge 3 ]
    for kernel in "${kernels[@]}"; do
        mkdir "$BATS_TEST_TMPDIR/$kernel"
        cp -r "$repo"/{Makefile,bfk,jit,syscall_ops} "$BATS_TEST_TMPDIR/$kernel/"
        run -0 "$BATS_TEST_DIRNAME/kbuild.sh" "$kernel" "$BATS_TEST_TMPDIR/$kernel"
        [[ $output != *bfk/*warning* ]]
        [[ $(modinfo -F vermagic "$BATS_TEST_TMPDIR/$kernel/bfk.ko") = "$(<"$repo/build/linux-$kernel/release") "* ]]
    done
}

# archive_of SOURCES-FILE: sets sources to what archive.sh uses; no mirror answers at port 1.
archive_of() {
    mkdir -p "$BATS_TEST_TMPDIR"/{parts,tests/harness/vm}
    cp "$BATS_TEST_DIRNAME/archive.sh" "$BATS_TEST_TMPDIR/tests/harness/vm/"
    cat >"$BATS_TEST_TMPDIR/parts/$1"
    cat >"$BATS_TEST_TMPDIR/apt.conf" <<END
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$BATS_TEST_TMPDIR/parts";
END
    APT_CONFIG=$BATS_TEST_TMPDIR/apt.conf run -1 "$BATS_TEST_TMPDIR/tests/harness/vm/archive.sh" trixie apt-cache policy
    sources=$(<"$BATS_TEST_TMPDIR/build/archive/trixie/sources.list")
}

@test "archive.sh uses the address in the machine's apt sources (one-line format)" {
    archive_of a.list <<END
deb http://localhost:1/tool/12/prod bookworm main
deb [arch=amd64] http://localhost:1/mirror/debian bookworm main contrib
deb http://localhost:1/security bookworm-security main
END
    [[ $sources == *' http://localhost:1/mirror/debian/ trixie main'* ]]
    [[ $sources == *' http://localhost:1/mirror/debian/ trixie-backports main'* ]]
    [[ $sources == *' http://localhost:1/security/ trixie-security main'* ]]
    [[ $output == *'localhost:1/mirror'*'apt cannot read it'* ]]
}

@test "archive.sh uses the address in the machine's apt sources (deb822)" {
    archive_of a.sources <<END
Types: deb
URIs: http://localhost:1/debian
Suites: trixie trixie-updates
Components: main
END
    [[ $sources == *' http://localhost:1/debian/ trixie main'* ]]
    [[ $sources == *' http://localhost:1/debian-security trixie-security main'* ]]
}

@test "a root that cannot be entered is an error with an explanation" {
    mkdir -p "$BATS_TEST_TMPDIR"/{bin,tests/harness/vm,build/debian-trixie/usr/bin}
    cp "$BATS_TEST_DIRNAME/debian.sh" "$BATS_TEST_TMPDIR/tests/harness/vm/"
    touch "$BATS_TEST_TMPDIR/build/debian-trixie/usr/bin/make"
    for tool in unshare bwrap mount umount; do
        printf '#!/bin/sh\nexit 1\n' >"$BATS_TEST_TMPDIR/bin/$tool"
    done
    chmod +x "$BATS_TEST_TMPDIR/bin"/*
    PATH=$BATS_TEST_TMPDIR/bin:$PATH run -1 "$BATS_TEST_TMPDIR/tests/harness/vm/debian.sh" trixie make --version
    [[ $output == *'cannot enter'*'user namespaces'* ]]
}

@test "loc.sh fails above its budget" {
    LOC_BUDGET=1 run -1 "$repo/tests/source/loc.sh"
    [[ $output == *'of 1 lines'* ]]
}
