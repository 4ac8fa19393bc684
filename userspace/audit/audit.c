// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The auditor: decodes an image of machine code and checks it against the rules.
 *
 * Interface: libbfk-audit.h, which numbers the rules
 * Invariants:
 * 1. Nothing of jit/ is used here: no instruction form, no length, no order of ops.
 * 2. The image is decoded once, from front to back, without a gap. Jumps and ops may only lead to
 *    instructions of that decoding, so no byte is executed as part of two different instructions.
 */
#include "userspace/include/libbfk-audit.h"
#include <capstone/capstone.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

/* Classes of operands, as bits; each rule lists the classes it accepts. */
enum {
	AL = 1 << 0,
	CL = 1 << 1,
	REG = 1 << 2,	/* r9b to r15b */
	REGD = 1 << 3,	/* r9d to r15d */
	CELL = 1 << 4,	/* a byte at [rbx + disp] */
	CELLS = 1 << 5, /* 8 bytes there */
	EAX = 1 << 6,
	RAX = 1 << 7,
	ESI = 1 << 8,
	RSI = 1 << 9,
	BX = 1 << 10,
	RBP = 1 << 11,
	IMM = 1 << 12,
	NONE = 1 << 13,
};

#define EXTENDED (REG | REGD)	       /* registers that need a REX prefix */
#define WIDE (CELLS | RAX | RSI | RBP) /* operands whose width needs one */
#define DISP_MIN (-32768)
#define DISP_MAX 32767

/* What an instruction does, for the rules about order. */
enum kind { DATA, PAY, MOV_ESI, CALL, JE, JNE, JMP };

/* Rule 1: every instruction that is allowed. */
static const struct {
	unsigned int id;
	uint32_t operands[3];
	enum kind kind;
} list[] = {
	{ X86_INS_ADD, { CELL | REG, IMM | AL | REG, NONE }, DATA },
	{ X86_INS_ADD, { REG, CELL, NONE }, DATA },
	{ X86_INS_ADD, { BX, IMM, NONE }, DATA },
	{ X86_INS_ADD, { RSI, RAX, NONE }, DATA },
	{ X86_INS_AND, { RSI, RAX, NONE }, DATA },
	{ X86_INS_CMP, { CELL | REG, CL, NONE }, DATA },
	{ X86_INS_IMUL, { EAX, EAX, IMM }, DATA },
	{ X86_INS_MOV, { CELL | REG, IMM | AL | CL | REG, NONE }, DATA },
	{ X86_INS_MOV, { RAX, CELLS, NONE }, DATA },
	{ X86_INS_MOVABS, { RAX | RSI, IMM, NONE }, DATA },
	{ X86_INS_MOVZX, { EAX | REGD, CELL | REG, NONE }, DATA },
	{ X86_INS_NOT, { RAX, NONE, NONE }, DATA },
	{ X86_INS_SUB, { CELL | REG, AL | REG, NONE }, DATA },
	{ X86_INS_SUB, { REG, CELL, NONE }, DATA },
	{ X86_INS_TEST, { RSI, RAX, NONE }, DATA },
	{ X86_INS_SUB, { RBP, IMM, NONE }, PAY },
	{ X86_INS_MOV, { ESI, IMM, NONE }, MOV_ESI },
	{ X86_INS_CALL, { IMM, NONE, NONE }, CALL },
	{ X86_INS_JE, { IMM, NONE, NONE }, JE },
	{ X86_INS_JNE, { IMM, NONE, NONE }, JNE },
	{ X86_INS_JMP, { IMM, NONE, NONE }, JMP },
};

/*
 * struct insn - one instruction of the image
 * @arg: its immediate, or its jump target
 * @is_target: something jumps to it, or an op begins there
 */
struct insn {
	uint32_t off;
	uint8_t kind;
	bool is_target;
	int64_t arg;
};

