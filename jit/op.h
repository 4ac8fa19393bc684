/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The intermediate representation: what a program is between source and machine code, and what
 * LOAD takes with BFK_LOAD_OPS. bfk-ops(5) describes each op.
 *
 * A place is a cell (register 0), at head + offset modulo the ring, or one of the registers 1 to 7.
 * A register holds a byte, is 0 when a program starts, and belongs to the program alone: no
 * operation reads or writes it.
 *
 * Invariants:
 * 1. Every op is safe whatever its operands: a 16-bit offset can name nothing but a cell, and
 *    a register is a byte. So any array that bfk_check() accepts is a program.
 * 2. The array ends with its only END. IF and IF8 jump forward, past a NEXT or LABEL; NEXT jumps
 *    back, to just after an IF or LABEL. All of them continue at the op after match, so the op
 *    before the one a jump lands on is always an IF, NEXT or LABEL.
 * 3. Only NEXT jumps back, and each time it does it pays one unit of fuel. The run stops when
 *    the last unit is paid, with the jump made.
 */
#ifndef BFK_OP_H
#define BFK_OP_H

#include <linux/types.h>

#define BFK_OPS_VERSION 1

enum bfk_op_kind {
	BFK_OP_END,    /* host: the program is over */
	BFK_OP_IN,     /* host: cell = next byte of slot 0 */
	BFK_OP_OUT,    /* host: cell to slot 1 */
	BFK_OP_SYS,    /* host: operation val ('r' of %r) on the frame that starts at the cell */
	BFK_OP_NEXT,   /* if place != 0, pay fuel and continue after op match */
	BFK_OP_IF,     /* if place == 0, continue after op match */
	BFK_OP_IF8,    /* if one of the cells off + i with bit i of val set is 0, likewise */
	BFK_OP_LABEL,  /* nothing; a place to jump to */
	BFK_OP_MOVE,   /* head += off */
	BFK_OP_ADD,    /* place += val */
	BFK_OP_SET,    /* place = val */
	BFK_OP_MULADD, /* place += source place * val */
	BFK_OP_MUL,    /* place = source place * val */
	BFK_OP_KINDS
};

#define BFK_OP_HOST_MAX BFK_OP_SYS /* kinds up to here are done by the host, on a cell */
#define BFK_OP_REGS 8		   /* registers, counting the 0 that stands for a cell */

/**
 * struct bfk_op - one op
 * @kind: enum bfk_op_kind
 * @val: what to add, set or multiply by; the letter of a SYS; the cells of an IF8
 * @reg: register of the place, 0: a cell
 * @src_reg: register of the source place, 0: a cell
 * @off: the cell, relative to the head; of a MOVE the distance; of a LABEL where the current cell
 *	is, as an IF says it by the cell that it tests (bfk_op_shift())
 * @src_off: the cell of the source place, relative to the head
 * @match: index of the op after which an IF, IF8 or NEXT that jumps continues
 * @source_off: byte of the source this op came from; only reported
 * @text_off: byte of the machine code it became, set by bfk_emit()
 */
struct bfk_op {
	__u8 kind, val, reg, src_reg;
	__s16 off, src_off;
	__u32 match, source_off, text_off;
};

/**
 * enum bfk_error - why LOAD refused a program; error_off says where
 * @BFK_ERROR_NONE: not refused
 * @BFK_ERROR_UNOPENED: a ']' that closes nothing (ENOEXEC)
 * @BFK_ERROR_UNCLOSED: a '[' that is never closed, the innermost one (ENOEXEC)
 * @BFK_ERROR_UNKNOWN_OP: '%' without the letter of an operation (ENOSYS)
 * @BFK_ERROR_DENIED_OP: an operation outside the allowed mask (EACCES)
 * @BFK_ERROR_TOO_LONG: more source than source_max_len or more ops than ops_max of INFO (E2BIG)
 * @BFK_ERROR_BAD_OP: not an op of this version, or one with a register it cannot have; an END
 *	that is not the last op, or a last op that is not END; ops cut off in the middle (EINVAL)
 * @BFK_ERROR_BAD_MATCH: a jump in the wrong direction, or to an op that cannot be jumped to
 *	(ENOEXEC)
 */
/* clang-format off */
enum bfk_error { BFK_ERROR_NONE, BFK_ERROR_UNOPENED, BFK_ERROR_UNCLOSED, BFK_ERROR_UNKNOWN_OP,
		 BFK_ERROR_DENIED_OP, BFK_ERROR_TOO_LONG, BFK_ERROR_BAD_OP, BFK_ERROR_BAD_MATCH };
/* clang-format on */

/**
 * enum bfk_entry - static entry points that generated code reaches; esi = op index
 * @BFK_ENTRY_HOST: called: do the op; returns only if the run continues after it
 * @BFK_ENTRY_STOP: jumped to: leave, to be resumed at the op
 * @BFK_ENTRIES: how many there are
 */
enum bfk_entry { BFK_ENTRY_HOST, BFK_ENTRY_STOP, BFK_ENTRIES };

/*
 * Where the current cell is, relative to the head, when a run is stopped at @op, number @op_ix.
 *
 * The current cell is the one that source code is at; moves that became offsets have not moved
 * the head. A host op works on it. Any other op is reached when a NEXT has paid the last fuel: then
 * the op before is the IF or LABEL that the NEXT continues after, and its off is where the body of
 * the loop finds the current cell. Op 0 has no op before it: the program has not started.
 */
static inline __s16 bfk_op_shift(const struct bfk_op *op, __u32 op_ix)
{
	if (op->kind <= BFK_OP_HOST_MAX)
		return op->off;
	return op_ix ? op[-1].off : 0;
}

#endif
