// SPDX-License-Identifier: GPL-2.0-only
/*
 * libbfk's queue. The same cases for each way to run a program, chosen by the name of this
 * program:
 *
 *   queue-uring    the kernel's engine, over io_uring
 *   queue-threads  the kernel's engine, over threads, at the caller's request
 *   queue-denied   the same, because the kernel allows no io_uring: the administrator has switched
 *                  it off, or, before 6.6, which has no such switch, a seccomp filter denies it
 *   queue-interp-kernel  the kernel's interpreter, over io_uring
 *   queue-jit, queue-interp  the engines of this process
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include "clean.h"
#include "userspace/include/libbfk.h"

#define HOUR_NS 3600000000000ull
#define SOON_NS ((int64_t)(SOON * 1e9))

static enum bfk_where where;
static uint32_t queue_flags;
static enum bfk_via via;

static struct bfk_queue *queue_make(unsigned int n_max)
{
	struct bfk_queue *queue;

	EQUAL(bfk_queue_create(&queue, n_max, queue_flags), 0);
	return queue;
}

static void load(struct bfk *bfk, const char *source)
{
	struct bfk_result result;

	EQUAL(bfk_load(bfk, source, strlen(source), 0, BFK_ALLOW_ALL, &result), 0);
}

static struct bfk *make(const char *source)
{
	struct bfk *bfk;

	EQUAL(bfk_create(&bfk, where), 0);
	load(bfk, source);
	return bfk;
}

static uint8_t *tape_of(struct bfk *bfk)
{
	uint8_t *tape;

	EQUAL(bfk_tape(bfk, &tape), 0);
	return tape;
}

static void submit(struct bfk_queue *queue, struct bfk *bfk, const int *fds, unsigned int n_fds)
{
	EQUAL(bfk_submit(queue, bfk, fds, n_fds, UNLIMITED, 0, bfk), 0);
}

/* Fetches the next completion, which must come soon and not be a refusal. */
static struct bfk_completion fetch(struct bfk_queue *queue)
{
	struct bfk_completion completion;

	EQUAL(bfk_wait(queue, SOON_NS, &completion), 0);
	EQUAL(completion.err, 0);
	EQUAL(completion.via, via);
	CHECK(completion.user_data == completion.bfk);
	return completion;
}

static struct bfk_result ended(struct bfk_queue *queue, uint32_t status)
{
	struct bfk_result result = fetch(queue).result;

	EQUAL(result.status, status);
	return result;
}

/* Waits until a program has begun, one that first sets cell 0 to non-zero. */
static void await_begun(struct bfk *bfk)
{
	await_cell(tape_of(bfk), 0);
}

static bool is_in_flight(struct bfk_queue *queue)
{
	struct bfk_completion completion;

	return bfk_wait(queue, 20000000, &completion) == -ETIME;
}

static void put_frame(struct bfk *bfk, struct frame frame)
{
	frame.go = 1;
	tape_put(tape_of(bfk), 0, &frame, sizeof(frame));
}

/* --- completions --------------------------------------------------------------------------- */

static void same_result(void)
{
	static const char text[] = "some text, copied";
	static const char source[] = "+++[>+++<-]>[-]<+%r[>>+<<%w>>-<<%r]";
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make(source);
	struct bfk_result sync, async;
	char copy[sizeof(text)] = {};
	int fds[2], i;

	for (i = 0; i < 2; i++) {
		fds[0] = file_make(text, sizeof(text));
		fds[1] = file_make("", 0);
		EQUAL(bfk_reset(bfk, 0), 0);
		if (!i) {
			EQUAL(bfk_run(bfk, fds, 2, UNLIMITED, 0, &sync), 0);
			continue;
		}
		submit(queue, bfk, fds, 2);
		async = fetch(queue).result;
	}
	CHECK(!memcmp(&sync, &async, sizeof(sync)));
	EQUAL(async.status, BFK_STATUS_END);
	EQUAL(async.read_len, sizeof(text));
	EQUAL(pread(fds[1], copy, sizeof(copy), 0), sizeof(text));
	CHECK(!memcmp(text, copy, sizeof(text)));
	EQUAL(bfk_submit(queue, bfk, fds, 2, UNLIMITED, 0, bfk), -EBADFD);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

static void quits_and_fails(void)
{
	static const struct {
		const char *source;
		uint32_t status, exit_code, fail_errno;
	} ends[] = {
		{ "+>>>+++++++<<<%q", BFK_STATUS_QUIT, 7, 0 },
		{ "+>>+++++++<<%r", BFK_STATUS_END, 0, EBADF },
		{ ",", BFK_STATUS_FAILED, 0, EBADF },
	};
	struct bfk_queue *queue = queue_make(1);
	struct bfk_result result;
	struct bfk *bfk;
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		note = ends[i].source;
		bfk = make(ends[i].source);
		submit(queue, bfk, NULL, 0);
		result = ended(queue, ends[i].status);
		EQUAL(result.exit_code, ends[i].exit_code);
		EQUAL(result.fail_errno, ends[i].fail_errno);
		bfk_destroy(bfk);
	}
	bfk_queue_destroy(queue);
}

