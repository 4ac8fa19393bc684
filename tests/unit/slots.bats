#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The files and sockets that bfk run passes to a program: N=PATH, --slot, --dir, --listen and --connect.

# shellcheck disable=SC2016,SC2171 # inner shells expand, and brackets are Brainfuck
bats_require_minimum_version 1.5.0
load bfk

@test "run ('.' to, and ',' from, a closed slot) exits 1 with the error" {
    run -1 bash -c '"$1" run --engine jit -e "+." >&-' x "$bfk"
    has '. on slot 1 failed: Bad file descriptor'
    run -1 bash -c '"$1" run --engine jit -e "+," <&-' x "$bfk"
    has ', on slot 0 failed: Bad file descriptor'
}

@test "run N=PATH and --slot pass files with their modes" {
    echo 'the input' >in
    jit "$repo/examples/copy.bf" 0=in 1=out:w
    cmp in out
    jit --slot 0=in --slot 1=out:a "$repo/examples/copy.bf"
    [ "$(wc -l <out)" = 2 ]
    jit -s 1=new:rw "$repo/examples/copy.bf" <in
    cmp in new
    echo 'a longer line' >out
    jit "$repo/examples/copy.bf" 0=in 1=out:w
    cmp in out
}

@test "run --slot (no number, too large, no path, no file, no directory) names the error" {
    for spec in x=in 64=in 99=in =in in -1=in ''; do
        run -2 jit --slot "$spec" -e +
        has 'is not N=PATH'
    done
    run -1 jit --slot 3=nowhere -e +
    has 'slot 3: nowhere: No such file or directory'
    run -1 jit --slot 63=nowhere/x:w -e +
    has 'slot 63: nowhere/x: No such file or directory'
    : >file
    run -1 jit --dir 3=file -e +
    has 'slot 3: file: Not a directory'
    run -1 jit --slot 3=file:d -e +
    has 'Not a directory'
}

# await_listener PID: returns when a Unix socket of the process listens, which is later than that its path exists.
await_listener() {
    until readlink "/proc/$1/fd/"* | sed -n 's/^socket:\[\(.*\)\]$/\1/p' |
        grep -qxFf - <(awk '$4 == "00010000" { print $7 }' /proc/net/unix); do sleep 0.05; done
}

# Starts a server in the background, on a free port: sets $server and $port.
listen_on() { # WHERE PROGRAM
    : >listening
    "$bfk" run --engine jit --listen "3=$1" "$2" 2>listening 3>&- &
    server=$!
    until grep -q . listening; do sleep 0.05; done
    port=$(sed -n 's/^bfk: slot 3 listens on port //p' listening)
}

@test "run --listen (port 0) and --connect: a server and its client, over IPv4 and IPv6" {
    for where in 0 127.0.0.1:0 'localhost:0' '*:0' '[::]:0'; do
        listen_on "$where" "$repo/examples/servers/echo-server.bf"
        to=$port
        [ "$where" != '[::]:0' ] || to="[::1]:$port"
        [ "$(echo 'ABC' | jit --connect "3=$to" "$BATS_TEST_DIRNAME/ask.bf")" = ABC ]
        kill $server
        wait $server || [ $? = 143 ]
    done
}

@test "run --listen and --connect (a path) are a Unix socket" {
    "$bfk" run --engine jit --listen 3=./socket "$repo/examples/servers/echo-server.bf" 3>&- &
    await_listener $!
    [ "$(echo 'ABC' | jit --connect 3=./socket "$BATS_TEST_DIRNAME/ask.bf")" = ABC ]
    run -1 jit --listen 3=./socket -e +
    has 'slot 3: cannot listen on ./socket: Address already in use' 'hint: if nobody listens there any more'
    kill $!
    wait $! || [ $? = 143 ]
    run -1 jit --connect 3=./socket -e +
    has 'slot 3: cannot connect to ./socket: Connection refused'
}

@test "run --listen and --connect (no slot, no port, no address, no server) name the error" {
    for spec in x=1 64=1 =1 1 ''; do
        run -2 jit --listen "$spec" -e +
        has 'is not N=WHERE with a slot N from 0 to 63'
    done
    for where in '' : x 65536 -1 1x '1.2.3:4' '[::1:4' 'nowhere:80' "/$(printf '%0120d' 0)"; do
        run -2 jit --connect "3=$where" -e +
        has "'$where' is not a place to connect to" 'hint: PORT, ADDRESS:PORT'
        run -2 jit --listen "3=$where" -e +
        has "'$where' is not a place to listen on"
    done
    run -1 jit --connect 3=127.0.0.1:1 -e +
    has 'slot 3: cannot connect to 127.0.0.1:1: Connection refused'
    run -1 jit --listen 3=192.0.2.1:0 -e +
    has 'slot 3: cannot listen on 192.0.2.1:0: Cannot assign requested address'
}

@test "run (a socket whose peer is gone) gets an error, not SIGPIPE" {
    local status=0
    "$bfk" run --engine jit --listen 3=./socket "$BATS_TEST_DIRNAME/too-late.bf" 2>said 3>&- &
    await_listener $!
    jit --connect 3=./socket -e +
    wait $! || status=$?
    [ $status = 1 ]
    grep '%w (write) failed: Broken pipe' said
}

@test "run --slot (a path with a colon) takes the part after it as a mode only if it is one" {
    echo hello >a:b
    [ "$(jit --slot 0=a:b "$repo/examples/copy.bf")" = hello ]
    mkdir d:r
    jit --dir 3=d:r -e +
}
