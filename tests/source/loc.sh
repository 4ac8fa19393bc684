#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# loc.sh - count the lines that a reader must trust: bfk/, jit/ and syscall_ops/, without blank lines and
# comments, per file and folder, as clang-format lays them out if it is installed (lint checks that
# they are laid out so). Fails above the budget.
set -eu

budget=${LOC_BUDGET:-1950}
cd "$(dirname "$0")/../.."
shopt -s nullglob
# Everything compiled into the kernel: not the header that jit/ includes in user space.
files=()
for file in bfk/*.[chS] jit/*.[chS] syscall_ops/*.[chS]; do
    [ "$file" = jit/env_user.h ] || files+=("$file")
done
[ ${#files[@]} -gt 0 ] || { echo "loc: no sources" >&2; exit 1; }

if command -v clang-format >/dev/null; then
    style=$PWD/.clang-format laid_out=$(mktemp -d)
    trap 'rm -rf "$laid_out"' EXIT
    mkdir "$laid_out"/{bfk,jit,syscall_ops}
    for file in "${files[@]}"; do
        case $file in
            *.S) cp "$file" "$laid_out/$file" ;;
            *) clang-format --style="file:$style" --assume-filename="$file" <"$file" >"$laid_out/$file" ;;
        esac
    done
    cd "$laid_out"
fi

awk -v budget="$budget" '
# Is there code in this line? Walks it once; in_comment carries over to the next line.
function has_code(line,    i, pair, quote, found) {
    for (i = 1; i <= length(line); i++) {
        pair = substr(line, i, 2)
        if (in_comment) {
            if (pair == "*/") { in_comment = 0; i++ }
        } else if (quote != "") {
            if (substr(pair, 1, 1) == "\\") i++
            else if (substr(pair, 1, 1) == quote) quote = ""
        } else if (pair == "/*") { in_comment = 1; i++ }
        else if (pair == "//") break
        else if (substr(pair, 1, 1) ~ /[^ \t\r]/) {
            found = 1
            if (pair ~ /^["\047]/) quote = substr(pair, 1, 1)
        }
    }
    return found
}
function close_folder() { if (folder != "") printf "%5d  %s/\n\n", in_folder, folder }
FNR == 1 {
    if (file != "") printf "%5d  %s\n", in_file, file
    file = FILENAME; in_file = 0; in_comment = 0
    split(file, part, "/")
    if (part[1] != folder) { close_folder(); folder = part[1]; in_folder = 0 }
}
has_code($0) { in_file++; in_folder++; total++ }
END {
    printf "%5d  %s\n", in_file, file
    close_folder()
    printf "%5d  of %d lines\n", total, budget
    exit total > budget
}' "${files[@]}"
