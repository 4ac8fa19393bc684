#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Does bfkd give each user what its policy allows, and no more? Runs in the guest.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load guest

@test "an operation that policy does not allow is refused with its place, even in dead code" {
    service_start <<'POLICY'
user 65534 operations=rw
* operations=all
POLICY
    echo '%r%w' >copy.b
    echo '%o' >open.b
    echo '%r%w[-][%o]' >dead.b
    run -0 bfk submit --socket "$socket" copy.b
    run -1 bfk submit --socket "$socket" open.b
    has 'open.b:1:1: the policy of the service has no such operation'
    run -1 bfk submit --socket "$socket" dead.b
    has 'dead.b:1:9: '
    # The cached verdict about a source is not shared with other users.
    run -0 as 1234 /tmp/service/bfk submit --socket "$socket" dead.b
    run -1 bfk submit --socket "$socket" dead.b
    run -1 as 1234 /tmp/service/bfk submit --socket "$socket" --allow r dead.b
    has 'dead.b:1:3: operation %w'
    service_stop
}

@test "policy rules match by user, group (including supplementary ones) and *, the first match wins" {
    service_start <<'POLICY'
user 1111 refuse
group 2222 operations=r
group 3333 refuse
* operations=none
POLICY
    echo %r >r.b
    run -1 as 1111 /tmp/service/bfk submit --socket "$socket" r.b
    has 'policy refuses this user'
    run -0 as 2222 /tmp/service/bfk submit --socket "$socket" r.b
    run -1 as 3333 /tmp/service/bfk submit --socket "$socket" r.b
    has 'policy refuses this user'
    run -1 as 4444 /tmp/service/bfk submit --socket "$socket" r.b
    has 'no such operation'
    run -0 setpriv --reuid=4444 --regid=4444 --groups 9,2222 -- \
        /tmp/service/bfk submit --socket "$socket" r.b
    service_stop
}

@test "a user without an account (such as a sub-uid) is refused, even if * or its group allows it" {
    service_start <<'POLICY'
user 65534 refuse
group 2222 operations=all
* operations=all
POLICY
    echo + >add.b
    run -1 as 100003 /tmp/service/bfk submit --socket "$socket" add.b
    has 'policy refuses this user'
    run -1 setpriv --reuid=100003 --regid=100003 --groups 2222 -- /tmp/service/bfk submit --socket "$socket" add.b
    has 'policy refuses this user'
    as 1234 /tmp/service/bfk submit --socket "$socket" add.b
    [ "$(grep -c "refused: pid [0-9]*, uid 100003 (no account): policy refuses this user" "$log")" = 2 ]
    service_stop
}

@test "a user without an account gets what a rule for its number, or for a range with it, allows" {
    service_start <<'POLICY'
user 100000 operations=r
user 100002-100003 operations=r
POLICY
    echo %r >r.b
    for uid in 100000 100002 100003; do
        as $uid /tmp/service/bfk submit --socket "$socket" r.b
    done
    for uid in 99999 100001 100004; do
        run -1 as $uid /tmp/service/bfk submit --socket "$socket" r.b
        has 'policy refuses this user'
    done
    service_stop
}

@test "operations refused by policy are logged with user and process; those refused by the client are not" {
    service_start <<<'* operations=r'
    echo %w >w.b
    run -1 bfk submit --socket "$socket" --allow r w.b
    grep "refused: pid [0-9]*, uid 65534 (nobody): 1:1: operation %w is not allowed" "$log"
    echo %r >r.b
    run -1 bfk submit --socket "$socket" --allow none r.b
    [ "$(grep -c refused: "$log")" = 1 ]
    service_stop
}

@test "a source at policy's limit is accepted, a longer one is refused" {
    service_start <<<'* source=100 operations=all'
    printf '%100s' '' >100.b
    printf '%101s' '' >101.b
    run -0 bfk submit --socket "$socket" 100.b
    run -1 bfk submit --socket "$socket" 101.b
    has 'refused: the source may have 100 bytes, not 101'
    service_stop
}

@test "a program beyond a user's share of machine code is interpreted" {
    service_start <<<'* text=0'
    echo "$hello" >hello.b
    run -0 bfk submit --socket "$socket" hello.b
    has 'kernel-interp' ' 0 bytes of machine code'
    run -0 bfk run --service="$socket" hello.b
    [ "$output" = H ]
    service_stop
}

@test "programs get no more memory than a user's share; when they end it is free again" {
    service_start <<<'* memory=200K'
    echo "$hello" >hello.b
    bfk() { nobody /tmp/service/bfk submit --socket "$socket" hello.b "$@"; }
    for _ in 1 2 3 4 5; do bfk; done
    BFK=/tmp/service/bfk SOCKET=$socket run -1 nobody sh -c '
        "$BFK" submit --socket "$SOCKET" hello.b -- "$BFK" submit --socket "$SOCKET" hello.b -- \
            "$BFK" submit --socket "$SOCKET" hello.b -- "$BFK" submit --socket "$SOCKET" hello.b'
    has 'hello.b: refused: the programs in use have too much memory'
    bfk
    service_stop
}

@test "the memory of instances is free at once when these are closed" {
    service_start <<<'* memory=200K'
    client reused 10
    service_stop
}

@test "instances count while anything refers to them: descriptors, maps, messages" {
    service_start <<<'* instances=4'
    client hidden 4
    service_await '[ "$(counter instances)" = 0 ]'
    client untaken 4
    service_stop
}

@test "SIGHUP applies a good policy, and keeps the old one if the new one is broken" {
    service_start <<<'* operations=r'
    echo '%r' >r.b
    bfk submit --socket "$socket" r.b
    echo '* operations=w' >bfkd.conf
    kill -HUP "$service_pid"
    service_await 'grep -q "read again" "$log"'
    run -1 bfk submit --socket "$socket" r.b
    echo '* operations=R' >bfkd.conf
    kill -HUP "$service_pid"
    service_await 'grep -q "stays in force" "$log"'
    grep -q 'bfkd.conf:1:14: there is no operation %R' "$log"
    echo '%w' >w.b
    bfk submit --socket "$socket" w.b
    service_stop
}
