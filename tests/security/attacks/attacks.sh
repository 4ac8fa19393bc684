#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# attacks.sh [PART-OF-A-NAME]... - try each attack of attacks.txt, or those whose name matches, on kernel K;
# prints TAP, one line for each attack. Takes about five minutes.
set -uo pipefail

cd "$(dirname "$0")/../../.." || exit 2
# shellcheck source=tests/security/attacks/attacks.bash
. tests/security/attacks/attacks.bash
K=${K:-$(tests/harness/system.sh kernel)}
ko=$PWD/build/kmod-$K/bfk.ko
log=build/attacks/log
mkdir -p build/attacks
: >$log

is_wanted() { # NAME PART...
    local name=$1
    shift
    [ $# -gt 0 ] || return 0
    for part; do [[ $name != *"$part"* ]] || return 0; done
    return 1
}

declare -A verdicts=()
note_verdicts() { # of tries that need the same kernel arguments
    while read -r word try; do verdicts[$try]=$word; done < <(try_guest "$K" "$ko" 600 "$@" 2>>$log)
}

attacks_list
plain=() special=()
for i in "${!names[@]}"; do
    is_wanted "${names[i]}" "$@" || continue
    try=${tries[i]}
    case $try in
        host\ *) if ${try#host } >>$log 2>&1; then verdicts[$try]=passed; else verdicts[$try]=failed; fi ;;
        crash\ *)
            read -r _ op text <<<"$try"
            if try_crash "$K" "$ko" "$op" "$text" 2>>$log; then verdicts[$try]=passed; else verdicts[$try]=failed; fi
            ;;
        @*) special+=("$try") ;;
        *) plain+=("$try") ;;
    esac
done
[ ${#plain[@]} = 0 ] || note_verdicts "${plain[@]}"
for try in "${special[@]}"; do note_verdicts "$try"; done

n=0 failed=0
for i in "${!names[@]}"; do
    is_wanted "${names[i]}" "$@" || continue
    [ "${verdicts[${tries[i]}]-none}" = passed ] || { printf 'not '; failed=1; }
    echo "ok $((n += 1)) - ${names[i]} (${tries[i]})"
done
echo "1..$n"
[ $n != 0 ] || { echo "attacks.sh: no attack has '$*' in its name" >&2; exit 2; }
[ $failed = 0 ] || echo "# all output: $log"
exit $failed
