#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The manual pages as man and mandoc show them on a terminal of 80 columns.

# shellcheck disable=SC2030,SC2031 # output is of each test
bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..

setup() { cd "$BATS_TEST_TMPDIR" || exit; }

form() { python3 "$BATS_TEST_DIRNAME/manual-form.py" "$@"; }

@test "every page (man and mandoc, 80 columns) is formatted without a warning, fits, and keeps its tables" {
    pages=("$repo"/userspace/man/*.[1-8])
    [ ${#pages[@]} -ge 11 ]
    form "${pages[@]}"
}

# planted PAGE SED TEXT: after this edit the check of PAGE fails, and prints TEXT.
planted() {
    cp "$repo/userspace/man/$1" .
    sed -i "$2" "$1"
    run -1 form "$1"
    [[ $output == *"$3"* ]] || { echo "$output"; return 1; }
}

@test "a page (line too wide, garbled table, wide cell, wrong system, unknown macro, dead reference) is refused" {
    planted bfk_audit.3 's/^\tstruct bfk_verdict verdict;/&                                  \/* too wide *\//' 'man: wider than 80'
    planted bfk.7 's/^\.It Li %r No and Li/.It Ql %r No and Ql/' "man: no such row: '%r and ','"
    planted bfk.7 's/^\.It 4 MiB Ta/.It 4 MiB (4,194,304 bytes) Ta/' 'mandoc: no such row: 4 MiB (4,194,304 bytes) | source text'
    planted bfkd.8 's/^\.Os Linux/.Os/' 'man: the last line is: '
    case $(groff --version) in # later versions do not print BSD of their own accord
        *' 1.22'*) planted bfkd.8 '/^\.ds doc-volume/d' "BSD System Manager's Manual" ;;
    esac
    planted bfkd.8 's/^\.Sh FILES/.Xyz\n&/' 'mandoc -T lint'
    planted bfk.4 's/^\.Xr bfk-ops 5 ,/.Xr bfk-op 5 ,/' 'there is no bfk-op(5)'
    planted bfk.4 's/^\.Sx SECCOMP/.Sx SECURITY/' 'there is no section SECURITY'
}
