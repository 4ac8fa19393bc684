# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# guest.bash - for bats files that run in the guest: loads and unloads bfk.ko, and fails each test during
# which the kernel complains, and each file that leaks. In the bats file:
#
#     load ../vm/guest
#     setup_file()    { bfk_load; }
#     teardown_file() { bfk_unload; }
#     setup()         { kernel_mark; }
#     teardown()      { kernel_check; }
#
# $K is the guest's kernel: 6.1, 6.12, 7.3, or one of tests/kernel/debug. BFK_MODULE names another bfk.ko than that kernel's.

guest_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Nothing here may touch the kernel of the developer's machine.
[ -e /run/vm/settings ] || { echo "guest.bash: only in the guest of tests/harness/vm/run.sh" >&2; exit 1; }

export BFK_MODULE=${BFK_MODULE:-$guest_dir/../../../build/kmod-$K/bfk.ko}
case $K in # time limits are this many times longer (tests/kernel/device/check.h)
    debug | kcsan) export BFK_TEST_SLOW=${BFK_TEST_SLOW:-5} ;;
    *-rt) export BFK_TEST_SLOW=${BFK_TEST_SLOW:-2} ;;
esac

bfk_load() { # [PARAMETER=VALUE]...
    insmod "$BFK_MODULE" "$@" && leak_counts >/run/bfk-counts
}

bfk_unload() {
    leak_check && memory_check && rmmod bfk
}

# Prints what must not change while nobody uses the device: one "name value" a line.
leak_counts() {
    echo "module_refcount $(</sys/module/bfk/refcnt)"
    awk '/\[bfk\]/ { areas++; bytes += $2 } END { print "vmalloc_areas", areas + 0; print "vmalloc_bytes", bytes + 0 }' \
        /proc/vmallocinfo
}

# The kernel frees some things late (vunmap, delayed fput), even later on a busy machine: wait up to a minute.
leak_check() {
    local tries
    for ((tries = 1; tries <= ${LEAK_TRIES:-240}; tries++)); do
        [ "$(leak_counts)" != "$(</run/bfk-counts)" ] || return 0
        sleep 0.25
    done
    echo "leaked after $tries tries (< at load, > now):"
    diff /run/bfk-counts <(leak_counts)
}

# With kmemleak: fails if memory that bfk allocated is unreachable. Scans twice, as a pointer may be in
# transit during one scan, and sleeps first, as kmemleak reports only objects older than five seconds.
memory_check() {
    local leaks=/sys/kernel/debug/kmemleak
    [ -e $leaks ] || return 0
    sleep 5
    echo scan >$leaks && echo scan >$leaks || return
    ! grep -q '\[bfk\]' $leaks || { cat $leaks; return 1; }
}

kernel_mark() { # at the start of a test, so that the console log names the running test
    echo "<4>bfk-test: ${BATS_TEST_FILENAME##*/}: $BATS_TEST_DESCRIPTION" >/dev/kmsg
}

kernel_check() { # prints the kernel's complaints since the last mark, and fails if there are any
    dmesg | awk -v trouble="$(paste -sd'|' "$guest_dir/trouble.re")" '
        /bfk-test: / { count = 0; next }
        /KCSAN: / && !/\[bfk\]/ { next } # the kernel has its own data races
        $0 ~ trouble { line[count++] = $0 }
        END { for (i = 0; i < count; i++) print line[i]; exit count > 0 }'
}
