// SPDX-License-Identifier: GPL-2.0-only
/* The time family. bfk(7) says what each operation takes and gives. */
#include "table.h"

int bfk_op_clock(struct bfk_call *call)
{
	if (call->frame.arg == CLOCK_REALTIME)
		call->frame.off = ktime_get_real_ns();
	else if (call->frame.arg == CLOCK_MONOTONIC)
		call->frame.off = ktime_get_ns();
	else if (call->frame.arg == CLOCK_BOOTTIME)
		call->frame.off = ktime_get_boottime_ns();
	else
		return -EINVAL;
	return 0;
}
