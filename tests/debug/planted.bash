# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# planted.bash - for the bats files that plant a mistake in bfk.ko and see the kernel tell it.

# The module with mistake number $2, in a guest that then runs the script $3; what it printed.
guest_with() { # KERNEL MISTAKE SCRIPT
    "$BATS_TEST_DIRNAME/../vm/run.sh" -k "$1" -m 3072 -t 300 -- "
        . tests/vm/guest.bash
        BFK_MODULE=build/planted-$1/build/kmod-$1/bfk.ko
        bfk_load plant=$2 || exit
        info() { build/bfk info >/dev/null; }
        $3"
}
