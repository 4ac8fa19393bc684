#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The examples of the manual pages outside section 3 (manual.bats has those): each that needs no device and no
# service, and does not change this machine, is run.

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
man=$repo/userspace/man

setup_file() {
    make -s -C "$repo" install DESTDIR="$BATS_FILE_TMPDIR" PREFIX=/usr LIBDIR=/usr/lib K=none >/dev/null
    export include=$BATS_FILE_TMPDIR/usr/include lib=$BATS_FILE_TMPDIR/usr/lib
}

setup() {
    cd "$BATS_TEST_TMPDIR" || exit
    PATH=$lib/../bin:$PATH
}

# PAGE N: print the N-th literal block of EXAMPLES, or the N-th displayed line in any section.
example() { python3 "$BATS_TEST_DIRNAME/mdoc.py" block "$man/$1" "$2"; }
line() { python3 "$BATS_TEST_DIRNAME/mdoc.py" line "$man/$1" "$2"; }

compile() { # NAME: compiles NAME.c as C11 and as GNU C
    for std in c11 gnu11; do
        cc -Wall -Wextra -Werror -std=$std -I "$include" -o "$1" "$1.c" "$lib/libbfk.a" -luring || return
    done
}

# Tested elsewhere: the policy of bfkd.conf(5) in bfkd.bats, the listing and bytes of bfk-ops(5) in manual-tables.bats,
# systemctl in tests/kernel/service. Not tested: the lines of bfk(4) for root, about seccomp, audit and udev.
@test "the examples (blocks and lines) of each page are as many as when this was written" {
    while read -r page want; do
        [ "$(python3 "$BATS_TEST_DIRNAME/mdoc.py" count "$man/$page")" = "$want" ] || { echo "$page has another number"; return 1; }
    done <<'LIST'
bfk.1 1 8
bfk.4 1 4
bfk-ops.5 3 0
bfk.7 0 6
bfkd.8 0 3
bfkd.conf.5 1 1
LIST
}

@test "bfk(1), EXAMPLES: copy, script, append, compile, three at once, time a pass" {
    seq 3 >from
    cp "$repo"/examples/*.bf .
    run -0 --separate-stderr bash -c "$(line bfk.1 1)"
    [[ $stderr == *'6 bytes'*'6 bytes'* ]]
    cmp from to

    example bfk.1 1 >script
    chmod +x script
    run -0 ./script <from
    [ "$output" = "$(<from)" ]

    mkdir log
    echo hello >in
    bash -c "$(line bfk.1 2 | sed 's|/var/log|log|')" <in
    [ "$(<log/log)" = hello ]

    run -0 --separate-stderr bash -c "$(line bfk.1 5)" </dev/null
    [ "$output" = "$(<"$repo/examples/primes.out")" ]
    [ -s primes.bfo ]

    seq 7 >words
    run -0 --separate-stderr bash -c "$(line bfk.1 6)"
    [ "$output" = "$(<"$repo/examples/hello.out")" ]
    [ "$(<lines)" = 7 ]
    cmp primes "$repo/examples/primes.out"

    cp rot13.bf mandelbrot.bf # a shorter program, under the name in the line
    run -0 bash -c "$(line bfk.1 8)"
    [ "$(grep -c run <<<"$output")" -ge 2 ]
}

@test "bfk(1), EXAMPLES: the server that echoes, with its number of bytes, and its client" {
    cp "$repo/examples/servers/echo-server.bf" .
    len=$(sed 's/#.*//' echo-server.bf | tr -cd '+<>[].,%a-z-' | wc -c)
    grep -q "echoes, in $len bytes" "$man/bfk.1"
    bash -c "exec $(line bfk.1 3 | sed 's/8007/0/; s/&$//')" 2>server.log 3>&- &
    server=$!
    while ! port=$(grep -o '[0-9]*$' server.log); do kill -0 $server && sleep 0.05; done
    run -0 bash -c "$(line bfk.1 4 | sed "s/8007/$port/")"
    kill $server
    [ "$output" = hello ]
}

@test "bfk(1), EXAMPLES: --service (there is no service) exits 3" {
    echo text >from
    run -3 bash -c "$(line bfk.1 7 | sed 's|--service|--service=/nowhere/at/all|')"
}

@test "bfk(4), EXAMPLES: copies, or prints that there is no device" {
    example bfk.4 1 >device.c
    compile device
    if [ -e /dev/bfk ]; then
        run -0 --separate-stderr ./device <device.c
        [ "$output" = "$(<device.c)" ]
        [[ $stderr == *' bytes in '*' operations' ]]
    else
        run -3 ./device
        [ "$output" = "/dev/bfk: No such file or directory" ]
    fi
}

