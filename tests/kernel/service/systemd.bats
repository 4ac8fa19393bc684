#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# bfkd as installed: its units, run by a separate systemd in the guest, and its sandbox.

# shellcheck disable=SC2016 # inner shells expand
bats_require_minimum_version 1.5.0
load ../../harness/vm/guest

repo=$BATS_TEST_DIRNAME/../../..
units=/run/bfk-units

# Starts a systemd in a PID namespace, with only our units, the journal's, and empty targets.
systemd_start() {
    local target lib=/usr/lib/systemd/system
    mkdir -p $units /run/log/journal
    cp $lib/systemd-journald.{service,socket} $lib/systemd-journald-dev-log.socket $lib/modprobe@.service \
        $lib/bfkd.{service,socket} $units/
    for target in sysinit basic sockets shutdown bfk; do
        printf '[Unit]\nDefaultDependencies=no\n' >$units/$target.target
    done
    echo 'Requires=systemd-journald.socket' >>$units/bfk.target
    setsid env -i container=bfk PATH="$PATH" SYSTEMD_UNIT_PATH=$units \
        unshare --pid --mount --fork --mount-proc /lib/systemd/systemd --unit=bfk.target --show-status=0 \
        </dev/null >/run/bfk-systemd.log 2>&1 3>&- &
    await systemctl is-system-running
}

systemd_do() { nsenter --target "$(pgrep -o -x systemd)" --pid --mount -- "$@"; }
systemctl() { systemd_do systemctl "$@"; }
main_pid() { systemctl show -P MainPID bfkd; }
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"; }
submit() { nobody /tmp/service/bfk submit /tmp/service/hello.b; }
journal_has() { systemd_do journalctl --no-pager -o cat "${@:2}" -u bfkd | grep -F "$1"; }

await() {
    local end=$((SECONDS + 300))
    while ((SECONDS < end)); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    echo "never: $*"
    cat /run/bfk-systemd.log
    return 1
}

