// SPDX-License-Identifier: GPL-2.0-only
/* Is a run that is cancelled, or whose instance or queue is destroyed, stopped, and can it be continued? */
#include "queue.h"

static void counts_add_up(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make("+%n>>>>>>>>>>>>>>>>+[]");
	struct bfk_result result = {};
	int i;

	/* Often enough that some are cancelled at the very moment a worker of 6.1 takes them. */
	for (i = 0; i < 1000; i++) {
		submit(queue, bfk, NULL, 0);
		if (!i)
			await_cell(tape_of(bfk) + 16, 0);
		if (i < 2)
			CHECK(is_in_flight(queue));
		EQUAL(bfk_cancel(queue, bfk), 0);
		result = ended(queue, BFK_STATUS_SIGNAL);
		CHECK(result.fuel_left <= UNLIMITED);
		EQUAL(result.sysops, 1);
	}
	EQUAL(result.head, 16);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

/* Has a ring of this process more completions than it has room for? The kernel lists them in fdinfo. */
static bool overflows(void)
{
	char path[40], text[20000], *list;
	ssize_t len;
	int fd, i;

	for (i = 0; i < 64; i++) {
		snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", i);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		len = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[len > 0 ? len : 0] = 0;
		list = strstr(text, "CqOverflowList:");
		if (list && strstr(list, "user_data="))
			return true;
	}
	return false;
}

/* The eventfd does not report a completion that a full ring has no room for. */
static void cancelled_often(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make("+[]");
	int i;

	submit(queue, bfk, NULL, 0);
	CHECK(is_in_flight(queue));
	for (i = 0; i < 100; i++)
		EQUAL(bfk_cancel(queue, bfk), 0);
	CHECK(!overflows());
	ended(queue, BFK_STATUS_SIGNAL);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

static void cancel_loop(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make("+[]>+");
	int i;

	for (i = 0; i < 3; i++) {
		submit(queue, bfk, NULL, 0);
		await_begun(bfk);
		CHECK(is_in_flight(queue));
		EQUAL(bfk_cancel(queue, bfk), 0);
		EQUAL(ended(queue, BFK_STATUS_SIGNAL).source_off, 2);
	}
	tape_of(bfk)[0] = 0;
	submit(queue, bfk, NULL, 0);
	ended(queue, BFK_STATUS_END);
	EQUAL(tape_of(bfk)[1], 1);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

static void cancel_read(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make(",>,.<.");
	int in[2], out[2], i;
	char bytes[2] = "ab";

	pipe_make(in);
	pipe_make(out);
	submit(queue, bfk, (int[]){ in[0], out[1] }, 2);
	for (i = 0; i < 2; i++) {
		CHECK(is_in_flight(queue));
		EQUAL(bfk_cancel(queue, NULL), 0);
		ended(queue, BFK_STATUS_SIGNAL);
		EQUAL(write(in[1], bytes + i, 1), 1);
		submit(queue, bfk, NULL, 0);
	}
	ended(queue, BFK_STATUS_END);
	EQUAL(read(out[0], bytes, 2), 2);
	CHECK(!memcmp(bytes, "ba", 2));
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

/* Waiting operations are interrupted. */
static void cancel_waits(void)
{
	static const char *const sources[] = { "%n", "%e", "%a" };
	struct bfk_queue *queue = queue_make(3);
	struct bfk *bfk[3];
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), i;

	EQUAL(bind(listener, &(struct sockaddr){ .sa_family = AF_UNIX }, sizeof(sa_family_t)), 0);
	EQUAL(listen(listener, 1), 0);
	for (i = 0; i < 3; i++) {
		bfk[i] = make(sources[i]);
		put_frame(bfk[i], (struct frame){ .off = HOUR_NS });
		submit(queue, bfk[i], &listener, 1);
	}
	CHECK(is_in_flight(queue));
	EQUAL(bfk_cancel(queue, NULL), 0);
	for (i = 0; i < 3; i++)
		EQUAL(ended(queue, BFK_STATUS_SIGNAL).sysops, 0);
	bfk_queue_destroy(queue);
	for (i = 0; i < 3; i++)
		bfk_destroy(bfk[i]);
	close(listener);
}

/* Cancelled at any moment, even before it begins, a run can be continued. */
static void cancel_at_once(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk;
	int i, fds[2], n_stopped = 0;
	char byte;

	for (i = 0; i < 60 || !n_stopped; i++) {
		bfk = make("++++++++[>++++++++<-]>+.");
		pipe_make(fds);
		submit(queue, bfk, (int[]){ -1, fds[1] }, 2);
		close(fds[1]);
		if (i % 3 == 1)
			sched_yield();
		else if (i % 3 == 2)
			usleep(50 * (i % 60));
		bfk_cancel(queue, bfk);
		while (fetch(queue).result.status == BFK_STATUS_SIGNAL) {
			n_stopped++;
			submit(queue, bfk, NULL, 0);
		}
		EQUAL(read(fds[0], &byte, 1), 1);
		EQUAL(byte, 'A');
		CHECK(is_hung_up(fds[0]));
		close(fds[0]);
		bfk_destroy(bfk);
	}
	bfk_queue_destroy(queue);
}

static void destroy_instance(void)
{
	struct bfk_queue *queue = queue_make(3);
	struct bfk *loop = make("+[]"), *read = make(","), *quick = make("+");
	struct bfk_completion completion;
	int ends[2];

	pipe_make(ends);
	submit(queue, loop, NULL, 0);
	submit(queue, read, ends, 1);
	submit(queue, quick, NULL, 0);
	close(ends[0]);
	nap(20);
	bfk_destroy(loop);
	bfk_destroy(read);
	CHECK(is_broken(ends[1]));
	CHECK(fetch(queue).bfk == quick);
	EQUAL(bfk_wait(queue, 0, &completion), -ENOENT);
	bfk_destroy(quick);
	bfk_queue_destroy(queue);
}

static void destroy_queue(void)
{
	struct bfk_queue *queue = queue_make(3);
	struct bfk *loop = make("+[]>+"), *read = make(",+"), *quick = make("+");
	struct bfk_result result;
	int ends[2];

	pipe_make(ends);
	submit(queue, loop, NULL, 0);
	submit(queue, read, ends, 1);
	submit(queue, quick, NULL, 0);
	await_begun(loop);
	bfk_queue_destroy(queue);
	tape_of(loop)[0] = 0;
	do { /* the kernel tears a closed ring down later, and interrupts its user for that */
		EQUAL(bfk_run(loop, NULL, 0, UNLIMITED, 0, &result), 0);
	} while (result.status == BFK_STATUS_SIGNAL);
	EQUAL(result.status, BFK_STATUS_END);
	EQUAL(write(ends[1], "a", 1), 1);
	queue = queue_make(1);
	submit(queue, read, NULL, 0);
	ended(queue, BFK_STATUS_END);
	EQUAL(tape_of(read)[0], 'b');
	bfk_queue_destroy(queue);
	bfk_destroy(loop);
	bfk_destroy(read);
	bfk_destroy(quick);
}

const struct test queue_cancels[] = {
	{ "counts continue across cancelled runs, even those that had not begun", counts_add_up,
	  60 },
	{ "a run that is cancelled often does not fill the ring", cancelled_often },
	{ "an endless loop is cancelled, and continued", cancel_loop },
	{ "a waiting read is cancelled, and continued with nothing lost", cancel_read },
	{ "operations that would wait for an hour are cancelled", cancel_waits },
	{ "a run cancelled at any moment can be continued, and does everything once",
	  cancel_at_once },
	{ "destroying an instance in flight stops it", destroy_instance },
	{ "destroying the queue stops runs in flight, which can be continued", destroy_queue },
	{},
};
