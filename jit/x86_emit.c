// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Ops to x86-64: the code of each op, in order. A run starts at the first op and resumes at any.
 *
 * Registers while generated code runs (bfk_enter() loads them from struct bfk_machine):
 *   rbx          tape + head; only MOVE writes it, and only its low 16 bits
 *   rbp          fuel
 *   r8           the machine
 *   cl           0, to compare with and to store
 *   r9b to r15b  registers 1 to 7
 *   rax rsi      scratch: they keep nothing from one op to the next
 *   rsp          as bfk_enter() left it
 *
 * Interface: x86_emit.h
 * Invariants:
 * 1. Both passes emit the same forms, so offsets found by the first hold in the second.
 * 2. Every backward jump is a NEXT's, which has paid fuel.
 * 3. No ret, no indirect branch, no push or pop: the way out is by a static entry point.
 * 4. Flags live from one op to the next only, and no jump or resumed run lands between the two: see
 *    emit_test().
 */
#include "x86_emit.h"

static struct bfk_rm place(const struct bfk_op *op)
{
	return (struct bfk_rm){ .reg = op->reg, .off = op->off };
}

/*
 * place (+)= source * val. There is nothing to multiply if val is 1, or 255 for a MULADD: bytes
 * wrap, so that subtracts. Then one instruction will do if a place is a register; else al takes the
 * source.
 */
static void emit_mul(struct bfk_asm *a, const struct bfk_op *op)
{
	/* x86 requires that one of two places is a register: the source, or the destination. */
	static const u64 from_r[] = { BFK_FORM_MOV_RM_R, BFK_FORM_ADD_RM_R, BFK_FORM_SUB_RM_R };
	static const u64 to_r[] = { BFK_FORM_MOVZX_R_RM, BFK_FORM_ADD_R_RM, BFK_FORM_SUB_R_RM };
	struct bfk_rm to = place(op), from = { .reg = op->src_reg, .off = op->src_off };
	bool is_mov = op->kind == BFK_OP_MUL, is_sub = !is_mov && op->val == 255;
	bool is_plain = is_sub || op->val == 1;
	int how = is_sub ? 2 : !is_mov;

	/* From register to register movzx, as mov waits for the old value of the destination. */
	if (is_plain && to.reg && (!from.reg || is_mov)) {
		bfk_asm_rm(a, to_r[how], BFK_R_REGS + to.reg, from, 0);
	} else if (is_plain && from.reg) {
		bfk_asm_rm(a, from_r[how], BFK_R_REGS + from.reg, to, 0);
	} else {
		bfk_asm_rm(a, BFK_FORM_MOVZX_R_RM, BFK_R_AL, from, 0);
		if (!is_plain)
			bfk_asm(a, BFK_FORM_IMUL_EAX_IMM, op->val);
		bfk_asm_rm(a, from_r[how], BFK_R_AL, to, 0);
	}
}

/*
 * Sets ZF if the place of op @op_ix, an IF or NEXT, is 0. The op before has done so if it is an ADD
 * or MULADD to the same place, which ends with an add or sub. Nothing lands between the two: jumps
 * continue after an IF, NEXT or LABEL (check.c), and resumed runs there as well or at a host op.
 */
static void emit_test(struct bfk_asm *a, const struct bfk_op *ops, u32 op_ix)
{
	const struct bfk_op *op = &ops[op_ix], *last = op_ix ? op - 1 : op;
	bool is_add = last->kind == BFK_OP_ADD || last->kind == BFK_OP_MULADD;

	if (!is_add || last->reg != op->reg || (!op->reg && last->off != op->off))
		bfk_asm_rm(a, BFK_FORM_CMP_RM_R, BFK_R_CL, place(op), 0);
}

/*
 * Jumps to @exit_off if one of eight cells is 0, of those that val selects: the test for a zero
 * byte of Warren, Hacker's Delight, 6-1, (cells - ones) & ~cells & ones << 7, with ones = 1 in each
 * selected byte. Bit 7 that cells lacks appears in a byte only by a borrow, and the first borrow is
 * at the lowest selected byte that is 0. The bytes above it may be wrong, which does not matter:
 * the jump is due.
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

static void emit_op(struct bfk_asm *a, const struct bfk_op *ops, u32 op_ix, const s64 *entry)
{
	const struct bfk_op *op = &ops[op_ix];
	bool is_s8 = op->off == (s8)op->off;

	switch (op->kind) {
	case BFK_OP_NEXT:
		emit_test(a, ops, op_ix);
		bfk_asm(a, BFK_FORM_JE, ops[op_ix + 1].text_off);
		bfk_asm(a, BFK_FORM_SUB_RBP_1, 0);
		bfk_asm(a, BFK_FORM_JNE, ops[op->match + 1].text_off);
		bfk_asm(a, BFK_FORM_MOV_ESI_IMM, op->match + 1);
		return bfk_asm(a, BFK_FORM_JMP, entry[BFK_ENTRY_STOP]);
	case BFK_OP_IF:
		emit_test(a, ops, op_ix);
		return bfk_asm(a, BFK_FORM_JE, ops[op->match + 1].text_off);
	case BFK_OP_IF8:
		return emit_if8(a, op, ops[op->match + 1].text_off);
	case BFK_OP_LABEL:
		return;
	case BFK_OP_MOVE:
		return bfk_asm(a, is_s8 ? BFK_FORM_ADD_BX_IMM8 : BFK_FORM_ADD_BX_IMM16, op->off);
	case BFK_OP_ADD:
		return bfk_asm_rm(a, BFK_FORM_ADD_RM_IMM, 0, place(op), op->val);
	case BFK_OP_SET:
		if (op->val)
			return bfk_asm_rm(a, BFK_FORM_MOV_RM_IMM, 0, place(op), op->val);
		return bfk_asm_rm(a, BFK_FORM_MOV_RM_R, BFK_R_CL, place(op), 0);
	case BFK_OP_MULADD:
	case BFK_OP_MUL:
		return emit_mul(a, op);
	default: /* what the host does; if it says stop, the call does not return */
		bfk_asm(a, BFK_FORM_MOV_ESI_IMM, op_ix);
		return bfk_asm(a, BFK_FORM_CALL, entry[BFK_ENTRY_HOST]);
	}
}

int bfk_emit(struct bfk_asm *a, struct bfk_op *ops, u32 n_ops, const s64 *entry)
{
	u32 i;

	for (i = 0; i < n_ops; i++) {
		bfk_env_yield(i);
		ops[i].text_off = a->len;
		emit_op(a, ops, i, entry);
	}
	return a->failed ? -EOVERFLOW : 0;
}
