// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Ops to x86-64: the code of each op, in order, then the stubs where runs stop.
 *
 * Registers: rbx = tape + head, rbp = fuel, r8 = machine, cl = 0, r9b to r15b = registers 1 to 7;
 * rax, rsi, rdi are scratch.
 *
 * Interface: x86_emit.h
 * Invariants:
 * 1. Both passes emit the same forms, so offsets found by the first hold in the second.
 * 2. Every backward jump is a NEXT's, which has paid fuel, or a stub's, which was entered anew.
 * 3. No ret, no indirect branch, no push or pop: the way out is a jmp to a static entry point.
 * 4. Flags live from one op to the next only, and no jump or stub lands between the two: jumps
 *    go behind IF, NEXT and LABEL, stubs there or to a host op.
 */
#include "x86_emit.h"

#define STUB_LEN 24    /* of what emit_stub() emits */
#define STUB_RESUME 10 /* from its second instruction to its endbr64 */

static struct bfk_rm place(const struct bfk_op *op)
{
	return (struct bfk_rm){ .reg = op->reg, .off = op->off };
}

/* place (+)= source * val, by way of al unless one instruction can do it. */
static void emit_mul(struct bfk_asm *a, const struct bfk_op *op)
{
	static const u64 to_r[] = { BFK_FORM_MOVZX_R_RM, BFK_FORM_ADD_R_RM, BFK_FORM_SUB_R_RM };
	static const u64 to_rm[] = { BFK_FORM_MOV_RM_R, BFK_FORM_ADD_RM_R, BFK_FORM_SUB_RM_R };
	struct bfk_rm to = place(op), from = { .reg = op->src_reg, .off = op->src_off };
	int how = op->kind == BFK_OP_MUL ? 0 : op->val == 0xff ? 2 : 1;
	bool is_plain = op->val == 1 || how == 2;
	u8 reg = is_plain && from.reg ? BFK_R_REGS + from.reg : BFK_R_AL;

	if (is_plain && to.reg && !(how && from.reg))
		return bfk_asm_rm(a, to_r[how], BFK_R_REGS + to.reg, from, 0);
	if (reg == BFK_R_AL)
		bfk_asm_rm(a, BFK_FORM_MOVZX_R_RM, reg, from, 0);
	if (!is_plain)
		bfk_asm(a, BFK_FORM_IMUL_EAX_IMM, op->val);
	bfk_asm_rm(a, to_rm[how], reg, to, 0);
}

/* Sets ZF if the place of @op is 0, unless @last, the op before or itself, has done so. */
static void emit_test(struct bfk_asm *a, const struct bfk_op *op, const struct bfk_op *last)
{
	if ((last->kind != BFK_OP_ADD && last->kind != BFK_OP_MULADD) || last->reg != op->reg ||
	    (!op->reg && last->off != op->off))
		bfk_asm_rm(a, BFK_FORM_CMP_RM_R, BFK_R_CL, place(op), 0);
}

/*
 * With 1 in each byte that counts, x - ones borrows first where such a byte is 0, and there bit 7
 * comes to be set that x has not (Warren, Hacker's Delight, 6-1). What is above does not matter.
 */
static void emit_if8(struct bfk_asm *a, const struct bfk_op *op, u32 exit_off)
{
	u64 ones = 0;
	int i;

	for (i = 0; i < 8; i++)
		ones |= (u64)(op->val >> i & 1) << 8 * i;
	bfk_asm_rm(a, BFK_FORM_MOV_RAX_CELLS, 0, place(op), 0);
	bfk_asm(a, BFK_FORM_MOV_RSI_IMM64, -ones);
	bfk_asm(a, BFK_FORM_ADD_RSI_RAX, 0);
	bfk_asm(a, BFK_FORM_NOT_RAX, 0);
	bfk_asm(a, BFK_FORM_AND_RSI_RAX, 0);
	bfk_asm(a, BFK_FORM_MOV_RAX_IMM64, ones << 7);
	bfk_asm(a, BFK_FORM_TEST_RSI_RAX, 0);
	bfk_asm(a, BFK_FORM_JNE, exit_off);
}

