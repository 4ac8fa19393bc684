/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The intermediate representation: what a program is between source and machine code, and what
 * LOAD takes with BFK_LOAD_OPS. Told op by op in bfk-ops(5).
 *
 * A place is a cell (register 0), head + offset modulo the ring, or a register 1 to 7. Registers
 * hold a byte, are 0 when a program starts, and are the program's own: no operation sees them.
 *
 * Invariants:
 * 1. Every op is safe whatever its operands: a 16-bit offset can name nothing but a cell, and
 *    a register is a byte. So any array that bfk_check() lets through is a program.
 * 2. The array ends with its only END. IF and IF8 go forward to a NEXT or LABEL, NEXT goes back
 *    to an IF or LABEL, and all go on behind what match names.
 * 3. Only NEXT goes back, and each time it does it pays one unit of fuel. The run stops when
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
	BFK_OP_NEXT,   /* if place != 0, pay fuel and go back behind match */
	BFK_OP_IF,     /* if place == 0, go on behind match */
	BFK_OP_IF8,    /* if one of the cells off + i with bit i of val is 0, go on behind match */
	BFK_OP_LABEL,  /* nothing; a place to go to */
	BFK_OP_MOVE,   /* head += off */
	BFK_OP_ADD,    /* place += val */
	BFK_OP_SET,    /* place = val */
	BFK_OP_MULADD, /* place += source place * val */
	BFK_OP_MUL,    /* place = source place * val */
	BFK_OP_KINDS
};

#define BFK_OP_HOST_MAX BFK_OP_SYS  /* kinds up to here are done by the host, on a cell */
#define BFK_OP_STOP_MAX BFK_OP_NEXT /* kinds up to here can stop a run */
#define BFK_OP_REGS 8		    /* registers, with the 0 that stands for a cell */

/**
 * struct bfk_op - one op
 * @kind: enum bfk_op_kind
 * @val: what to add, set or multiply by; the letter of a SYS; the cells of an IF8
 * @reg: register of the place, 0: a cell
 * @src_reg: register of the source place, 0: a cell
 * @off: the cell, relative to the head; the distance of a MOVE
 * @src_off: the cell of the source place, relative to the head
 * @match: index of the op behind which an IF, IF8 or NEXT goes on
 * @source_off: byte of the source this op came from, only handed back
 * @text_off: byte of the machine code it became, set by bfk_emit()
 */
struct bfk_op {
	__u8 kind, val, reg, src_reg;
	__s16 off, src_off;
	__u32 match, source_off, text_off;
};

/* Where the current cell is, relative to the head, when a run is stopped at @op, number @op_ix. */
static inline __s16 bfk_op_shift(const struct bfk_op *op, __u32 op_ix)
{
	return op->kind <= BFK_OP_HOST_MAX ? op->off : op_ix ? op[-1].off : 0;
}

#endif
