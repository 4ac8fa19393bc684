// SPDX-License-Identifier: GPL-2.0
/*
 * parse [COUNT [SEED]]   the parser and its rewrites: errors, the ops of given sources, and the
 * form of the ops of COUNT random sources. Meant to be built with AddressSanitizer: ops get exactly
 * the room that parse.h promises, source_len + 1.
 */
#include <stdlib.h>
#include "bfk/limits.h"
#include "jit/parse.h"
#include "tests/harness/tap.h"

#define KNOWN 0x3ffffffu
#define BIT_OF(letter) (1u << ((letter) - 'a'))

struct parsed {
	struct bfk_parse parse;
	struct bfk_op *ops;
	u8 *source;
	int err;
};

/* Parses a copy of the source in memory that ends with it. */
static struct parsed parse_as(const void *source, u32 source_len, bool plain)
{
	struct parsed p = { .source = malloc(source_len ?: 1) };

	memcpy(p.source, source, source_len);
	p.ops = malloc((source_len + 1ul) * sizeof(*p.ops));
	p.parse = (struct bfk_parse){
		.source = p.source, .source_len = source_len, .plain = plain, .ops = p.ops
	};
	p.err = bfk_parse(&p.parse);
	return p;
}

static struct parsed parse(const char *source)
{
	return parse_as(source, strlen(source), false);
}

/* Parses and checks, as every caller does; errors then have the byte offset in the source. */
static struct parsed load_as(const void *source, u32 source_len, bool plain, u32 known, u32 allowed)
{
	struct parsed p = parse_as(source, source_len, plain);

	if (!p.err)
		p.err = bfk_check(&p.parse, known, allowed);
	return p;
}

static struct parsed load(const char *source)
{
	return load_as(source, strlen(source), false, KNOWN, KNOWN);
}

static void done(struct parsed *p)
{
	free(p->source);
	free(p->ops);
}

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

static const char *const kind_names[BFK_OP_KINDS] = {
	[BFK_OP_END] = "end",	[BFK_OP_IN] = "in",	[BFK_OP_OUT] = "out",
	[BFK_OP_SYS] = "sys",	[BFK_OP_NEXT] = "next", [BFK_OP_IF] = "if",
	[BFK_OP_MOVE] = "move", [BFK_OP_ADD] = "add",	[BFK_OP_SET] = "set",
};

/*
 * Formats an op as words: "add 1 = 3" is cell[1] += 3, "if 0 -> 4" continues after op 4 if cell[0]
 * is
 * 0. Kinds that the parser does not make have no name.
 */
static size_t describe_op(const struct bfk_op *op, char *to, size_t room)
{
	const char *name = op->kind < BFK_OP_KINDS ? kind_names[op->kind] : NULL;
	size_t len;

	if (op->kind == BFK_OP_END && !op->off)
		return snprintf(to, room, "end");
	len = snprintf(to, room, "%s %d", name ?: "?", op->off);
	if (op->kind == BFK_OP_NEXT || op->kind == BFK_OP_IF)
		len += snprintf(to + len, room - len, " -> %u", op->match);
	if (op->kind == BFK_OP_ADD || op->kind == BFK_OP_SET)
		len += snprintf(to + len, room - len, " = %u", op->val);
	if (op->kind == BFK_OP_SYS)
		len += snprintf(to + len, room - len, " %c", op->val);
	return len;
}

/* Formats all ops, with @off followed by "@" and source_off. */
static void describe(const struct parsed *p, bool off, char *to, size_t room)
{
	size_t len = 0;

	*to = 0;
	for (u32 i = 0; i < p->parse.n_ops && room - len > 64; i++) {
		len += snprintf(to + len, room - len, "%s", i ? ", " : "");
		len += describe_op(&p->ops[i], to + len, room - len);
		if (off)
			len += snprintf(to + len, room - len, " @%u", p->ops[i].source_off);
	}
}

static void test_ops_of(const char *name, struct parsed p, bool off, const char *want)
{
	char got[1024];

	describe(&p, off, got, sizeof(got));
	if (!tap(!p.err && !strcmp(got, want), "parse (%s) gives: %s", name, want))
		printf("# got: %s\n", got);
	done(&p);
}

