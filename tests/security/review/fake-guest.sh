#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# fake-guest.sh - stands in for tests/harness/vm/run.sh in the tests of the exercises' judge: prints what a guest would print,
# and writes its console log, as the test's file $FAKE decides with two functions:
#
#     answer MODULE    of a round: shown, not-shown, late, no-module, crash, hang (with complaints about a stall), or die (QEMU
#                      ends in the middle of the attack); MODULE is broken, fixed or sound
#     suite MODULE COMMAND...   prints the device suite's TAP, and returns the status
#
# $FAKE.guests counts the guests; boots N decides whether the Nth one boots.
set -uo pipefail

console=''
while [ "$1" != -- ]; do
    [ "$1" != -l ] || console=$2
    shift
done
shift

boots() { :; }
# shellcheck source=/dev/null
. "$FAKE"
number=$(($(cat "$FAKE.guests" 2>/dev/null || echo 0) + 1))
echo $number >"$FAKE.guests"
echo "[    0.100000] Linux version" >"$console"
boots $number || { echo "qemu-system-x86_64: cannot allocate memory" >&2; exit 125; }

module_of() { # PATH
    case $1 in
        */broken/bfk.ko) echo broken ;;
        */fixed/bfk.ko) echo fixed ;;
        *) echo sound ;;
    esac
}

word() {
    printf '[    1.000000] bfk-test: review %s: %s\r\n' "$TOKEN" "$*" >>"$console"
    echo "review: round $1: $2"
}

kernel() { printf '[    2.000000] %s\r\n' "$*" >>"$console"; }

shift # env
while [[ $1 == *=* ]]; do
    export "${1?}"
    shift
done
if [[ $1 != */attack.sh ]]; then
    suite "$(module_of "$BFK_MODULE")" "$@"
    exit
fi
while IFS=$'\t' read -r round module _ _ _; do
    said=$(answer "$(module_of "$module")")
    word "$round" loads
    [ "$said" != no-module ] || { word "$round" no-module; exit 0; }
    word "$round" begins
    case $said in
        crash) kernel "BUG: unable to handle page fault for address: ffff888000001000"; exit 125 ;;
        hang) kernel "watchdog: BUG: soft lockup - CPU#0 stuck for 26s!"; exit 124 ;;
        die) exit 125 ;;
    esac
    word "$round" "$said"
done <"$2"
