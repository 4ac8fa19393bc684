// SPDX-License-Identifier: GPL-2.0-only
/* The time family. bfk(7) says what each operation takes and gives. */
#include "table.h"

int bfk_op_clock(struct bfk_call *call)
{
	switch (call->frame.arg) {
	case CLOCK_REALTIME: call->frame.off = ktime_get_real_ns(); return 0;
	case CLOCK_MONOTONIC: call->frame.off = ktime_get_ns(); return 0;
	case CLOCK_BOOTTIME: call->frame.off = ktime_get_boottime_ns(); return 0;
	default: return -EINVAL;
	}
}
