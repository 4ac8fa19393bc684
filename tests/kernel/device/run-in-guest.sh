#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# run-in-guest.sh [DRIVER | FILE.bats]... - the device suite, in the guest: inserts the module, runs the
# named parts (default: all parts for kernel K), checks after each that nothing leaked, and removes the
# module. Prints TAP, also to /out/device.tap if /out is mounted. On the host:
#
#     make module K=6.12 && make device-drivers && tests/harness/vm/run.sh -k 6.12 -- tests/kernel/device/run-in-guest.sh
#
# Exit status: 0 if every test passed.
set -uo pipefail

cd "$(dirname "$0")/../../.." || exit 2
for part; do
    case $part in
        */*.bats) file=$part ;;
        *.bats) file=tests/kernel/device/$part ;;
        *) file=build/device/$part ;;
    esac
    [ -e "$file" ] || { echo "run-in-guest.sh: no driver or file is called '$part'; drivers are in build/device/" >&2; exit 2; }
done
# shellcheck source=tests/kernel/device/helpers.bash
. tests/kernel/device/helpers.bash
if [ $# = 0 ]; then
    set -- requests load load_errors run dump mmap \
        language fuel in_out report large \
        ops ops_len ops_load ops_fields \
        registers registers_stopped effects \
        fuzz same \
        read_write streams full positions move open beneath slots no_file file_systems \
        signal endless blocked cut_short \
        interrupt killed continued waited flushed \
        stops stop_places stops_cut_short \
        to_end to_end_signals load_numbers \
        halted args \
        tape copy find \
        now now_kinds now_order \
        threads stress rewritten \
        sockets ready wait_signals \
        seccomp cycle \
        share charged fdinfo fdinfo_slots \
        memory closing descriptors faults stack seen bounds leases kinds taken mapped edges rights flags block calls \
        owner exec passing unload \
        hint.bats module.bats tracing.bats
    # Parts that do not depend on the kernel run on one only: 32-bit callers there, the suite's own failures here.
    case $K in
        6.1) set -- "$@" self.bats ;;
        arm64*) set -- "$@" tests/kernel/arm64/guest.bats ;;
        *)
            set -- "$@" \
                requests32 load32 load_errors32 run32 dump32 mmap32 \
                language32 fuel32 in_out32 report32 large32 \
                ops32 ops_len32 ops_load32 ops_fields32 ;;
    esac
fi

verdict() { # "name" COMMAND...: prints a result for it
    local name=$1 said
    shift
    if said=$("$@" 2>&1); then
        echo "ok $name"
    else
        echo "${said//$'\n'/$'\n# '}" | sed '1s/^/# /'
        echo "not ok $name"
    fi
}

suite() {
    local part start
    verdict "the module can be inserted" bfk_load
    for part; do
        start=$SECONDS
        case $part in
            */*.bats) bats --tap "$part" | driver_results "${part%.bats}" ;;
            *.bats) bats --tap "tests/kernel/device/$part" | driver_results "${part%.bats}" ;;
            *) "$drivers/$part" | driver_results "${part##*/}" ;;
        esac
        verdict "${part##*/}: nothing leaked" leak_check
        echo "# $part: $((SECONDS - start)) s"
    done
    [ ! -e /sys/kernel/debug/kmemleak ] || verdict "no memory of the module is lost" memory_check
    verdict "the module can be removed" rmmod bfk
}

if mountpoint -q /out; then
    suite "$@" 2>&1 </dev/null | number_results | tee /out/device.tap
else
    suite "$@" 2>&1 </dev/null | number_results
fi
