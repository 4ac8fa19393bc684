#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# system.sh release|kernel|name - about the Debian this machine runs:
#
#   release   12 or 13; empty if it is another system, or a Debian that is not released
#   kernel    the series of the kernel that its archive installs by default, which K is unless set; 6.12
#             on other systems
#   name      what the system calls itself
#
# OS_RELEASE is the file that says so, for the tests.
set -euo pipefail

ID='' VERSION_ID='' PRETTY_NAME=''
file=${OS_RELEASE:-/etc/os-release}
# shellcheck source=/dev/null
[ ! -r "$file" ] || . "$file"
release=''
[ "$ID" != debian ] || case $VERSION_ID in 12 | 13) release=$VERSION_ID ;; esac

case ${1-} in
    release) echo "$release" ;;
    kernel) if [ "$release" = 12 ]; then echo 6.1; else echo 6.12; fi ;;
    name) echo "${PRETTY_NAME:-an unknown system}" ;;
    *) echo "usage: system.sh release|kernel|name" >&2; exit 2 ;;
esac