static void fuel(void)
{
	const uint64_t amounts[] = { 0, 1, 1000, 3000000 };
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make("+[>+<]");
	struct bfk_result result;
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < sizeof(amounts) / sizeof(*amounts); i++) {
		EQUAL(bfk_submit(queue, bfk, NULL, 0, amounts[i], 0, bfk), 0);
		result = ended(queue, BFK_STATUS_FUEL);
		EQUAL(result.fuel_left, 0);
		all += amounts[i];
		/* The run stops with the last unit paid but its jump back not made. */
		CHECK((uint8_t)(tape_of(bfk)[1] - all) <= 1);
	}
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

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

/* Each run has its own worker or thread, so programs that only compute block nobody. */
static void loops_and_another(void)
{
	struct bfk_queue *queue = queue_make(5);
	struct bfk_completion completion;
	struct bfk *bfk[5];
	int i;

	for (i = 0; i < 5; i++) {
		bfk[i] = make(i < 4 ? "+[]" : "++");
		submit(queue, bfk[i], NULL, 0);
	}
	/* It shares the processors with the loops. */
	EQUAL(bfk_wait(queue, SOON_NS, &completion), 0);
	CHECK(completion.bfk == bfk[4]);
	bfk_queue_destroy(queue);
	for (i = 0; i < 5; i++)
		bfk_destroy(bfk[i]);
}

/* --- files ----------------------------------------------------------------------------------- */

