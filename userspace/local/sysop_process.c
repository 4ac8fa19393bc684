// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The process family over POSIX calls, with the errnos of syscall_ops/process.c. bfk(7) documents
 * each operation.
 *
 * Interface: sysop_process.h
 */
#include "sysop_process.h"
#include <errno.h>
#include <sys/random.h>
#include <unistd.h>

int local_op_ids(struct local_call *call)
{
	switch (call->frame.arg) {
	case 0:
		call->frame.off = getpid();
		return 0;
	case 1:
		call->frame.off = getppid();
		return 0;
	case 2:
		call->frame.off = getuid();
		return 0;
	case 3:
		call->frame.off = getgid();
		return 0;
	default:
		return -EINVAL;
	}
}

int local_op_quit(struct local_call *call)
{
	call->local->report.exit_code = call->frame.arg;
	call->local->machine.status = BFK_STATUS_QUIT;
	return 0;
}

/* As in the kernel, no signal interrupts this. */
int local_op_random(struct local_call *call)
{
	size_t len, done = 0;
	u8 *to = local_call_room(call, &len);
	ssize_t ret;

	while (done < len) {
		ret = getrandom(to + done, len - done, 0);
		if (ret < 0 && errno != EINTR)
			return -errno;
		done += ret < 0 ? 0 : ret;
	}
	call->frame.len = len;
	return 0;
}