static void test_ops(const char *source, const char *want)
{
	test_ops_of(source, parse(source), false, want);
}

static void test_straight(void)
{
	test_ops("", "end");
	test_ops("a comment", "end");
	test_ops("+++", "add 0 = 3, end");
	test_ops("---", "add 0 = 253, end");
	test_ops("+-", "end");
	test_ops("-+", "end");
	test_ops("+-+", "add 0 = 1, end");
	test_ops(".+-.", "out 0, out 0, end");
	test_ops("+ and +", "add 0 = 2, end");
	test_ops("+>+<+", "add 0 = 1, add 1 = 1, add 0 = 1, end");
	test_ops("+><+", "add 0 = 2, end");
	test_ops("+>+-<+", "add 0 = 2, end");
	test_ops("+>+-", "add 0 = 1, move 1, end");
	test_ops(">>+", "add 2 = 1, move 2, end");
	test_ops("<", "move -1, end");
	test_ops("><", "end");
	test_ops(">,.<%r", "in 1, out 1, sys 0 r, end");
	test_ops("%r>%w<%q", "sys 0 r, sys 1 w, sys 0 q, end");
	test_ops("+,+", "add 0 = 1, in 0, add 0 = 1, end");
	test_ops("+.+", "add 0 = 1, out 0, add 0 = 1, end");
}

static void test_loops(void)
{
	test_ops("[]", "if 0 -> 1, next 0 -> 0, end");
	test_ops("+[]", "add 0 = 1, if 0 -> 2, next 0 -> 1, end");
	test_ops("[[]]", "if 0 -> 3, if 0 -> 2, next 0 -> 1, next 0 -> 0, end");
	test_ops("[][]", "if 0 -> 1, next 0 -> 0, if 0 -> 3, next 0 -> 2, end");
	test_ops("[>]", "if 0 -> 2, move 1, next 0 -> 0, end");
	test_ops("[<<<]", "if 0 -> 2, move -3, next 0 -> 0, end");
	test_ops("[><]", "if 0 -> 1, next 0 -> 0, end");
	test_ops("[.>]", "if 0 -> 3, out 0, move 1, next 0 -> 0, end");
	test_ops(">[.]", "if 1 -> 2, out 1, next 1 -> 0, move 1, end");
	test_ops(">[.]<", "if 1 -> 2, out 1, next 1 -> 0, end");
	test_ops(">[.>]", "if 1 -> 3, out 1, move 1, next 1 -> 0, move 1, end");
	test_ops(">[>]>[<]<",
		 "if 1 -> 2, move 1, next 1 -> 0, if 2 -> 5, move -1, next 2 -> 3, move 1, end");
	test_ops("[->+<]", "if 0 -> 3, add 0 = 255, add 1 = 1, next 0 -> 0, end");
	test_ops("<[->>+<<]>", "if -1 -> 3, add -1 = 255, add 1 = 1, next -1 -> 0, end");
	test_ops("[->+]", "if 0 -> 4, add 0 = 255, add 1 = 1, move 1, next 0 -> 0, end");
	test_ops("[->+>]+",
		 "if 0 -> 4, add 0 = 255, add 1 = 1, move 2, next 0 -> 0, add 0 = 1, end");
	test_ops("[-.]", "if 0 -> 3, add 0 = 255, out 0, next 0 -> 0, end");
	test_ops("[-%r]", "if 0 -> 3, add 0 = 255, sys 0 r, next 0 -> 0, end");
	test_ops("[[>]<]", "if 0 -> 5, if 0 -> 3, move 1, next 0 -> 1, move -1, next 0 -> 0, end");
	test_ops(">[>[<<]>>]",
		 "if 1 -> 5, if 2 -> 3, move -2, next 2 -> 1, move 3, next 1 -> 0, move 1, end");
}