/*
 * struct audit - an audit in progress
 * @insns: with room for one per byte of text
 * @by_off: for each byte, 1 + index of the instruction that starts there; 0: none does
 */
struct audit {
	const uint8_t *text;
	const struct bfk_op *ops;
	size_t text_len, n_ops, n_insns;
	const int64_t *entry;
	struct insn *insns;
	uint32_t *by_off;
	struct bfk_verdict *verdict;
};

static int refuse(struct audit *audit, size_t off, const char *why)
{
	audit->verdict->off = off;
	audit->verdict->why = why;
	return -EINVAL;
}

/* --- rules 1 to 3: single instructions ---------------------------------------------------------------- */

static uint32_t class_of_reg(x86_reg reg)
{
	switch (reg) {
	case X86_REG_AL:
		return AL;
	case X86_REG_CL:
		return CL;
	case X86_REG_EAX:
		return EAX;
	case X86_REG_RAX:
		return RAX;
	case X86_REG_ESI:
		return ESI;
	case X86_REG_RSI:
		return RSI;
	case X86_REG_BX:
		return BX;
	case X86_REG_RBP:
		return RBP;
	case X86_REG_R9B:
	case X86_REG_R10B:
	case X86_REG_R11B:
	case X86_REG_R12B:
	case X86_REG_R13B:
	case X86_REG_R14B:
	case X86_REG_R15B:
		return REG;
	case X86_REG_R9D:
	case X86_REG_R10D:
	case X86_REG_R11D:
	case X86_REG_R12D:
	case X86_REG_R13D:
	case X86_REG_R14D:
	case X86_REG_R15D:
		return REGD;
	default:
		return 0;
	}
}

static uint32_t class_of_mem(const cs_x86_op *op)
{
	const x86_op_mem *mem = &op->mem;

	if (mem->base != X86_REG_RBX || mem->index != X86_REG_INVALID ||
	    mem->segment != X86_REG_INVALID || mem->disp < DISP_MIN || mem->disp > DISP_MAX)
		return 0;
	return op->size == 1 ? CELL : op->size == 8 ? CELLS : 0;
}

static uint32_t class_of(const cs_x86 *x86, int i)
{
	const cs_x86_op *op = &x86->operands[i];

	if (i >= x86->op_count)
		return NONE;
	switch (op->type) {
	case X86_OP_REG:
		return class_of_reg(op->reg);
	case X86_OP_MEM:
		return class_of_mem(op);
	case X86_OP_IMM:
		return IMM;
	default:
		return 0;
	}
}

static bool is_legacy(uint8_t byte)
{
	static const uint8_t prefixes[] = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65,
					    0x66, 0x67, 0xf0, 0xf2, 0xf3 };
	size_t i;

	for (i = 0; i < sizeof(prefixes) && prefixes[i] != byte; i++)
		;
	return i < sizeof(prefixes);
}

/*
 * Has the instruction only prefixes that select a register or a width? Read from the bytes, because
 * the decoder does not report prefixes without effect.
 */
static bool is_plain(const cs_insn *insn, uint32_t classes)
{
	bool needs_legacy = classes & BX, needs_rex = classes & (EXTENDED | WIDE);
	const uint8_t *next = insn->bytes;

	if (needs_legacy && *next++ != 0x66)
		return false;
	if (needs_rex && (*next++ & 0xf0) != 0x40)
		return false;
	return !is_legacy(*next) && (*next & 0xf0) != 0x40;
}

/* The kind of a listed instruction; -1: it is not listed. */
static int find(const cs_insn *insn)
{
	const cs_x86 *x86 = &insn->detail->x86;
	uint32_t classes[3];
	size_t i;
	int j;

	if (x86->op_count > 3)
		return -1;
	for (j = 0; j < 3; j++)
		classes[j] = class_of(x86, j);
	for (i = 0; i < sizeof(list) / sizeof(*list); i++) {
		for (j = 0; j < 3 && classes[j] & list[i].operands[j]; j++)
			;
		if (insn->id == list[i].id && j == 3 &&
		    is_plain(insn, classes[0] | classes[1] | classes[2]))
			return list[i].kind;
	}
	return -1;
}

