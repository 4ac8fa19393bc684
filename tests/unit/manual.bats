#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
# The manual pages of section 3: each example compiles and does what the page promises, and structs, constants
# and functions are those of the headers.

bats_require_minimum_version 1.5.0

repo=$BATS_TEST_DIRNAME/../..
man=$repo/userspace/man
include_dir=$repo/userspace/include

setup_file() {
    make -s -C "$repo" install DESTDIR="$BATS_FILE_TMPDIR" PREFIX=/usr LIBDIR=/usr/lib K=none >/dev/null
    export include=$BATS_FILE_TMPDIR/usr/include lib=$BATS_FILE_TMPDIR/usr/lib
}

setup() { cd "$BATS_TEST_TMPDIR" || exit; }

# example PAGE N: prints the N-th literal block of EXAMPLES, as man renders it.
example() {
    awk -v wanted="$2" '
        /^\.Sh / { in_examples = $2 == "EXAMPLES" }
        /^\.Ed/ { in_block = 0 }
        in_block && n == wanted { gsub(/\\e/, "\\"); print }
        /^\.Bd -literal/ && in_examples { n++; in_block = 1 }' "$man/$1"
}

# Prints how many examples the page has.
count_examples() { awk '/^\.Sh / { in_examples = $2 == "EXAMPLES" } /^\.Bd -literal/ && in_examples { n++ } END { print n + 0 }' "$man/$1"; }

