#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# load.sh - in the guest: can the module BFK_MODULE be inserted and removed? Prints TAP.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/harness/vm/guest.bash
. tests/harness/vm/guest.bash
echo "<6>bfk-test: case the module is inserted and removed" >/dev/kmsg
# shellcheck disable=SC2119 # no parameters
bfk_load && bfk_unload || printf 'not '
printf 'ok 1 - the module is inserted and removed\n1..1\n'
