#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# bfkd without a device: its command line, policy files, sockets and bad clients.
# $BFKD is the bfkd under test.

# shellcheck disable=SC2016,SC2030,SC2031 # service_await expands, and a test may use another bfkd
bats_require_minimum_version 1.5.0
load ../kernel/service/service
load ../harness/output

setup() { cd "$BATS_TEST_TMPDIR" || return; }
teardown() { [ -z "${service_pid-}" ] || kill -KILL "$service_pid" 2>/dev/null || :; }

check() { "$bfkd" --check --policy policy; }

@test "--help and --version print to standard output and exit 0" {
    run -0 --separate-stderr "$bfkd" --help
    has 'usage: bfkd' '--policy' 'SIGHUP'
    [ -z "$stderr" ]
    run -0 --separate-stderr "$bfkd" --version
    [[ $output =~ ^bfkd\ [0-9.]+$ ]]
}

@test "a nonsensical command line exits 2 with a hint" {
    for arguments in --nonsense 'surplus' '--workers 0' '--workers 65' '--clients x' '--clients -1' '--instances 1x' \
        '--timeout 0' '--timeout nan' '--timeout -1' '--cache -1' '--memory 1M'; do
        # shellcheck disable=SC2086 # splits into words
        run -2 "$bfkd" $arguments
        has 'hint: try: bfkd --help'
    done
}

@test "--check accepts good policies" {
    printf '%s\n' '' '# nobody' >policy
    check
    printf '%s\n' 'user root' ' group 0 source=4M tape=65536 instances=0 text=1M memory=1M # all' \
        $'\t* operations=none operations=all\r' 'user 4294967294 refuse' \
        'user 100000-165535 instances=1' 'group 7-7 refuse' >policy
    check
    printf '* operations=rw' >policy
    check
    run -1 "$bfkd" --check --policy /no/policy
    has '/no/policy: No such file or directory'
    run -1 "$bfkd" --check --policy /
    has '/: Is a directory'
}

@test "--check prints the place and the reason of an error in a policy" {
    while IFS='|' read -r line where why; do
        printf '# one\n%s\n* refuse\n' "$line" >policy
        run -1 check
        has "policy:2:$where: $why"
    done <<'POLICY'
users x|1|a rule begins with user, group or *, not with 'users'
user|6|which user?
group # x|7|which group?
user no_such_user refuse|6|there is no user 'no_such_user'
group no_such_group|7|there is no group 'no_such_group'
user 4294967295|6|4294967295 is more than 4294967294
user 9-8|8|the range ends before it begins
user 9-|8|'' is not a number
group 1-4294967295|9|4294967295 is more than 4294967294
user 1x|6|'1x' is not a number
* source=|10|'' is not a number
* source=-1|10|'-1' is not a number
* source=4097K|10|4097K is more than 4194304
* source=18446744073709551616|10|'18446744073709551616' is not a number
* tape=65537|8|65537 is more than 65536
* text=2M|8|2M is more than 1048576
* instances=1G|13|'1G' is not a number
* operations=|14|operations= needs letters, 'all' or 'none'
* operations=rwJ|16|there is no operation %J
* operations=rW|15|there is no operation %W
* allow=rw|3|'allow=rw' is not one of
* refuse source=x|17|'x' is not a number
POLICY
}

@test "bfkd (bad policy, socket path too long, socket of another service) does not start" {
    echo '* operations=R' >policy
    run -1 "$bfkd" --policy policy --socket socket
    has 'policy:1:14: there is no operation %R'
    [ ! -e socket ]
    : >policy
    run -1 "$bfkd" --policy policy --socket "$(printf '%0108d' 0)"
    has 'File name too long'
    service_start <<<''
    run -1 "$bfkd" --policy policy --socket "$socket"
    has "$socket: Address already in use"
    echo file >file
    run -1 "$bfkd" --policy policy --socket file
    has 'file: Address already in use'
    [ "$(cat file)" = file ]
    service_stop
}

