#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# bfkd with a device that its clients cannot open. Runs in the guest.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load ../../harness/vm/guest
load service

repo=$BATS_TEST_DIRNAME/../../..
hello='>+++++++++[<++++++++>-]<.'

setup_file() {
    bfk_load
    mkdir -p /tmp/service
    cp "$repo"/build/{bfk,tests/client} /tmp/service/
    for id in 1111 1234 2222 3333 4444; do
        echo "user$id:x:$id:$id::/:/bin/false" >>/etc/passwd
    done
}
teardown_file() { bfk_unload; }
setup() {
    kernel_mark
    chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR"/* || :
    cd "$BATS_TEST_TMPDIR" || return
}
teardown() {
    [ -z "${service_pid-}" ] || kill -KILL "$service_pid" 2>/dev/null || :
    kernel_check
}

as() { setpriv --reuid="$1" --regid="$1" --clear-groups -- "${@:2}"; }
nobody() { as 65534 "$@"; }
client() { nobody /tmp/service/client "$socket" "$@"; }
bfk() { nobody /tmp/service/bfk "$@"; }

has() {
    local text
    for text in "$@"; do
        [[ $output == *"$text"* ]] || { echo "no '$text' in: $output"; return 1; }
    done
}

@test "a user that cannot open the device runs a program through the service, with its own files" {
    service_start <<<'* operations=all'
    [ "$(stat -c %a:%u /dev/bfk)" = 600:0 ]
    echo "$hello" >hello.b
    run -3 bfk run --engine kernel hello.b
    run -0 bfk run --service="$socket" hello.b
    [ "$output" = H ]
    [ "$(echo abc | bfk run --service="$socket" -e ',[.,]')" = abc ]
    echo secret >owned && chmod 600 owned
    run -1 bfk run --service="$socket" -e ',' 0=owned
    has owned
    run -0 bfk run --service="$socket" --stats -O0 -e "$hello"
    has 'engine:       kernel' 'ops:          7'
    run -0 bfk run --service="$socket" --async hello.b hello.b
    [ "$(tr -cd H <<<"$output")" = HH ]
    run -2 bfk run --service="$socket" --engine jit hello.b
    service_stop
}

@test "a sealed instance accepts no other program, and runs" {
    service_start <<<'* operations=all'
    client sealed
    service_stop
}

@test "--tape fills the tape of the service's instance, and --tape-out saves it" {
    service_start <<<'* operations=all'
    printf A >tape
    : >out && chmod 666 out
    run -0 bfk run --service="$socket" --tape tape --tape-out out -e '.+'
    [ "$output" = A ]
    [ "$(head -c 1 out)" = B ]
    service_stop
}

@test "errors are returned with their line and column" {
    service_start <<<'* operations=rw'
    printf '+\n  ]\n' >source.b
    run -1 bfk run --service="$socket" source.b
    has 'source.b:2:3: unbalanced ]'
    printf '[\n+' >source.b
    run -1 bfk submit --socket "$socket" source.b
    has 'source.b:1:1: unbalanced ['
    printf '%%r\n%%J' >source.b
    run -1 bfk submit --socket "$socket" source.b
    has 'source.b:2:1: unknown operation %J'
    service_stop
}

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

# restarted NAME: starts bfkd with the instance at descriptor 20, passed as a service manager does.
restarted() {
    socket=$PWD/socket log=$PWD/log
    rm -f "$socket"
    LISTEN_FDNAMES=$1 LISTEN_FDS=1 bash -c 'exec 3<&20 20<&-; export LISTEN_PID=$$; exec "$@"' - \
        "$bfkd" --policy "$PWD/bfkd.conf" --socket "$socket" 2>"$log" &
    service_pid=$!
    service_await 'test -S "$socket"'
    service_await connects
}

@test "an instance in use that is passed at the start is charged to the user in its name" {
    echo '* instances=1' >bfkd.conf
    exec 20<>/dev/bfk
    restarted 'bfk1 uid=65534 text=0 memory=65536 id=7'
    [ "$(counter instances)" = 1 ]
    run -1 client served
    has 'Disk quota exceeded'
    as 1234 /tmp/service/client "$socket" served
    exec 20<&-
    client served
    kill -TERM "$service_pid"
    wait "$service_pid"
}

