// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The time family over POSIX calls, with the errnos of syscall_ops/time.c. bfk(7) documents each
 * operation.
 *
 * Interface: sysop_time.h
 */
#include "sysop_time.h"
#include <errno.h>
#include <time.h>
#include "userspace/engine/clock.h"

int local_op_clock(struct local_call *call)
{
	struct timespec now;

	switch (call->frame.arg) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
		if (clock_gettime(call->frame.arg, &now))
			return -errno;
		call->frame.off = now.tv_sec * BFK_NS_PER_S + now.tv_nsec;
		return 0;
	default:
		return -EINVAL;
	}
}