@test "bfkd (socket left by a killed service) takes it over" {
    service_start <<<''
    kill -KILL "$service_pid"
    wait "$service_pid" || :
    [ -S "$socket" ]
    service_start <<<''
    service_stop
}

@test "bfkd (more clients than descriptors) does not start" {
    : >policy
    run -1 bash -c 'ulimit -n 500; exec "$@"' - "$bfkd" --policy policy --socket socket
    has 'need 3136 descriptors, and the limit is 500'
}

@test "bfkd (no device) starts, logs that, and reports it to clients" {
    [ ! -e /dev/bfk ] || skip "there is a device"
    service_start <<<'* operations=all'
    grep -q '/dev/bfk: No such file or directory; clients get that error' "$log"
    run -1 "$service_repo/build/bfk" submit --socket "$socket" - <<<+
    has '<stdin>: refused: the service has no /dev/bfk'
    run -1 "$service_repo/build/bfk" submit --socket "$socket" - <<<'+]'
    has '<stdin>:1:2: unbalanced ]'
    service_stop
}

@test "bfkd (1,000 corrupted requests) keeps running" {
    service_start --timeout 1 <<<'* operations=all tape=300'
    "$service_repo/build/tests/client" "$socket" fuzz 1000
    service_stop
}

@test "clients beyond --clients wait for their turn, those beyond --clients-per-user of one user are refused" {
    service_start --clients 3 --clients-per-user 2 <<<'* operations=all'
    "$service_repo/build/tests/client" "$socket" idle >one.out 3>&- & one=$!
    "$service_repo/build/tests/client" "$socket" idle >two.out 3>&- & two=$!
    service_await 'grep -q connected one.out && grep -q connected two.out && [ "$(counter clients)" = 2 ]'
    run -1 "$service_repo/build/bfk" submit --socket "$socket" - <<<+
    has 'this user already has 2 connections'
    kill -TERM $one $two
    wait $one $two || :
    service_stop
}

