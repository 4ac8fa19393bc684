#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# jit/ stands alone: the module and libbfk both compile it, so it needs nothing from either.

bats_require_minimum_version 1.5.0

jit=$(realpath "$BATS_TEST_DIRNAME/../../jit")

# Works on a copy in its own folder, where neither bfk/ nor userspace/ can be found.
setup() {
    cp -r "$jit" "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR/jit" || return
}

compiles() { # FILE
    cc -std=gnu11 -Wall -Wextra -Werror -Wno-missing-field-initializers -fsyntax-only "$1"
}

@test "each source file of jit/ (without the other folders) compiles" {
    local files=(*.c) file
    for file in "${files[@]}"; do compiles "$file"; done
    [ ${#files[@]} -ge 5 ]
}

@test "each header of jit/ (alone, and included twice) compiles" {
    local header
    for header in *.h; do
        printf '#include "%s"\n#include "%s"\n' "$header" "$header" >twice.c
        compiles twice.c
    done
}

@test "jit/ (a file includes the ABI) does not compile alone" {
    sed -i '/#include "parse.h"/a #include "bfk/uapi.h"' check.c
    run -1 compiles check.c
    [[ $output == *'bfk/uapi.h'* ]]
}

@test "jit/ (a header without a guard) does not compile" {
    sed -i '/BFK_PARSE_H$/d; /^#endif$/d' parse.h
    printf '#include "parse.h"\n#include "parse.h"\n' >twice.c
    run -1 compiles twice.c
    [[ $output == *'redefinition'* ]]
}
