#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# demo.sh - the host side of `make demo`: runs tests/install/demo/guest.sh in a guest with kernel K.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
K=${K:-$("$here/../../harness/system.sh" kernel)}
echo "demo: starting a virtual machine with Debian's Linux $K (emulated, some 5 seconds)" >&2
exec "$here/../../harness/vm/run.sh" -k "$K" -- tests/install/demo/guest.sh