@test "a client is served (its memory has an address that could be a descriptor's number)" {
    [[ $bfkd != */asan/* ]] || skip "AddressSanitizer chooses the addresses"
    bfkd=$service_repo/build/tests/bfkd-low
    service_start --timeout 60 <<<'* operations=all'
    grep -q '^[0-7][0-9a-f]\{7\}-[0-7][0-9a-f]\{7\} .*\[heap\]' "/proc/$service_pid/maps"
    run -1 timeout 30 "$service_repo/build/bfk" submit --socket "$socket" - <<<'+]'
    has '<stdin>:1:2: unbalanced ]'
    service_stop
}

@test "equal sources (the first is being compiled) leave the other workers to other programs" {
    [[ $bfkd != */asan/* ]] || skip "this test uses a binary without AddressSanitizer"
    bfkd=$service_repo/build/tests/bfkd-held
    export BFKD_HOLD=$PWD/hold
    : >hold
    service_start --workers 2 <<<'* operations=all'
    for i in 1 2; do
        "$service_repo/build/bfk" submit --socket "$socket" - <<<'h]' >"$i.out" 2>&1 3>&- &
    done
    service_await '[ "$(counter hits)" = 1 ] && [ "$(counter misses)" = 1 ]'
    run -1 timeout 60 "$service_repo/build/bfk" submit --socket "$socket" - <<<'+]'
    has '<stdin>:1:2: unbalanced ]'
    [ "$(counter jobs)" = 2 ]
    rm hold
    for i in 1 2; do service_await "grep -q 'stdin>:1:2: unbalanced ]' $i.out"; done
    [ "$(counter misses)" = 2 ]
    service_stop
}

rss() { awk '/^VmRSS/ { print $2 }' "/proc/$service_pid/status"; }

@test "a large program (4 MiB of brackets) leaves no memory in use except what the cache counts" {
    [[ $bfkd != */asan/* ]] || skip "AddressSanitizer keeps what is freed"
    service_start --cache 16777216 <<<'* source=4M'
    before=$(rss)
    for i in 1 2 3 4 5 6; do
        head -c $((4194304 - i)) /dev/zero | tr '\0' '[' >large.b
        tr '[' ']' <large.b | head -c 2000000 >half.b
        { head -c 2000000 large.b; cat half.b; head -c "$i" /dev/zero; } >large.b2
        "$service_repo/build/bfk" submit -O2 --socket "$socket" large.b2 || :
    done
    echo "$before KiB before, $(rss) KiB after"
    [ "$(counter bytes)" -le 16777216 ]
    [ $(($(rss) - before)) -lt 24576 ]
    service_stop
}

@test "a refusal by policy is logged once, with process and user; an error in a program is not logged" {
    service_start <<<'* source=10'
    "$service_repo/build/bfk" submit --socket "$socket" - <<<'+]' || :
    ! grep refused: "$log" || false
    sh -c 'echo $$; exec "$@"' - "$service_repo/build/bfk" submit --socket "$socket" - <<<'+++++++++++' >out || :
    line="refused: pid $(head -n 1 out), uid $(id -u) ($(id -un)): the source may have 10 bytes, not 12"
    service_await 'grep -qxF "bfkd: $line" "$log"'
    [ "$(grep -c refused: "$log")" = 1 ]
    service_stop
}

@test "a client that does not send everything in time is logged" {
    service_start --timeout 0.1 <<<'* operations=all'
    "$service_repo/build/tests/client" "$socket" idle
    grep "refused: pid [0-9]*, uid $(id -u) ($(id -un)): not everything was sent in time" "$log"
    service_stop
}

@test "a user refused by policy gets the reply before sending anything; 500 refusals log ten lines a minute" {
    service_start <<<'* refuse'
    start=$SECONDS
    "$service_repo/build/tests/client" "$socket" refused 500
    minutes=$(((SECONDS - start) / 60 + 1))
    logged=$(grep -c 'policy refuses this user' "$log")
    [ "$logged" -ge 10 ] && [ "$logged" -le $((10 * minutes)) ]
    grep -q 'no more such lines about this user for a minute' "$log"
    [ "$(counter refused)" = 501 ] # one of them by service_start
    service_stop
}

# activated NAMES [FD]...: starts bfkd as systemd does, passing these descriptors under these names.
activated() {
    local names=$1 fd to=3 plan=()
    shift
    for fd in "$@"; do plan+=("exec $((to++))<&$fd $fd<&-;"); done
    log=$PWD/log socket=$PWD/socket
    : >bfkd.conf
    LISTEN_FDNAMES=$names LISTEN_FDS=$# bash -c "${plan[*]}"' export LISTEN_PID=$$; exec "$@"' - \
        "$bfkd" --policy bfkd.conf --socket "$socket" 2>"$log" &
    service_pid=$!
}

@test "descriptors from systemd's store (no instances, foreign names) are closed and logged" {
    exec 20</dev/null 21</dev/zero 22</etc/passwd
    activated $'bfk1 uid=0 text=0 memory=65536 id=7:stored:\x01%s%n' 20 21 22
    exec 20<&- 21<&- 22<&-
    service_await 'test -S "$socket"'
    service_await connects
    [ "$(grep -c "from systemd's store: not an instance of bfkd" "$log")" = 3 ]
    grep -F "'?%s%n'" "$log"
    [ "$(find "/proc/$service_pid/fd" -lname '/dev/zero' -o -lname /etc/passwd | wc -l)" = 0 ]
    kill -TERM "$service_pid"
    wait "$service_pid"
}

@test "--check accepts the example of bfkd.conf(5) and the installed policy" {
    sed -n '/^\.Sh EXAMPLES/,/^\.Ed/p' "$service_repo/userspace/man/bfkd.conf.5" | grep -v '^\.' >policy
    [ "$(wc -l <policy)" -ge 4 ]
    check
    cp "$service_repo/userspace/packaging/bfkd.conf" policy
    check
}
