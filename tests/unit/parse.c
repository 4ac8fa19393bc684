// SPDX-License-Identifier: GPL-2.0
/*
 * parse [COUNT [SEED]]   the parser and its rewrites: errors (here), the ops of given sources
 * (parse_ops.c), and the form of the ops of COUNT random sources (parse_form.c). Meant to be built
 * with AddressSanitizer: ops get exactly the room that parse.h promises, source_len + 1.
 */
#include "bfk/limits.h"
#include "parsed.h"

static void test_refused_as(const char *name, struct parsed p, u32 error, int err, u32 off)
{
	if (!tap(p.err == -err && p.parse.error == error && p.parse.error_off == off,
		 "load (%s) fails with %s at %u", name, strerror(err), off))
		printf("# error %u at %u, %s\n", p.parse.error, p.parse.error_off,
		       strerror(-p.err));
	done(&p);
}

static void test_refused(const char *source, u32 error, int err, u32 off)
{
	test_refused_as(source, load(source), error, err, off);
}

static void test_accepted(const char *name, struct parsed p, u32 n_ops)
{
	if (!tap(!p.err && !p.parse.error && p.parse.n_ops == n_ops,
		 "load (%s) succeeds with %u ops", name, n_ops))
		printf("# error %u at %u, %u ops\n", p.parse.error, p.parse.error_off,
		       p.parse.n_ops);
	done(&p);
}

static void test_brackets(void)
{
	test_refused("]", BFK_ERROR_UNOPENED, ENOEXEC, 0);
	test_refused("+]+", BFK_ERROR_UNOPENED, ENOEXEC, 1);
	test_refused("[]]", BFK_ERROR_UNOPENED, ENOEXEC, 2);
	test_refused("[-]]", BFK_ERROR_UNOPENED, ENOEXEC, 3);
	test_refused("a comment\n  ] on line 2", BFK_ERROR_UNOPENED, ENOEXEC, 12);
	test_refused("[", BFK_ERROR_UNCLOSED, ENOEXEC, 0);
	test_refused("+[+", BFK_ERROR_UNCLOSED, ENOEXEC, 1);
	test_refused("[.[.]", BFK_ERROR_UNCLOSED, ENOEXEC, 0);
	test_refused("[.[.[-]", BFK_ERROR_UNCLOSED, ENOEXEC, 2);
	test_refused("[[,]", BFK_ERROR_UNCLOSED, ENOEXEC, 0);
	test_refused("[[]", BFK_ERROR_UNCLOSED, ENOEXEC, 0);
	test_refused("][", BFK_ERROR_UNOPENED, ENOEXEC, 0);
	test_refused("[[]][", BFK_ERROR_UNCLOSED, ENOEXEC, 4);
}

static void test_letters(void)
{
	char source[2] = "%";
	u32 n = 0;

	for (int c = 0; c < 256; c++) {
		struct parsed p;

		source[1] = c;
		p = load_as(source, 2, false, KNOWN, KNOWN);
		if (c >= 'a' && c <= 'z')
			n += !p.err && p.parse.n_ops == 2 && p.ops[0].kind == BFK_OP_SYS &&
			     p.ops[0].val == c;
		else
			n += p.err == -ENOSYS && p.parse.error == BFK_ERROR_UNKNOWN_OP &&
			     !p.parse.error_off;
		done(&p);
	}
	tap(n == 256, "load ('%%' before each of the 256 bytes) accepts letters only: %u", n);
	n = 0;
	for (int c = 'a'; c <= 'z'; c++) {
		struct parsed unknown, denied;

		source[1] = c;
		unknown = load_as(source, 2, false, KNOWN & ~BIT_OF(c), KNOWN);
		denied = load_as(source, 2, false, KNOWN, KNOWN & ~BIT_OF(c));
		n += unknown.err == -ENOSYS && unknown.parse.error == BFK_ERROR_UNKNOWN_OP;
		n += denied.err == -EACCES && denied.parse.error == BFK_ERROR_DENIED_OP;
		done(&unknown);
		done(&denied);
	}
	tap(n == 52, "load (each letter unknown, each letter denied) tells them apart: %u", n);
}

