#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The servers of examples/servers, with real clients, on every engine in $ENGINES.

# shellcheck disable=SC2016 # inner shells expand
bats_require_minimum_version 1.5.0
load ../programs/programs
servers=${SERVERS:-$repo/examples/servers}
servers_pid=''

# In the guest, setup() and teardown() check the kernel's log; here they also end what was started.
if [ -e /run/vm/settings ]; then
    setup() { kernel_mark; cd "$BATS_TEST_TMPDIR" || return; }
    teardown() { server_stop && kernel_check; }
else
    setup() { cd "$BATS_TEST_TMPDIR" || return; }
    teardown() { server_stop; }
fi

# server_start ENGINE NAME [OPTION]...: starts a server in the background, with the caller's standard input; sets
# $port to the port of its slot 3.
server_start() {
    local engine=$1 name=$2 tries
    shift 2
    : >said
    "$bfk" run --engine "$engine" --listen 3=0 "$@" "$servers/$name.bf" <&0 >nothing 2>said 3>&- &
    servers_pid=$!
    for tries in {1..4000}; do
        port=$(sed -n 's/^bfk: slot 3 listens on port //p' said)
        [ -z "$port" ] || return 0
        kill -0 $servers_pid || break
        sleep 0.05
    done
    echo "$name does not listen on $engine after $tries tries: $(<said)"
    return 1
}

server_stop() {
    [ -n "$servers_pid" ] || return 0
    kill "$servers_pid" 2>/dev/null || :
    wait "$servers_pid" || [ $? = 143 ] || { echo "the server ended by itself: $(<said)"; return 1; }
    servers_pid=''
}

# of LEN: prints LEN bytes of all values, always the same.
of() { head -c "$1" <(seq 1 "$1" | gzip -n -1); }

# Not in a condition: there a command that fails would not end the function.
on_each_engine() { # FUNCTION
    local engine
    for engine in $ENGINES; do
        echo "on engine $engine:"
        "$1" "$engine"
        server_stop
    done
}

echo_server() {
    local i clients=()
    server_start "$1" echo-server </dev/null
    [ "$(echo hello | nc -N 127.0.0.1 "$port")" = hello ]
    [ -z "$(nc -N 127.0.0.1 "$port" </dev/null)" ]
    socat -u -t 300 FILE:big TCP:127.0.0.1:"$port" # sends, never reads, and leaves
    socat -t 300 - TCP:127.0.0.1:"$port" <big >back
    cmp big back
    for i in {1..8}; do
        echo "client $i" | socat -t 300 - TCP:127.0.0.1:"$port" >"back.$i" &
        clients+=($!)
    done
    wait "${clients[@]}"
    for i in {1..8}; do [ "$(<"back.$i")" = "client $i" ]; done
}

@test "echo-server returns what clients send: little, nothing, much, eight at once" {
    of 300000 >big
    on_each_engine echo_server
}

http_server() {
    local path
    server_start "$1" http-server --dir 4=www <header
    get() { curl -sS -m 300 --path-as-is -o body -w '%{http_code} %{content_type}' "http://127.0.0.1:$port/$1"; }
    [ "$(get hello)" = '200 text/plain' ]
    cmp body www/hello
    [ "$(get dir/big)" = '200 text/plain' ] # longer than the ones before and after it
    cmp body www/dir/big
    for path in '' nowhere hell helloo ../header dir/../hello /hello link hello%00 h%65llo; do
        [ "$(get "$path")" = '404 text/plain' ]
        [ ! -s body ]
    done
    [ "$(get hello)" = '200 text/plain' ]
    cmp body www/hello
    [ "$(get empty)" = '200 text/plain' ]
    [ ! -s body ]
}

http_files() {
    mkdir -p www/dir
    echo 'Hello from a file!' >www/hello
    of 200000 >www/dir/big
    : >www/empty
    echo secret >outside
    ln -s ../outside www/link
    printf 'HTTP/1.0 200\r\nContent-Type: text/plain\r\n\r\n' >header
}

@test "http-server gives curl the files of its directory, 404 for what does not exist, and nothing else" {
    http_files
    on_each_engine http_server
}

http_nonsense() {
    server_start "$1" http-server --dir 4=www <header
    nc -N 127.0.0.1 "$port" </dev/null >back
    printf '\r\n\r\n' | nc -N 127.0.0.1 "$port" >back
    printf 'GET /hello' | nc -N 127.0.0.1 "$port" >back # no space after the name: it ends with the input
    printf 'HTTP/1.0 200\r\nContent-Type: text/plain\r\n\r\n' | cat - www/hello | cmp - back
    head -c 33000 </dev/zero | tr '\0' A | socat - TCP:127.0.0.1:"$port" >back 2>said.socat || : # cut off
    head -c 1000 </dev/zero | socat - TCP:127.0.0.1:"$port" >back
    of 3000 | socat - TCP:127.0.0.1:"$port" >back || :
    curl -sS -m 300 "http://127.0.0.1:$port/hello" | cmp - www/hello
}

@test "http-server (no request, nonsense, a request that is too long) serves the next client" {
    http_files
    on_each_engine http_nonsense
}

http_load() {
    server_start "$1" http-server --dir 4=www <header
    ab -q -n 60 -c 6 "http://127.0.0.1:$port/hello" >ab.out 2>&1 || { cat ab.out; return 1; }
    grep -q '^Complete requests: *60$' ab.out
    grep -q '^Failed requests: *0$' ab.out
    grep -q '^HTML transferred: *1140 bytes$' ab.out
    run -1 grep Non-2xx ab.out
}

