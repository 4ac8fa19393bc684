#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# What other programs build on: the exports of libbfk, its versions and headers, and that C and C++ programs can use it.

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
build=$repo/build

setup_file() {
    export installed=$BATS_FILE_TMPDIR/root
    make -s -C "$repo" install DESTDIR="$installed" PREFIX=/usr LIBDIR=/usr/lib K=none >/dev/null
    export PKG_CONFIG_PATH=$installed/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$installed
    export LD_LIBRARY_PATH=$installed/usr/lib
}

# Writes a program that uses only installed files.
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
	if (bfk_run(bfk, fds, 2, BFK_FUEL_UNLIMITED, 0, &result) || result.status != BFK_STATUS_END)
		return 4;
	bfk_destroy(bfk);
	return 0;
}
C
}

@test "libbfk.so exports exactly what libbfk.map lists" {
    sed -n 's/^[ \t]*\(bfk_[a-z_]*\);.*/\1/p' "$repo/userspace/lib/libbfk.map" | sort >"$BATS_TEST_TMPDIR/listed"
    nm -D --defined-only "$build/libbfk.so.1" | awk '$2 == "T" || $2 == "D" || $2 == "R" || $2 == "B" { sub("@.*", "", $3); print $3 }' |
        sort >"$BATS_TEST_TMPDIR/exported"
    diff "$BATS_TEST_TMPDIR/listed" "$BATS_TEST_TMPDIR/exported"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/listed")" -ge 10 ]
}

@test "libbfk.a and libbfk-audit.a define only names that begin with bfk_" {
    for library in libbfk libbfk-audit; do
        nm -g --defined-only "$installed/usr/lib/$library.a" | awk 'NF == 3 { print $3 }' | sort -u >"$BATS_TEST_TMPDIR/defined"
        grep -q '^bfk_' "$BATS_TEST_TMPDIR/defined"
        run -1 grep -v '^bfk_' "$BATS_TEST_TMPDIR/defined"
    done
}

@test "libbfk.h declares what libbfk.map lists" {
    sed -n 's/^[ \t]*\(bfk_[a-z_]*\);.*/\1/p' "$repo/userspace/lib/libbfk.map" |
        while read -r name; do
            grep -q "\<$name(" "$repo/userspace/include/libbfk.h" || { echo "$name is not declared"; exit 1; }
        done
}

@test "libbfk.so has no executable stack, and no text relocations" {
    readelf -lW "$build/libbfk.so.1" | grep GNU_STACK | grep -qv RWE
    readelf -d "$build/libbfk.so.1" >"$BATS_TEST_TMPDIR/dynamic"
    run -1 grep TEXTREL "$BATS_TEST_TMPDIR/dynamic"
}

@test "a C program (pkg-config, shared) builds and runs" {
    write_user "$BATS_TEST_TMPDIR/user.c"
    # shellcheck disable=SC2046 # splits into words
    cc -Wall -Wextra -Wpedantic -Werror -std=c11 -o "$BATS_TEST_TMPDIR/user" "$BATS_TEST_TMPDIR/user.c" $(pkg-config --cflags --libs libbfk)
    ldd "$BATS_TEST_TMPDIR/user" | grep -q libbfk.so.1
    [ "$("$BATS_TEST_TMPDIR/user")" = A ]
}

@test "a C program (static libbfk.a) builds and runs" {
    write_user "$BATS_TEST_TMPDIR/user.c"
    # shellcheck disable=SC2046 # splits into words
    cc -o "$BATS_TEST_TMPDIR/user" "$BATS_TEST_TMPDIR/user.c" $(pkg-config --cflags libbfk) "$installed/usr/lib/libbfk.a"
    [ "$("$BATS_TEST_TMPDIR/user")" = A ]
}

@test "a C++ program (pkg-config) builds and runs" {
    command -v c++ >/dev/null || skip "no C++ compiler"
    write_user "$BATS_TEST_TMPDIR/user.cc"
    # shellcheck disable=SC2046 # splits into words
    c++ -Wall -Wextra -Werror -o "$BATS_TEST_TMPDIR/user" "$BATS_TEST_TMPDIR/user.cc" $(pkg-config --cflags --libs libbfk)
    [ "$("$BATS_TEST_TMPDIR/user")" = A ]
}