@test "bfk(4), FDINFO: the CRC-32 of a program's ops" {
    cp "$repo/examples/copy.bf" prog.bf
    sed -n '/^bfk compile -o -/,/^\.Ed/ { /^\.Ed/!p }' "$man/bfk.4" >crc.sh
    run -0 bash crc.sh
    bfk compile -o prog.bfo prog.bf
    [ "$output" = "$(python3 -c 'import zlib; print(" %08x" % zlib.crc32(open("prog.bfo", "rb").read()[24:]))')" ]
}

@test "bfk-ops(5), EXAMPLES: the sum of two bytes" {
    {
        printf '#include <%s>\n' libbfk.h stdlib.h
        echo '#define CHECK(is) ((is) ? (void)0 : exit(1))'
        example bfk-ops.5 3 | sed '/^err =/d'
        cat <<'C'
int main(void)
{
	struct bfk_result result;
	struct bfk *bfk;
	int err;

	CHECK(!bfk_create(&bfk, BFK_WHERE_JIT));
C
        example bfk-ops.5 3 | grep '^err ='
        cat <<'C'
	CHECK(!err && sizeof(ops) / sizeof(*ops) == 7 && result.n_ops == 7);
	CHECK(!bfk_run(bfk, (int[]){ 0, 1 }, 2, 1, 0, &result));
	bfk_destroy(bfk);
	return 0;
}
C
    } >sum.c
    compile sum
    [ "$(printf '!@' | ./sum)" = a ]
}

# program N ARGUMENT...: runs the N-th line of bfk(7) on both engines, with these arguments of bfk run.
program() {
    local n=$1 engine
    shift
    for engine in jit interp; do
        "$repo/build/bfk" run -E $engine --tape-out=tape -e "$(line bfk.7 "$n")" "$@" || return
    done
}

@test "bfk(7), EXAMPLES: each program does what the page promises" {
    seq 20000 >in # more than one read
    for n in 1 3; do # the copy loop, and the whole file
        program $n 0=in 1=out:w
        cmp in out
    done
    program 2 0=in 1=out:w 3=other:w
    cmp in out
    cmp in other

    printf x >one
    program 4 0=one
    run -1 program 4 0=/dev/null

    head -c 500 in >some
    program 5 0=some
    [ "$(head -c 1 tape | od -An -tu1 | tr -d ' ')" = "$(wc -l <some)" ]
}

@test "bfk(7), EXAMPLES: if zero: the head and both cells are as on the page" {
    for x in '' + ++; do
        text="$x$(line bfk.7 6 | sed 's/Ar something No/>>>+<<</')"
        want='0 0 0 0 1'
        [ -z "$x" ] || want="${#x} 0 0 0 0"
        run -0 "$repo/build/bfk" run -E interp -e "${text//\\&/}" --tape-out=tape
        [ "$(head -c 5 tape | od -An -tu1 | xargs)" = "$want" ] || { echo "$text: $(head -c 5 tape | od -An -tu1)"; return 1; }
    done
}

@test "bfk(7), errors at load time: each has the errno and the place of the table" {
    cat >errors.c <<'C'
#include <errno.h>
#include <libbfk.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(is) ((is) ? (void)0 : (fprintf(stderr, "not so: %s\n", #is), exit(1)))

static struct bfk_result result;

static int load(const char *source, size_t len, uint32_t allowed)
{
	struct bfk *bfk;
	int err;

	CHECK(!bfk_create(&bfk, BFK_WHERE_JIT));
	err = bfk_load(bfk, source, len, 0, allowed, &result);
	bfk_destroy(bfk);
	return err;
}

static bool fails(const char *source, uint32_t allowed, int err, uint32_t off)
{
	return load(source, strlen(source), allowed) == -err && result.error_off == off;
}

int main(void)
{
	size_t len = 4 << 20;
	char *large = calloc(1, len + 1);

	CHECK(fails("+]+]", BFK_ALLOW_ALL, ENOEXEC, 1));
	CHECK(fails("[+[+[]", BFK_ALLOW_ALL, ENOEXEC, 2));
	CHECK(fails("+%A%B", BFK_ALLOW_ALL, ENOSYS, 1));
	CHECK(fails("+%r%w", 1 << ('r' - 'a'), EACCES, 3));
	CHECK(!load(large, len, 0));
	CHECK(load(large, len + 1, 0) == -E2BIG && result.error_off == 4194304);
	/* Brackets are reported first, then the first operation. */
	CHECK(fails("%A[", 0, ENOEXEC, 2) && fails("[%A]]", 0, ENOEXEC, 4) && fails("[]][", 0, ENOEXEC, 2));
	CHECK(fails("%r%A", 0, EACCES, 0) && fails("%A%r", 0, ENOSYS, 0));
	/* Brackets nest to any depth. */
	memset(large, '[', len / 2);
	memset(large + len / 2, ']', len / 2);
	CHECK(!load(large, len, 0));
	free(large);
	return 0;
}
C
    compile errors
    ./errors
}