static void test_operations(void)
{
	test_refused("%", BFK_ERROR_UNKNOWN_OP, ENOSYS, 0);
	test_refused("+>%", BFK_ERROR_UNKNOWN_OP, ENOSYS, 2);
	test_refused("%%r", BFK_ERROR_UNKNOWN_OP, ENOSYS, 0);
	test_refused("%R", BFK_ERROR_UNKNOWN_OP, ENOSYS, 0);
	test_refused("50% of it", BFK_ERROR_UNKNOWN_OP, ENOSYS, 2);
	test_refused("[%.]", BFK_ERROR_UNKNOWN_OP, ENOSYS, 1);
	test_refused_as("denied at 3", load_as("+++%w", 5, false, KNOWN, KNOWN & ~BIT_OF('w')),
			BFK_ERROR_DENIED_OP, EACCES, 3);
	test_refused_as("denied, and unknown further on",
			load_as("+%w%k", 5, false, KNOWN & ~BIT_OF('k'), KNOWN & ~BIT_OF('w')),
			BFK_ERROR_DENIED_OP, EACCES, 1);
	test_refused_as("unknown and denied", load_as("%w", 2, false, 0, 0), BFK_ERROR_UNKNOWN_OP,
			ENOSYS, 0);
	test_refused_as("a letter after the end of the source",
			load_as("%r", 1, false, KNOWN, KNOWN), BFK_ERROR_UNKNOWN_OP, ENOSYS, 0);
	/* a bracket after '%' is its letter; errors of brackets are reported first */
	test_refused("[%]", BFK_ERROR_UNCLOSED, ENOEXEC, 0);
	test_refused("%[]", BFK_ERROR_UNOPENED, ENOEXEC, 2);
	test_refused("%r]%", BFK_ERROR_UNOPENED, ENOEXEC, 2);
	test_refused("%R]", BFK_ERROR_UNOPENED, ENOEXEC, 2);
	test_refused("%R[", BFK_ERROR_UNCLOSED, ENOEXEC, 2);
	test_accepted("plain: %r is a comment", load_as("+%r", 3, true, KNOWN, KNOWN), 2);
	test_accepted("plain: 50% is a comment", load_as("50%", 3, true, KNOWN, KNOWN), 1);
	test_accepted("plain: nothing known", load_as("%-%+%.", 6, true, 0, 0), 2);
	test_accepted("plain: brackets after a '%' count", load_as("%[%]", 4, true, 0, 0), 3);
}

static void test_shebang(void)
{
	test_accepted("#! line with ops in it", load("#!/usr/bin/bfk [%\n+"), 2);
	test_accepted("#! line without newline", load("#!x [[[ %"), 1);
	test_accepted("#! and nothing", load("#!"), 1);
	test_accepted("# alone is a comment", load("#+"), 2);
	test_accepted("#! on the second line", load("\n#!+"), 2);
	test_refused("#!x\n]", BFK_ERROR_UNOPENED, ENOEXEC, 4);
	test_refused(" #!]", BFK_ERROR_UNOPENED, ENOEXEC, 3);
	test_accepted("nothing", load(""), 1);
}

/* @depth times '[', then @closed times ']'. */
static struct parsed parse_deep(u32 depth, u32 closed)
{
	u8 *source = malloc(depth + closed);
	struct parsed p;

	memset(source, '[', depth);
	memset(source + depth, ']', closed);
	p = load_as(source, depth + closed, false, KNOWN, KNOWN);
	free(source);
	return p;
}

/* Depth has no limit; the length of source is limited by the callers. */
static void test_limits(void)
{
	u32 half = BFK_SOURCE_MAX_LEN / 2;
	u8 *source = malloc(BFK_SOURCE_MAX_LEN);

	test_accepted("as deep as it can be", parse_deep(half, half), 2 * half + 1);
	test_refused_as("2,097,152 deep, a bracket too few", parse_deep(half, half - 1),
			BFK_ERROR_UNCLOSED, ENOEXEC, 0);
	test_refused_as("2,097,151 deep, a bracket too many", parse_deep(half - 1, half),
			BFK_ERROR_UNOPENED, ENOEXEC, 2 * half - 2);
	memset(source, '+', BFK_SOURCE_MAX_LEN);
	test_accepted("as long as allowed",
		      load_as(source, BFK_SOURCE_MAX_LEN, false, KNOWN, KNOWN), 1);
	memset(source, '.', BFK_SOURCE_MAX_LEN);
	test_accepted("as long as allowed, an op each byte",
		      load_as(source, BFK_SOURCE_MAX_LEN, false, KNOWN, KNOWN), BFK_OPS_MAX);
	free(source);
}

int main(int argc, char **argv)
{
	u32 count = argc > 1 ? strtoul(argv[1], NULL, 0) : 200000;
	u32 seed = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;

	test_brackets();
	test_letters();
	test_operations();
	test_shebang();
	test_limits();
	test_ops_of_sources();
	test_form(count, seed);
	return tap_done();
}
