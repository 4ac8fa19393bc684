// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * bfk_run_to_end(): a run in flight that its caller waits for.
 *
 * The run has a thread of a queue, for two reasons. A call of RUN on the caller's own thread returns
 * for any signal, and does not say whether a handler ran or the process was only stopped for a
 * moment; poll(2) knows that. And the queue already has a way to stop all engines without a busy wait.
 * Not over io_uring: each queue that does raises the process's limit of workers.
 *
 * Interface: libbfk.h
 */
#include "userspace/engine/engine.h"
#include <errno.h>

#define ASK_AGAIN_NS 100000000 /* before a run that has not stopped is asked again to do so */

/* Stops the run, and waits for that however long it takes and whatever handlers run meanwhile. */
static void stop(struct bfk_queue *queue, struct bfk_completion *completion)
{
	do
		bfk_cancel(queue, NULL);
	while (bfk_wait(queue, ASK_AGAIN_NS, completion));
}

/* Returns the error of a run that is over, or else @why it was stopped. */
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
