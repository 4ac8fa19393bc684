#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# prove.sh - prove that the emitter of this tree, or of the folder PROVE_TREE, makes code that does what the
# ops mean (prove.py). PROVE=quick: fewer operands, in half a minute. PROVE_ONLY: a group of prove.py.
set -euo pipefail

cd "$(dirname "$0")/../../.."
top=$PWD
tree=${PROVE_TREE:-$top}
library=$(mktemp --suffix .so)
trap 'rm -f "$library"' EXIT
cd "$tree" # its jit/ and bfk/
gcc -std=gnu11 -O2 -Wall -Wextra -Wno-missing-field-initializers -I. -shared -fPIC -o "$library" \
    "$top/tests/language/prove/prove.c" jit/x86_asm.c jit/x86_emit.c jit/check.c jit/interp.c
${PROVE_PYTHON:-/usr/bin/python3} -B "$top/tests/language/prove/prove.py" "$library" ${PROVE:+--quick} \
    ${PROVE_ONLY:+--only="$PROVE_ONLY"}
