#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# attack.sh EXPLOIT - in the guest: runs an exploit against the module BFK_MODULE. The last line is "verdict: shown"
# or "verdict: not shown"; if the kernel crashes there is none, which shows the bug too.
#
# An exploit in C is a program: status 0 means shown. A .bf is run by the kernel and by the interpreter of
# this process, with input from FILE.in if that exists: a difference is a bug.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/harness/vm/guest.bash
. tests/harness/vm/guest.bash
exploit=${1:?usage: attack.sh EXPLOIT}
limit=40 # seconds

verdict() {
    echo "verdict: $1"
    exit 0
}

# Runs a command with a time limit; if SIGKILL does not end it, that is a verdict.
bounded() { # OUTPUT COMMAND...
    local out=$1 pid tries
    shift
    "$@" >"$out" 2>&1 <"$input" &
    pid=$!
    for ((tries = 0; tries < limit * 10; tries++)); do
        kill -0 $pid 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL $pid 2>/dev/null
    for ((tries = 0; tries < 50; tries++)); do
        kill -0 $pid 2>/dev/null || { wait $pid; return; }
        sleep 0.1
    done
    cat "$out"
    echo "SIGKILL does not end process $pid"
    verdict shown
}

# shellcheck disable=SC2119 # no parameters
bfk_load || exit 1
chmod 666 /dev/bfk
input=/dev/null
[ ! -e "${exploit%.*}.in" ] || input=${exploit%.*}.in
case $exploit in
    *.bf)
        for level in 2 0; do
            bounded /run/kernel.out build/bfk run --engine kernel "-O$level" "$exploit"
            kernel=$?
            bounded /run/interp.out build/bfk run --engine interp "-O$level" "$exploit"
            interp=$?
            if [ $kernel != $interp ] || ! cmp /run/kernel.out /run/interp.out; then
                echo "-O$level: the kernel gives (status $kernel):"
                od -An -c /run/kernel.out | head -n 5
                echo "and the interpreter (status $interp):"
                od -An -c /run/interp.out | head -n 5
                verdict shown
            fi
        done
        verdict 'not shown'
        ;;
    *)
        bounded /run/out "$exploit"
        status=$?
        cat /run/out
        if [ $status = 0 ]; then verdict shown; else verdict 'not shown'; fi
        ;;
esac