setup_file() {
    bfk_load
    make -s -C "$repo" install PREFIX=/usr K=none >/dev/null
    mkdir -p /tmp/service
    cp "$repo/build/bfk" /tmp/service/
    echo '>+++++++++[<++++++++>-]<.' >/tmp/service/hello.b
    systemd_start
    systemctl start bfkd.socket
}
teardown_file() {
    systemctl stop bfkd.socket bfkd.service
    pkill -KILL -x systemd
    bfk_unload
}
setup() { kernel_mark; }
teardown() {
    [ ${#holders[@]} = 0 ] || kill "${holders[@]}" 2>/dev/null || :
    [ ! -d $units/bfkd.service.d ] || { rm -r $units/bfkd.service.d && systemctl daemon-reload; }
    kernel_check
}

holders=()
# Starts a process with its own instance, as user nobody, and adds it to holders.
hold() {
    local out=/tmp/service/held.${#holders[@]}
    : >"$out"
    setpriv --reuid=65534 --regid=65534 --clear-groups -- /tmp/service/bfk submit /tmp/service/hello.b -- \
        sh -c 'echo holds; exec sleep 100000' >"$out" 2>&1 3>&- &
    holders+=($!)
    await grep holds "$out"
}

# Ends the first holder.
release() {
    kill "${holders[0]}"
    wait "${holders[0]}" || :
    holders=("${holders[@]:1}")
}

# unit LINE...: adds these to the service's unit, until the test ends.
unit() {
    mkdir -p $units/bfkd.service.d
    printf '%s\n' '[Service]' "$@" >$units/bfkd.service.d/test.conf
    systemctl daemon-reload
}
policy() {
    echo "$1" >/etc/bfkd.conf
    systemctl restart bfkd
}
killed() {
    local before
    before=$(main_pid)
    systemctl kill --signal=KILL bfkd
    await new_main "$before"
    systemctl reset-failed bfkd
}
new_main() { [ "$(main_pid)" != "$1" ] && [ "$(main_pid)" != 0 ] && systemctl is-active bfkd; }
kept() { systemctl show -P NFileDescriptorStore bfkd; }
keeps() { [ "$(kept)" = "$1" ]; }
refused() {
    run -1 submit
    [[ $output = *"$1"* ]] || { echo "no '$1' in: $output"; return 1; }
}

@test "systemd finds no error in the units, and rates their exposure low" {
    SYSTEMD_UNIT_PATH=$units: systemd-analyze verify --man=no bfkd.service bfkd.socket
    systemd-analyze security --offline=true --threshold=10 /usr/lib/systemd/system/bfkd.service
}

@test "a client makes systemd start bfkd: root without capabilities, unable to gain any, with filters" {
    [ "$(main_pid)" = 0 ]
    run -0 submit
    [[ $output = *'sealed instance, kernel'* ]]
    run -0 systemd_do cat "/proc/$(main_pid)/status"
    for field in 'Uid:[[:blank:]]0[[:blank:]]' 'CapPrm:[[:blank:]]0000000000000000' \
        'CapBnd:[[:blank:]]0000000000000000' 'NoNewPrivs:[[:blank:]]1' 'Seccomp:[[:blank:]]2'; do
        grep "$field" <<<"$output"
    done
}

@test "bfkd's sandbox can open /dev/bfk, and change or reach nothing else" {
    cat >/usr/local/bin/probe <<'PROBE'
#!/bin/bash
exec 2>&1
try() { if (eval "$1") >/dev/null 2>&1; then echo "can: $1"; else echo "cannot: $1"; fi; }
try ': <>/dev/bfk'
try ': </etc/bfkd.conf'
try ': </etc/shadow'
try ': </dev/kmsg'
try ': </dev/ttyS0'
try ': >/etc/bfkd.conf'
try ': >/usr/file'
try ': >/run/file'
try ': >/var/file'
try 'ls /var/log'
try ': >/tmp/file && cat /tmp/root'
try ': </proc/1/status'
try 'cat /root/file'
try 'cat /run/bfk-systemd.log'
try 'mount -t tmpfs none /mnt'
try 'unshare --user true'
try ': >/dev/tcp/127.0.0.1/22222'
try 'ping -c 1 127.0.0.1'
try 'kill -0 1'
PROBE
    chmod 755 /usr/local/bin/probe
    touch /root/file /tmp/root
    sed 's|^ExecStart=.*|ExecStart=/usr/local/bin/probe|; /^ExecStartPre=/d; s|^Type=.*|Type=oneshot|
        /^Restart=/d; /^Requires=/d' $units/bfkd.service >$units/probe.service
    socat -u TCP-LISTEN:22222,bind=127.0.0.1,fork /dev/null 3>&- &
    socat=$!
    systemctl daemon-reload
    systemctl start probe
    kill $socat
    run -0 systemd_do journalctl --no-pager -o cat -t probe
    echo "$output"
    [ "$(grep -c '^cannot: ' <<<"$output")" = 17 ]
    [ "$(grep '^can: ' <<<"$output")" = 'can: : <>/dev/bfk
can: : </etc/bfkd.conf' ]
}

@test "systemctl reload applies a good policy; a broken one fails, and the journal has the place" {
    submit
    echo '* operations=none' >/etc/bfkd.conf
    systemctl reload bfkd
    await journal_has 'bfkd.conf: read again' -p info
    echo '* operation=none' >/etc/bfkd.conf
    run -1 systemctl reload bfkd
    journal_has "bfkd.conf:1:3: 'operation=none' is not one of" -p err
    systemctl is-active bfkd
    submit
}

@test "bfkd (stopped) exits cleanly, (killed) is restarted; clients that connect meanwhile are served" {
    echo '* operations=none' >/etc/bfkd.conf
    submit
    systemctl stop bfkd.service
    [ "$(systemctl show -P Result bfkd)" = success ]
    submit
    first=$(main_pid)
    systemctl kill --signal=KILL bfkd
    submit
    [ "$(main_pid)" != "$first" ]
}

@test "instances in use count after a restart and after SIGKILL, until they are closed" {
    policy '* instances=2'
    hold
    hold
    refused 'too many instances are in use (2 of 2)'
    systemctl restart bfkd
    refused 'too many instances are in use (2 of 2)'
    killed
    refused 'too many instances are in use (2 of 2)'
    systemctl daemon-reload
    keeps 2
    refused 'too many instances are in use (2 of 2)'
    release
    submit
    release
    await keeps 0
}

@test "memory of instances in use counts after a restart" {
    policy '* memory=140K'
    hold
    hold
    refused 'the programs in use have too much memory'
    systemctl restart bfkd
    refused 'the programs in use have too much memory'
    release
    submit
    release
}

@test "instances closed while the service is down do not count when it is up again" {
    policy '* instances=2'
    hold
    hold
    systemctl kill --signal=STOP bfkd
    release
    release
    killed
    await keeps 0
    hold
    hold
    release
    release
}

@test "a reduced quota (2 instances in use, 1 allowed) refuses until there is room" {
    policy '* instances=2'
    hold
    hold
    policy '* instances=1'
    refused 'too many instances are in use (2 of 1)'
    release
    refused 'too many instances are in use (1 of 1)'
    release
    submit
}

@test "instances beyond systemd's full store count until they are closed, and the journal explains it" {
    unit 'FileDescriptorStoreMax=1'
    policy '* instances=2'
    hold
    hold
    keeps 1
    journal_has 'systemd does not keep an instance (see FileDescriptorStoreMax=)' -p warning
    refused 'too many instances are in use (2 of 2)'
    release
    submit
    release
    await keeps 0
}

@test "descriptors in the store that are not our instances are dropped" {
    cat >/usr/local/bin/spoil-store <<'SPOIL'
#!/usr/bin/python3
import array, os, socket
to = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
to.connect(os.environ['NOTIFY_SOCKET'])
def send(text, fd):
    to.sendmsg([text.encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [fd]))])
send('FDSTORE=1\nFDNAME=bfk1 uid=0 text=0 memory=65536 id=3', os.open('/dev/null', os.O_RDWR))
send('FDSTORE=1\nFDNAME=' + 'x' * 255, os.open('/dev/bfk', os.O_RDWR))
send('FDSTORE=1', os.open('/dev/bfk', os.O_RDWR))
here, there = os.pipe()
send('BARRIER=1', there)
os.close(there)
os.read(here, 1)
SPOIL
    chmod 755 /usr/local/bin/spoil-store
    unit 'NotifyAccess=all' 'ExecStartPre=+/usr/local/bin/spoil-store'
    policy '* instances=2'
    journal_has "dropped the descriptor 'bfk1 uid=0 text=0 memory=65536 id=3'" -p warning
    journal_has "dropped the descriptor 'xxx" -p warning
    journal_has "dropped the descriptor 'stored'" -p warning
    await keeps 0
}

@test "a refusal is in the journal at priority notice, with the user" {
    policy 'user nobody refuse'
    refused 'policy refuses this user'
    await journal_has 'uid 65534 (nobody): policy refuses this user' -p notice
    run -1 journal_has 'policy refuses this user' -p warning
}
