// SPDX-License-Identifier: GPL-2.0
/*
 * parse [COUNT [SEED]]   the parser and its rewrites: errors, ops of given sources, and the form
 * of the ops of COUNT random ones. Meant to be built with AddressSanitizer: ops get exactly the
 * room they are promised, source_len + 1.
 */
#include <stdlib.h>
#include "../../bfk/limits.h"
#include "../../bfk/uapi.h"
#include "../../jit/parse.h"
#include "tap.h"

#define KNOWN 0x3ffffffu
#define KINDS (BFK_OP_MULADD + 1)
#define BIT_OF(letter) (1u << ((letter) - 'a'))

struct parsed {
	struct bfk_parse parse;
	struct bfk_op *ops;
	u8 *source;
	int err;
};

/* Parses a copy of source in memory that ends where the source does. */
static struct parsed parse(const void *source, u32 source_len, bool plain, u32 known, u32 allowed)
{
	struct parsed p = { .source = malloc(source_len ?: 1) };

	memcpy(p.source, source, source_len);
	p.ops = malloc((source_len + 1ul) * sizeof(*p.ops));
	p.parse = (struct bfk_parse){ .source = p.source,
				      .source_len = source_len,
				      .plain = plain,
				      .known = known,
				      .allowed = allowed,
				      .ops = p.ops };
	p.err = bfk_parse(&p.parse);
	return p;
}

static void done(struct parsed *p)
{
	free(p->source);
	free(p->ops);
}

static void test_refused_as(const char *name, struct parsed p, u32 error, int err, u32 off)
{
	if (!tap(p.err == -err && p.parse.error == error && p.parse.error_off == off,
		 "parse (%s) fails with %s at %u", name, strerror(err), off))
		printf("# error %u at %u, %s\n", p.parse.error, p.parse.error_off,
		       strerror(-p.err));
	done(&p);
}

static void test_refused(const char *source, u32 error, int err, u32 off)
{
	test_refused_as(source, parse(source, strlen(source), false, KNOWN, KNOWN), error, err,
			off);
}

static void test_accepted(const char *name, struct parsed p, u32 n_ops)
{
	if (!tap(!p.err && !p.parse.error && p.parse.n_ops == n_ops,
		 "parse (%s) succeeds with %u ops", name, n_ops))
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
}

static void test_operations(void)
{
	char source[2] = "%";
	u32 n = 0;

	test_refused("%", BFK_ERROR_UNKNOWN_OP, ENOSYS, 0);
	test_refused("+>%", BFK_ERROR_UNKNOWN_OP, ENOSYS, 2);
	test_refused("%%r", BFK_ERROR_UNKNOWN_OP, ENOSYS, 0);
	test_refused("%R", BFK_ERROR_UNKNOWN_OP, ENOSYS, 0);
	test_refused("50% of it", BFK_ERROR_UNKNOWN_OP, ENOSYS, 2);
	test_refused("[%]", BFK_ERROR_UNKNOWN_OP, ENOSYS, 1);
	for (int c = 0; c < 256; c++) {
		struct parsed p;

		source[1] = c;
		p = parse(source, 2, false, KNOWN, KNOWN);
		if (c >= 'a' && c <= 'z')
			n += !p.err && p.ops[0].kind == BFK_OP_SYS && p.ops[0].val == c;
		else
			n += p.err == -ENOSYS && p.parse.error == BFK_ERROR_UNKNOWN_OP &&
			     !p.parse.error_off;
		done(&p);
	}
	tap(n == 256, "parse ('%%' before each of the 256 bytes) takes letters only: %u", n);
	n = 0;
	for (int c = 'a'; c <= 'z'; c++) {
		struct parsed unknown, denied;

		source[1] = c;
		unknown = parse(source, 2, false, KNOWN & ~BIT_OF(c), KNOWN);
		denied = parse(source, 2, false, KNOWN, KNOWN & ~BIT_OF(c));
		n += unknown.err == -ENOSYS && unknown.parse.error == BFK_ERROR_UNKNOWN_OP;
		n += denied.err == -EACCES && denied.parse.error == BFK_ERROR_DENIED_OP;
		done(&unknown);
		done(&denied);
	}
	tap(n == 52, "parse (each letter unknown, each letter denied) tells them apart: %u", n);
	test_refused_as("denied at 3", parse("+++%w", 5, false, KNOWN, KNOWN & ~BIT_OF('w')),
			BFK_ERROR_DENIED_OP, EACCES, 3);
	test_refused_as("unknown and denied", parse("%w", 2, false, 0, 0), BFK_ERROR_UNKNOWN_OP,
			ENOSYS, 0);
	test_refused_as("a letter behind the end of the source",
			parse("%r", 1, false, KNOWN, KNOWN), BFK_ERROR_UNKNOWN_OP, ENOSYS, 0);
	test_refused("%r]%", BFK_ERROR_UNOPENED, ENOEXEC, 2);
	test_accepted("plain: %r is a comment", parse("+%r", 3, true, KNOWN, KNOWN), 2);
	test_accepted("plain: 50% is a comment", parse("50%", 3, true, KNOWN, KNOWN), 1);
	test_accepted("plain: nothing known", parse("%-%+%.", 6, true, 0, 0), 2);
}

