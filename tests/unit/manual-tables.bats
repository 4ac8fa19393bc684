#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The lists in the manual pages (limits, errors, fields, flags, operations, options) match the code.
# The checks are functions of lists_*.py.

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
man=$repo/userspace/man

setup() { cd "$BATS_TEST_TMPDIR" || exit; }

tables() { python3 "$BATS_TEST_DIRNAME/manual-tables.py" "$@"; }

@test "each list of the pages (limits, errors, fields, flags, operations, options) matches the code" {
    failed=0
    [ "$(tables | wc -l)" -ge 23 ]
    for check in $(tables); do
        tables "$check" || { echo "# differs: $check"; failed=1; }
    done
    [ $failed = 0 ]
}

# An untruth for each check: CHECK|PAGE|EDIT, an edit of the page by sed.
untruths() {
    cat <<'LIST'
limits_of_the_language|bfk.7|s/^\.It 4095 bytes Ta/.It 4096 bytes Ta/
errors_at_load_time|bfk.7|s/^\.It E2BIG Ta more.*/&\n.It ELOOP Ta more than 4096 brackets Ta the first/
the_frame|bfk.7|s/^\.It 6 Ta 2 Ta Va len/.It 6 Ta 4 Ta Va len/
values_of_arg|bfk.7|s/^7 = the same, incl/2 = the same, incl/
values_of_arg|bfk.7|s/^\.It 64 Ta it must be a directory/.It 65 Ta it must be a directory/
operations|bfk.7|s/^\.Ss %z (size)/.Ss %z (length)/
errors_of_operations|bfk.7|s/^\.It Er ENOTSOCK/.It Er EPROTO/
errors_of_operations|bfk.7|s/^It cannot fail\./&\n.Bl -tag -width Er\n.It Er EBADF\nThe slot is empty.\n.El/
fields_of_calls|bfk.4|s/^\.It Va head/.It Va cell/
flags_of_calls|bfk.4|s/BFK_LOAD_SEAL/BFK_LOAD_LAST/
errors_of_calls|bfk.4|s/^\.It Er EBADFD/.It Er EBADF/
reasons_of_refusals|bfk.4|s/^\.Pq Dv BFK_ERROR_BAD_MATCH/.Pq Dv BFK_ERROR_BAD_OP/
reasons_of_refusals|bfk-ops.5|s/^\.Dv BFK_ERROR_DENIED_OP/.Dv BFK_ERROR_UNKNOWN_OP/
limits_of_the_device|bfk.4|s/^262,144 bytes/524,288 bytes/
errors_of_the_library|libbfk.3|s/^\.It Bq Er -ENODATA/.It Bq Er -ENOEXEC/
errors_of_the_library|bfk_submit.3|s/^\.It Bq Er -ETIME/.It Bq Er -ETIMEDOUT/
lines_of_fdinfo|bfk.4|s/^\.It fuel_left:/.It fuel_rest:/
fields_of_tracepoints|bfk.4|s/^\.It Va exit_code/.It Va exit_status/
enums_of_the_library|libbfk.3|s/BFK_PASS_UNROLL/BFK_PASS_ROLL/
kinds_of_ops|bfk-ops.5|s/^\.It 6 IF8/.It 6 IFS/
struct_of_ops|bfk-ops.5|s/__s16 off, src_off/__u16 off, src_off/
files_of_ops|bfk-ops.5|s/^\.It 12 Ta 4 Ta flags/.It 12 Ta 4 Ta number of ops/
listing_of_ops|bfk-ops.5|s/^4    3  'w'/4    3  'r'/
options_of_the_service|bfkd.8|s/by default 1,024\.$/by default 1,000./
errors_of_the_service|bfkd.8|s/^\.It Bq Er EDQUOT/.It Bq Er ENOSPC/
protocol_of_the_service|bfkd.8|s/^line, col  /line       /
counters_of_the_service|bfkd.8|s/served N refused N/refused N served N/
settings_of_the_policy|bfkd.conf.5|s/^Default: 16\./Default: 8./
settings_of_the_policy|bfkd.conf.5|s/up to 1024M/up to 2048M/
log_of_the_service|bfkd.8|s/the source may have 65536 bytes, not 70000/the source has 70000 bytes, not 65536/
log_of_the_service|bfkd.8|s/first 64 users/first 100 users/
messages_about_the_policy|bfkd.conf.5|s/bfkd.conf:3:7: there is no/bfkd.conf:3:7: there was no/
passes_of_the_command|bfk.1|s/^\.It Cm scans/.It Cm scan/
options_of_the_command|bfk.1|s/^\.It Fl -tape-out Ar file/.It Fl -out-tape Ar file/
LIST
}

@test "each check (with an untruth in a page) fails" {
    for check in $(tables); do
        untruths | grep -q "^$check|" || { echo "no untruth for $check"; return 1; }
    done
    while IFS='|' read -r check page edit; do
        cp "$man"/* .
        sed -i "$edit" "$page"
        run -1 diff -q "$man/$page" "$page" # the edit matched
        run -1 tables "$check" "$PWD"
        [[ $output == *AssertionError* ]] || { echo "$check: $output"; return 1; }
    done < <(untruths)
}
