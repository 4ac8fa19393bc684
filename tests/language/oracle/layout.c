// SPDX-License-Identifier: GPL-2.0
/*
 * layout [COUNT [SEED]] test where bfk_emit() puts code
 *
 * For COUNT random arrays of ops: the code of each op lies at its text_off, in order and without
 * gaps; every jump goes to the code after its match, or to an entry point with the number of the op
 * to do next. This does not test what ops do, nor how instructions are encoded: the encoder makes
 * the expected code, for targets from text_off.
 */
#include <stdlib.h>
#include "bfk/uapi.h"
#include "jit/parse.h"
#include "jit/x86_emit.h"
#include "tests/harness/tap.h"

#define OPS_MAX 60
#define CODE_MAX (OPS_MAX * 128)

static const s64 entry[BFK_ENTRIES] = { -0x12345, -0x1234 };

/* Ops and their code. */
struct emitted {
	struct bfk_op ops[OPS_MAX];
	u32 n_ops, len;
	u8 code[CODE_MAX];
};

/* Returns an op to which a jump at @ix may go, forwards or back; @ix if there is none. */
static u32 random_match(const struct emitted *e, u32 ix)
{
	bool is_back = e->ops[ix].kind == BFK_OP_NEXT;
	u32 n = is_back ? ix : e->n_ops - ix - 1, to;

	for (u32 tries = 20; n && tries--;) {
		to = (is_back ? 0 : ix + 1) + rand() % n;
		if (e->ops[to].kind == BFK_OP_LABEL ||
		    e->ops[to].kind == (is_back ? BFK_OP_IF : BFK_OP_NEXT))
			return to;
	}
	return ix;
}

static s16 random_off(void)
{
	return rand() % 2 ? rand() % 4 : rand();
}

static void random_ops(struct emitted *e)
{
	e->n_ops = rand() % (OPS_MAX - 1) + 1;
	for (u32 i = 0; i < e->n_ops; i++) {
		struct bfk_op *op = &e->ops[i];

		*op = (struct bfk_op){ .kind = 1 + rand() % (BFK_OP_KINDS - 1),
				       .val = rand(),
				       .off = random_off(),
				       .src_off = random_off() };
		op->val = rand() % 4 ? op->val : rand() % 3 - 1;
		if (op->kind > BFK_OP_HOST_MAX && op->kind != BFK_OP_IF8)
			op->reg = rand() % 2 ? rand() % BFK_OP_REGS : 0;
		op->src_reg = rand() % 2 ? rand() % BFK_OP_REGS : 0;
		op->val = op->kind == BFK_OP_SYS ? 'a' + rand() % 26 : op->val;
	}
	e->ops[e->n_ops - 1] = (struct bfk_op){ .kind = BFK_OP_END };
	for (u32 i = 0; i < e->n_ops; i++) {
		struct bfk_op *op = &e->ops[i];

		if (op->kind < BFK_OP_NEXT || op->kind > BFK_OP_IF8)
			continue;
		op->match = random_match(e, i);
		op->kind = op->match == i ? BFK_OP_ADD : op->kind;
	}
	/* an IF that became an ADD may have been a match */
	for (u32 i = 0; i < e->n_ops; i++) {
		u8 *kind = &e->ops[e->ops[i].match].kind;

		if (e->ops[i].kind >= BFK_OP_NEXT && e->ops[i].kind <= BFK_OP_IF8 &&
		    *kind == BFK_OP_ADD)
			*kind = BFK_OP_LABEL;
	}
}

/* Measures and writes. Returns what is wrong, or NULL. */
static const char *emit(struct emitted *e)
{
	struct bfk_asm a = { .cap = U32_MAX };
	struct bfk_parse parse = { .ops = e->ops, .n_ops = e->n_ops };
	u32 text_off[OPS_MAX];

	if (bfk_check(&parse, BFK_ALLOW_ALL, BFK_ALLOW_ALL))
		return "the ops are no program";
	if (bfk_emit(&a, e->ops, e->n_ops, entry) || a.len > CODE_MAX)
		return "measuring fails";
	e->len = a.len;
	for (u32 i = 0; i < e->n_ops; i++)
		text_off[i] = e->ops[i].text_off;
	a = (struct bfk_asm){ .out = e->code, .cap = e->len };
	if (bfk_emit(&a, e->ops, e->n_ops, entry) || a.len != e->len)
		return "writing has another length than measuring";
	for (u32 i = 0; i < e->n_ops; i++)
		if (e->ops[i].text_off != text_off[i])
			return "writing puts an op at another place than measuring";
	return NULL;
}

/* Returns where the code of op @ix starts, or where the last one ends. */
static u32 start_of(const struct emitted *e, u32 ix)
{
	return ix < e->n_ops ? e->ops[ix].text_off : e->len;
}

/* Expected code. */
struct want {
	u8 bytes[64];
	struct bfk_asm a;
};

static void want_form(struct want *want, u32 off, u64 form, s64 arg)
{
	u32 at = off + want->a.len; /* in the image; targets are relative to the start of bytes */
	bool is_jump = form & BFK_REL32;

	want->a.out = want->bytes;
	want->a.cap = sizeof(want->bytes);
	bfk_asm(&want->a, form, is_jump ? arg - at + want->a.len : arg);
}