static void test_shebang(void)
{
	test_accepted("#! line with ops in it",
		      parse("#!/usr/bin/bfk [%\n+", 19, false, KNOWN, KNOWN), 2);
	test_accepted("#! line without newline", parse("#!x [[[ %", 9, false, KNOWN, KNOWN), 1);
	test_accepted("#! and nothing", parse("#!", 2, false, KNOWN, KNOWN), 1);
	test_accepted("# alone is a comment", parse("#+", 2, false, KNOWN, KNOWN), 2);
	test_accepted("#! on the second line", parse("\n#!+", 4, false, KNOWN, KNOWN), 2);
	test_refused("#!x\n]", BFK_ERROR_UNOPENED, ENOEXEC, 4);
	test_refused(" #!]", BFK_ERROR_UNOPENED, ENOEXEC, 3);
	test_accepted("nothing", parse("", 0, false, KNOWN, KNOWN), 1);
}

/* @depth times '[', then as many times ']'. */
static struct parsed parse_deep(u32 depth)
{
	u8 *source = malloc(2ul * depth);
	struct parsed p;

	memset(source, '[', depth);
	memset(source + depth, ']', depth);
	p = parse(source, 2 * depth, false, KNOWN, KNOWN);
	free(source);
	return p;
}

static void test_limits(void)
{
	u8 *source = calloc(1, BFK_SOURCE_MAX_LEN + 1ul);

	test_accepted("as deep as allowed", parse_deep(BFK_DEPTH_MAX), 2 * BFK_DEPTH_MAX + 1);
	test_refused_as("one bracket too deep", parse_deep(BFK_DEPTH_MAX + 1), BFK_ERROR_TOO_DEEP,
			ELOOP, BFK_DEPTH_MAX);
	test_refused_as("1,000,000 brackets deep", parse_deep(1000000), BFK_ERROR_TOO_DEEP, ELOOP,
			BFK_DEPTH_MAX);
	memset(source, '+', BFK_SOURCE_MAX_LEN + 1);
	test_accepted("as long as allowed", parse(source, BFK_SOURCE_MAX_LEN, false, KNOWN, KNOWN),
		      1);
	memset(source, '.', BFK_SOURCE_MAX_LEN);
	test_accepted("as long as allowed, an op each byte",
		      parse(source, BFK_SOURCE_MAX_LEN, false, KNOWN, KNOWN),
		      BFK_SOURCE_MAX_LEN + 1);
	test_refused_as("a byte too long",
			parse(source, BFK_SOURCE_MAX_LEN + 1, false, KNOWN, KNOWN),
			BFK_ERROR_TOO_LONG, E2BIG, BFK_SOURCE_MAX_LEN);
	memset(source, ']', BFK_SOURCE_MAX_LEN + 1);
	test_refused_as("too long, and wrong",
			parse(source, BFK_SOURCE_MAX_LEN + 1, false, KNOWN, KNOWN),
			BFK_ERROR_TOO_LONG, E2BIG, BFK_SOURCE_MAX_LEN);
	free(source);
}

static const char *const kind_names[KINDS] = {
	[BFK_OP_END] = "end",	[BFK_OP_ADD] = "add",	 [BFK_OP_SET] = "set",
	[BFK_OP_MOVE] = "move", [BFK_OP_MULADD] = "mul", [BFK_OP_LOOP] = "loop",
	[BFK_OP_NEXT] = "next", [BFK_OP_IN] = "in",	 [BFK_OP_OUT] = "out",
	[BFK_OP_SYS] = "sys",
};

/* Ops as words: "add 1 = 3" is cell[1] += 3, "mul 1 0 = 2" cell[1] += cell[0] * 2. */
static void describe(const struct parsed *p, char *to, size_t room)
{
	size_t len = 0;

	*to = 0;
	for (u32 i = 0; i < p->parse.n_ops && len < room; i++) {
		const struct bfk_op *op = &p->ops[i];

		len += snprintf(to + len, room - len, "%s%s", i ? ", " : "",
				op->kind < KINDS ? kind_names[op->kind] : "?");
		if (len >= room || op->kind == BFK_OP_END)
			continue;
		len += snprintf(to + len, room - len, " %d", op->off);
		if (len < room && op->kind == BFK_OP_MULADD)
			len += snprintf(to + len, room - len, " %d", op->src);
		if (len < room && op->val)
			len += snprintf(to + len, room - len, " = %u", op->val);
	}
}

