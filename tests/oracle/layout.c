// SPDX-License-Identifier: GPL-2.0
/*
 * layout [COUNT [SEED]]   where the code that bfk_emit() makes goes
 *
 * For COUNT random arrays of ops: the code of each op lies where text_off says, one behind the
 * other; every jump in it goes to the code behind its match, to the stub of its op or to an entry
 * point; and behind the last op lies a stub for each op that can stop a run, which continues where
 * it must. What ops do is not looked at here; how instructions are encoded neither: what is
 * expected is made by the encoder, from places found in text_off.
 */
#include <stdlib.h>
#include "../../bfk/uapi.h"
#include "../../jit/parse.h"
#include "../../jit/x86_emit.h"
#include "../unit/tap.h"

#define OPS_MAX 60
#define CODE_MAX (OPS_MAX * 128)
#define STUB_LEN 24 /* mov esi; mov edi; jmp; endbr64; jmp */

static const s64 entry[BFK_ENTRIES] = { -0x12345, -0x1234 };

/*
 * struct emitted - ops and their code
 * @end_off: where the code of the last op ends and the stubs begin
 */
struct emitted {
	struct bfk_op ops[OPS_MAX];
	u32 n_ops, len, end_off;
	u8 code[CODE_MAX];
};

/* An op that a jump at @ix may name, forwards or back; @ix itself if there is none. */
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
		return "the ops are none";
	if (bfk_emit(&a, e->ops, e->n_ops, entry) || a.len > CODE_MAX)
		return "measuring fails";
	e->len = a.len;
	e->end_off = a.stub_off;
	for (u32 i = 0; i < e->n_ops; i++)
		text_off[i] = e->ops[i].text_off;
	a = (struct bfk_asm){ .out = e->code, .cap = e->len, .stub_off = e->end_off };
	if (bfk_emit(&a, e->ops, e->n_ops, entry) || a.len != e->len || a.stub_off != e->end_off)
		return "writing comes to something else than measuring";
	for (u32 i = 0; i < e->n_ops; i++)
		if (e->ops[i].text_off != text_off[i])
			return "writing puts an op elsewhere than measuring";
	return NULL;
}

/* Where the code of op @ix is, or of what follows the last one. */
static u32 start_of(const struct emitted *e, u32 ix)
{
	return ix < e->n_ops ? e->ops[ix].text_off : e->end_off;
}

static bool can_stop(const struct bfk_op *op)
{
	return op->kind <= BFK_OP_NEXT;
}

/* The stub of op @ix: they lie in the order of the ops. */
static u32 stub_of(const struct emitted *e, u32 ix)
{
	u32 off = e->end_off;

	for (u32 i = 0; i < ix; i++)
		off += can_stop(&e->ops[i]) ? STUB_LEN : 0;
	return off;
}

/* Code that is expected, which ends at @end, or starts at @off. */
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

/* The end of a NEXT: it is the last op of what it does, so its length is known. */
static void want_next(struct want *want, const struct emitted *e, u32 ix, u32 off)
{
	want_form(want, off, BFK_FORM_JE, start_of(e, ix + 1));
	want_form(want, off, BFK_FORM_SUB_RBP_1, 0);
	want_form(want, off, BFK_FORM_JNE, start_of(e, e->ops[ix].match + 1));
	want_form(want, off, BFK_FORM_JMP, stub_of(e, ix));
}

static void want_host(struct want *want, const struct emitted *e, u32 ix, u32 off)
{
	want_form(want, off, BFK_FORM_MOV_ESI_IMM, ix);
	want_form(want, off, BFK_FORM_CALL, entry[BFK_ENTRY_HOST]);
	want_form(want, off, BFK_FORM_TEST_EAX_EAX, 0);
	want_form(want, off, BFK_FORM_JNE, stub_of(e, ix));
}

/* The end of an op's code at @off, as far as it is told here. */
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
		want_host(want, e, ix, off);
		break;
	}
}

