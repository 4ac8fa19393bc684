// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * bfk_run_to_end(): submits a run and waits for it.
 *
 * The run has a thread of a queue, for two reasons. The RUN ioctl on the caller's own thread
 * returns for any signal, and does not report whether a handler ran or the process was only stopped
 * for a moment; poll(2) does. And the queue can already stop every engine without a busy wait. It
 * does not use io_uring: each queue that does raises the process's limit on workers.
 *
 * Interface: libbfk.h
 */
#include "userspace/engine/engine.h"
#include <errno.h>

#define ASK_AGAIN_NS 100000000 /* between attempts to cancel the run */

/* Cancels the run and waits until it has stopped, even if signal handlers run meanwhile. */
static void stop(struct bfk_queue *queue, struct bfk_completion *completion)
{
	do
		bfk_cancel(queue, NULL);
	while (bfk_wait(queue, ASK_AGAIN_NS, completion));
}

/* Returns the error of the run; @why if it was stopped; 0 if it ended by itself. */
static int outcome(const struct bfk_completion *completion, int why)
{
	if (completion->err)
		return completion->err;
	return completion->result.status == BFK_STATUS_SIGNAL ? why : 0;
}

int bfk_run_to_end(struct bfk *bfk, const int *fds, unsigned int n_fds, uint64_t fuel,
		   uint32_t flags, int64_t timeout_ns, struct bfk_result *result)
{
	struct bfk_completion completion;
	struct bfk_queue *queue;
	int err, why;

	*result = bfk_result_loaded(bfk);
	err = bfk_queue_create(&queue, 1, BFK_QUEUE_THREADS);
	if (err)
		return err;
	err = bfk_submit(queue, bfk, fds, n_fds, fuel, flags, NULL);
	if (!err) {
		why = bfk_wait(queue, timeout_ns, &completion);
		if (why)
			stop(queue, &completion);
		err = outcome(&completion, why);
		if (!completion.err)
			*result = completion.result;
	}
	bfk_queue_destroy(queue);
	return err;
}
