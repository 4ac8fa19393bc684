// SPDX-License-Identifier: GPL-2.0
/* The encoder when it must fail: too little room, targets out of reach, and measuring. */
#include <stdlib.h>
#include "../../jit/emit.h"
#include "../../jit/parse.h"
#include "../../bfk/uapi.h"
#include "../unit/tap.h"

#define CANARY 0xcc
#define ROOM 4096
#define ADDR 0xffffffffc0a00000ull

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
	return (struct bfk_asm){ .out = image, .addr = ADDR, .cap = cap };
}

/* One of each function, in a row. */
static void encode_all(struct bfk_asm *a)
{
	bfk_asm_endbr64(a);
	bfk_asm_add_cell_imm(a, 0, 1);
	bfk_asm_add_cell_imm(a, 1, 1);
	bfk_asm_add_cell_imm(a, 200, 1);
	bfk_asm_mov_cell_imm(a, -200, 1);
	bfk_asm_cmp_cell_zero(a, 5);
	bfk_asm_add_cell_al(a, 500);
	bfk_asm_sub_cell_al(a, 5);
	bfk_asm_movzx_eax_cell(a, 0);
	bfk_asm_imul_eax_imm(a, 3);
	bfk_asm_add_bx_imm(a, 3);
	bfk_asm_add_bx_imm(a, 300);
	bfk_asm_sub_fuel_one(a);
	bfk_asm_mov_esi_imm(a, 3);
	bfk_asm_mov_edi_imm(a, 3);
	bfk_asm_test_eax(a);
	bfk_asm_jcc(a, BFK_CC_E, 0);
	bfk_asm_jmp(a, 1000);
	bfk_asm_call_out(a, ADDR);
	bfk_asm_jmp_out(a, ADDR + 0x1000);
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
		bfk_asm_test_eax(&a);
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
		{ 0x80000004ll, true },	  { 0x80000005ll, false },  { 0x100000005ll, false },
		{ -0x7ffffffbll, true },  { -0x7ffffffcll, false }, { -0x100000000ll, false },
		{ 0x4000000000ll, false }, { -0x4000000000ll, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct bfk_asm call = start(ROOM), jmp = start(ROOM);

		bfk_asm_call_out(&call, ADDR + cases[i].by);
		bfk_asm_jmp_out(&jmp, ADDR + cases[i].by);
		tap(call.failed == !cases[i].reached && jmp.failed == !cases[i].reached,
		    "call and jmp out (%+lld bytes away) %s", (long long)cases[i].by,
		    cases[i].reached ? "fit" : "fail");
	}
}

/* A program with every kind of op, emitted for every room there may be. */
static void test_emit(void)
{
	static const char source[] = "+>,.[-]<[->+++<<->]%r[>>>+[<]%w]-[+]>[>]+>>>>-";
	struct bfk_op ops[sizeof(source)];
	struct bfk_parse parse = { .source = (const u8 *)source, .source_len = sizeof(source) - 1,
				   .known = ~0u, .allowed = ~0u, .ops = ops };
	u32 text_off[sizeof(source) + 1] = {}, n_failed = 0, n_inside = 0;
	u64 entry[BFK_ENTRIES];
	struct bfk_asm a = { .cap = U32_MAX };
	u32 len;

	for (int i = 0; i < BFK_ENTRIES; i++)
		entry[i] = ADDR - 0x1000 + 64 * i;
	tap(!bfk_parse(&parse), "emit: the program of this test parses");
	tap(!bfk_emit(&a, ops, parse.n_ops, text_off, entry) && a.len, "emit (no image) measures");
	len = a.len;
	for (u32 cap = 0; cap < len; cap++) {
		a = start(cap);
		n_failed += bfk_emit(&a, ops, parse.n_ops, text_off, entry) == -EOVERFLOW;
		n_inside += untouched_from(cap);
		/* what a failed pass leaves in text_off is of no use to the next */
		a = (struct bfk_asm){ .cap = U32_MAX };
		bfk_emit(&a, ops, parse.n_ops, text_off, entry);
	}
	tap(n_failed == len, "emit (room too small by 1 to %u bytes) is EOVERFLOW", len);
	tap(n_inside == len, "emit (room too small) writes nothing past its room");
	a = start(len);
	tap(!bfk_emit(&a, ops, parse.n_ops, text_off, entry) && a.len == len &&
	    untouched_from(len), "emit (exactly the room measured) writes %u bytes", len);
	entry[BFK_ENTRY_SYS] = ADDR + 0x100000000ull;
	a = start(len);
	tap(bfk_emit(&a, ops, parse.n_ops, text_off, entry) == -EOVERFLOW,
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