static int64_t arg_of(const cs_x86 *x86)
{
	const cs_x86_op *last = x86->op_count ? &x86->operands[x86->op_count - 1] : NULL;

	return last && last->type == X86_OP_IMM ? last->imm : 0;
}

static int add(struct audit *audit, const cs_insn *insn)
{
	struct insn *next = &audit->insns[audit->n_insns];
	int kind = find(insn);

	if (kind < 0)
		return refuse(audit, insn->address, "this instruction is not on the list");
	*next = (struct insn){ .off = insn->address,
			       .kind = kind,
			       .arg = arg_of(&insn->detail->x86) };
	if (kind == PAY && next->arg != 1)
		return refuse(audit, next->off, "fuel is paid in units of 1");
	audit->by_off[next->off] = ++audit->n_insns;
	return 0;
}

static int decode(struct audit *audit, csh handle, cs_insn *insn)
{
	const uint8_t *text = audit->text;
	size_t left = audit->text_len;
	uint64_t off = 0;
	int err;

	while (left) {
		if (!cs_disasm_iter(handle, &text, &left, &off, insn))
			return refuse(audit, off, "this is not an instruction");
		err = add(audit, insn);
		if (err)
			return err;
	}
	return 0;
}

/* --- rules 4 to 9: their order -------------------------------------------------------------------- */

static bool is_kind(const struct audit *audit, size_t i, enum kind kind)
{
	return i < audit->n_insns && audit->insns[i].kind == kind;
}

/* Index of the instruction at @off; n_insns: none starts there. */
static size_t at(const struct audit *audit, int64_t off)
{
	if (off < 0 || (uint64_t)off >= audit->text_len || !audit->by_off[off])
		return audit->n_insns;
	return audit->by_off[off] - 1;
}

static bool is_op(const struct audit *audit, size_t i)
{
	return is_kind(audit, i, MOV_ESI) && audit->insns[i].arg >= 0 &&
	       (uint64_t)audit->insns[i].arg < audit->n_ops;
}

/* mov esi, op; jmp to the static entry point where runs stop */
static bool is_stop(const struct audit *audit, size_t i)
{
	return is_op(audit, i) && is_kind(audit, i + 1, JMP) &&
	       audit->insns[i + 1].arg == audit->entry[BFK_ENTRY_STOP];
}

/* sub rbp, 1; jne; and a stop */
static bool is_payment(const struct audit *audit, size_t i)
{
	return is_kind(audit, i, PAY) && is_kind(audit, i + 1, JNE) && is_stop(audit, i + 2);
}

static int mark_targets(struct audit *audit)
{
	const struct insn *insn;
	size_t i, to;

	for (i = 0; i < audit->n_insns; i++) {
		insn = &audit->insns[i];
		if (insn->kind != JE && insn->kind != JNE)
			continue;
		to = at(audit, insn->arg);
		if (to == audit->n_insns)
			return refuse(audit, insn->off,
				      "its target is not an instruction of the image");
		audit->insns[to].is_target = true;
	}
	return 0;
}

/* A run can start or resume at any op. */
static int mark_ops(struct audit *audit)
{
	size_t i, off, to;

	for (i = 0; i < audit->n_ops; i++) {
		off = audit->ops[i].text_off;
		to = at(audit, off);
		if (to == audit->n_insns)
			return refuse(audit, off < audit->text_len ? off : 0,
				      "an op does not begin at an instruction of the image");
		audit->insns[to].is_target = true;
	}
	return 0;
}

