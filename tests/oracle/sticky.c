// SPDX-License-Identifier: GPL-2.0
/* The encoder when it must fail: too little room, targets out of reach, and measuring. */
#include <stdlib.h>
#include "../../jit/emit.h"
#include "../../jit/parse.h"
#include "../../bfk/uapi.h"
#include "../unit/tap.h"

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

/* One of each form, and of each length a cell's displacement can have. */
static void encode_all(struct bfk_asm *a)
{
	static const s16 disps[] = { 0, 1, 200, -200 };

	for (int form = 0; form < BFK_FORMS; form++)
		bfk_asm(a, form, 0, 100);
	for (int i = 0; i < 4; i++)
		for (int form = BFK_FORM_ADD_CELL_IMM; form <= BFK_FORM_MOVZX_EAX_CELL; form++)
			bfk_asm(a, form, disps[i], 3);
}

static u32 measure_all(void)
{
	struct bfk_asm a = { .cap = U32_MAX };

	encode_all(&a);
	return a.failed ? 0 : a.len;
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
		encode_all(&a);
		bfk_asm(&a, BFK_FORM_TEST_EAX_EAX, 0, 0);
		n_sticky += a.failed && untouched_from(cap) && a.len <= cap;
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

		bfk_asm(&call, BFK_FORM_CALL, 0, cases[i].by);
		bfk_asm(&jmp, BFK_FORM_JMP, 0, cases[i].by);
		bfk_asm(&measuring, BFK_FORM_CALL, 0, cases[i].by);
		tap(call.failed == !cases[i].reached && jmp.failed == !cases[i].reached &&
			    !measuring.failed && measuring.len == 5,
		    "call and jmp out (%+lld bytes away) %s", (long long)cases[i].by,
		    cases[i].reached ? "fit" : "fail, but can be measured");
	}
}

/* Nothing that was written by an emit that failed is of use, so it starts over from measuring. */
static u32 measure(struct bfk_parse *parse, struct bfk_asm *a, const s64 *entry)
{
	*a = (struct bfk_asm){ .cap = U32_MAX };
	return bfk_emit(a, parse->ops, parse->n_ops, entry) ? 0 : a->len;
}

static int write_image(struct bfk_parse *parse, u32 cap, const s64 *entry, u32 *len)
{
	struct bfk_asm a;
	int err;

	measure(parse, &a, entry);
	a = (struct bfk_asm){ .out = image, .cap = cap, .stub_off = a.stub_off };
	memset(image, CANARY, sizeof(image));
	err = bfk_emit(&a, parse->ops, parse->n_ops, entry);
	*len = a.len;
	return err;
}

/* A program with every kind of op, emitted for every room there may be. */
static void test_emit(void)
{
	static const char source[] = "+>,.[-]<[->+++<<->]%r[>>>+[<]%w]-[+]>[>]+>>>>-";
	struct bfk_op ops[sizeof(source)];
	struct bfk_parse parse = { .source = (const u8 *)source,
				   .source_len = sizeof(source) - 1,
				   .known = ~0u,
				   .allowed = ~0u,
				   .ops = ops };
	s64 entry[BFK_ENTRIES] = { -0x1000, -0x800 };
	u32 n_failed = 0, n_inside = 0, len, got;
	struct bfk_asm a;

	tap(!bfk_parse(&parse), "emit: the program of this test parses");
	len = measure(&parse, &a, entry);
	tap(len > 100, "emit (no image) measures %u bytes", len);
	for (u32 cap = 0; cap < len; cap++) {
		n_failed += write_image(&parse, cap, entry, &got) == -EOVERFLOW;
		n_inside += untouched_from(cap) && got <= cap;
	}
	tap(n_failed == len, "emit (room too small by 1 to %u bytes) is EOVERFLOW", len);
	tap(n_inside == len, "emit (room too small) writes nothing past its room");
	tap(!write_image(&parse, len, entry, &got) && got == len && untouched_from(len),
	    "emit (exactly the room measured) writes %u bytes", len);
	entry[BFK_ENTRY_HOST] = 0x100000000ll;
	tap(write_image(&parse, len, entry, &got) == -EOVERFLOW,
	    "emit (an entry point out of reach) is EOVERFLOW");
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
