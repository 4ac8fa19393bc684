# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# run.bash: sourced by test runners. Runs an example and compares its results with the expected ones.
#
#   example_names             the names of all examples
#   example_run ENGINE NAME   0: as expected; otherwise prints the differences
#   example_lint NAME         0: no comment contains a command (comments start with '#')
#
# $BFK is the bfk command (default: build/bfk). An example is NAME.bf with NAME.in, its standard
# input, and NAME.out, its standard output. If it needs more, NAME.test is sourced, in an empty
# temporary folder, and may define
#
#   setup()     creates the files that the program needs
#   options=()  for `bfk run`
#   expected=N  the expected exit status (0)
#   check()     checks the results: standard output is in the file $out; non-zero is a failure.
#               It may run the program again on the same engine: example_bfk [OPTION]...

example_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${BFK:=$example_dir/../build/bfk}"

example_names() {
    local file
    for file in "$example_dir"/*.bf; do basename "$file" .bf; done
}

example_lint() {
    ! sed 's/^[^#]*//' "$example_dir/$1.bf" | grep -n '[][+<>.,%-]'
}

example_bfk() {
    "$BFK" run --engine "$engine" "$@" "$example_dir/$name.bf"
}

example_run() (
    engine=$1 name=$2 options=() expected=0 status=0 failed=0
    setup() { :; }
    check() { :; }
    BFK=$(realpath "$BFK")
    top=$(mktemp -d)
    trap 'rm -rf "$top"' EXIT
    out=$top/out
    mkdir "$top/work"
    cd "$top/work" || return
    # shellcheck disable=SC1090 # the path is not constant
    [ ! -e "$example_dir/$name.test" ] || . "$example_dir/$name.test"
    setup || { echo "$name: setup failed"; return 1; }
    example_bfk "${options[@]}" <"$example_dir/$name.in" >"$out" 2>"$top/err" || status=$?
    [ "$status" = "$expected" ] || { echo "$name ($engine): exit status $status, not $expected"; failed=1; }
    [ ! -e "$example_dir/$name.out" ] || diff -u "$example_dir/$name.out" "$out" || failed=1
    check || { echo "$name ($engine): check failed"; failed=1; }
    [ $failed = 0 ] || cat "$top/err"
    return $failed
)