static void test_ops_of(const char *name, struct parsed p, const char *want)
{
	char got[1024];

	describe(&p, got, sizeof(got));
	if (!tap(!p.err && !strcmp(got, want), "fold (%s) gives: %s", name, want))
		printf("# got: %s\n", got);
	done(&p);
}

static void test_ops(const char *source, const char *want)
{
	test_ops_of(source, parse(source, strlen(source), false, KNOWN, KNOWN), want);
}

static void test_runs(void)
{
	test_ops("", "end");
	test_ops("a comment", "end");
	test_ops("+++", "add 0 = 3, end");
	test_ops("---", "add 0 = 253, end");
	test_ops("+-", "end");
	test_ops("+-+", "add 0 = 1, end");
	test_ops(".+-.", "out 0, out 0, end");
	test_ops("+ and +", "add 0 = 2, end");
	test_ops("+>+<+", "add 0 = 1, add 1 = 1, add 0 = 1, end");
	test_ops("+><+", "add 0 = 2, end");
	test_ops(">>+", "add 2 = 1, move 2, end");
	test_ops("<", "move -1, end");
	test_ops("><", "end");
	test_ops(">,.<%r", "in 1, out 1, sys 0 = 114, end");
	test_ops(">[.]", "move 1, loop 0, out 0, next 0, end");
	test_ops("[.>]", "loop 0, out 0, move 1, next 0, end");
	test_ops("[]", "loop 0, next 0, end");
	test_ops("+[]", "add 0 = 1, loop 0, next 0, end");
	test_ops("[>]", "loop 0, move 1, next 0, end");
}

static void test_loops(void)
{
	test_ops("[-]", "set 0, end");
	test_ops("[+]", "set 0, end");
	test_ops("[-]+++", "set 0 = 3, end");
	test_ops("[-]+-", "set 0, end");
	test_ops("[-]-", "set 0 = 255, end");
	test_ops("+++[-]", "add 0 = 3, set 0, end");
	test_ops("[-][-]", "set 0, set 0, end");
	test_ops("[--]", "loop 0, add 0 = 254, next 0, end");
	test_ops("[+++]", "loop 0, add 0 = 3, next 0, end");
	test_ops("[--+]", "set 0, end");
	test_ops("[->+<]", "mul 1 0 = 1, set 0, end");
	test_ops("[>+<-]", "mul 1 0 = 1, set 0, end");
	test_ops("[->++<]", "mul 1 0 = 2, set 0, end");
	test_ops("[->-<]", "mul 1 0 = 255, set 0, end");
	test_ops("[+>+<]", "mul 1 0 = 255, set 0, end");
	test_ops("[+>--<]", "mul 1 0 = 2, set 0, end");
	test_ops("[->+>++>+++<<<]", "mul 1 0 = 1, mul 2 0 = 2, mul 3 0 = 3, set 0, end");
	test_ops("[-<+>]", "mul -1 0 = 1, set 0, end");
	test_ops("[->+<-]", "loop 0, add 0 = 255, add 1 = 1, add 0 = 255, next 0, end");
	test_ops("[-->+<+]", "mul 1 0 = 1, set 0, end");
	test_ops("[->+]", "loop 0, add 0 = 255, add 1 = 1, move 1, next 0, end");
	test_ops("[-.]", "loop 0, add 0 = 255, out 0, next 0, end");
	test_ops("[-%r]", "loop 0, add 0 = 255, sys 0 = 114, next 0, end");
	test_ops("[>+<]", "loop 0, add 1 = 1, next 0, end");
	test_ops("[->[-]<]", "loop 0, add 0 = 255, set 1, next 0, end");
	test_ops("[[-]]", "loop 0, set 0, next 0, end");
}

static void test_taken_back(void)
{
	test_ops(">[-]", "set 1, move 1, end");
	test_ops(">[-]<", "set 1, end");
	test_ops(">[->+<]<", "mul 2 1 = 1, set 1, end");
	test_ops("<[->>+<<]", "mul 1 -1 = 1, set -1, move -1, end");
	test_ops(">[-]>[-]>[-]<<<", "set 1, set 2, set 3, end");
	test_ops(">[-]+<", "set 1 = 1, end");
	test_ops(".>[-]<.", "out 0, set 1, out 0, end");
	test_ops("[>[-]<]", "loop 0, set 1, next 0, end");
}

