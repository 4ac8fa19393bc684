# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# helpers.bash - for the device suite, in the guest: on top of tests/vm/guest.bash.

helpers_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export drivers=$helpers_dir/../../build/device
# shellcheck source=tests/vm/guest.bash
. "$helpers_dir/../vm/guest.bash"

# TAP of one driver on stdin -> its results as lines "ok name" for number_results; a driver that dies
# before its last case gets a line of its own that says so.
driver_results() { # DRIVER
    awk -v driver="$1" '
        /^1\.\.[0-9]+$/ { planned = substr($0, 4) + 0; next }
        /^(not )?ok / { seen++; sub(/ok [0-9]+/, "ok " driver ":") }
        { print; fflush() }
        END {
            if (seen != planned || !planned)
                print "not ok " driver ": only " seen + 0 " of " planned + 0 " cases ran"
        }'
}

# Results and TAP on stdin -> TAP with one numbering, the plan at the end. Fails if a test did, or if
# there was none.
number_results() {
    awk '
        /^1\.\.[0-9]+$/ { next }
        /^(not )?ok / {
            n++
            failed += /^not/
            sub(/ok [0-9]+ /, "ok ")
            sub(/ok /, "ok " n " ")
        }
        { print; fflush() }
        END { print "1.." n + 0; print "# " n + 0 " tests, " failed + 0 " failed"; exit failed || !n }'
}