@test "http-server serves ab, six clients at a time, without a failed request" {
    http_files
    on_each_engine http_load
}

# proxied ENGINE: one end sends everything and then waits; the other receives everything before it sends. Each of
# them is the far end once.
proxied() {
    local first=(-) last=(SYSTEM:'cat >$LAST_GOT; cat $LAST_SENDS')
    exchange "$1" first last
    exchange "$1" last first
}

exchange() { # ENGINE FAR NEAR
    local -n far=$2 near=$3
    local status=0 there near_port
    : >there.log # the previous exchange had another port
    socat -t 300 -d -d TCP-LISTEN:0,bind=127.0.0.1 "${far[@]}" <one >one.got 2>there.log 3>&- &
    there=$!
    until near_port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' there.log) && [ -n "$near_port" ]; do
        kill -0 $there || { echo "the far end does not listen: $(<there.log)"; return 1; }
        sleep 0.05
    done
    server_start "$1" proxy --connect "4=127.0.0.1:$near_port" </dev/null
    socat -t 300 "${near[@]}" TCP:127.0.0.1:"$port" <one >one.got.near
    [ "$3" != first ] || mv one.got.near one.got
    wait $there
    wait $servers_pid || status=$?
    servers_pid=''
    [ $status = 0 ] || { echo "the proxy ended with $status: $(<said)"; return 1; }
    cmp one two.got
    cmp two one.got
    rm one.got two.got
}

@test "proxy passes on what both ends send, until both are done, whichever is first" {
    of 300000 >one
    of 200000 >two
    export LAST_GOT=two.got LAST_SENDS=two
    on_each_engine proxied
}

lines_until() { # FILE N
    local tries
    for tries in {1..4000}; do
        [ "$(wc -l <"$1")" -lt "$2" ] || return 0
        sleep 0.05
    done
    echo "no line $2 in $1 after $tries tries: $(<"$1")"
    return 1
}

follow() {
    printf 'Error 1\nwarning\nxE\n\nEr' >log
    : >lines # from the previous engine
    "$bfk" run --engine "$1" "$servers/follow.bf" <log >lines 2>said 3>&- &
    servers_pid=$!
    lines_until lines 1
    printf 'ror 2\nE\ninfo: E\n' >>log
    lines_until lines 3
    printf 'nothing\nError 3\nEnd that is not complete' >>log
    lines_until lines 4
    kill -STOP $servers_pid
    printf '\nE5\n' >>log
    kill -CONT $servers_pid
    lines_until lines 6
    printf 'Error 1\nError 2\nE\nError 3\nEnd that is not complete\nE5\n' | cmp - lines
}

@test "follow prints the lines that start with E, old ones and new ones" {
    on_each_engine follow
}

rate() {
    local start=${EPOCHREALTIME/./} took
    "$bfk" run --engine "$1" "$servers/rate.bf" <in >out
    took=$((${EPOCHREALTIME/./} - start))
    cmp in out
    [ $took -ge 503316 ] || { echo "$took us are too few"; return 1; } # 5 sleeps of 6 * 2^24 ns
}

@test "rate passes everything on, slowly" {
    of 20000 >in
    on_each_engine rate
}

# One of two peers never reads. The other gets at least what its socket has room for.
feed() {
    local status=0 fast slow
    mkfifo never
    socat -u UNIX-LISTEN:fast STDOUT >got 3>&- &
    fast=$!
    socat -u UNIX-LISTEN:slow OPEN:never,wronly 3>&- & # its open waits for a reader, which never comes
    slow=$!
    until [ -S fast ] && [ -S slow ]; do sleep 0.05; done
    "$bfk" run --engine "$1" --connect 3=./slow --connect 4=./fast "$servers/feed.bf" <in 3>&- || status=$?
    wait $fast || status=$?
    kill $slow
    rm -f never fast slow
    [ $status = 0 ]
    cmp -n 65536 in got
}

@test "feed gives one peer what it takes while another takes nothing" {
    of 3000000 >in
    on_each_engine feed
}

@test "each server has less than 400 bytes of commands, no command in a comment, and is in the README" {
    local file n=0 len
    for file in "$servers"/*.bf; do
        run -1 grep -n '#.*[][+<>.,%-]' "$file"
        len=$(sed 's/#.*//' "$file" | tr -d ' \n' | wc -c)
        [ "$len" -lt 400 ] && [ "$len" -ge 30 ] || { echo "$file has $len"; return 1; }
        grep -q "(${file##*/}) *| $len |" "$servers/README.md" || { echo "README.md: $file has $len"; return 1; }
        n=$((n + 1))
    done
    [ $n = 6 ]
}

can_fail() { # FUNCTION
    (trap server_stop EXIT; set -e; on_each_engine "$1") >can-fail.log 2>&1 3>&- &
    if wait $!; then
        echo "$1 passes"
        return 1
    fi
}

@test "these tests (servers with bugs) can fail" {
    local name
    cp -r "$servers" broken
    sed -i 's/%r\[%w%r\]/%r[%r]/' broken/echo-server.bf
    sed -i 's/%o/%o[-]/' broken/http-server.bf
    sed -i 's/%n/%w/' broken/rate.bf
    sed -i 's/+<<%s/+<<<<%s/' broken/feed.bf
    for name in echo-server http-server rate feed; do run -1 cmp "$servers/$name.bf" "broken/$name.bf"; done
    servers=$PWD/broken
    of 5000 >big
    http_files
    of 20000 >in
    can_fail echo_server
    can_fail http_server
    can_fail rate
    of 3000000 >in
    can_fail feed
}
