#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The Containerfile, without a container engine: what it copies and runs is copied and run in a root of Debian 13.

bats_require_minimum_version 1.5.0

repo=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
file=$repo/userspace/packaging/Containerfile

# Prints the Containerfile as a shell script. An instruction that is not known here fails.
as_script() {
    echo 'set -e'
    sed -n 's/#.*//; /./p' "$file" | while read -r instruction arguments; do
        case $instruction in
            FROM) [ "$arguments" = docker.io/library/debian:13 ] || return 1 ;;
            COPY)
                read -r from to <<<"$arguments"
                echo "mkdir -p ${to%/*} && cp -r $repo/$from $to"
                ;;
            WORKDIR) echo "cd $arguments" ;;
            RUN) echo "( $arguments )" ;;
            CMD) python3 -c 'import json, shlex, sys; print(shlex.join(json.loads(sys.argv[1])))' "$arguments" ;;
            *) echo "unknown instruction: $instruction" >&2; return 1 ;;
        esac
    done
}

@test "the Containerfile (its instructions run in a root of Debian 13) gives the demo" {
    script=$(mktemp "$repo/build/packages.XXXXXX")
    as_script >"$script"
    [ "$(grep -c '^( ' "$script")" -ge 2 ]
    run "$repo/tests/install/packages/root.sh" trixie base bash "$script"
    rm "$script"
    [ "$status" = 0 ] || { echo "$output"; return 1; }
    [[ $output == *'/dev/bfk is there'*'SHA-256 of the copies'*right*right* ]]
}