/* The end of a NEXT, after its test. */
static void want_next(struct want *want, const struct emitted *e, u32 ix, u32 off)
{
	want_form(want, off, BFK_FORM_JE, start_of(e, ix + 1));
	want_form(want, off, BFK_FORM_SUB_RBP_1, 0);
	want_form(want, off, BFK_FORM_JNE, start_of(e, e->ops[ix].match + 1));
	want_form(want, off, BFK_FORM_MOV_ESI_IMM, e->ops[ix].match + 1);
	want_form(want, off, BFK_FORM_JMP, entry[BFK_ENTRY_STOP]);
}

static void want_host(struct want *want, u32 ix, u32 off)
{
	want_form(want, off, BFK_FORM_MOV_ESI_IMM, ix);
	want_form(want, off, BFK_FORM_CALL, entry[BFK_ENTRY_HOST]);
}

/* The end of an op's code, from @off on, for ops that jump or call. */
static void want_op(struct want *want, const struct emitted *e, u32 ix, u32 off)
{
	const struct bfk_op *op = &e->ops[ix];

	switch (op->kind) {
	case BFK_OP_NEXT:
		want_next(want, e, ix, off);
		break;
	case BFK_OP_IF:
		want_form(want, off, BFK_FORM_JE, start_of(e, op->match + 1));
		break;
	case BFK_OP_IF8:
		want_form(want, off, BFK_FORM_JNE, start_of(e, op->match + 1));
		break;
	case BFK_OP_END:
	case BFK_OP_IN:
	case BFK_OP_OUT:
	case BFK_OP_SYS:
		want_host(want, ix, off);
		break;
	}
}

static const char *look_at_op(const struct emitted *e, u32 ix)
{
	u32 len = start_of(e, ix + 1) - start_of(e, ix), off;
	struct want want = {};
	u8 kind = e->ops[ix].kind;

	if (start_of(e, ix + 1) < start_of(e, ix))
		return "an op does not lie after the one before";
	want_op(&want, e, ix, 0);
	if (want.a.len > len)
		return "an op is too short";
	off = start_of(e, ix + 1) - want.a.len;
	want = (struct want){};
	want_op(&want, e, ix, off);
	if (memcmp(want.bytes, e->code + off, want.a.len))
		return "a jump or call goes elsewhere";
	if (kind <= BFK_OP_HOST_MAX && want.a.len != len)
		return "an op of the host has more code than expected";
	return kind == BFK_OP_LABEL && len ? "a label has code" : NULL;
}

static const char *look_at(const struct emitted *e)
{
	const char *wrong = e->ops[0].text_off ? "op 0 does not lie at the start" : NULL;

	for (u32 i = 0; i < e->n_ops && !wrong; i++)
		wrong = look_at_op(e, i);
	return wrong;
}

static void test_random(u32 count)
{
	u32 n_wrong = 0, kinds = 0;
	struct emitted e;

	for (u32 i = 0; i < count; i++) {
		const char *wrong;

		random_ops(&e);
		wrong = emit(&e) ?: look_at(&e);
		if (wrong && n_wrong++ < 3)
			printf("# program %u: %s\n", i, wrong);
		for (u32 op = 0; op < e.n_ops; op++)
			kinds |= 1u << e.ops[op].kind;
	}
	tap(!n_wrong, "emit (%u random arrays) puts code and jumps where they belong", count);
	tap(kinds == (1u << BFK_OP_KINDS) - 1, "emit: the random arrays have every kind of op");
}

/* A test of the test: it detects a change of any byte of a jump or a call. */
static void test_planted(void)
{
	u32 n = 0, n_seen = 0;
	struct emitted e;

	e.n_ops = 5;
	memcpy(e.ops,
	       (struct bfk_op[]){ { .kind = BFK_OP_IF, .match = 3 },
				  { .kind = BFK_OP_OUT },
				  { .kind = BFK_OP_IF8, .val = 1, .match = 3 },
				  { .kind = BFK_OP_NEXT },
				  { .kind = BFK_OP_END } },
	       5 * sizeof(*e.ops));
	if (!tap(!emit(&e) && !look_at(&e), "emit (a loop) is as it should be"))
		return;
	for (u32 i = 0; i < e.len; i++) {
		u32 behind_if = start_of(&e, 1), end_of_next = start_of(&e, 4);
		bool is_told = (i >= behind_if - 6 && i < start_of(&e, 2)) ||
			       (i >= start_of(&e, 3) - 6 && i < start_of(&e, 3)) ||
			       i >= end_of_next - 26;

		if (!is_told)
			continue;
		e.code[i] ^= 1;
		n++;
		n_seen += !!look_at(&e);
		e.code[i] ^= 1;
	}
	tap(n == 6 + 10 + 6 + 26 + 10 && n == n_seen,
	    "layout (a wrong byte in jumps and calls) detects %u of %u", n_seen, n);
}

int main(int argc, char **argv)
{
	u32 count = argc > 1 ? strtoul(argv[1], NULL, 0) : 20000;

	srand(argc > 2 ? strtoul(argv[2], NULL, 0) : 1);
	test_planted();
	test_random(count);
	return tap_done();
}
