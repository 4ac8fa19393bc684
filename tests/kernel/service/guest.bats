#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Does bfkd serve clients that cannot open the device, whatever some of them do, and end and restart correctly? Runs in the guest.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load guest

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
