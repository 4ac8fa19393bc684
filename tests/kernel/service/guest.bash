# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# For tests of bfkd in the guest, with a device that its clients cannot open.
load ../../harness/vm/guest
load service
load ../../harness/output

repo=$BATS_TEST_DIRNAME/../../..
hello='>+++++++++[<++++++++>-]<.'

setup_file() {
    bfk_load
    mkdir -p /tmp/service
    cp "$repo"/build/{bfk,tests/client} /tmp/service/
    for id in 1111 1234 2222 3333 4444; do
        grep -q "^user$id:" /etc/passwd || echo "user$id:x:$id:$id::/:/bin/false" >>/etc/passwd
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
