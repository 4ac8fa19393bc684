// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wait family. What each operation takes and gives is in bfk(7).
 *
 * Interface: table.h
 * Invariants:
 * 1. *done is the moment, in ns of CLOCK_MONOTONIC, at which a wait is over: set when it begins and
 *    kept while the run is stopped, so a stop makes no wait longer.
 */
#include "table.h"

/* Sets revents of the pairs {slot, revents} in @len bytes of data. Returns how many are ready. */
static int look(struct bfk_call *call, poll_table *pt, u32 len)
{
	const struct bfk_run *run = call->run;
	u32 n = 0, i;

	pt->_key = ((__force __poll_t)call->frame.arg ?: EPOLLIN) | EPOLLERR | EPOLLHUP;
	for (i = 0; i < len; i += 2) {
		u8 slot = READ_ONCE(call->data[i]);
		struct file *file = bfk_slot_get(call->run, slot);
		__poll_t ahead = !slot && run->in_off < run->in_len ? EPOLLIN : 0;
		__poll_t revents = file ? (vfs_poll(file, pt) | ahead) & pt->_key : EPOLLNVAL;

		call->data[i + 1] = (__force u8)revents;
		n += !!revents;
	}
	return n;
}

/* Waits for @ns at most. As do_poll() of fs/select.c, whose poll_schedule_timeout() is static. */
static int wait(struct bfk_call *call, u32 len, u64 ns)
{
	ktime_t *end = (ktime_t *)&call->run->done;
	struct poll_wqueues table;
	bool over = false;
	int n;

	if (!*end)
		*end = ktime_add_safe(ktime_get(), min_t(u64, ns, KTIME_MAX));
	poll_initwait(&table);
	while (!(n = look(call, &table.pt, len) ?: table.error) && !over &&
	       !signal_pending(current)) {
		table.pt._qproc = NULL; /* is in all queues now */
		set_current_state(TASK_INTERRUPTIBLE);
		over = !table.triggered && !schedule_hrtimeout(end, HRTIMER_MODE_ABS);
		__set_current_state(TASK_RUNNING);
		smp_store_mb(table.triggered, 0); /* before it looks again */
	}
	poll_freewait(&table);
	return n ?: over ? 0 : -ERESTARTNOHAND;
}

int bfk_op_poll(struct bfk_call *call)
{
	u32 len = call->frame.len;
	int n;

	if (len % 2 || len > 2 * BFK_SLOTS)
		return -EINVAL;
	n = wait(call, len, call->frame.off ?: KTIME_MAX);
	return n > 0 ? 0 : n ?: BFK_CALL_END;
}

int bfk_op_sleep(struct bfk_call *call)
{
	return wait(call, 0, call->frame.off);
}
