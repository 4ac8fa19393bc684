# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# planted.bash - for the bats files that plant mistakes in bfk.ko and check that the kernel reports them, in one
# boot, which continues after each. planted.patch has the mistakes by number.

# Runs the script in a guest, for the module with mistakes; $told is the output of both the script and the kernel.
guest_with_mistakes() { # KERNEL SCRIPT
    local args=panic_on_warn=0
    # The kernel passes unknown words to init.
    [ "$1" != debug ] || args+=' kasan_multi_shot'
    told=$BATS_FILE_TMPDIR/told
    guest_status=0
    export told guest_status
    "$BATS_TEST_DIRNAME/planted.sh" "$1" || return
    "$BATS_TEST_DIRNAME/../../harness/vm/run.sh" -k "$1" -m 3072 -a "$args" -l "$told.console" -- "
        export BFK_MODULE=\$PWD/build/planted-$1/build/kmod-$1/bfk.ko
        . tests/harness/vm/guest.bash
        make_mistake() { echo \$1 >/sys/module/bfk/parameters/plant; build/bfk info >/dev/null; }
        bfk_load && $2" >"$told" 2>&1 </dev/null 3>&- || guest_status=$?
    cat "$told.console" >>"$told"
}

reports() { grep -F -e "$1" "$told"; }
