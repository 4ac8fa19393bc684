#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# stage-module.sh BFK.KO-FOLDER KDIR STAGE - have the kernel's build system install the module from BFK.KO-FOLDER
# below STAGE: compressed and signed like that kernel's own modules.
set -euo pipefail

built=$1 kdir=$2 stage=$3

# Debian's kernels are configured to sign modules with a key that only Debian has. Without the key, signing is
# switched off: it would print many errors.
flags=()
key=$(sed -n 's/^CONFIG_MODULE_SIG_KEY="\(.*\)"/\1/p' "$kdir/.config" 2>/dev/null || :)
case $key in
    pkcs11:* | '') ;;
    /*) [ -e "$key" ] || flags=(CONFIG_MODULE_SIG_ALL=) ;;
    *) [ -e "$kdir/$key" ] || flags=(CONFIG_MODULE_SIG_ALL=) ;;
esac

# depmod runs on the machine that gets the files, not here.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! MAKEFLAGS='' make -s -C "$kdir" M="$built" INSTALL_MOD_PATH="$stage" INSTALL_MOD_DIR=updates DEPMOD=true "${flags[@]}" \
    modules_install >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
