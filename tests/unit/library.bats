#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What others build upon: the ABI's layout, what libbfk exports, and that both can be used.

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
build=$repo/build

setup_file() {
    export installed=$BATS_FILE_TMPDIR/root
    make -s -C "$repo" install DESTDIR="$installed" PREFIX=/usr >/dev/null
    export PKG_CONFIG_PATH=$installed/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$installed
    export LD_LIBRARY_PATH=$installed/usr/lib
}

# A program for someone who has only what is installed.
write_user() { # FILE
    cat >"$1" <<'C'
#include <libbfk.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	struct bfk_result result;
	struct bfk *bfk;
	int fds[2] = { 0, 1 };
	const char *text = "++++++++[>++++++++<-]>+.";

	if (bfk_create(&bfk, BFK_WHERE_JIT))
		return 2;
	if (bfk_load(bfk, text, strlen(text), 0, BFK_ALLOW_ALL, &result))
		return 3;
	if (bfk_run(bfk, fds, 2, BFK_FUEL_UNLIMITED, &result) || result.status != BFK_STATUS_END)
		return 4;
	bfk_destroy(bfk);
	return 0;
}
C
}

@test "ABI (built for 64 bits and for 32 bits) has the same layout, the one that is written down" {
    run -0 "$build/tests/abi-64"
    diff "$BATS_TEST_DIRNAME/abi.txt" <("$build/tests/abi-64")
    diff "$BATS_TEST_DIRNAME/abi.txt" <("$build/tests/abi-32")
}

@test "ABI (a field moved) is noticed" {
    sed 's/__u32 n_fds/__u32 before, n_fds/' "$repo/bfk/uapi.h" >"$BATS_TEST_TMPDIR/uapi.h"
    run -1 diff "$repo/bfk/uapi.h" "$BATS_TEST_TMPDIR/uapi.h"
    sed "s|../../bfk/uapi.h|$BATS_TEST_TMPDIR/uapi.h|" "$BATS_TEST_DIRNAME/abi.c" >"$BATS_TEST_TMPDIR/abi.c"
    cc -o "$BATS_TEST_TMPDIR/abi" "$BATS_TEST_TMPDIR/abi.c"
    run -1 "$BATS_TEST_TMPDIR/abi"
    [[ $output == *"bfk_run_args has a hole"* ]]
}

@test "libbfk.so exports what libbfk.map lists and nothing else" {
    sed -n 's/^[ \t]*\(bfk_[a-z_]*\);.*/\1/p' "$repo/userspace/libbfk.map" | sort >"$BATS_TEST_TMPDIR/listed"
    nm -D --defined-only "$build/libbfk.so.1" | awk '$2 == "T" || $2 == "D" || $2 == "R" || $2 == "B" { sub("@.*", "", $3); print $3 }' |
        sort >"$BATS_TEST_TMPDIR/exported"
    diff "$BATS_TEST_TMPDIR/listed" "$BATS_TEST_TMPDIR/exported"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/listed")" -ge 10 ]
}

@test "libbfk.h declares what libbfk.map lists" {
    sed -n 's/^[ \t]*\(bfk_[a-z_]*\);.*/\1/p' "$repo/userspace/libbfk.map" |
        while read -r name; do
            grep -q "\<$name(" "$repo/userspace/libbfk.h" || { echo "$name is not declared"; exit 1; }
        done
}

@test "libbfk.so has no executable stack, and no text relocations" {
    readelf -lW "$build/libbfk.so.1" | grep GNU_STACK | grep -qv RWE
    readelf -d "$build/libbfk.so.1" >"$BATS_TEST_TMPDIR/dynamic"
    run -1 grep TEXTREL "$BATS_TEST_TMPDIR/dynamic"
}

@test "a C program (pkg-config, shared) builds and runs" {
    write_user "$BATS_TEST_TMPDIR/user.c"
    # shellcheck disable=SC2046 # words
    cc -Wall -Wextra -Wpedantic -Werror -std=c11 -o "$BATS_TEST_TMPDIR/user" "$BATS_TEST_TMPDIR/user.c" $(pkg-config --cflags --libs libbfk)
    ldd "$BATS_TEST_TMPDIR/user" | grep -q libbfk.so.1
    [ "$("$BATS_TEST_TMPDIR/user")" = A ]
}

@test "a C program (static libbfk.a) builds and runs" {
    write_user "$BATS_TEST_TMPDIR/user.c"
    # shellcheck disable=SC2046 # words
    cc -o "$BATS_TEST_TMPDIR/user" "$BATS_TEST_TMPDIR/user.c" $(pkg-config --cflags libbfk) "$installed/usr/lib/libbfk.a"
    [ "$("$BATS_TEST_TMPDIR/user")" = A ]
}

@test "a C++ program (pkg-config) builds and runs" {
    command -v c++ >/dev/null || skip "no C++ compiler"
    write_user "$BATS_TEST_TMPDIR/user.cc"
    # shellcheck disable=SC2046 # words
    c++ -Wall -Wextra -Werror -o "$BATS_TEST_TMPDIR/user" "$BATS_TEST_TMPDIR/user.cc" $(pkg-config --cflags --libs libbfk)
    [ "$("$BATS_TEST_TMPDIR/user")" = A ]
}

@test "install puts the command, the library, the header and the manual pages below DESTDIR" {
    for file in bin/bfk include/libbfk.h include/bfk/uapi.h lib/libbfk.a lib/libbfk.so lib/libbfk.so.1 lib/pkgconfig/libbfk.pc; do
        [ -e "$installed/usr/$file" ] || { echo "no $file"; return 1; }
    done
    "$installed/usr/bin/bfk" --version
}
