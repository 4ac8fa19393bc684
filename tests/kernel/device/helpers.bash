# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# helpers.bash - for the device suite, in the guest; extends tests/harness/vm/guest.bash.

helpers_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export drivers=$helpers_dir/../../../build/device
# shellcheck source=tests/harness/vm/guest.bash
. "$helpers_dir/../../harness/vm/guest.bash"

# Reads the TAP of one driver; prints its results as lines "ok name" for number_results. If the driver
# dies before its last case, prints a failure for that.
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

# Reads results and TAP; prints TAP with one numbering and the plan at the end. Fails if a test failed, or if
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
