#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# try.sh TRY... - in the guest: runs tries of attacks.txt ("device ...", "guest ..."), one after another,
# with the module BFK_MODULE if that is set. Prints TAP; a try that matches no case of its driver fails.
set -uo pipefail

cd "$(dirname "$0")/../../.." || exit 2
# shellcheck source=tests/harness/vm/guest.bash
. tests/harness/vm/guest.bash
log=/run/try.log

try_device() { # DRIVER PART-OF-A-NAME
    # shellcheck disable=SC2119 # no parameters
    bfk_load || return
    "build/device/$1" "$2" 2>&1 | cat
    bfk_unload
}

n=0 failed=0
for try; do
    read -r kind first rest <<<"$try"
    case $kind in
        device) try_device "$first" "$rest" >$log 2>&1 ;;
        guest) "$first" "$rest" >$log 2>&1 ;;
        *) echo "try.sh: unknown try '$try'" >&2; exit 2 ;;
    esac
    status=$?
    if [ "$kind" = device ] && ! grep -q '^ok ' $log; then status=1; fi
    if grep -q '^not ok ' $log || [ $status != 0 ]; then
        sed 's/^/# /' $log
        [ ! -d /sys/module/bfk ] || rmmod bfk
        printf 'not '
        failed=1
    fi
    echo "ok $((n += 1)) - $try"
done
echo "1..$n"
exit $failed
