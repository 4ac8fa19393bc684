# shellcheck shell=bash disable=SC2016 # service_await expands
# SPDX-License-Identifier: GPL-2.0
# service.bash - for bats files about bfkd: starts it, queries it, stops it, and checks that nothing leaked.

service_repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
bfkd=$(realpath "${BFKD:-$service_repo/build/bfkd}")

# service_start [OPTION]...: starts bfkd with the policy on stdin; its socket is $socket, its log $log.
service_start() {
    cat >"$BATS_TEST_TMPDIR/bfkd.conf"
    socket=$BATS_TEST_TMPDIR/socket log=$BATS_TEST_TMPDIR/log
    "$bfkd" --policy "$BATS_TEST_TMPDIR/bfkd.conf" --socket "$socket" "$@" 2>"$log" 3>&- &
    service_pid=$!
    service_await 'test -S "$socket"'
    service_await connects
    service_fds=$(fds)
}

# Returns when the service has closed the connection.
connects() { socat -t 300 /dev/null "UNIX-CONNECT:$socket" 2>/dev/null; }
fds() { find "/proc/$service_pid/fd" -mindepth 1 | wc -l; }

# Waits until a command succeeds, for at most five minutes.
service_await() {
    local end=$((SECONDS + 300))
    while ((SECONDS < end)); do
        ! eval "$1" || return 0
        sleep 0.05
    done
    echo "never: $1"
    cat "$log"
    return 1
}

# counter NAME: prints a counter that SIGUSR1 reports.
counter() {
    local before
    before=$(grep -c ' served ' "$log")
    kill -USR1 "$service_pid"
    service_await '[ "$(grep -c " served " "$log")" -gt '"$before"' ]'
    grep ' served ' "$log" | tail -n 1 | grep -o "$1 [0-9]*" | tail -n 1 | cut -d' ' -f2
}

# Stops bfkd, after checking that everything it opened for clients is closed.
service_stop() {
    service_await '[ "$(fds)" = "$service_fds" ]'
    kill -TERM "$service_pid"
    wait "$service_pid"
    [ ! -e "$socket" ]
}
