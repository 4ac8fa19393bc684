#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The passes of the optimiser: everything that names them agrees with their table, which the help of `bfk compile`
# prints.

bats_require_minimum_version 1.5.0

repo=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
bfk=${BFK:-$repo/build/bfk}
man=$repo/userspace/man

# Writes the table, one "NAME<tab>MEANING" a line.
setup() {
    "$bfk" compile --help | sed -n '/by pass:$/,/^$/s/^  \([a-z]*\)  *\(.*\)/\1\t\2/p' >"$BATS_TEST_TMPDIR/table"
    cd "$BATS_TEST_TMPDIR" || return
    mapfile -t names < <(cut -f1 table)
    [ ${#names[@]} = 6 ]
}

# same FILE: fails unless FILE is the table.
same() { diff -u table "$1"; }

@test "passes: the help of each command with --without lists them" {
    local list command n=0
    list=$(printf '%s, ' "${names[@]:0:5}")
    for command in run check compile dump audit bench submit; do
        "$bfk" $command --help >help
        grep -qE "^ +--without PASS,\.\.\.? +leave out ${list%, } or ${names[5]}\$" help || { cat help; return 1; }
        ! grep -q '@' help || { echo "$command: a field is not filled in"; return 1; }
        n=$((n + 1))
    done
    [ "$n" = "$(grep -l '"without"' "$repo"/userspace/cmd/*.c | wc -l)" ]
}

@test "passes: the message about an unknown pass lists them" {
    run -2 "$bfk" run --without magic -e +
    [[ $output == *"hint: passes: $(printf '%s, ' "${names[@]}" | sed 's/, $//')"* ]]
}

@test "passes: --without accepts each of them" {
    for name in "${names[@]}"; do run -0 "$bfk" run -E interp --without "$name" -e +; done
}

@test "passes: bfk(1) has the same descriptions, in the same order" {
    awk '
        /^\.It Fl -without/ { is_in = 1 }
        is_in && /^\.El/ { exit }
        is_in && name { sub(/\.$/, ""); print name "\t" $0; name = "" }
        is_in && /^\.It Cm/ { name = $3 }' "$man/bfk.1" >page
    same page
}

@test "passes: libbfk.h has the same descriptions, and a bit for each" {
    sed -n 's/^ \* @BFK_PASS_\([A-Z]*\): /\L\1\E\t/p' "$repo/userspace/include/libbfk.h" >header
    same header
    sed -n 's/^\tBFK_PASS_\([A-Z]*\) = \([0-9]*\),$/\L\1 \2/p' "$repo/userspace/include/libbfk.h" >bits
    for ((i = 0; i < 6; i++)); do echo "${names[i]} $((1 << i))"; done | diff -u - bits
}

@test "passes: libbfk(3) names each" {
    grep -o 'BFK_PASS_[A-Z]*' "$man/libbfk.3" | awk '!seen[$0]++ { print tolower(substr($0, 10)) }' >page
    printf '%s\n' "${names[@]}" | sort | diff -u - <(sort page)
}

@test "passes: the completion of each shell lists them" {
    local file n=0
    while read -r file; do
        grep -q "${names[*]}" "$file" || { echo "$file has other passes"; return 1; }
        n=$((n + 1))
    done < <(grep -l blocks "$repo"/userspace/packaging/bfk.*)
    [ $n -ge 1 ]
}

@test "passes: bash completes --without with them" {
    # shellcheck disable=SC1090
    source "$repo"/userspace/packaging/bfk.bash-completion
    local command
    command=$(complete -p bfk | sed 's/.*-F \([^ ]*\).*/\1/')
    COMP_WORDS=(bfk run --without '') COMP_CWORD=3 COMPREPLY=()
    "$command"
    [ "${COMPREPLY[*]}" = "${names[*]}" ]
}