# Writes a tracer: the example of libbfk(3), and a main() for it.
write_tracer() { # FILE
    {
        printf '#include <%s>\n' libbfk.h stdio.h string.h
        sed -n '/^int trace(/,/^}/ { s/\\e/\\/g; p }' "$repo/userspace/man/libbfk.3"
        cat <<'C'

int main(void)
{
	const char *source = "+%i>%r%q<%r%r>>+%q";
	struct bfk_result result;
	struct bfk *bfk;
	int err = bfk_create(&bfk, BFK_WHERE_INTERP);

	if (!err)
		err = bfk_load(bfk, source, strlen(source), 0, BFK_ALLOW_ALL, &result);
	if (!err)
		err = trace(bfk, source, NULL, 0);
	bfk_destroy(bfk);
	return -err;
}
C
    } >"$1"
}

@test "a tracer (the example of libbfk(3)) prints each operation, and the failed one" {
    write_tracer "$BATS_TEST_TMPDIR/tracer.c"
    # shellcheck disable=SC2046 # splits into words
    cc -Wall -Wextra -Wpedantic -Werror -std=c11 -o "$BATS_TEST_TMPDIR/tracer" "$BATS_TEST_TMPDIR/tracer.c" $(pkg-config --cflags --libs libbfk)
    run -0 "$BATS_TEST_TMPDIR/tracer"
    diff - <(echo "$output") <<'END'
%i at cell 0
%r at cell 0
Bad file descriptor
%q at cell 2
END
}

# Writes a program that makes its own ops: the example of bfk-ops(5), and ops from bfk_compile().
write_ops_user() { # FILE
    cat >"$1" <<'C'
#include <libbfk.h>
#include <bfk/op.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct bfk_op op(int kind, int reg, int off, int src_off, int val)
{
	struct bfk_op op;

	memset(&op, 0, sizeof(op));
	op.kind = kind;
	op.reg = reg;
	op.off = off;
	op.src_off = src_off;
	op.val = val;
	return op;
}

static int run(struct bfk *bfk)
{
	struct bfk_result result;
	int fds[2] = { 0, 1 };

	return bfk_run_to_end(bfk, fds, 2, BFK_FUEL_UNLIMITED, 0, -1, &result) ||
	       result.status != BFK_STATUS_END;
}

int main(void)
{
	const char *text = "++++++++[>++++++++<-]>+.", *wrong = "+]";
	struct bfk_op sum[7], *ops;
	struct bfk_result result;
	struct bfk_info info;
	struct bfk *bfk;
	size_t n_ops;

	if (bfk_info(BFK_WHERE_JIT, &info) || info.ops_version != BFK_OPS_VERSION)
		return 1;
	sum[0] = op(BFK_OP_IN, 0, 0, 0, 0);
	sum[1] = op(BFK_OP_IN, 0, 1, 0, 0);
	sum[2] = op(BFK_OP_MUL, 1, 0, 0, 1);
	sum[3] = op(BFK_OP_MULADD, 1, 0, 1, 1);
	sum[4] = op(BFK_OP_MUL, 0, 2, 0, 1);
	sum[4].src_reg = 1;
	sum[5] = op(BFK_OP_OUT, 0, 2, 0, 0);
	sum[6] = op(BFK_OP_END, 0, 0, 0, 0);
	if (bfk_create(&bfk, BFK_WHERE_JIT))
		return 2;
	if (bfk_load_ops(bfk, sum, 7, 0, BFK_ALLOW_ALL, &result) || result.n_ops != 7 || run(bfk))
		return 3;
	if (bfk_compile(text, strlen(text), 0, BFK_ALLOW_ALL, BFK_LEVEL_2 | BFK_PASS_ZEROED, &ops,
			&n_ops, &result))
		return 4;
	if (bfk_load_ops(bfk, ops, n_ops, 0, BFK_ALLOW_ALL, &result) || run(bfk))
		return 5;
	free(ops);
	if (bfk_load_optimised(bfk, text, strlen(text), 0, BFK_ALLOW_ALL, BFK_LEVEL_2, &result) ||
	    run(bfk))
		return 6;
	sum[5].kind = BFK_OP_KINDS;
	if (bfk_load_ops(bfk, sum, 7, 0, BFK_ALLOW_ALL, &result) != -22 ||
	    result.error != BFK_ERROR_BAD_OP || result.error_off != 5)
		return 7;
	if (bfk_compile(wrong, 2, 0, BFK_ALLOW_ALL, BFK_LEVEL_2, &ops, &n_ops, &result) != -8 ||
	    result.error != BFK_ERROR_UNOPENED || result.error_off != 1)
		return 8;
	if (strcmp(bfk_op_name(BFK_OP_MULADD), "muladd") || !*bfk_op_name(BFK_OP_KINDS))
		return 9;
	bfk_destroy(bfk);
	return 0;
}
C
}