/* Sources too long to write down: @n times @c, then @rest. */
static void test_far(u8 c, u32 n, const char *rest, const char *want)
{
	u8 *source = malloc(n + strlen(rest));
	char name[128];

	memset(source, c, n);
	memcpy(source + n, rest, strlen(rest));
	snprintf(name, sizeof(name), "%u times '%c', then \"%s\"", n, c, rest);
	test_ops_of(name, parse(source, n + strlen(rest), false, KNOWN, KNOWN), want);
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
	test_far('<', 65536, "[-]", "set 0, end");
	test_far('>', 65535, "[->+<]", "mul 0 -1 = 1, set -1, move -1, end");
	test_far('>', 32767, "[->+<]", "mul -32768 32767 = 1, set 32767, move 32767, end");
	test_far('+', 256, "", "end");
	test_far('+', 255, "", "add 0 = 255, end");
	test_far('+', 257, ".", "add 0 = 1, out 0, end");
	test_far('-', 256, "[-]", "set 0, end");
}

/* A random source of commands, with few brackets that do not match. */
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

/* The form op.h promises. Returns what is wrong, or NULL. */
static const char *check_form(const struct parsed *p, u32 source_len)
{
	u32 open[512], depth = 0;

	if (p->parse.n_ops > source_len + 1 || !p->parse.n_ops)
		return "more ops than bytes of source, and one";
	for (u32 i = 0; i < p->parse.n_ops; i++) {
		const struct bfk_op *op = &p->ops[i];

		if (op->reserved)
			return "reserved is not zero";
		if (op->source_off > source_len)
			return "source_off is outside the source";
		if ((op->kind == BFK_OP_END) != (i == p->parse.n_ops - 1))
			return "not one END, at the end";
		if (op->kind >= KINDS)
			return "an unknown kind";
		if (op->kind == BFK_OP_LOOP)
			open[depth++] = i;
		if (op->kind == BFK_OP_NEXT && !depth)
			return "a NEXT without LOOP";
		if (op->kind == BFK_OP_NEXT &&
		    (op->match != open[--depth] || p->ops[op->match].match != i))
			return "LOOP and NEXT do not name each other";
	}
	return depth ? "a LOOP without NEXT" : NULL;
}

static void test_random(u32 count, u32 seed)
{
	u32 n_parsed = 0, n_refused = 0, n_wrong = 0;
	u8 source[512];

	srand(seed);
	for (u32 i = 0; i < count; i++) {
		u32 len = random_source(source, sizeof(source) / (i % 8 + 1));
		struct parsed p = parse(source, len, i % 16 == 0, KNOWN, KNOWN);
		const char *wrong = p.err ? NULL : check_form(&p, len);

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
	    "parse (random sources): some are right, some are wrong");
}

/* Every source of up to 7 symbols, for the room promised. */
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
			p = parse(source, len, false, KNOWN, KNOWN);
			if (!p.err && check_form(&p, len) && n_wrong++ < 3)
				printf("# %s: %.*s\n", check_form(&p, len), (int)len, source);
			n++;
			done(&p);
		}
	}
	tap(!n_wrong, "parse (every source of up to 7 of %s) gives well-formed ops: %u", commands,
	    n);
}

/* A test of check_form(): it must see what is wrong. */
static void test_check_form(void)
{
	struct parsed p = parse("+[>[.]<]", 8, false, KNOWN, KNOWN);
	struct bfk_op good[9];
	u32 n = 0;

	memcpy(good, p.ops, p.parse.n_ops * sizeof(*good));
	for (u32 i = 0; i < p.parse.n_ops; i++) {
		memcpy(p.ops, good, p.parse.n_ops * sizeof(*good));
		p.ops[i].source_off = 9;
		n += !!check_form(&p, 8);
		memcpy(p.ops, good, p.parse.n_ops * sizeof(*good));
		if (p.ops[i].kind == BFK_OP_LOOP || p.ops[i].kind == BFK_OP_NEXT)
			p.ops[i].match++;
		else
			p.ops[i].kind = BFK_OP_NEXT;
		n += !!check_form(&p, 8);
	}
	tap(n == 2 * p.parse.n_ops, "the check of the ops' form sees each planted mistake: %u", n);
	done(&p);
}

int main(int argc, char **argv)
{
	u32 count = argc > 1 ? strtoul(argv[1], NULL, 0) : 200000;
	u32 seed = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;

	test_brackets();
	test_operations();
	test_shebang();
	test_limits();
	test_runs();
	test_loops();
	test_taken_back();
	test_wraps();
	test_check_form();
	test_random(count, seed);
	test_all_short();
	return tap_done();
}