static void test_sets(void)
{
	test_ops("[-]", "set 0 = 0, end");
	test_ops("[+]", "set 0 = 0, end");
	test_ops("[+++]", "set 0 = 0, end");
	test_ops("[--+]", "set 0 = 0, end");
	test_ops("[-><]", "set 0 = 0, end");
	test_ops("[-]+++", "set 0 = 3, end");
	test_ops("[-]+-", "set 0 = 0, end");
	test_ops("[-]-", "set 0 = 255, end");
	test_ops("+++[-]", "add 0 = 3, set 0 = 0, end");
	test_ops("[-][-]", "set 0 = 0, set 0 = 0, end");
	test_ops("[-]>+-<+", "set 0 = 1, end");
	test_ops("[--]", "if 0 -> 2, add 0 = 254, next 0 -> 0, end");
	test_ops("[----]", "if 0 -> 2, add 0 = 252, next 0 -> 0, end");
	test_ops("[-+]", "if 0 -> 1, next 0 -> 0, end");
	test_ops("[[-]]", "if 0 -> 2, set 0 = 0, next 0 -> 0, end");
	test_ops("[>-<]", "if 0 -> 2, add 1 = 255, next 0 -> 0, end");
	test_ops("[->]", "if 0 -> 3, add 0 = 255, move 1, next 0 -> 0, end");
	test_ops("[>-]", "if 0 -> 3, add 1 = 255, move 1, next 0 -> 0, end");
	test_ops("[->[-]<]", "if 0 -> 3, add 0 = 255, set 1 = 0, next 0 -> 0, end");
	test_ops(">[-]", "set 1 = 0, move 1, end");
	test_ops(">[-]<", "set 1 = 0, end");
	test_ops(">[-]>[-]>[-]<<<", "set 1 = 0, set 2 = 0, set 3 = 0, end");
	test_ops(">[-]+<", "set 1 = 1, end");
	test_ops(".>[-]<.", "out 0, set 1 = 0, out 0, end");
	test_ops("[>[-]<]", "if 0 -> 2, set 1 = 0, next 0 -> 0, end");
	test_ops("[>[-]]", "if 0 -> 3, set 1 = 0, move 1, next 0 -> 0, end");
}

static void test_places(const char *source, const char *want)
{
	test_ops_of(source, parse(source), true, want);
}

/* The place of an op in the source: its first byte, or the '[' of a loop that became a SET. */
static void test_source_offs(void)
{
	test_places("", "end @0");
	test_places("a comment", "end @9");
	test_places("x++x+", "add 0 = 3 @1, end @5");
	test_places(" > + < .", "add 1 = 1 @3, out 0 @7, end @8");
	test_places(">>", "move 2 @2, end @2");
	test_places(" [ . ] ", "if 0 -> 2 @1, out 0 @3, next 0 -> 0 @5, end @7");
	test_places("[.>]", "if 0 -> 3 @0, out 0 @1, move 1 @3, next 0 -> 0 @3, end @4");
	test_places("+[ - ]++", "add 0 = 1 @0, set 0 = 2 @1, end @8");
	test_places("%r %w", "sys 0 r @0, sys 0 w @3, end @5");
	test_places("#!x\n+", "add 0 = 1 @4, end @5");
	test_places(".+-+", "out 0 @0, add 0 = 1 @3, end @4");
}

/* Sources too long to write down: @n times @c, then @rest. */
static void test_far(u8 c, u32 n, const char *rest, const char *want)
{
	u8 *source = malloc(n + strlen(rest));
	char name[128];

	memset(source, c, n);
	memcpy(source + n, rest, strlen(rest));
	snprintf(name, sizeof(name), "%u times '%c', then \"%s\"", n, c, rest);
	test_ops_of(name, parse_as(source, n + strlen(rest), false), false, want);
	free(source);
}

/* The same inside a loop. */
static void test_far_loop(u8 c, u32 n, const char *want)
{
	u8 *source = malloc(n + 2);
	char name[128];

	memset(source, c, n + 2);
	source[0] = '[';
	source[n + 1] = ']';
	snprintf(name, sizeof(name), "a loop of %u times '%c'", n, c);
	test_ops_of(name, parse_as(source, n + 2, false), false, want);
	free(source);
}

