// SPDX-License-Identifier: GPL-2.0-only
/* Does a completion have the result that RUN would return, and does submit hold the files? */
#include "queue.h"

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

const struct test queue_results[] = {
	{ "a completion has the result that RUN would return", same_result },
	{ "a run that quits or fails completes with that", quits_and_fails },
	{ "fuel ends a run in flight, and it can be continued with more", fuel },
	{ "submit holds the files: the caller may close its descriptors", files_are_taken },
	{ "a run (stopping at operations) completes once before each, even if cancelled in one",
	  stops },
	{},
};
