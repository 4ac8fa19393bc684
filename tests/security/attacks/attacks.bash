# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# attacks.bash - for attacks.sh and tests/security/mutants: reads the list of attacks and runs tries.

attacks_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# attacks_list: reads attacks.txt into the arrays names, tries and mutants.
attacks_list() {
    local name try mutant
    names=() tries=() mutants=()
    while IFS='|' read -r name try mutant; do
        [[ -n $try && $name != '#'* ]] || continue
        name=${name%"${name##*[! ]}"} try=${try# } mutant=${mutant# }
        names+=("$name") tries+=("${try%"${try##*[! ]}"}") mutants+=("$mutant")
    done <"$attacks_dir/attacks.txt"
}

# try_guest KERNEL KO LIMIT TRY...: runs tries that need the same kernel arguments, in one boot, or in more
# boots if tries end the guest. Prints a line "passed TRY" or "failed TRY" for each; other output goes to
# stderr.
try_guest() {
    local kernel=$1 ko=$2 limit=$3 args='' out status n try
    shift 3
    [[ $1 != @* ]] || { args=${1%% *} && args=${args#@}; }
    while [ $# -gt 0 ]; do
        out=$("$attacks_dir/../../harness/vm/run.sh" -k "$kernel" -t "$limit" -a "$args" -- env BFK_MODULE="$ko" \
            tests/security/attacks/try.sh "${@#@* }" 2>&1)
        status=$?
        echo "$out" >&2
        n=0
        while IFS= read -r try; do
            if [[ $try = ok\ * ]]; then echo "passed $1"; else echo "failed $1"; fi
            n=$((n + 1))
            shift
        done < <(grep -aE '^(not )?ok [0-9]+ - (device|guest) ' <<<"$out")
        [ $# -gt 0 ] || break
        # The guest ended during the next try, or before the first.
        [ $status != 0 ] || { echo "attacks: the guest ended early, but with status 0" >&2; return 1; }
        echo "failed $1"
        shift
    done
}

# try_crash KERNEL KO OP TEXT: does the guest's kernel crash with this text, as it should?
try_crash() {
    local console status
    console=$(mktemp)
    "$attacks_dir/../../harness/vm/run.sh" -k "$1" -l "$console" -- env BFK_MODULE="$2" tests/security/attacks/wx.sh "$3" >&2
    status=$?
    grep -aq "$4" "$console" && [ $status = 125 ]
    status=$?
    rm -f "$console"
    return $status
}