static void test_wraps(void)
{
	test_far('>', 65536, "", "end");
	test_far('>', 65536, "+", "add 0 = 1, end");
	test_far('>', 65537, "+", "add 1 = 1, move 1, end");
	test_far('>', 32767, "+", "add 32767 = 1, move 32767, end");
	test_far('>', 32768, "+", "add -32768 = 1, move -32768, end");
	test_far('>', 65535, "+", "add -1 = 1, move -1, end");
	test_far('<', 32769, "+", "add 32767 = 1, move 32767, end");
	test_far('<', 65536, "[-]", "set 0 = 0, end");
	test_far('>', 65535, "[->+<]",
		 "if -1 -> 3, add -1 = 255, add 0 = 1, next -1 -> 0, move -1, end");
	test_far('>', 32767, "[.>]",
		 "if 32767 -> 3, out 32767, move 1, next 32767 -> 0, move 32767, end");
	test_far('+', 256, "", "end");
	test_far('+', 255, "", "add 0 = 255, end");
	test_far('+', 257, ".", "add 0 = 1, out 0, end");
	test_far('-', 256, "[-]", "set 0 = 0, end");
	test_far_loop('>', 65536, "if 0 -> 1, next 0 -> 0, end");
	test_far_loop('>', 32768, "if 0 -> 2, move -32768, next 0 -> 0, end");
	test_far_loop('<', 32769, "if 0 -> 2, move 32767, next 0 -> 0, end");
	test_far_loop('+', 256, "if 0 -> 1, next 0 -> 0, end");
	test_far_loop('+', 257, "set 0 = 0, end");
}

/* Makes a random source of commands, with few unbalanced brackets. */
static u32 random_source(u8 *source, u32 room)
{
	static const char commands[] = "+-<>+-<>+-<>[[]]].,%r#! \n";
	u32 len = rand() % room, depth = 0, i;

	for (i = 0; i < len; i++) {
		u8 c = commands[rand() % (sizeof(commands) - 1)];

		if (c == ']' && !depth && rand() % 64)
			c = '-';
		depth += c == '[';
		depth -= c == ']' && depth;
		source[i] = c;
		if (c == '%' && i + 1 < len)
			source[++i] = 'a' + rand() % 26;
	}
	while (depth-- && len < room)
		source[len++] = ']';
	return len;
}

/* Unused fields are 0, so that loading a dump of the ops gives the same ops again. */
static bool is_clean(const struct bfk_op *op)
{
	bool has_val = op->kind == BFK_OP_SYS || op->kind == BFK_OP_ADD || op->kind == BFK_OP_SET;
	bool has_match = op->kind == BFK_OP_NEXT || op->kind == BFK_OP_IF;

	return !op->reg && !op->src_reg && !op->src_off && !op->text_off && (has_val || !op->val) &&
	       (has_match || !op->match) && (op->kind != BFK_OP_END || !op->off) &&
	       (op->kind != BFK_OP_ADD || op->val) && (op->kind != BFK_OP_MOVE || op->off);
}

/* Checks the form that parse.h promises and the optimiser needs. Returns the error, or NULL. */
static const char *look_at_op(const struct parsed *p, u32 ix)
{
	const struct bfk_op *op = &p->ops[ix], *next = op + 1;

	if (op->kind >= BFK_OP_KINDS || !kind_names[op->kind])
		return "a kind that the parser does not make";
	if (!is_clean(op))
		return "an unused field is set, or an op does nothing";
	if (op->source_off > p->parse.source_len || (ix && op->source_off < op[-1].source_off))
		return "source_off is outside the source, or goes back";
	if ((op->kind == BFK_OP_END) != (ix == p->parse.n_ops - 1))
		return "not one END, at the end";
	if (op->kind == BFK_OP_MOVE && next->kind != BFK_OP_NEXT && next->kind != BFK_OP_END)
		return "a MOVE before anything other than NEXT and END";
	return NULL;
}