/* Returns why instruction @i may not be where it is, or NULL if it may. */
static const char *look(struct audit *audit, size_t i)
{
	const struct insn *insn = &audit->insns[i];
	bool is_back = insn->arg <= (int64_t)insn->off, is_target = insn->is_target;

	switch (insn->kind) {
	case PAY:
		return is_payment(audit, i) ? NULL : "no stop follows when fuel runs out";
	case MOV_ESI:
		if (!is_op(audit, i))
			return "there is no op with this number";
		if (is_kind(audit, i + 1, CALL))
			return NULL;
		if (!is_stop(audit, i))
			return "it begins neither a call nor a stop";
		if (is_target || i < 2 || !is_payment(audit, i - 2))
			return "it stops for no reason";
		return NULL;
	case CALL:
		if (insn->arg != audit->entry[BFK_ENTRY_HOST])
			return "it calls something other than the host";
		if (is_target || !i || !is_op(audit, i - 1))
			return "the host is called without an op";
		return NULL;
	case JE:
		return is_back ? "it jumps back without taking fuel" : NULL;
	case JNE:
		if (is_target && i && is_kind(audit, i - 1, PAY))
			return "it is in the middle of a sequence";
		if (is_back && (!i || !is_kind(audit, i - 1, PAY)))
			return "it jumps back without taking fuel";
		return NULL;
	case JMP:
		if (insn->arg != audit->entry[BFK_ENTRY_STOP])
			return "it jumps without a condition";
		if (is_target || !i || !is_stop(audit, i - 1))
			return "it leaves without the number of an op";
		return NULL;
	default:
		return NULL;
	}
}

/* The host never lets the last op, which is END, continue. */
static bool ends_well(const struct audit *audit)
{
	size_t last = audit->n_insns - 1;

	return last && is_kind(audit, last, CALL) && is_op(audit, last - 1) &&
	       (uint64_t)audit->insns[last - 1].arg == audit->n_ops - 1;
}

static void count(struct audit *audit)
{
	struct bfk_verdict *verdict = audit->verdict;
	size_t i;

	verdict->n_insns = audit->n_insns;
	for (i = 0; i < audit->n_insns; i++) {
		verdict->n_loops += is_kind(audit, i, PAY);
		verdict->n_calls += is_kind(audit, i, CALL);
	}
}

static int check_order(struct audit *audit)
{
	const char *why;
	size_t i;
	int err = mark_targets(audit);

	if (!err)
		err = mark_ops(audit);
	if (err)
		return err;
	if (!ends_well(audit))
		return refuse(audit, audit->insns[audit->n_insns - 1].off, "it runs off its end");
	for (i = 0; i < audit->n_insns; i++) {
		why = look(audit, i);
		if (why)
			return refuse(audit, audit->insns[i].off, why);
	}
	count(audit);
	return 0;
}

static int run(struct audit *audit)
{
	cs_insn *insn;
	csh handle;
	int err;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle))
		return -ENOSYS;
	cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
	insn = cs_malloc(handle);
	err = insn ? decode(audit, handle, insn) : -ENOMEM;
	if (!err)
		err = check_order(audit);
	if (insn)
		cs_free(insn, 1);
	cs_close(&handle);
	return err;
}

int bfk_audit(const uint8_t *text, size_t text_len, const struct bfk_op *ops, size_t n_ops,
	      const int64_t *entry, struct bfk_verdict *verdict)
{
	struct audit audit = { .text = text,
			       .text_len = text_len,
			       .ops = ops,
			       .n_ops = n_ops,
			       .entry = entry,
			       .verdict = verdict };
	int err = -ENOMEM;

	*verdict = (struct bfk_verdict){};
	if (!text_len || text_len > INT32_MAX)
		return refuse(&audit, 0, "there is no image of that length");
	audit.insns = calloc(text_len, sizeof(*audit.insns));
	audit.by_off = calloc(text_len, sizeof(*audit.by_off));
	if (audit.insns && audit.by_off)
		err = run(&audit);
	free(audit.insns);
	free(audit.by_off);
	return err;
}
