// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The wait family over POSIX calls; the twin of syscall_ops/wait.c. bfk(7) documents each
 * operation.
 *
 * Interface: sysop_wait.h
 * Invariants:
 * 1. local->wait_end is set when a wait begins and kept while the run is stopped, so neither a stop
 *    nor a change of the frame meanwhile makes a wait longer.
 */
#define _GNU_SOURCE
#include "sysop_wait.h"
#include "slots.h"
#include <errno.h>
#include <poll.h>
#include <time.h>
#include "userspace/engine/clock.h"

/* Returns the end of a wait of @ns that begins now, or of the wait that a stop interrupted. */
static u64 end_of(struct local_instance *local, u64 ns)
{
	u64 now = bfk_clock_ns();

	if (!local->wait_end)
		local->wait_end = ns > INT64_MAX - now ? INT64_MAX : now + ns;
	return local->wait_end;
}

/* Finds the files of the pairs {slot, revents}. Returns whether one is ready without poll(2). */
static bool find_files(const struct local_call *call, struct pollfd *files)
{
	const struct local_instance *local = call->local;
	const volatile u8 *data = call->tape + BFK_FRAME_LEN;
	bool is_ready = false;
	u8 slot;
	int i;

	for (i = 0; i < call->frame.len / 2; i++) {
		slot = data[2 * i];
		files[i].fd = local_slot_get(local, slot);
		files[i].events = call->frame.arg ? call->frame.arg : POLLIN;
		/* What poll(2) does not see. */
		files[i].revents = files[i].fd < 0			  ? POLLNVAL :
				   !slot && local->in_off < local->in_len ? POLLIN :
									    0;
		files[i].revents &= files[i].events | POLLNVAL;
		is_ready |= files[i].revents;
	}
	return is_ready;
}

int local_op_poll(struct local_call *call)
{
	struct pollfd files[BFK_SLOTS];
	u8 known[BFK_SLOTS], *data = call->tape + BFK_FRAME_LEN;
	u64 end, now;
	struct timespec rest = {};
	int n_files = call->frame.len / 2, n_ready = 0, i, ret;

	if (call->frame.len % 2 || n_files > BFK_SLOTS)
		return -EINVAL;
	end = end_of(call->local, call->frame.off ? call->frame.off : INT64_MAX);
	now = bfk_clock_ns();
	if (!find_files(call, files) && end > now)
		rest = bfk_clock_timespec(end - now);
	for (i = 0; i < n_files; i++)
		known[i] = files[i].revents; /* ppoll() sets it anew */
	ret = ppoll(files, n_files, &rest, NULL);
	for (i = 0; i < n_files; i++) {
		data[2 * i + 1] = known[i] | (ret < 0 ? 0 : files[i].revents);
		n_ready += data[2 * i + 1] != 0;
	}
	if (ret < 0)
		return -errno;
	return n_ready ? 0 : LOCAL_CALL_END;
}

int local_op_sleep(struct local_call *call)
{
	struct timespec end = bfk_clock_timespec(end_of(call->local, call->frame.off));

	return -clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL);
}
