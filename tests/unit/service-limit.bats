#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# A compile service that does not answer must not block its clients forever.

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
bfk=$(realpath "${BFK:-$repo/build/bfk}")

setup() { cd "$BATS_TEST_TMPDIR" || return; }
teardown() { [ -z "${service-}" ] || kill -KILL "$service" 2>/dev/null || :; }

# pretend WAY: starts a service at ./socket that is
#   silent   reads all that is sent, and never answers
#   deaf     accepts clients, and reads nothing
#   full     accepts no client, and has no room for another in its backlog
#   halting  sends only the beginning of a reply
pretend() {
    python3 - "$1" 3>&- <<'PYTHON' &
import os, socket, sys, time

way = sys.argv[1]
listener = socket.socket(socket.AF_UNIX)
listener.bind("socket.new")
listener.listen(0)
waiting = socket.socket(socket.AF_UNIX)
if way == "full":
    waiting.connect("socket.new")
os.rename("socket.new", "socket")
while way == "full":
    time.sleep(1000)
kept = []
while True:
    client, _ = listener.accept()
    kept.append(client)
    while way == "silent" and client.recv(65536):
        pass
    if way == "halting":
        client.send(b"BFKD\1\0\0\0")
PYTHON
    service=$!
    disown # or bash reports that it was killed
    until [ -S socket ]; do sleep 0.01; done
}

# Prints a program that is too large for the buffer of a socket.
large() { head -c 4000000 /dev/zero | tr '\0' '+'; }

@test "run --service (it accepts and never answers) exits 3 and reports that" {
    pretend silent
    run -3 timeout 300 env BFK_SERVICE_TIMEOUT=1 "$bfk" run --service=./socket -e +
    [[ $output == *'bfk: the service at ./socket did not answer within 1 s'*hint:* ]]
}

@test "run --service (it does not read, has no room, or stops in the middle of its reply) exits 3 and reports that" {
    large >large.bf
    for way in deaf full halting; do
        rm -f socket
        pretend $way
        run -3 timeout 300 env BFK_SERVICE_TIMEOUT=1 "$bfk" run --service=./socket large.bf
        [[ $output == *'did not answer within 1 s'* ]] || { echo "$way: $output"; return 1; }
        kill -KILL "$service"
    done
}

@test "submit (the service accepts and never answers) exits 3 and reports that" {
    pretend silent
    echo + >x.bf
    run -3 timeout 300 env BFK_SERVICE_TIMEOUT=1 "$bfk" submit --socket ./socket x.bf
    [[ $output == *'did not answer within 1 s'* ]]
}

@test "run --service (BFK_SERVICE_TIMEOUT is not a number) exits 2 and names it" {
    run -2 env BFK_SERVICE_TIMEOUT=soon "$bfk" run --service=./socket -e +
    [[ $output == *"'soon' is not a number"*BFK_SERVICE_TIMEOUT* ]]
}

@test "run --service (no limit, and no service) exits 3 at once" {
    run -3 env BFK_SERVICE_TIMEOUT=0 "$bfk" run --service=./socket -e +
    [[ $output == *'no service at ./socket: No such file or directory'* ]]
}
