// SPDX-License-Identifier: GPL-2.0-only
/* Do %d and %s keep their order with ',' and '.', and does a slow peer delay no other? */
#include "now.h"

/* ',' reads five bytes ahead; %d takes the rest of them, for any file, and then reads the file. */
static void ahead_on(enum bfk_where where)
{
	static const char source[] = ",>%d>>>>>>>>>>>>>>>>>>>>%d";
	struct frame frame = { .go = 1, .cap = 3 };
	struct four four = four_make(where, source);
	int fd = file_make("hello", TEXT_LEN);

	tape_put(four.dev.tape, 1, &frame, sizeof(frame));
	frame.cap = 100;
	tape_put(four.dev.tape, 21, &frame, sizeof(frame));
	EQUAL(four_run(&four, &fd, 1, UNLIMITED).status, BFK_STATUS_END);
	EQUAL(four.dev.tape[0], 'h');
	is(frame_get(four.dev.tape, 1), 1, 0, 3);
	CHECK(!memcmp(four.dev.tape + 17, "ell", 3));
	is(frame_get(four.dev.tape, 21), 1, 0, 1);
	EQUAL(four.dev.tape[37], 'o');
	EQUAL(bfk_reset(four.bfk, 0), 0);
	bfk_destroy(four.bfk);
	close(fd);
}

static void ahead(void)
{
	four_each(ahead_on);
}

/* The output of '.' is written first, and waits as usual. */
static void flushed_on(enum bfk_where where)
{
	struct four four = four_make(where, "+.%s");
	int out = file_make("", 0), ends[2];
	uint8_t byte;

	make_socket(ends);
	tape_put(four.dev.tape, 0, &(struct frame){ .slot = 3, .len = 2 }, sizeof(struct frame));
	EQUAL(four_run(&four, (int[]){ -1, out, -1, ends[1] }, 4, 1).write_len, 3);
	EQUAL(pread(out, &byte, 1, 0), 1);
	EQUAL(byte, 1);
	bfk_destroy(four.bfk);
	ends_close(ends);
	close(out);
}

static void flushed(void)
{
	four_each(flushed_on);
}

/*
 * A step of a server: data that one peer does not take now is kept, and the other peer gets its
 * own.
 */
static void two_peers_on(enum bfk_where where)
{
	struct four four = four_make(where, chain("ss"));
	struct frame frame = { .slot = 0, .len = 3000 };
	int slow[2], fast[2];
	uint8_t bytes[4096];

	make_socket(slow);
	make_socket(fast);
	EQUAL(fcntl(slow[1], F_SETFL, O_NONBLOCK), 0);
	while (write(slow[1], bytes, sizeof(bytes)) > 0)
		;
	EQUAL(fcntl(slow[1], F_SETFL, 0), 0);
	lay(&four.dev, 0, frame, "", 0);
	frame.slot = 1;
	lay(&four.dev, 1, frame, "", 0);
	EQUAL(four_run(&four, (int[]){ slow[1], fast[1] }, 2, 1).status, BFK_STATUS_END);
	is(laid(&four.dev, 0), 0, EAGAIN, 0);
	is(laid(&four.dev, 1), 1, 0, 3000);
	EQUAL(read(fast[0], bytes, sizeof(bytes)), 3000);
	bfk_destroy(four.bfk);
	ends_close(slow);
	ends_close(fast);
}

static void two_peers(void)
{
	four_each(two_peers_on);
}

static const struct test tests[] = {
	{ "%d (slot 0, bytes read ahead) takes those, whatever the file is", ahead },
	{ "%s (output of '.' buffered) comes after that output", flushed },
	{ "%s (one of two peers does not read) serves the other", two_peers },
};

FOUR_CASES(tests)
