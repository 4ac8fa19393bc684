#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# stress.sh [SECONDS] - in the guest: runs stress-ng's device stressors on /dev/bfk, as root, for SECONDS (10)
# each; then checks that nothing has leaked and programs still run.
set -uo pipefail

cd "$(dirname "$0")/../../.." || exit 2
# shellcheck source=tests/harness/vm/guest.bash
. tests/harness/vm/guest.bash
seconds=${1:-10}

# shellcheck disable=SC2119 # no parameters
bfk_load || exit 1
# dev opens, maps, polls, reads, locks and queries one device in many threads at once.
stress-ng --dev 4 --dev-file /dev/bfk -t "$seconds" --metrics-brief 2>&1 || exit 1
echo '++++++++[>++++++++<-]>+.' >/run/a.bf
[ "$(build/bfk run --engine kernel /run/a.bf)" = A ] || exit 1
bfk_unload
