// SPDX-License-Identifier: GPL-2.0
/* Does the parser make the documented ops of a source, each with its place? */
#include "parsed.h"

const char *const kind_names[BFK_OP_KINDS] = {
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

void test_ops_of_sources(void)
{
	test_straight();
	test_loops();
	test_sets();
	test_source_offs();
	test_wraps();
}
