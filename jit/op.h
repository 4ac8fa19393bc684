/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The intermediate representation: what a program is between source and machine code.
 *
 * Invariants:
 * 1. Every op is safe whatever its operands: a cell is named by head + off modulo the ring,
 *    and a 16-bit off can name nothing else. So any array in which loops match is a program.
 * 2. The array ends with its only END. LOOP and NEXT pair up like brackets, and each holds
 *    the index of the other in match.
 * 3. Only NEXT goes back, and it pays one unit of fuel each time it is reached, before its
 *    test. With no fuel left the run stops at the NEXT, and nothing has been paid.
 */
#pragma once

#include <linux/types.h>

enum bfk_op_kind {
	BFK_OP_END,	/* host: the program is over */
	BFK_OP_IN,	/* host: cell[off] = next byte of slot 0 */
	BFK_OP_OUT,	/* host: cell[off] to slot 1 */
	BFK_OP_SYS,	/* host: operation val ('r' of %r) on the frame at head + off */
	BFK_OP_NEXT,	/* pay fuel; if cell[off] != 0, go on after match */
	BFK_OP_LOOP,	/* if cell[off] == 0, go on after match */
	BFK_OP_ADD,	/* cell[off] += val */
	BFK_OP_SET,	/* cell[off] = val */
	BFK_OP_MOVE,	/* head += off */
	BFK_OP_MULADD,	/* cell[off] += cell[src] * val */
};

#define BFK_OP_HOST_MAX BFK_OP_SYS	/* kinds up to here are done by the host */
#define BFK_OP_STOP_MAX BFK_OP_NEXT	/* kinds up to here can stop a run */

/**
 * struct bfk_op - one op
 * @kind: enum bfk_op_kind
 * @val: what to add, set or multiply by; the letter of a SYS
 * @off: the cell, relative to the head; the distance of a MOVE
 * @src: the cell a MULADD reads, relative to the head
 * @reserved: zero
 * @match: index of the other end of a LOOP or NEXT
 * @source_off: byte of the source this op came from
 * @text_off: byte of the machine code it became, set by bfk_emit()
 */
struct bfk_op {
	__u8 kind, val;
	__s16 off, src, reserved;
	__u32 match, source_off, text_off;
};