/* Leaves, and says where the run goes on: behind this, at the start of op @op_ix. */
static void emit_stub(struct bfk_asm *a, const struct bfk_op *ops, u32 op_ix, const s64 *entry)
{
	bfk_asm(a, BFK_FORM_MOV_ESI_IMM, op_ix);
	bfk_asm(a, BFK_FORM_MOV_EDI_IMM, a->len + STUB_RESUME);
	bfk_asm(a, BFK_FORM_JMP, entry[BFK_ENTRY_STOP]);
	bfk_asm(a, BFK_FORM_ENDBR64, 0);
	bfk_asm(a, BFK_FORM_JMP, ops[op_ix].text_off);
}

static void emit_op(struct bfk_asm *a, const struct bfk_op *ops, u32 op_ix, u32 stub_off,
		    const s64 *entry)
{
	const struct bfk_op *op = &ops[op_ix], *last = op_ix ? op - 1 : op;
	bool is_s8 = op->off == (s8)op->off;

	switch (op->kind) {
	case BFK_OP_NEXT:
		emit_test(a, op, last);
		bfk_asm(a, BFK_FORM_JE, op[1].text_off);
		bfk_asm(a, BFK_FORM_SUB_RBP_1, 0);
		bfk_asm(a, BFK_FORM_JNE, ops[op->match + 1].text_off);
		return bfk_asm(a, BFK_FORM_JMP, stub_off);
	case BFK_OP_IF:
		emit_test(a, op, last);
		return bfk_asm(a, BFK_FORM_JE, ops[op->match + 1].text_off);
	case BFK_OP_IF8: return emit_if8(a, op, ops[op->match + 1].text_off);
	case BFK_OP_LABEL: return;
	case BFK_OP_MOVE:
		return bfk_asm(a, is_s8 ? BFK_FORM_ADD_BX_IMM8 : BFK_FORM_ADD_BX_IMM16, op->off);
	case BFK_OP_ADD: return bfk_asm_rm(a, BFK_FORM_ADD_RM_IMM, 0, place(op), op->val);
	case BFK_OP_SET:
		return op->val ? bfk_asm_rm(a, BFK_FORM_MOV_RM_IMM, 0, place(op), op->val) :
				 bfk_asm_rm(a, BFK_FORM_MOV_RM_R, BFK_R_CL, place(op), 0);
	case BFK_OP_MULADD:
	case BFK_OP_MUL: return emit_mul(a, op);
	default:
		bfk_asm(a, BFK_FORM_MOV_ESI_IMM, op_ix);
		bfk_asm(a, BFK_FORM_CALL, entry[BFK_ENTRY_HOST]);
		bfk_asm(a, BFK_FORM_TEST_EAX_EAX, 0);
		bfk_asm(a, BFK_FORM_JNE, stub_off);
	}
}

int bfk_emit(struct bfk_asm *a, struct bfk_op *ops, u32 n_ops, const s64 *entry)
{
	u32 stub_off = a->stub_off, i;

	bfk_asm(a, BFK_FORM_ENDBR64, 0);
	for (i = 0; i < n_ops; i++) {
		bfk_env_yield(i);
		ops[i].text_off = a->len;
		emit_op(a, ops, i, stub_off, entry);
		if (ops[i].kind <= BFK_OP_STOP_MAX)
			stub_off += STUB_LEN;
	}
	a->stub_off = a->len;
	a->len += a->out ? 0 : stub_off; /* which counted from 0 */
	for (i = 0; i < n_ops && a->out; i++)
		if (ops[i].kind <= BFK_OP_STOP_MAX)
			emit_stub(a, ops, ops[i].kind == BFK_OP_NEXT ? ops[i].match + 1 : i, entry);
	return a->failed ? -EOVERFLOW : 0;
}
