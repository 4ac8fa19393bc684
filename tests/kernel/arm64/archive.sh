#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# archive.sh apt-get|apt-cache ARG... - run tests/harness/vm/archive.sh for arm64, on the archive of this machine's
# Debian: the cross compiler must run here, and its libraries must be those of the guest.
set -euo pipefail

tests=$(cd "$(dirname "$0")/../.." && pwd)
suite=trixie
[ "$("$tests/harness/system.sh" release)" != 12 ] || suite=bookworm
ARCHIVE_ARCH=arm64 exec "$tests/harness/vm/archive.sh" "$suite" "$@"
