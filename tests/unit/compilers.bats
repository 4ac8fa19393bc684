#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# Builds user space, and a program that uses libbfk, with every gcc and clang installed here.

bats_require_minimum_version 1.5.0

repo=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    mkdir tests
    cp -r "$repo"/{Makefile,bfk,jit,syscall_ops,userspace} .
    cp "$repo/tests/harness/system.sh" tests/
}

version() { "$1" --version | head -n 1 | sed 's/^[^ ]* //'; } # without the name of the command

# Prints one name for each version of each compiler.
compilers() {
    local name
    compgen -c | grep -xE '(cc|gcc|clang)(-[0-9]+)?' | sort -Vu | while read -r name; do
        echo "$(version "$name")|$name"
    done | sort -t '|' -k 1,1 -u | cut -d '|' -f 2
}

# cxx_of COMPILER: prints the matching C++ compiler, if it is installed.
cxx_of() {
    case $1 in
        cc) command -v c++ || : ;;
        gcc*) command -v "g++${1#gcc}" || : ;;
        clang*) command -v "clang++${1#clang}" || : ;;
    esac
}

# The first example of libbfk(3), and a program around it.
write_example() {
    printf '#include <libbfk.h>\n#include <string.h>\n\n'
    awk '/^\.Sh EXAMPLES/ { in_examples = 1 }
        in_examples && /^\.Ed/ { exit }
        is_shown { print }
        in_examples && /^\.Bd -literal/ { is_shown = 1 }' userspace/man/libbfk.3 | sed 's/^int copy/static &/; s/\\e/\\/g'
    printf '\nint main(void)\n{\n\treturn copy(0, 1) ? 1 : 0;\n}\n'
}

links_example() { # COMPILER FILE OPTION...: links with the last build
    local compiler=$1 file=$2
    shift 2
    "$compiler" -Wall -Wextra -Wpedantic -Werror "$@" -Iinstalled/usr/include -o example "$file" build/libbfk.so
}

@test "user space, and the example of libbfk(3) in C and C++, build with each compiler without a warning" {
    local cc cxx n=0
    write_example >example.c
    grep -q bfk_create example.c
    cp example.c example.cc
    for cc in $(compilers); do
        cxx=$(cxx_of "$cc")
        echo "# $cc $(version "$cc"), ${cxx:-no matching C++ compiler}" >&3
        rm -rf build
        make -s -j"$(nproc)" install CC="$cc" WERROR=1 DESTDIR="$PWD/installed" PREFIX=/usr LIBDIR=/usr/lib K=none >/dev/null
        links_example "$cc" example.c -std=c11
        [ -z "$cxx" ] || links_example "$cxx" example.cc
        n=$((n + 1))
    done
    [ $n -ge 1 ]
}

@test "user space (a source with a warning) builds and shows the warning, and with WERROR=1 does not build" {
    local object=build/user/userspace/cmd/source.c.o
    local cc
    cc=$(compilers | head -n 1)
    echo 'static int unused;' >>userspace/cmd/source.c
    WERROR='' run -0 make -s $object CC="$cc"
    [[ $output == *'unused'*'-Wunused-variable'* ]]
    rm $object
    WERROR=1 run -2 make -s $object CC="$cc"
    [[ $output == *'unused'* ]]
}
