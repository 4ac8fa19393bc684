// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tape family. bfk(7) says what each operation takes and gives.
 *
 * A tape position is the low 16 bits of off. Every index is a u16, which wraps where the ring does,
 * so there is nothing to check.
 */
#include "bfk/run.h"

/* Byte by byte, lowest first, so a copy that overlaps itself has one meaning. */
int bfk_op_copy(struct bfk_call *call)
{
	u8 *ring = call->run->machine.tape;
	u16 from = call->frame.off, to = call->data - ring, i;

	if (call->frame.arg > 1)
		return -EINVAL;
	if (call->frame.arg)
		swap(from, to);
	for (i = 0; i < call->frame.len; i++)
		ring[to++] = ring[from++];
	return 0;
}

int bfk_op_find(struct bfk_call *call)
{
	u16 at = call->frame.off, left = call->frame.len;

	while (left--) {
		if (call->run->machine.tape[at++] == call->frame.arg) {
			call->frame.off = at;
			call->frame.len = left;
			return 0;
		}
	}
	return BFK_CALL_END;
}