# CHECK in the test programs prints the condition that is false.
begin() {
    printf '#include <%s>\n' errno.h fcntl.h libbfk.h libbfk-audit.h stdio.h stdlib.h string.h unistd.h
    cat <<'C'
#define CHECK(is)                                            \
	do {                                                 \
		if (!(is)) {                                 \
			fprintf(stderr, "false: %s\n", #is); \
			exit(1);                             \
		}                                            \
	} while (0)
C
}

build() { # NAME; the program from standard input
    { begin; cat; } >"$1.c"
    for std in c11 gnu11; do
        cc -Wall -Wextra -Werror -std=$std -D_GNU_SOURCE -I "$include" -o "$1" "$1.c" "$lib/libbfk-audit.a" \
            "$lib/libbfk.a" -luring -lcapstone || return
    done
}

@test "manual: each example is tried below" {
    for page in "$man"/*.3; do
        case ${page##*/} in
            libbfk.3) n=4 ;; # the second, a tracer, is tried in library.bats
            *) n=1 ;;
        esac
        [ "$(count_examples "${page##*/}")" = $n ] || { echo "${page##*/} does not have $n examples"; return 1; }
    done
}

@test "libbfk(3), EXAMPLES, the first: copies a file" {
    { example libbfk.3 1 | sed 's/BFK_WHERE_KERNEL/where/; s/^int copy(int from/int copy(enum bfk_where where, int from/'; cat <<'C'; } | build copy
int main(void)
{
	enum bfk_where where;
	int to;

	for (where = BFK_WHERE_JIT; where <= BFK_WHERE_INTERP; where++) {
		to = open("to", O_RDWR | O_CREAT | O_TRUNC, 0600);
		CHECK(to >= 0 && !copy(where, open("copy.c", O_RDONLY), to));
		CHECK(!system("cmp copy.c to"));
		CHECK(copy(where, open("copy.c", O_RDONLY), open("to", O_RDONLY)) == -EBADF);
	}
	return 0;
}
C
    ./copy
}

@test "libbfk(3), EXAMPLES, the third and fourth: load optimised, and run for a time" {
    {
        cat <<'C'
int main(void)
{
	const char *source = "+[]";
	size_t source_len = 3;
	struct bfk_result result;
	struct bfk *bfk;
	int err;

	CHECK(!bfk_create(&bfk, BFK_WHERE_JIT));
C
        example libbfk.3 3
        echo 'CHECK(!err && result.n_ops);'
        example libbfk.3 4 | sed 's/1000000000/10000000/' # shorter: the program never ends
        cat <<'C'
	CHECK(err == -ETIME && result.status == BFK_STATUS_SIGNAL);
	bfk_destroy(bfk);
	return 0;
}
C
    } | build timed
    ./timed
}

@test "bfk_submit(3), EXAMPLES: two programs that wait for each other" {
    { example bfk_submit.3 1 | sed 's/one, NULL, 0/one, one_fds, 2/; s/other, NULL, 0/other, other_fds, 2/; s/^int both/static int one_fds[2], other_fds[2];\n&/'; cat <<'C'; } | build both
static struct bfk *load(const char *source)
{
	struct bfk_result result;
	struct bfk *bfk;

	CHECK(!bfk_create(&bfk, BFK_WHERE_JIT));
	CHECK(!bfk_load(bfk, source, strlen(source), 0, BFK_ALLOW_ALL, &result));
	return bfk;
}

int main(void)
{
	struct bfk *one = load("+.,"), *other = load(",+.");
	uint8_t *tape;
	int forth[2], back[2];

	CHECK(!pipe(forth) && !pipe(back));
	one_fds[0] = back[0];
	one_fds[1] = forth[1];
	other_fds[0] = forth[0];
	other_fds[1] = back[1];
	CHECK(!both(one, other));
	CHECK(!bfk_tape(one, &tape) && *tape == 2);
	bfk_destroy(one);
	bfk_destroy(other);
	return 0;
}
C
    ./both
}

@test "bfk_open_service(3), EXAMPLES: prints why there is none" {
    {
        cat <<'C'
int main(void)
{
	const char *source = "+";
	struct bfk_result result;
	struct bfk *bfk;
	int err;

C
        example bfk_open_service.3 1 | sed 's|.allowed =|.socket = "/nowhere/at/all", &|'
        printf '\treturn bfk ? 1 : -err;\n}\n'
    } | build service
    run -2 ./service
    [ "$output" = "No such file or directory" ]
}

@test "bfk_audit(3), EXAMPLES: accepts what was loaded" {
    {
        cat <<'C'
int main(void)
{
	struct bfk_result result;
	struct bfk *bfk;
	int err;

	CHECK(!bfk_create(&bfk, BFK_WHERE_JIT) && !bfk_load(bfk, "+[>+<-]", 7, 0, BFK_ALLOW_ALL, &result));
C
        example bfk_audit.3 1
        printf '\tCHECK(!err && verdict.n_loops == 1);\n\tbfk_destroy(bfk);\n\treturn 0;\n}\n'
    } | build audit
    ./audit
}

@test "bfk_frame(3), EXAMPLES: creates a file once" {
    { example bfk_frame.3 1; cat <<'C'; } | build create
int main(void)
{
	struct bfk *bfk;

	CHECK(!bfk_create(&bfk, BFK_WHERE_INTERP));
	CHECK(!create(bfk, open(".", O_RDONLY | O_DIRECTORY)));
	CHECK(create(bfk, open(".", O_RDONLY | O_DIRECTORY)) == -EEXIST);
	bfk_destroy(bfk);
	return 0;
}
C
    ./create
    [ "$(<greeting)" = hello ]
}

@test "bfk_frame(3) lists the constants of libbfk-frame.h, with their values" {
    sed -n 's/^\.It Dv \(BFK_[A-Z_]*\) Ta \([0-9]*\) .*/\1 \2/p' "$man/bfk_frame.3" | sort >listed
    sed -n 's/^#define \(BFK_[A-Z_]*\) \([0-9]*\).*/\1 \2/p' "$include_dir/libbfk-frame.h" | sort >defined
    diff listed defined
    [ "$(wc -l <defined)" -ge 30 ]
}

# fields NAME FILE: the members of a struct, one line, without comments.
fields() { sed -n "/^struct $1 {/,/^};/p" "$2" | sed 's|/\*.*\*/||; s/[ \t]*$//' | tr -s ' \t\n' ' '; }

@test "manual: a struct (each that a page shows) is that of the header" {
    for pair in bfk_frame.3:bfk_frame:$repo/bfk/uapi.h libbfk.3:bfk_result:$include_dir/libbfk.h libbfk.3:bfk_info:$include_dir/libbfk.h \
        libbfk.3:bfk_listing:$include_dir/libbfk.h bfk_submit.3:bfk_completion:$include_dir/libbfk.h bfk_submit.3:bfk_submission:$include_dir/libbfk.h \
        bfk_open_service.3:bfk_service:$include_dir/libbfk.h bfk_audit.3:bfk_verdict:$include_dir/libbfk-audit.h; do
        IFS=: read -r page name header <<<"$pair"
        shown=$(fields "$name" "$man/$page")
        [ -n "$shown" ]
        [ "$shown" = "$(fields "$name" "$header")" ] || { echo "$page: $shown"; return 1; }
    done
}

@test "manual: SYNOPSIS (all pages) declares each function of libbfk.map once" {
    sed -n 's/^\.Fn \(bfk_[a-z_]*\) ["v].*/\1/p' "$man"/*.3 | grep -vx bfk_audit | sort >declared
    sed -n 's/^[ \t]*\(bfk_[a-z_]*\);.*/\1/p' "$repo/userspace/lib/libbfk.map" | sort >listed
    diff listed declared
}
