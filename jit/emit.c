// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Ops to x86-64: one emit_<op>() per op kind, then the stubs where runs stop.
 *
 * Registers: rbx = tape + head, r12 = fuel, r13 = machine; rax, rsi, rdi are scratch.
 *
 * Interface: emit.h
 * Invariants:
 * 1. Both passes emit the same forms, so offsets found by the first hold in the second.
 * 2. Every backward jump is in emit_next() or in a stub, and a stub is entered only to stop.
 * 3. No ret, no indirect branch, no push or pop: the way out is a jmp to a static entry point.
 */
#include "emit.h"
#include "../bfk/uapi.h"

/* mov esi, imm32; mov edi, imm32; jmp rel32; endbr64; jmp rel32 */
#define STUB_LEN 24
#define STUB_RESUME 15	/* offset in it of the endbr64 */

struct emit {
	struct bfk_asm *a;
	const struct bfk_op *ops;
	u32 *text_off;
	const u64 *entry;
	u32 stub_off;	/* of the next op that can stop */
};

static void emit_muladd(struct bfk_asm *a, const struct bfk_op *op)
{
	bfk_asm_movzx_eax_cell(a, op->src);
	if (op->val == 0xff)
		return bfk_asm_sub_cell_al(a, op->off);
	if (op->val != 1)
		bfk_asm_imul_eax_imm(a, op->val);
	bfk_asm_add_cell_al(a, op->off);
}

static void emit_loop(struct emit *e, const struct bfk_op *op)
{
	bfk_asm_cmp_cell_zero(e->a, op->off);
	bfk_asm_jcc(e->a, BFK_CC_E, e->text_off[op->match + 1]);
}

static void emit_next(struct emit *e, const struct bfk_op *op)
{
	bfk_asm_sub_fuel_one(e->a);
	bfk_asm_jcc(e->a, BFK_CC_B, e->stub_off);
	e->stub_off += STUB_LEN;
	bfk_asm_cmp_cell_zero(e->a, op->off);
	bfk_asm_jcc(e->a, BFK_CC_NE, e->text_off[op->match + 1]);
}

static void emit_host(struct emit *e, u32 op_ix, u64 entry)
{
	bfk_asm_mov_esi_imm(e->a, op_ix);
	bfk_asm_call_out(e->a, entry);
	bfk_asm_test_eax(e->a);
	bfk_asm_jcc(e->a, BFK_CC_NE, e->stub_off);
	e->stub_off += STUB_LEN;
}

/* A stop, and where the run goes on: at the start of the same op, which has done nothing. */
static void emit_stub(struct emit *e, u32 op_ix, u64 entry)
{
	bfk_asm_mov_esi_imm(e->a, op_ix);
	bfk_asm_mov_edi_imm(e->a, e->a->len - 5 + STUB_RESUME);
	bfk_asm_jmp_out(e->a, entry);
	bfk_asm_endbr64(e->a);
	bfk_asm_jmp(e->a, e->text_off[op_ix]);
}

static void emit_op(struct emit *e, u32 op_ix)
{
	const struct bfk_op *op = &e->ops[op_ix];

	switch (op->kind) {
	case BFK_OP_ADD:
		return bfk_asm_add_cell_imm(e->a, op->off, op->val);
	case BFK_OP_SET:
		return bfk_asm_mov_cell_imm(e->a, op->off, op->val);
	case BFK_OP_MOVE:
		return bfk_asm_add_bx_imm(e->a, op->off);
	case BFK_OP_MULADD:
		return emit_muladd(e->a, op);
	case BFK_OP_LOOP:
		return emit_loop(e, op);
	case BFK_OP_NEXT:
		return emit_next(e, op);
	case BFK_OP_IN:
		return emit_host(e, op_ix, e->entry[BFK_ENTRY_IN]);
	case BFK_OP_OUT:
		return emit_host(e, op_ix, e->entry[BFK_ENTRY_OUT]);
	case BFK_OP_SYS:
		return emit_host(e, op_ix, e->entry[BFK_ENTRY_SYS]);
	default:
		bfk_asm_mov_esi_imm(e->a, op_ix);
		return bfk_asm_jmp_out(e->a, e->entry[BFK_ENTRY_END]);
	}
}

static bool can_stop(u8 kind)
{
	return kind == BFK_OP_NEXT || kind == BFK_OP_IN || kind == BFK_OP_OUT ||
	       kind == BFK_OP_SYS;
}

int bfk_emit(struct bfk_asm *a, const struct bfk_op *ops, u32 n_ops, u32 *text_off,
	     const u64 *entry)
{
	struct emit e = { .a = a, .ops = ops, .text_off = text_off, .entry = entry };
	u32 i;

	/* Stubs begin where the ops end, which only the writing pass knows. */
	if (a->out)
		e.stub_off = text_off[n_ops];
	bfk_asm_endbr64(a);
	for (i = 0; i < n_ops; i++) {
		bfk_env_yield(i);
		text_off[i] = a->len;
		emit_op(&e, i);
	}
	text_off[n_ops] = a->len;
	for (i = 0; i < n_ops; i++)
		if (can_stop(ops[i].kind))
			emit_stub(&e, i, e.entry[ops[i].kind == BFK_OP_NEXT ? BFK_ENTRY_FUEL :
									      BFK_ENTRY_STOP]);
	return a->failed ? -EOVERFLOW : 0;
}
