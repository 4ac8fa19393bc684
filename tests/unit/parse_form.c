// SPDX-License-Identifier: GPL-2.0
/* Do the ops of random sources, and of all short ones, have the form that parse.h promises? */
#include "parsed.h"

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

void test_form(u32 count, u32 seed)
{
	test_look_at_form();
	test_random(count, seed);
	test_all_short();
}
