# SPDX-License-Identifier: GPL-2.0-only
# How many system calls a run in the kernel takes with libbfk's queue.

bats_require_minimum_version 1.5.0
load helpers

needs() {
    [ -e /dev/bfk ] || skip "there is no device here"
    command -v strace >/dev/null || skip "there is no strace here"
}

# calls NAME BATCH: prints how often 640 runs, BATCH at a time, make the system call NAME.
calls() {
    strace -f -e trace="$1" -o trace "$BATS_TEST_DIRNAME/../../../build/device/counted" 0 "$2" 640
    grep -c "$1(" trace
}

@test "queue (640 runs in the kernel): INFO is called once" {
    needs
    calls ioctl 1
    [ "$(grep -c 'ioctl(.*_IOC(_IOC_READ|_IOC_WRITE, 0x25, 0,' trace)" = 1 ]
    # LOAD, INFO, and RESET after each run.
    [ "$(grep -c 'ioctl(' trace)" = $((1 + 1 + 640)) ]
}

@test "queue (batches of 64 runs in the kernel): one call submits a batch" {
    needs
    # One for each batch, and some that look whether each run has a worker: the slower the machine, the more.
    [ "$(calls io_uring_enter 64)" -lt 320 ]
    [ "$(calls io_uring_enter 1)" -ge 640 ]
}
