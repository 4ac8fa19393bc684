#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# abi.sh 32|64 [SOURCE] - print the ABI as the compiler lays it out for 32 or 64 bits; abi.txt is the expected output.
# Fails if fields leave holes, which also finds a field missing from abi.c.
set -euo pipefail

bits=${1:?usage: abi.sh 32|64 [SOURCE]}
source=${2:-$(dirname "$0")/abi.c}
struct='' struct_len=0 at=0 holes=0

end_at() { # OFFSET: where the previous field, or the struct, must end
    [ $at != "$1" ] || return 0
    echo "$struct has a hole, or an unlisted field, at $at"
    holes=1
}

lines=$(${CC:-cc} "-m$bits" -I"$(dirname "$0")/../.." -idirafter /usr/include/x86_64-linux-gnu -std=gnu11 -Wall -Wextra -Werror -S -o - "$source")
while read -r kind name value; do
    case $kind in
        struct)
            end_at "$struct_len"
            struct=$name struct_len=$value at=0
            echo "struct $name $value"
            ;;
        off)
            off=$value
            end_at "$off"
            ;;
        len)
            echo "  $off $name $value"
            at=$((off + value))
            ;;
        ioctl) printf '%s 0x%08x\n' "$name" $((value & 0xffffffff)) ;;
        number) printf '%s %u\n' "$name" "$value" ;;
    esac
done < <(sed -n 's/^-> \(.*\) \$\(-\?[0-9]*\)$/\1 \2/p' <<<"$lines")
end_at "$struct_len"
exit $holes
