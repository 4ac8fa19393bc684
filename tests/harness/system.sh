#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# system.sh release|kernel|name - print a fact about the Debian on this machine:
#
#   release   12 or 13; empty on another system, or an unreleased Debian
#   kernel    the kernel series that its archive installs by default, which is the default of K; 6.12
#             on other systems
#   name      the system's own name
#
# OS_RELEASE replaces /etc/os-release, for the tests.
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
