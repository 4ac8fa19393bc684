// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The tape family, with the errnos of syscall_ops/tape.c. bfk(7) documents each operation.
 *
 * Interface: sysop_tape.h
 */
#include "sysop_tape.h"
#include <errno.h>

static u8 *cell(struct local_call *call, u64 position)
{
	return &call->local->tape.ring[position % BFK_TAPE_CELLS];
}

int local_op_copy(struct local_call *call)
{
	const u8 *data = local_call_data(call);
	u64 data_at, i;

	if (!data || call->frame.arg > 1)
		return -EINVAL;
	data_at = data - call->local->tape.ring;
	for (i = 0; i < call->frame.len; i++) {
		if (call->frame.arg)
			*cell(call, call->frame.off + i) = *cell(call, data_at + i);
		else
			*cell(call, data_at + i) = *cell(call, call->frame.off + i);
	}
	return 0;
}

int local_op_find(struct local_call *call)
{
	u32 i = 0;

	while (i < call->frame.len && *cell(call, call->frame.off + i) != call->frame.arg)
		i++;
	if (i == call->frame.len)
		return LOCAL_CALL_END;
	call->frame.off = (call->frame.off + i + 1) % BFK_TAPE_CELLS;
	call->frame.len -= i + 1;
	return 0;
}
