#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# vm.sh KERNEL [OPTION of cost]... - measure in two guests of one processor each, one that counts instructions and
# one that keeps time; results go to build/cost/KERNEL/. The first has its count of instructions as its clock, so
# each run gives the same result; when it waits, the clock jumps to the next timer.
set -euo pipefail

kernel=${1:?usage: vm.sh 6.1|6.12|7.3 [OPTION]...}
shift
top=$(cd "$(dirname "$0")/../../.." && pwd)
out=$top/build/cost/$kernel
mkdir -p "$out"
guest() { # CLOCK QEMU-ARGS [OPTION]...
    local clock=$1 qemu=$2
    shift 2
    echo "bench-vm ($kernel): $clock ..." >&2
    "$top/tests/harness/vm/run.sh" -k "$kernel" -t 36000 -w 3600 -o "$out" -q "-smp 1 $qemu" -- \
        tests/perf/cost/guest.sh "$clock" "$@"
}
VM_ACCEL=tcg guest tsc '-icount shift=0,sleep=off' "$@"
guest ns '' "$@"
