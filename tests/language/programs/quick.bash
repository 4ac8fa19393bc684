#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# quick.bash FILE.bats... - run bats files that use little of bats, with one process per test: in the guest, bats
# itself takes longer than most of our programs. Knows @test on a line of its own or with its body, load, run
# [-STATUS], $output, $status, setup and teardown (also of the file), and prints TAP.
# shellcheck disable=SC2034 # for the bats files
set -uo pipefail

bats_require_minimum_version() { :; }
load() { # NAME: found as bats finds it
    local path=$BATS_TEST_DIRNAME/$1
    [ -e "$path" ] || path=$path.bash
    # shellcheck disable=SC1090 # whatever it is
    . "$path"
}

run() { # [-STATUS] COMMAND...
    local want=''
    case $1 in -[0-9]*) want=${1#-}; shift ;; esac
    status=0
    output=$("$@" 2>&1) || status=$?
    [ -z "$want" ] || [ "$status" = "$want" ] || { echo "status $status, not $want: $*"; return 1; }
}

# Translates the file to plain bash: each test is a function test_<n>, with its name in names[n].
translate() {
    awk '/^@test "/ {
        name = $0
        sub(/^@test "/, "", name)
        body = name
        sub(/" \{.*/, "", name)
        sub(/.*" \{/, "{", body)
        gsub(/\047/, "\047\\\047\047", name)
        printf "names[%d]=\047%s\047; test_%d() %s\n", ++n, name, n, body
        next
    }
    { print }' "$1"
}

count=0 failed=0
report() { # NAME COMMAND...: runs the command in its own process
    local name=$1 said status
    shift
    # not in a condition, where set -e has no effect
    said=$( (set -e; "$@") 2>&1 </dev/null)
    status=$?
    count=$((count + 1))
    if [ $status = 0 ]; then
        echo "ok $count - $name"
    else
        failed=$((failed + 1))
        printf '# %s\n' "${said//$'\n'/$'\n# '}"
        echo "not ok $count - $name"
    fi
}

one_test() { # N
    local end=0
    BATS_TEST_DESCRIPTION=${names[$1]}
    BATS_TEST_TMPDIR=$(mktemp -d)
    trap 'end=$?; teardown || end=1; rm -rf "$BATS_TEST_TMPDIR"; exit $end' EXIT
    setup
    "test_$1"
}

for BATS_TEST_FILENAME; do
    BATS_TEST_DIRNAME=$(cd "$(dirname "$BATS_TEST_FILENAME")" && pwd)
    names=()
    setup_file() { :; }
    teardown_file() { :; }
    setup() { :; }
    teardown() { :; }
    translated=$(mktemp)
    translate "$BATS_TEST_FILENAME" >"$translated"
    # shellcheck disable=SC1090 # the bats file
    . "$translated"
    rm -f "$translated"
    setup_file || { echo "# setup_file failed"; failed=$((failed + 1)); }
    for n in "${!names[@]}"; do report "${names[n]}" one_test "$n"; done
    teardown_file || report "${BATS_TEST_FILENAME##*/}: teardown" false
done
echo "1..$count"
[ $failed = 0 ] && [ $count -gt 0 ]