@test "an instance passed with a name that bfkd does not write is dropped, and logged" {
    echo '* instances=1' >bfkd.conf
    exec 20<>/dev/bfk
    for name in 'bfk1 uid=65534 text=0 memory=2000000000 id=7' 'bfk1 uid=65534 text=0 memory=65536 id=07' \
        'bfk1 uid=4295032830 text=0 memory=65536 id=7' 'bfk1 uid=65534 text=-1 memory=65536 id=7' \
        'bfk2 uid=65534 text=0 memory=65536 id=7' 'bfk1 uid=65534 text=0 memory=65536 id=0' \
        'bfk1 uid=65534 text=0 memory=65536 id=7 ' 'stored'; do
        restarted "$name"
        [ "$(counter instances)" = 0 ]
        grep -F "dropped the descriptor '$name'" "$log"
        kill -TERM "$service_pid"
        wait "$service_pid"
    done
    exec 20<&-
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

@test "instances count while anything refers to them: descriptors, maps, messages" {
    service_start <<<'* instances=4'
    client hidden 4
    service_await '[ "$(counter instances)" = 0 ]'
    client untaken 4
    service_stop
}

@test "submit -- COMMAND passes the instance to the command, and exits with its status" {
    service_start <<<'* operations=all'
    echo "$hello" >hello.b
    run -7 bfk submit --socket "$socket" hello.b -- sh -c 'readlink /proc/self/fd/$BFK_FD; exit 7'
    [ "$output" = /dev/bfk ]
    run -127 bfk submit --socket "$socket" hello.b -- /no/such/command
    run -2 bfk submit --socket "$socket" hello.b hello.b -- true
    run -2 bfk submit --socket "$socket" hello.b --
    run -3 bfk submit --socket /no/socket hello.b
    has 'no service at /no/socket'
    service_stop
}

@test "malformed requests and lengths are refused, each for its own reason" {
    service_start <<<'* operations=all'
    client malformed
    service_stop
}

@test "a request truncated after any byte gets no reply; a request in two pieces, cut anywhere, is served" {
    service_start <<<'* instances=100'
    client truncated
    client pieces
    service_stop
    service_start --timeout 1 <<<'* instances=100'
    client fuzz 100
    service_stop
}

@test "a client that sends a byte at a time is dropped in time, and others are served meanwhile" {
    service_start --timeout 5 <<<'* instances=100'
    client slow
    service_stop
}

@test "clients that vanish before the reply leave nothing behind" {
    service_start <<<'* instances=200'
    client vanish 100
    client served
    service_await '[ "$(counter instances)" = 0 ]'
    service_stop
}

@test "200 clients at once are all served, and their source is compiled once" {
    service_start <<<'* instances=200'
    client many 200
    [ "$(counter misses)" = 1 ]
    [ "$(counter hits)" = 199 ]
    [ "$(counter served)" = 200 ]
    service_stop
}

@test "a run left stopped does not make the service close its lingering socket" {
    service_start <<<'* instances=20'
    client linger 60 >holding.out 3>&-
    grep -q holding holding.out
    service_await '[ "$(counter instances)" = 0 ]'
    timeout 200 setpriv --reuid=1234 --regid=1234 --clear-groups -- /tmp/service/client "$socket" served
    pkill -KILL -x client
    service_stop
}

@test "a user that floods the service does not block another" {
    service_start <<<'* instances=100'
    setpriv --reuid=65534 --regid=65534 --clear-groups -- \
        /tmp/service/client "$socket" flood 100 >flood.out 3>&- &
    flood=$!
    service_await 'grep -q flooding flood.out'
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        timeout 200 setpriv --reuid=1234 --regid=1234 --clear-groups -- /tmp/service/client "$socket" served
    done
    kill -KILL $flood
    wait $flood || :
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

@test "SIGTERM (clients connected) ends bfkd with 0, without waiting for them, and instances survive" {
    service_start --timeout 1000 <<<'* operations=all'
    client idle >idle.out 3>&- &
    idle=$!
    service_await 'grep -q connected idle.out'
    echo "$hello" >hello.b
    coproc bfk submit --socket "$socket" hello.b -- sh -c 'echo ready; read _; exec 3<&$BFK_FD; echo alive'
    exec {from}<&"${COPROC[0]}" # bash closes its own when the process has ended
    read -r line <&"$from"
    [ "$line" = ready ]
    kill -TERM "$service_pid"
    wait "$service_pid"
    wait $idle
    echo >&"${COPROC[1]}"
    read -r line <&"$from"
    [ "$line" = alive ]
    [ ! -e "$socket" ]
}

@test "a socket passed by systemd is used, and remains when bfkd ends" {
    socket=$BATS_TEST_TMPDIR/activated log=$BATS_TEST_TMPDIR/log
    echo '* operations=all' >bfkd.conf
    systemd-socket-activate -l "$socket" "$bfkd" --policy "$PWD/bfkd.conf" 2>"$log" 3>&- &
    service_pid=$!
    service_await 'test -S "$socket"'
    chmod 666 "$socket"
    client served
    kill -TERM "$service_pid"
    wait "$service_pid"
    [ -S "$socket" ]
}