static void files_are_taken(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make(",+.");
	int in[2], out[2];
	char byte = 'a';

	pipe_make(in);
	pipe_make(out);
	submit(queue, bfk, (int[]){ in[0], out[1] }, 2);
	close(in[0]);
	close(out[1]);
	CHECK(is_in_flight(queue));
	EQUAL(write(in[1], &byte, 1), 1);
	ended(queue, BFK_STATUS_END);
	EQUAL(read(out[0], &byte, 1), 1);
	EQUAL(byte, 'b');
	CHECK(is_hung_up(out[0]));
	CHECK(is_broken(in[1]));
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

static void refused(void)
{
	struct bfk_queue *queue, *none;
	struct bfk_completion completion;
	struct bfk *bfk, *other = make("+[]");
	int ends[2];

	EQUAL(bfk_queue_create(&none, 0, queue_flags), -EINVAL);
	EQUAL(bfk_queue_create(&none, BFK_QUEUE_MAX + 1, queue_flags), -EINVAL);
	EQUAL(bfk_queue_create(&none, 1, 2), -EINVAL);
	CHECK(!none);
	bfk_queue_destroy(NULL);
	queue = queue_make(1);
	EQUAL(bfk_create(&bfk, where), 0);
	pipe_make(ends);
	EQUAL(bfk_submit(queue, bfk, ends, 2, UNLIMITED, 0, NULL), -ENOEXEC);
	submit(queue, bfk, NULL, 0);
	EQUAL(bfk_wait(queue, SOON_NS, &completion), 0);
	EQUAL(completion.err, -ENOEXEC);
	load(bfk, ",");
	EQUAL(bfk_submit(queue, bfk, ends, 2, UNLIMITED, 2, NULL), -EINVAL);
	EQUAL(bfk_submit(queue, bfk, NULL, 0, UNLIMITED, 2, bfk), 0);
	EQUAL(bfk_wait(queue, SOON_NS, &completion), 0);
	EQUAL(completion.err, -EINVAL);
	EQUAL(bfk_submit(queue, bfk, (int[]){ ends[0], 999 }, 2, UNLIMITED, 0, NULL), -EBADF);
	EQUAL(bfk_submit(queue, bfk, ends, 65, UNLIMITED, 0, NULL), -EINVAL);
	EQUAL(bfk_wait(queue, 0, &completion), -ENOENT);
	EQUAL(bfk_cancel(queue, bfk), -ENOENT);
	EQUAL(bfk_cancel(queue, NULL), -ENOENT);
	submit(queue, bfk, ends, 1);
	close(ends[0]);
	EQUAL(bfk_submit(queue, other, NULL, 0, UNLIMITED, 0, NULL), -EAGAIN);
	EQUAL(bfk_wait(queue, 0, &completion), -ETIME);
	EQUAL(bfk_cancel(queue, other), -ENOENT);
	bfk_queue_destroy(queue);
	EQUAL(bfk_reset(bfk, 0), 0);
	CHECK(is_broken(ends[1]));
	bfk_destroy(bfk);
	bfk_destroy(other);
}

/* --- batches --------------------------------------------------------------------------------- */

#define N_BATCH 5

static struct bfk_submission of(struct bfk *bfk)
{
	return (struct bfk_submission){ .bfk = bfk, .fuel = UNLIMITED, .user_data = bfk };
}

static void batch(void)
{
	struct bfk_submission submissions[N_BATCH];
	struct bfk_completion completions[N_BATCH];
	struct bfk_queue *queue = queue_make(N_BATCH);
	int ends[2], i, n = 0, n_more;

	pipe_make(ends);
	for (i = 0; i < N_BATCH; i++)
		submissions[i] = of(make(i ? "+++" : ",."));
	submissions[0].fds = ends;
	submissions[0].n_fds = 2;
	EQUAL(bfk_submit_batch(queue, submissions, 0), 0);
	EQUAL(bfk_submit_batch(queue, submissions, N_BATCH), N_BATCH);
	EQUAL(bfk_wait_batch(queue, 0, completions, 0), -EINVAL);
	EQUAL(write(ends[1], "a", 1), 1);
	for (; n < N_BATCH; n += n_more) {
		n_more = bfk_wait_batch(queue, SOON_NS, completions + n, N_BATCH);
		CHECK(n_more > 0 && n_more <= N_BATCH - n);
	}
	for (i = 0; i < N_BATCH; i++) {
		CHECK(completions[i].user_data == completions[i].bfk);
		EQUAL(completions[i].err, 0);
		EQUAL(completions[i].via, via);
		EQUAL(completions[i].result.status, BFK_STATUS_END);
		EQUAL(bfk_reset(submissions[i].bfk, 0), 0); /* it is in flight no more */
	}
	EQUAL(bfk_wait_batch(queue, 0, completions, N_BATCH), -ENOENT);
	bfk_queue_destroy(queue);
	for (i = 0; i < N_BATCH; i++)
		bfk_destroy(submissions[i].bfk);
}

static void batch_refused(void)
{
	struct bfk_queue *queue = queue_make(2);
	struct bfk_submission submissions[4];
	struct bfk_completion completions[4];
	int i, n;

	for (i = 0; i < 4; i++)
		submissions[i] = of(make("+[]"));
	submissions[1].reserved[3] = 1;
	EQUAL(bfk_submit_batch(queue, submissions + 1, 1), -EINVAL);
	EQUAL(bfk_submit_batch(queue, submissions, 4), 1);
	EQUAL(bfk_submit_batch(queue, submissions, 4), -EBUSY);
	EQUAL(bfk_submit_batch(queue, submissions + 2, 2), 1);
	EQUAL(bfk_submit_batch(queue, submissions + 3, 1), -EAGAIN);
	EQUAL(bfk_wait_batch(queue, 0, completions, 4), -ETIME);
	EQUAL(bfk_cancel(queue, NULL), 0);
	for (i = 0; i < 2; i += n) {
		n = bfk_wait_batch(queue, SOON_NS, completions, 4);
		CHECK(n > 0 && n <= 2 - i);
		EQUAL(completions[0].result.status, BFK_STATUS_SIGNAL);
	}
	bfk_queue_destroy(queue);
	for (i = 0; i < 4; i++)
		bfk_destroy(submissions[i].bfk);
}

/* --- stops at operations --------------------------------------------------------------------- */

static void submit_stopping(struct bfk_queue *queue, struct bfk *bfk, const int *fds,
			    unsigned int n_fds)
{
	EQUAL(bfk_submit(queue, bfk, fds, n_fds, UNLIMITED, BFK_RUN_STOP_OPS, bfk), 0);
}

static void stops_at(struct bfk_queue *queue, uint32_t source_off, uint32_t head)
{
	struct bfk_result result = ended(queue, BFK_STATUS_OP);

	EQUAL(result.source_off, source_off);
	EQUAL(result.head, head);
}

static void stops(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make("+%i>+%i>+%r>+%i");
	int ends[2];

	pipe_make(ends);
	submit_stopping(queue, bfk, ends, 1);
	stops_at(queue, 1, 0);
	submit_stopping(queue, bfk, NULL, 0);
	stops_at(queue, 5, 1);
	submit_stopping(queue, bfk, NULL, 0);
	stops_at(queue, 9, 2);
	submit_stopping(queue, bfk, NULL, 0);
	CHECK(is_in_flight(queue));
	EQUAL(bfk_cancel(queue, bfk), 0);
	ended(queue, BFK_STATUS_SIGNAL);
	EQUAL(write(ends[1], "a", 1), 1);
	submit_stopping(queue, bfk, NULL, 0);
	stops_at(queue, 13, 3);
	submit(queue, bfk, NULL, 0);
	EQUAL(ended(queue, BFK_STATUS_END).sysops, 4);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

static void busy(void)
{
	struct bfk_queue *queue = queue_make(2);
	struct bfk *bfk = make("+[]");
	struct bfk_listing listing;
	struct bfk_result result;
	struct bfk_op *ops;
	size_t n_ops;

	submit(queue, bfk, NULL, 0);
	await_begun(bfk);
	EQUAL(bfk_run(bfk, NULL, 0, 1, 0, &result), -EBUSY);
	EQUAL(bfk_load(bfk, "+", 1, 0, BFK_ALLOW_ALL, &result), -EBUSY);
	EQUAL(bfk_load_optimised(bfk, "+", 1, 0, BFK_ALLOW_ALL, BFK_LEVEL_2, &result), -EBUSY);
	EQUAL(bfk_compile("+", 1, 0, BFK_ALLOW_ALL, 0, &ops, &n_ops, &result), 0);
	EQUAL(bfk_load_ops(bfk, ops, n_ops, 0, BFK_ALLOW_ALL, &result), -EBUSY);
	EQUAL(bfk_reset(bfk, 0), -EBUSY);
	EQUAL(bfk_dump(bfk, &listing), -EBUSY);
	EQUAL(bfk_submit(queue, bfk, NULL, 0, 1, 0, NULL), -EBUSY);
	free(ops);
	tape_of(bfk)[0] = 0;
	CHECK(!bfk_wait(queue, SOON_NS, &(struct bfk_completion){}));
	EQUAL(bfk_reset(bfk, 0), 0);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

/* --- cancelling ------------------------------------------------------------------------------ */

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

/* --- notification ------------------------------------------------------------------------------ */

static bool is_readable(int fd, int timeout_ms)
{
	return poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, timeout_ms) == 1;
}

static void poll_fd(void)
{
	struct bfk_queue *queue = queue_make(2);
	struct bfk *bfk[2] = { make(","), make(",") };
	int ends[2], fd = bfk_queue_fd(queue), i;

	CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	CHECK(!is_readable(fd, 0));
	pipe_make(ends);
	for (i = 0; i < 2; i++)
		submit(queue, bfk[i], ends, 1);
	/* It may be readable for a while, until the runs have their workers. */
	while (is_readable(fd, 20))
		CHECK(is_in_flight(queue));
	EQUAL(write(ends[1], "a", 1), 1);
	CHECK(is_readable(fd, 1000 * SOON));
	EQUAL(write(ends[1], "a", 1), 1);
	nap(20);
	for (i = 0; i < 2; i++) {
		CHECK(is_readable(fd, 1000 * SOON));
		ended(queue, BFK_STATUS_END);
	}
	CHECK(!is_readable(fd, 20));
	for (i = 0; i < 2; i++)
		bfk_destroy(bfk[i]);
	bfk_queue_destroy(queue);
}

static void wait_is_interrupted(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make(",>,");
	struct bfk_completion completion;
	int ends[2], i;

	pipe_make(ends);
	submit(queue, bfk, ends, 1);
	tick(20000);
	for (i = 0; i < 5; i++)
		EQUAL(bfk_wait(queue, -1, &completion), -EINTR);
	tick(0);
	EQUAL(write(ends[1], "ab", 2), 2);
	ended(queue, BFK_STATUS_END);
	EQUAL(tape_of(bfk)[1], 'b');
	bfk_destroy(bfk);
	bfk_queue_destroy(queue);
}

/* The library handles one signal at most, which had its default action, and restores that. */
static void signals_are_left(void)
{
	struct sigaction action;
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make("+[]");
	int signo, n_used = 0, n_left = 0;
	sigset_t before = {}, after = {};

	signal(SIGRTMAX, SIG_IGN);
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	submit(queue, bfk, NULL, 0);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	CHECK(!memcmp(&before, &after, sizeof(before)));
	for (signo = 1; signo <= SIGRTMAX; signo++)
		if (!sigaction(signo, NULL, &action) && action.sa_handler != SIG_DFL &&
		    action.sa_handler != SIG_IGN) {
			n_used++;
			CHECK(signo >= SIGRTMIN && signo < SIGRTMAX);
		}
	EQUAL(n_used, via == BFK_VIA_THREAD);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
	for (signo = 1; signo <= SIGRTMAX; signo++)
		n_left += !sigaction(signo, NULL, &action) && action.sa_handler != SIG_DFL &&
			  action.sa_handler != SIG_IGN;
	EQUAL(n_left, 0);
}

/* The caller's thread gets its own signals, and the runs get none of them. */
static void signals_are_the_callers(void)
{
	struct bfk_queue *queue = queue_make(1);
	static char text[300000];
	struct bfk *bfk = make("+%r[>>+<<%w>>-<<%r]");
	struct bfk_completion completion;
	int fds[2], err;

	fill(text, sizeof(text), 1);
	fds[0] = file_make(text, sizeof(text));
	fds[1] = file_make("", 0);
	tick(300);
	submit(queue, bfk, fds, 2);
	do
		err = bfk_wait(queue, SOON_NS, &completion);
	while (err == -EINTR);
	tick(0);
	EQUAL(err, 0);
	EQUAL(completion.result.status, BFK_STATUS_END);
	EQUAL(completion.result.write_len, sizeof(text));
	bfk_destroy(bfk);
	bfk_queue_destroy(queue);
}

static void broken_pipe(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make("+.");
	int ends[2];

	pipe_make(ends);
	close(ends[0]);
	submit(queue, bfk, (int[]){ -1, ends[1] }, 2);
	EQUAL(ended(queue, BFK_STATUS_FAILED).fail_errno, EPIPE);
	bfk_destroy(bfk);
	bfk_queue_destroy(queue);
}

/* --- many ------------------------------------------------------------------------------------ */

#define N_MANY 256

/* A byte passes through all of them: the last one first, so none can end unless all run. */
static void many(void)
{
	struct bfk_queue *queue = queue_make(N_MANY);
	struct rlimit limit = { 4096, 4096 };
	int first[2], ends[2], to, i;
	struct bfk *bfk[N_MANY];
	uint8_t byte = 3;

	EQUAL(setrlimit(RLIMIT_NOFILE, &limit), 0);
	pipe_make(first);
	to = first[1];
	for (i = 0; i < N_MANY; i++) {
		bfk[i] = make(",++.");
		pipe_make(ends);
		submit(queue, bfk[i], (int[]){ ends[0], to }, 2);
		close(ends[0]);
		close(to);
		to = ends[1];
	}
	CHECK(is_quiet(first[0]));
	EQUAL(write(to, &byte, 1), 1);
	for (i = 0; i < N_MANY; i++)
		ended(queue, BFK_STATUS_END);
	EQUAL(read(first[0], &byte, 1), 1);
	EQUAL(byte, (uint8_t)(3 + 2 * N_MANY));
	for (i = 0; i < N_MANY; i++)
		bfk_destroy(bfk[i]);
	bfk_queue_destroy(queue);
}

struct worker {
	struct bfk_queue *queue;
	pthread_t thread;
	struct bfk *bfk;
	uint32_t flags; /* BFK_RUN_* */
	int n_fetched;
};

#define N_WORKERS 4
#define N_TURNS 20

/* Each thread has an instance and waits until some thread has fetched its completion. */
struct turn {
	struct bfk *bfk;
	int is_over;
};

static void *turns(void *arg)
{
	struct worker *worker = arg;
	struct turn turn = { .bfk = worker->bfk };
	struct bfk_completion completion;
	int i;

	for (i = 0; i < N_TURNS; i++) {
		EQUAL(bfk_reset(turn.bfk, 0), 0);
		turn.is_over = 0;
		EQUAL(bfk_submit(worker->queue, turn.bfk, NULL, 0, UNLIMITED, 0, &turn), 0);
		while (!__atomic_load_n(&turn.is_over, __ATOMIC_ACQUIRE)) {
			if (bfk_wait(worker->queue, 2000000, &completion))
				continue;
			CHECK(completion.result.status == BFK_STATUS_END);
			worker->n_fetched++;
			__atomic_store_n(&((struct turn *)completion.user_data)->is_over, 1,
					 __ATOMIC_RELEASE);
		}
	}
	return NULL;
}

static void from_threads(void)
{
	struct bfk_queue *queue = queue_make(N_WORKERS);
	struct worker workers[N_WORKERS];
	int i, n_fetched = 0;

	for (i = 0; i < N_WORKERS; i++) {
		workers[i] = (struct worker){ .queue = queue, .bfk = make("++++[>+++<-]") };
		EQUAL(pthread_create(&workers[i].thread, NULL, turns, &workers[i]), 0);
	}
	for (i = 0; i < N_WORKERS; i++) {
		pthread_join(workers[i].thread, NULL);
		n_fetched += workers[i].n_fetched;
		bfk_destroy(workers[i].bfk);
	}
	EQUAL(n_fetched, N_WORKERS * N_TURNS);
	bfk_queue_destroy(queue);
}

#define N_WAITERS 8
#define N_ROUNDS 50

static void *wait_main(void *arg)
{
	struct worker *worker = arg;
	struct bfk_completion completion;
	int err = bfk_wait(worker->queue, -1, &completion);

	CHECK(!err || err == -ENOENT);
	worker->n_fetched = !err;
	return NULL;
}

/* On one processor the first that is woken is gone again before the others look. */
static void waiters_without_a_run(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make(",");
	struct worker workers[N_WAITERS];
	int round, i, n_fetched, ends[2];
	cpu_set_t all, one;

	EQUAL(sched_getaffinity(0, sizeof(all), &all), 0);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	EQUAL(sched_setaffinity(0, sizeof(one), &one), 0);
	for (round = 0; round < N_ROUNDS; round++) {
		pipe_make(ends);
		EQUAL(bfk_reset(bfk, 0), 0);
		submit(queue, bfk, ends, 1);
		for (i = 0; i < N_WAITERS; i++) {
			workers[i] = (struct worker){ .queue = queue };
			EQUAL(pthread_create(&workers[i].thread, NULL, wait_main, &workers[i]), 0);
		}
		nap(2);
		close(ends[1]);
		n_fetched = 0;
		for (i = 0; i < N_WAITERS; i++) {
			pthread_join(workers[i].thread, NULL);
			n_fetched += workers[i].n_fetched;
		}
		EQUAL(n_fetched, 1);
		close(ends[0]);
	}
	EQUAL(sched_setaffinity(0, sizeof(all), &all), 0);
	bfk_destroy(bfk);
	bfk_queue_destroy(queue);
}

static void *submit_main(void *arg)
{
	struct worker *worker = arg;

	EQUAL(bfk_submit(worker->queue, worker->bfk, NULL, 0, UNLIMITED, worker->flags, worker->bfk),
	      0);
	await_begun(worker->bfk);
	return NULL;
}

/* io_uring stops a thread's requests when that thread ends; the run must keep its flags. */
static void submitter_ends_with(uint32_t flags, uint32_t status)
{
	struct bfk_queue *queue = queue_make(1);
	struct worker worker = { .queue = queue, .bfk = make("+[]>+%i"), .flags = flags };
	struct bfk_completion completion;

	EQUAL(pthread_create(&worker.thread, NULL, submit_main, &worker), 0);
	pthread_join(worker.thread, NULL);
	CHECK(is_in_flight(queue));
	tape_of(worker.bfk)[0] = 0;
	EQUAL(bfk_wait(queue, SOON_NS, &completion), 0);
	EQUAL(completion.result.status, status);
	EQUAL(tape_of(worker.bfk)[1], 1);
	bfk_queue_destroy(queue);
	bfk_destroy(worker.bfk);
}

static void submitter_ends(void)
{
	submitter_ends_with(0, BFK_STATUS_END);
	submitter_ends_with(BFK_RUN_STOP_OPS, BFK_STATUS_OP);
}

/* --- the process ----------------------------------------------------------------------------- */

/* Starts a child with @bfk, which does not end by itself, in flight; only the child has @fd. */
static pid_t child_with(struct bfk *bfk, int fd, void (*then)(struct bfk_queue *queue))
{
	pid_t pid = fork();

	if (!pid) {
		struct bfk_queue *queue = queue_make(1);

		submit(queue, bfk, (int[]){ -1, fd }, 2);
		close(fd);
		then(queue);
		_exit(1);
	}
	CHECK(pid > 0);
	close(fd);
	return pid;
}

static void wait_for_end(struct bfk_queue *queue)
{
	struct bfk_completion completion;

	EQUAL(bfk_wait(queue, -1, &completion), 0);
	_exit(completion.result.status == BFK_STATUS_END ? 0 : 2);
}

static void exit_soon(struct bfk_queue *queue)
{
	nap(50);
	_exit(bfk_queue_fd(queue) < 0);
}

static void exec_soon(struct bfk_queue *queue)
{
	nap(50);
	execl("/bin/sleep", "sleep", bfk_queue_fd(queue) < 0 ? "" : "60", NULL);
}

/* Stopping the whole process does not end its runs. */
static void process_stops(void)
{
	struct bfk *bfk = make("+[]>+.");
	int ends[2];
	pid_t pid;

	pipe_make(ends);
	pid = child_with(bfk, ends[1], wait_for_end);
	await_begun(bfk);
	kill(pid, SIGSTOP);
	EQUAL(child_state(pid, 'T'), 'T');
	kill(pid, SIGCONT);
	CHECK(is_quiet(ends[0]));
	tape_of(bfk)[0] = 0;
	EQUAL(child_wait(pid, SOON), 0);
	CHECK(is_readable(ends[0], 0));
	bfk_destroy(bfk);
}

static void process_ends(void)
{
	static void (*const ways[])(struct bfk_queue *) = { exit_soon, exec_soon, wait_for_end };
	static const char *const sources[] = { "+[]", ",", "%e" };
	int ends[2], i, k;
	struct bfk *bfk;
	pid_t pid;

	for (i = 0; i < 9; i++) {
		bfk = make(sources[i % 3]);
		if (i % 3 == 2)
			put_frame(bfk, (struct frame){ .off = HOUR_NS });
		note = sources[i % 3];
		pipe_make(ends);
		pid = child_with(bfk, ends[1], ways[i / 3]);
		if (i / 3 == 2) {
			nap(50);
			kill(pid, SIGKILL);
		}
		/* "," on an empty slot ends at once. */
		for (k = 0; k < 2 && !is_hung_up(ends[0]); k++)
			;
		CHECK(k < 2);
		close(ends[0]);
		kill(pid, SIGKILL);
		CHECK(child_wait(pid, SOON) != -1);
		bfk_destroy(bfk);
	}
}

static void process_forks(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make("+[]>+");
	pid_t pid;
	int i;

	submit(queue, bfk, NULL, 0);
	await_begun(bfk);
	for (i = 0; i < 3; i++) {
		pid = fork();
		if (!pid)
			_exit(0);
		EQUAL(child_wait(pid, SOON), 0);
	}
	CHECK(is_in_flight(queue));
	tape_of(bfk)[0] = 0;
	ended(queue, BFK_STATUS_END);
	bfk_queue_destroy(queue);
	bfk_destroy(bfk);
}

static const struct test tests[] = {
	{ "a completion has the result that RUN would return", same_result },
	{ "a run that quits or fails completes with that", quits_and_fails },
	{ "fuel ends a run in flight, and it can be continued with more", fuel },
	{ "counts continue across cancelled runs, even those that had not begun", counts_add_up,
	  60 },
	{ "a run that is cancelled often does not fill the ring", cancelled_often },
	{ "four endless loops do not block a fifth program", loops_and_another },
	{ "submit holds the files: the caller may close its descriptors", files_are_taken },
	{ "a refused submit returns its errno, and holds no file", refused },
	{ "a batch of runs completes once for each, and one call can fetch several", batch },
	{ "a batch (one of it is refused): those before it are submitted", batch_refused },
	{ "a run (stopping at operations) completes once before each, even if cancelled in one",
	  stops },
	{ "an instance in flight is EBUSY for everything else", busy },
	{ "an endless loop is cancelled, and continued", cancel_loop },
	{ "a waiting read is cancelled, and continued with nothing lost", cancel_read },
	{ "operations that would wait for an hour are cancelled", cancel_waits },
	{ "a run cancelled at any moment can be continued, and does everything once",
	  cancel_at_once },
	{ "destroying an instance in flight stops it", destroy_instance },
	{ "destroying the queue stops runs in flight, which can be continued", destroy_queue },
	{ "the descriptor is readable while there are completions to fetch", poll_fd },
	{ "a signal handler interrupts the wait, not the run", wait_is_interrupted },
	{ "one signal with its default action is handled, and its action restored",
	  signals_are_left },
	{ "signals to the caller do not reach runs", signals_are_the_callers },
	{ "output to a pipe without readers is EPIPE, without a signal", broken_pipe },
	{ "256 runs that wait for each other are in flight at once", many, 60 },
	{ "several threads submit to one queue and wait for it", from_threads },
	{ "threads that wait (one of them fetched the last completion) all return",
	  waiters_without_a_run },
	{ "a run continues after the thread that submitted it has ended", submitter_ends },
	{ "a run continues after the process was stopped", process_stops },
	{ "exit, exec and kill -9 end runs in flight, and release their files", process_ends, 40 },
	{ "a fork does not disturb a run in flight", process_forks },
};

/* --- the ways to run ---------------------------------------------------------------------------------- */

static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return good;
}

#define SWITCH "/proc/sys/kernel/io_uring_disabled"
#define ALLOW_SECCOMP "/sys/module/bfk/parameters/allow_seccomp"

/* From here on io_uring_setup(2) fails with EPERM. */
static void deny(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(*filter), filter };

	if (put(SWITCH, "2"))
		return;
	CHECK(put(ALLOW_SECCOMP, "1"));
	EQUAL(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	EQUAL(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

static void allow(void)
{
	if (!put(SWITCH, "0"))
		CHECK(put(ALLOW_SECCOMP, "0"));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		enum bfk_where where;
		uint32_t flags;
		enum bfk_via via;
	} ways[] = {
		{ "queue-uring", BFK_WHERE_KERNEL, 0, BFK_VIA_URING },
		{ "queue-interp-kernel", BFK_WHERE_KERNEL_INTERP, 0, BFK_VIA_URING },
		{ "queue-threads", BFK_WHERE_KERNEL, BFK_QUEUE_THREADS, BFK_VIA_THREAD },
		{ "queue-denied", BFK_WHERE_KERNEL, 0, BFK_VIA_THREAD },
		{ "queue-jit", BFK_WHERE_JIT, 0, BFK_VIA_THREAD },
		{ "queue-interp", BFK_WHERE_INTERP, 0, BFK_VIA_THREAD },
	};
	const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	bool is_denied = !strcmp(name, "queue-denied");
	size_t i = 0;
	int status;

	while (strcmp(name, ways[i].name))
		CHECK(++i < sizeof(ways) / sizeof(*ways));
	where = ways[i].where;
	queue_flags = ways[i].flags;
	via = ways[i].via;
	if (is_denied)
		deny();
	status = (where < BFK_WHERE_JIT ?
			  run_clean_cases :
			  run_cases)(tests, sizeof(tests) / sizeof(*tests), argc, argv);
	if (is_denied)
		allow();
	return status;
}