@test "a C and a C++ program (their own ops, and compiled ones) build and run" {
    cd "$BATS_TEST_TMPDIR"
    write_ops_user user.c
    cp user.c user.cc
    # shellcheck disable=SC2046 # splits into words
    cc -Wall -Wextra -Wpedantic -Werror -std=c11 -o user-c user.c $(pkg-config --cflags --libs libbfk)
    [ "$(printf '! ' | ./user-c)" = AAA ]
    command -v c++ >/dev/null || skip "no C++ compiler"
    # shellcheck disable=SC2046 # splits into words
    c++ -Wall -Wextra -Werror -o user-cc user.cc $(pkg-config --cflags --libs libbfk)
    [ "$(printf '! ' | ./user-cc)" = AAA ]
}

# Writes a program that prints the versions of the header and the library, as 1.2.3.
write_version_user() { # FILE
    cat >"$1" <<'C'
#include <libbfk.h>
#include <stdio.h>

#if BFK_VERSION >= 0x1000000 || !defined(BFK_VERSION)
#error BFK_VERSION cannot be compared
#endif

static void put(uint32_t version)
{
	printf("%u.%u.%u\n", version >> 16, version >> 8 & 255, version & 255);
}

int main(void)
{
	put(BFK_VERSION);
	put(bfk_version());
	return 0;
}
C
}

@test "version (of the Makefile) is that of the library, its header, pkg-config, the commands and the module" {
    cd "$BATS_TEST_TMPDIR"
    version=$(sed -n 's/^BFK_VERSION := //p' "$repo/Makefile")
    [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
    write_version_user user.c
    # shellcheck disable=SC2046 # splits into words
    cc -Wall -Wextra -Wpedantic -Werror -std=c11 -o user user.c $(pkg-config --cflags --libs libbfk)
    ./user >said
    {
        pkg-config --modversion libbfk
        "$installed/usr/bin/bfk" --version | sed 's/^bfk \(.*\),.*/\1/'
        "$installed/usr/bin/bfk" info -E jit | sed -n 's/^version: *//p'
        "$installed/usr/sbin/bfkd" --version | sed 's/^bfkd //'
        for module in "$build"/kmod-*/bfk.ko; do
            [ ! -e "$module" ] || modinfo -F version "$module"
        done
    } >>said
    [ "$(wc -l <said)" -ge 6 ]
    [ "$(sort -u said)" = "$version" ] || { cat said; return 1; }
}

@test "version (in the sources) occurs only once, in the Makefile" {
    version=$(sed -n 's/^BFK_VERSION := //p' "$repo/Makefile")
    cd "$repo"
    run -0 grep -rnF "$version" Makefile bfk jit syscall_ops userspace --include=Makefile --include='*.[chS]' --include='*.mk' \
        --include='*.in' --include='*.map'
    [ "$(grep -cv ': \?#' <<<"$output")" = 1 ] || { echo "$output"; return 1; }
}

@test "headers (each alone, with warnings) are C and C++" {
    for header in libbfk.h libbfk-frame.h libbfk-audit.h bfk/op.h bfk/uapi.h; do
        printf "#include <%s>\nextern int i;\n" "$header" | cc -Wall -Wextra -Wpedantic -Werror -std=c11 -fsyntax-only -I "$installed/usr/include" -x c -
        ! command -v c++ >/dev/null || printf "#include <%s>\nextern int i;\n" "$header" | c++ -Wall -Wextra -Werror -fsyntax-only -I "$installed/usr/include" -x c++ -
    done
}

@test "install puts the commands, the library, the headers and the manual pages below DESTDIR" {
    for file in bin/bfk bin/bfk-dump include/libbfk.h include/libbfk-frame.h include/libbfk-audit.h lib/libbfk-audit.a include/bfk/uapi.h include/bfk/op.h lib/libbfk.a lib/libbfk.so \
        lib/libbfk.so.1 lib/pkgconfig/libbfk{,-audit}.pc share/bash-completion/completions/bfk \
        share/zsh/site-functions/_bfk share/fish/vendor_completions.d/bfk.fish share/bfk/magic \
        share/man/man{1/bfk.1,3/libbfk.3,3/bfk_submit.3,3/bfk_open_service.3,3/bfk_frame.3,3/bfk_audit.3,4/bfk.4,5/bfk-ops.5,5/bfkd.conf.5} \
        share/man/man{7/bfk.7,7/bfk-install.7,8/bfkd.8} sbin/bfkd lib/systemd/system/bfkd.{service,socket}; do
        [ -e "$installed/usr/$file" ] || { echo "no $file"; return 1; }
    done
    "$installed/usr/bin/bfk" --version
    "$installed/usr/bin/bfk" dump -e + | grep -q bfk_entry_host
}
