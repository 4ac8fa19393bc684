// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wait family. bfk(7) says what each operation takes and gives.
 *
 * Interface: table.h
 * Invariants:
 * 1. call->wait_end is the moment, by CLOCK_MONOTONIC, at which a wait is over: set when it begins
 *    and kept while the run is stopped, so a stop makes no wait longer.
 */
#include <linux/poll.h>
#include "bfk/run.h"

/* Sets revents of the pairs {slot, revents} in @len bytes of data. Returns how many are ready. */
static int poll_slots(struct bfk_call *call, poll_table *pt, u32 len)
{
	struct file *file;
	__poll_t revents;
	u32 n = 0, i;
	u8 slot;

	pt->_key = ((__force __poll_t)call->frame.arg ?: EPOLLIN) | EPOLLERR | EPOLLHUP;
	for (i = 0; i < len; i += 2) {
		slot = READ_ONCE(call->data[i]);
		file = bfk_slot_get(call->run, slot);
		revents = file ? vfs_poll(file, pt) & pt->_key : EPOLLNVAL;
		if (!slot && call->run->in_off < call->run->in_len) /* what ',' has read ahead */
			revents |= EPOLLIN & pt->_key;
		call->data[i + 1] = (__force u8)revents;
		n += !!revents;
	}
	return n;
}

/*
 * Waits until one of the pairs is ready, or for @ns, counted from when the operation first began.
 * As do_poll() of fs/select.c, whose poll_schedule_timeout() is static. Returns how many are
 * ready, 0 if the time is over, or -errno.
 */
static int wait(struct bfk_call *call, u32 len, u64 ns)
{
	ktime_t *end = &call->wait_end;
	struct poll_wqueues table;
	bool over = false;
	int n;

	if (!*end)
		*end = ktime_add_safe(ktime_get(), min_t(u64, ns, KTIME_MAX));
	poll_initwait(&table);
	for (;;) {
		n = poll_slots(call, &table.pt, len) ?: table.error;
		if (!n && signal_pending(current))
			n = -ERESTARTNOHAND;
		if (n || over)
			break;
		table.pt._qproc = NULL; /* is in all queues now */
		set_current_state(TASK_INTERRUPTIBLE);
		if (!table.triggered)
			over = !schedule_hrtimeout(end, HRTIMER_MODE_ABS);
		__set_current_state(TASK_RUNNING);
		smp_store_mb(table.triggered, 0); /* before it looks again */
	}
	poll_freewait(&table);
	return n;
}

int bfk_op_poll(struct bfk_call *call)
{
	u32 len = call->frame.len;
	int n;

	if (len % 2 || len > 2 * BFK_SLOTS)
		return -EINVAL;
	n = wait(call, len, call->frame.off ?: KTIME_MAX);
	if (n < 0)
		return n;
	return n ? 0 : BFK_CALL_END;
}

int bfk_op_sleep(struct bfk_call *call)
{
	return wait(call, 0, call->frame.off);
}