static const char *look_at_form(const struct parsed *p)
{
	u32 open[512], depth = 0;
	const char *wrong = NULL;

	if (p->parse.n_ops > p->parse.source_len + 1 || !p->parse.n_ops)
		return "more ops than bytes of source plus one";
	for (u32 i = 0; i < p->parse.n_ops && !wrong; i++) {
		const struct bfk_op *op = &p->ops[i];

		wrong = look_at_op(p, i);
		if (!wrong && op->kind == BFK_OP_IF)
			open[depth++] = i;
		if (!wrong && op->kind == BFK_OP_NEXT &&
		    (!depth || op->match != open[--depth] || p->ops[op->match].match != i ||
		     p->ops[op->match].off != op->off))
			wrong = "IF and NEXT do not match, or test different cells";
	}
	return wrong ?: depth ? "an IF without NEXT" : NULL;
}

static void test_random(u32 count, u32 seed)
{
	u32 n_parsed = 0, n_refused = 0, n_wrong = 0;
	u8 source[512];

	srand(seed);
	for (u32 i = 0; i < count; i++) {
		u32 len = random_source(source, sizeof(source) / (i % 8 + 1));
		struct parsed p = load_as(source, len, i % 16 == 0, KNOWN, KNOWN);
		const char *wrong = p.err ? NULL : look_at_form(&p);

		n_parsed += !p.err;
		n_refused += p.err && p.parse.error && p.parse.error_off < len;
		if (wrong && n_wrong++ < 3)
			printf("# %s: %.*s\n", wrong, (int)len, source);
		done(&p);
	}
	tap(!n_wrong, "parse (%u random sources, seed %u) gives well-formed ops: %u", count, seed,
	    n_parsed);
	tap(n_parsed + n_refused == count, "parse (%u random sources) refuses %u with a position",
	    count, n_refused);
	tap(n_parsed > count / 4 && n_refused > count / 1000,
	    "parse (random sources): some are valid, some are not");
}

/* Every source of up to 7 symbols, with exactly the promised room. */
static void test_all_short(void)
{
	static const char commands[] = "+-<>[].";
	u32 n_wrong = 0, n = 0, total = 1;
	u8 source[7];

	for (u32 len = 0; len <= sizeof(source); len++, total *= 7) {
		for (u32 i = 0; i < total; i++) {
			struct parsed p;

			for (u32 at = 0, rest = i; at < len; at++, rest /= 7)
				source[at] = commands[rest % 7];
			p = load_as(source, len, false, KNOWN, KNOWN);
			if (!p.err && look_at_form(&p) && n_wrong++ < 3)
				printf("# %s: %.*s\n", look_at_form(&p), (int)len, source);
			n++;
			done(&p);
		}
	}
	tap(!n_wrong, "parse (every source of up to 7 of %s) gives well-formed ops: %u", commands,
	    n);
}

/* Bytes that may have any value: what ADD adds, the cell of ADD and OUT, the distance of MOVE. */
static bool is_free(const struct bfk_op *op, size_t byte)
{
	bool is_off = byte == offsetof(struct bfk_op, off) ||
		      byte == offsetof(struct bfk_op, off) + 1;

	return (op->kind == BFK_OP_ADD && byte == offsetof(struct bfk_op, val)) ||
	       (is_off &&
		(op->kind == BFK_OP_ADD || op->kind == BFK_OP_OUT || op->kind == BFK_OP_MOVE));
}

/* A test of look_at_form(): it must see every mistake, and only mistakes. */
static void test_look_at_form(void)
{
	struct parsed p = parse("+[>[.]<]>");
	struct bfk_op good[10];
	u32 n = 0, tried = 0;

	memcpy(good, p.ops, p.parse.n_ops * sizeof(*good));
	for (u32 i = 0; i < p.parse.n_ops; i++) {
		for (u32 byte = 0; byte < sizeof(*good); byte++) {
			memcpy(p.ops, good, p.parse.n_ops * sizeof(*good));
			((u8 *)&p.ops[i])[byte] ^= 0x40;
			n += !look_at_form(&p) == is_free(&good[i], byte);
			tried++;
		}
	}
	tap(n == tried && tried == 160, "look_at_form() sees each planted mistake: %u", n);
	done(&p);
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
	test_straight();
	test_loops();
	test_sets();
	test_source_offs();
	test_wraps();
	test_look_at_form();
	test_random(count, seed);
	test_all_short();
	return tap_done();
}
