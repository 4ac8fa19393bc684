// SPDX-License-Identifier: GPL-2.0
/* The encoder where it must fail (too little room, targets out of reach), and when it measures. */
#include <stdlib.h>
#include "jit/x86_emit.h"
#include "tests/harness/tap.h"

#define CANARY 0xcc
#define ROOM 4096

static u8 image[ROOM];

static bool untouched_from(u32 off)
{
	for (u32 i = off; i < ROOM; i++)
		if (image[i] != CANARY)
			return false;
	return true;
}

static struct bfk_asm start(u32 cap)
{
	memset(image, CANARY, sizeof(image));
	return (struct bfk_asm){ .out = image, .cap = cap };
}

/* One of each form, and of each length a place can have, with and without a prefix. */
static void encode_all(struct bfk_asm *a)
{
	static const struct bfk_rm places[] = { { 0, 0 }, { 0, 1 }, { 0, -200 }, { 7, 0 } };
	static const u64 with_rm[] = { BFK_FORM_ADD_RM_IMM, BFK_FORM_MOV_RM_IMM,
				       BFK_FORM_ADD_RM_R,   BFK_FORM_SUB_RM_R,
				       BFK_FORM_MOV_RM_R,   BFK_FORM_CMP_RM_R,
				       BFK_FORM_ADD_R_RM,   BFK_FORM_SUB_R_RM,
				       BFK_FORM_MOVZX_R_RM, BFK_FORM_MOV_RAX_CELLS };
	static const u64 others[] = {
		BFK_FORM_SUB_RBP_1,    BFK_FORM_IMUL_EAX_IMM,  BFK_FORM_ADD_BX_IMM8,
		BFK_FORM_ADD_BX_IMM16, BFK_FORM_MOV_RAX_IMM64, BFK_FORM_MOV_RSI_IMM64,
		BFK_FORM_ADD_RSI_RAX,  BFK_FORM_AND_RSI_RAX,   BFK_FORM_NOT_RAX,
		BFK_FORM_TEST_RSI_RAX, BFK_FORM_MOV_ESI_IMM,   BFK_FORM_JE,
		BFK_FORM_JNE,	       BFK_FORM_JMP,	       BFK_FORM_CALL
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		bfk_asm(a, others[i], 100);
	for (size_t i = 0; i < 4 * sizeof(with_rm) / sizeof(*with_rm); i++) {
		bfk_asm_rm(a, with_rm[i / 4], BFK_R_AL, places[i % 4], 3);
		bfk_asm_rm(a, with_rm[i / 4], BFK_R_REGS + 1, places[i % 4], 3);
	}
}

static u32 measure_all(void)
{
	struct bfk_asm a = { .cap = U32_MAX };

	encode_all(&a);
	return a.failed ? 0 : a.len;
}

/* After a failure it must change nothing. */
static bool stays_failed(struct bfk_asm *a)
{
	static u8 before[ROOM];
	u32 len = a->len;

	memcpy(before, image, ROOM);
	encode_all(a);
	bfk_asm(a, BFK_FORM_NOT_RAX, 0);
	return a->failed && a->len == len && !memcmp(before, image, ROOM);
}

static void test_too_little_room(u32 len)
{
	u32 n_failed = 0, n_inside = 0, n_sticky = 0;
	struct bfk_asm a;

	for (u32 cap = 0; cap < len; cap++) {
		a = start(cap);
		encode_all(&a);
		n_failed += a.failed;
		n_inside += untouched_from(cap) && a.len <= cap;
		n_sticky += stays_failed(&a);
	}
	tap(n_failed == len, "encode (room too small by 1 to %u bytes) fails: %u", len, n_failed);
	tap(n_inside == len, "encode (room too small) writes nothing past its room");
	tap(n_sticky == len, "encode (failed before) stays failed and writes nothing");
	a = start(len);
	encode_all(&a);
	tap(!a.failed && a.len == len && untouched_from(len),
	    "encode (exactly the room measured) succeeds with %u bytes", len);
}

/* rel32 is measured from the end of the instruction, which is 5 bytes long. */
static void test_reach(void)
{
	static const struct {
		s64 by;
		bool reached;
	} cases[] = {
		{ 0x80000004ll, true },	   { 0x80000005ll, false },    { 0x100000005ll, false },
		{ -0x7ffffffbll, true },   { -0x7ffffffcll, false },   { -0x100000000ll, false },
		{ 0x4000000000ll, false }, { -0x4000000000ll, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct bfk_asm call = start(ROOM), jmp = start(ROOM),
			       measuring = { .cap = U32_MAX };

		bfk_asm(&call, BFK_FORM_CALL, cases[i].by);
		bfk_asm(&jmp, BFK_FORM_JMP, cases[i].by);
		bfk_asm(&measuring, BFK_FORM_CALL, cases[i].by);
		tap(call.failed == !cases[i].reached && jmp.failed == !cases[i].reached &&
			    !measuring.failed && measuring.len == 5,
		    "call and jmp out (%+lld bytes away) %s", (long long)cases[i].by,
		    cases[i].reached ? "fit" : "fail, but can be measured");
	}
}

/* A program with every kind of op, on cells near and far and on registers. */
static struct bfk_op ops[] = {
	{ .kind = BFK_OP_IN, .off = 1 },
	{ .kind = BFK_OP_IF, .off = 300, .match = 15 },
	{ .kind = BFK_OP_ADD, .val = 3 },
	{ .kind = BFK_OP_ADD, .reg = 3, .val = 3 },
	{ .kind = BFK_OP_IF, .reg = 3, .match = 12 },
	{ .kind = BFK_OP_SET, .off = -1, .val = 255 },
	{ .kind = BFK_OP_SET, .reg = 7 },
	{ .kind = BFK_OP_MUL, .reg = 1, .src_off = 200, .val = 1 },
	{ .kind = BFK_OP_MULADD, .off = -200, .src_off = 1, .val = 77 },
	{ .kind = BFK_OP_MULADD, .reg = 2, .src_reg = 1, .val = 255 },
	{ .kind = BFK_OP_IF8, .off = 5, .val = 0x55, .match = 12 },
	{ .kind = BFK_OP_MOVE, .off = 1000 },
	{ .kind = BFK_OP_LABEL, .match = 12 },
	{ .kind = BFK_OP_MOVE, .off = -1 },
	{ .kind = BFK_OP_OUT },
	{ .kind = BFK_OP_NEXT, .off = 300, .match = 1 },
	{ .kind = BFK_OP_SYS, .off = 1, .val = 'r' },
	{ .kind = BFK_OP_END },
};

#define N_OPS (sizeof(ops) / sizeof(*ops))

static u32 measure(const s64 *entry)
{
	struct bfk_asm a = { .cap = U32_MAX };

	return bfk_emit(&a, ops, N_OPS, entry) ? 0 : a.len;
}

/* A failed emit leaves text_off wrong, so this measures again first. */
static int write_image(u32 cap, const s64 *entry, u32 *len)
{
	struct bfk_asm a = { .out = image, .cap = cap };
	int err;

	measure(entry);
	memset(image, CANARY, sizeof(image));
	err = bfk_emit(&a, ops, N_OPS, entry);
	*len = a.len;
	return err;
}

/* Emits with every amount of room. */
static void test_emit(void)
{
	s64 entry[BFK_ENTRIES] = { -0x1000, -0x800 };
	u32 n_failed = 0, n_inside = 0, kinds = 0, len, got, i;

	for (i = 0; i < N_OPS; i++)
		kinds |= 1u << ops[i].kind;
	tap(kinds == (1u << BFK_OP_KINDS) - 1, "emit: the program of this test has every kind");
	len = measure(entry);
	tap(len > 100, "emit (no image) measures %u bytes", len);
	for (u32 cap = 0; cap < len; cap++) {
		n_failed += write_image(cap, entry, &got) == -EOVERFLOW;
		n_inside += untouched_from(cap) && got <= cap;
	}
	tap(n_failed == len, "emit (room too small by 1 to %u bytes) is EOVERFLOW", len);
	tap(n_inside == len, "emit (room too small) writes nothing past its room");
	tap(!write_image(len, entry, &got) && got == len && untouched_from(len),
	    "emit (exactly the room measured) writes %u bytes", len);
	for (i = 0; i < BFK_ENTRIES; i++) {
		s64 near = entry[i];

		entry[i] = 0x100000000ll;
		tap(write_image(len, entry, &got) == -EOVERFLOW,
		    "emit (entry point %u out of reach) is EOVERFLOW", i);
		entry[i] = near;
	}
}

int main(void)
{
	u32 len = measure_all();

	tap(len > 50, "encode (no image) measures %u bytes", len);
	test_too_little_room(len);
	test_reach();
	test_emit();
	return tap_done();
}