static const char *look_at_op(const struct emitted *e, u32 ix)
{
	u32 len = start_of(e, ix + 1) - start_of(e, ix), off;
	struct want want = {};
	u8 kind = e->ops[ix].kind;

	if (start_of(e, ix + 1) < start_of(e, ix))
		return "an op does not lie behind the one before";
	want_op(&want, e, ix, 0);
	if (want.a.len > len)
		return "an op is too short";
	off = start_of(e, ix + 1) - want.a.len;
	want = (struct want){};
	want_op(&want, e, ix, off);
	if (memcmp(want.bytes, e->code + off, want.a.len))
		return "a jump or call goes elsewhere";
	if (kind <= BFK_OP_HOST_MAX && want.a.len != len)
		return "there is more to an op of the host than expected";
	return kind == BFK_OP_LABEL && len ? "a label has code" : NULL;
}

/* Entered at its endbr64, a stub goes on at its op; a NEXT's behind its match. */
static const char *look_at_stub(const struct emitted *e, u32 ix)
{
	bool is_next = e->ops[ix].kind == BFK_OP_NEXT;
	u32 off = stub_of(e, ix), at_ix = is_next ? e->ops[ix].match + 1 : ix;
	struct want want = {};

	want_form(&want, off, BFK_FORM_MOV_ESI_IMM, at_ix);
	want_form(&want, off, BFK_FORM_MOV_EDI_IMM, off + 15);
	want_form(&want, off, BFK_FORM_JMP, entry[BFK_ENTRY_STOP]);
	if (want.a.len != 15)
		return "the stub's second half begins elsewhere";
	want_form(&want, off, BFK_FORM_ENDBR64, 0);
	want_form(&want, off, BFK_FORM_JMP, start_of(e, at_ix));
	if (want.a.len != STUB_LEN || off + STUB_LEN > e->len)
		return "a stub is not as long as it should be";
	return memcmp(want.bytes, e->code + off, STUB_LEN) ? "a stub is another" : NULL;
}

static const char *look_at(const struct emitted *e)
{
	static const u8 endbr64[] = { 0xf3, 0x0f, 0x1e, 0xfa };
	const char *wrong = NULL;

	if (memcmp(e->code, endbr64, 4) || e->ops[0].text_off != 4)
		return "the entry is no endbr64 in front of op 0";
	for (u32 i = 0; i < e->n_ops && !wrong; i++)
		wrong = look_at_op(e, i);
	for (u32 i = 0; i < e->n_ops && !wrong; i++)
		wrong = can_stop(&e->ops[i]) ? look_at_stub(e, i) : NULL;
	if (!wrong && stub_of(e, e->n_ops) != e->len)
		wrong = "something lies behind the stubs";
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
	tap(!n_wrong, "emit (%u random arrays) puts code, jumps and stubs where they belong",
	    count);
	tap(kinds == (1u << BFK_OP_KINDS) - 1, "emit: the random arrays have every kind of op");
}

/* A test of the test: every byte of a jump or a stub that is changed is seen. */
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
		bool is_told = i < 4 || (i >= behind_if - 6 && i < start_of(&e, 2)) ||
			       (i >= start_of(&e, 3) - 6 && i < start_of(&e, 3)) ||
			       i >= end_of_next - 21;

		if (!is_told)
			continue;
		e.code[i] ^= 1;
		n++;
		n_seen += !!look_at(&e);
		e.code[i] ^= 1;
	}
	tap(n > 100 && n == n_seen, "layout (a wrong byte in jumps, calls, stubs) sees %u of %u",
	    n_seen, n);
}

int main(int argc, char **argv)
{
	u32 count = argc > 1 ? strtoul(argv[1], NULL, 0) : 20000;

	srand(argc > 2 ? strtoul(argv[2], NULL, 0) : 1);
	test_planted();
	test_random(count);
	return tap_done();
}
