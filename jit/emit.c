// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Ops to x86-64: the code of each op, in order, then the stubs where runs stop.
 *
 * Registers: rbx = tape + head, r12 = fuel, r13 = machine; rax, rsi, rdi are scratch.
 *
 * Interface: emit.h
 * Invariants:
 * 1. Both passes emit the same forms, so offsets found by the first hold in the second.
 * 2. Every backward jump is a NEXT's, which has paid fuel, or a stub's, which was entered anew.
 * 3. No ret, no indirect branch, no push or pop: the way out is a jmp to a static entry point.
 */
#include "emit.h"
#include "bfk/uapi.h"

#define STUB_LEN 24	/* of what emit_stub() emits */
#define STUB_RESUME 10	/* from its second instruction to its endbr64 */

static void emit_muladd(struct bfk_asm *a, const struct bfk_op *op)
{
	bfk_asm(a, BFK_FORM_MOVZX_EAX_CELL, op->src, 0);
	if (op->val != 1 && op->val != 0xff)
		bfk_asm(a, BFK_FORM_IMUL_EAX_IMM, 0, op->val);
	bfk_asm(a, op->val == 0xff ? BFK_FORM_SUB_CELL_AL : BFK_FORM_ADD_CELL_AL, op->off, 0);
}

static enum bfk_form bx_form(s16 off)
{
	return off == (s8)off ? BFK_FORM_ADD_BX_IMM8 : BFK_FORM_ADD_BX_IMM16;
}

static void emit_loop(struct bfk_asm *a, s16 off, u32 exit_off)
{
	bfk_asm(a, BFK_FORM_CMP_CELL_IMM, off, 0);
	bfk_asm(a, BFK_FORM_JE, 0, exit_off);
}

static void emit_next(struct bfk_asm *a, s16 off, u32 body_off, u32 stub_off)
{
	bfk_asm(a, BFK_FORM_SUB_R12_IMM, 0, 1);
	bfk_asm(a, BFK_FORM_JB, 0, stub_off);
	bfk_asm(a, BFK_FORM_CMP_CELL_IMM, off, 0);
	bfk_asm(a, BFK_FORM_JNE, 0, body_off);
}

static void emit_host(struct bfk_asm *a, u32 op_ix, u32 stub_off, const s64 *entry)
{
	bfk_asm(a, BFK_FORM_MOV_ESI_IMM, 0, op_ix);
	bfk_asm(a, BFK_FORM_CALL, 0, entry[BFK_ENTRY_HOST]);
	bfk_asm(a, BFK_FORM_TEST_EAX_EAX, 0, 0);
	bfk_asm(a, BFK_FORM_JNE, 0, stub_off);
}

/* Stops at an op, and says where the run goes on: behind this, at the start of the same op. */
static void emit_stub(struct bfk_asm *a, const struct bfk_op *op, u32 op_ix, const s64 *entry)
{
	bfk_asm(a, BFK_FORM_MOV_ESI_IMM, 0, op_ix);
	bfk_asm(a, BFK_FORM_MOV_EDI_IMM, 0, a->len + STUB_RESUME);
	bfk_asm(a, BFK_FORM_JMP, 0, entry[BFK_ENTRY_STOP]);
	bfk_asm(a, BFK_FORM_ENDBR64, 0, 0);
	bfk_asm(a, BFK_FORM_JMP, 0, op->text_off);
}

static void emit_op(struct bfk_asm *a, const struct bfk_op *ops, u32 op_ix, u32 stub_off,
		    const s64 *entry)
{
	const struct bfk_op *op = &ops[op_ix];

	switch (op->kind) {
	case BFK_OP_NEXT: return emit_next(a, op->off, ops[op->match + 1].text_off, stub_off);
	case BFK_OP_LOOP: return emit_loop(a, op->off, ops[op->match + 1].text_off);
	case BFK_OP_ADD: return bfk_asm(a, BFK_FORM_ADD_CELL_IMM, op->off, op->val);
	case BFK_OP_SET: return bfk_asm(a, BFK_FORM_MOV_CELL_IMM, op->off, op->val);
	case BFK_OP_MOVE: return bfk_asm(a, bx_form(op->off), 0, op->off);
	case BFK_OP_MULADD: return emit_muladd(a, op);
	default: return emit_host(a, op_ix, stub_off, entry);
	}
}

int bfk_emit(struct bfk_asm *a, struct bfk_op *ops, u32 n_ops, const s64 *entry)
{
	u32 stub_off = a->stub_off, i;

	bfk_asm(a, BFK_FORM_ENDBR64, 0, 0);
	for (i = 0; i < n_ops; i++) {
		bfk_env_yield(i);
		ops[i].text_off = a->len;
		emit_op(a, ops, i, stub_off, entry);
		if (ops[i].kind <= BFK_OP_STOP_MAX)
			stub_off += STUB_LEN;
	}
	a->stub_off = a->len;
	for (i = 0; i < n_ops; i++)
		if (ops[i].kind <= BFK_OP_STOP_MAX)
			emit_stub(a, &ops[i], i, entry);
	return a->failed ? -EOVERFLOW : 0;
}
