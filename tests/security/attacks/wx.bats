#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# W^X, checked as LKDTM does: in guests, most of which crash, as they should.

bats_require_minimum_version 1.5.0

# guest KERNEL OP: its console log is in the file console.
guest() {
    "$BATS_TEST_DIRNAME/../../harness/vm/run.sh" -k "$1" -l "$BATS_TEST_TMPDIR/console" -- tests/security/attacks/wx.sh "$2"
}

no_page_is_both() {
    run -0 guest "$1" look
    [[ $output =~ bfk_wx:\ ([0-9]+)\ pages\ executable,\ ([0-9]+)\ writable,\ 0\ both ]]
    # The arena is 256 pages, the tape's mappings 16 and 63.
    [ "${BASH_REMATCH[1]}" -ge 256 ] && [ "${BASH_REMATCH[2]}" -ge 79 ]
}

crashes() { # KERNEL OP PATTERN
    run -125 guest "$1" "$2"
    [[ $output != *'nothing has stopped it'* ]]
    grep -aq "$3" "$BATS_TEST_TMPDIR/console"
}

@test "W^X (6.1): no page of bfk is writable and executable" { no_page_is_both 6.1; }

@test "W^X (6.12): no page of bfk is writable and executable" { no_page_is_both 6.12; }

@test "W^X (7.3): no page of bfk is writable and executable" { no_page_is_both 7.3; }

@test "W^X (6.1): a write to text faults" { crashes 6.1 write 'supervisor write access'; }

# 7.3 keeps the text of all modules in pages of 2 MiB.
@test "W^X (7.3): a write to text faults" { crashes 7.3 write 'supervisor write access'; }

@test "W^X (6.12): executing the tape faults" { crashes 6.12 exec 'NX-protected page'; }

@test "W^X (7.3): executing the tape faults" { crashes 7.3 exec 'NX-protected page'; }
