/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For drivers of %d and %s, which never wait, on each engine. A run that waited would never end by
 * itself: nobody writes to what it reads, nor reads what it fills. A signal wakes it, and it fails.
 */
#ifndef BFK_TESTS_NOW_H
#define BFK_TESTS_NOW_H

#include "four.h"

#define TEXT_LEN 5u /* "hello" */

/* --- one operation on one file ----------------------------------------------------------------- */

/* Does the operation on slot 3. Returns its frame; @got gets 16 bytes of data. */
static inline struct frame do_now(enum bfk_where where, char letter, int fd, uint16_t n,
				  uint8_t *got)
{
	static uint8_t data[60000];
	const char *what = note; /* four_make() sets it */
	struct four four = four_make(where, chain((char[]){ letter, 0 }));
	struct frame frame = { .slot = 3, .cap = n, .len = n };
	struct bfk_result result;
	struct waker waker;

	note = what;
	if (letter == 's')
		fill(data, n, 7);
	lay(&four.dev, 0, frame, data, letter == 's' ? n : 0);
	waker_start(&waker);
	result = four_run(&four, (int[]){ -1, -1, -1, fd }, 4, UNLIMITED);
	waker_stop(&waker);
	EQUAL(result.status, BFK_STATUS_END); /* BFK_STATUS_SIGNAL: it waited */
	EQUAL(result.sysops, 1);
	frame = laid(&four.dev, 0);
	EQUAL(frame.cap, n);
	EQUAL(frame.slot, 3);
	EQUAL(result.fail_errno, frame.err);
	if (letter == 'd')
		EQUAL(result.read_len, frame.len);
	else
		EQUAL(result.write_len, frame.len);
	if (got)
		memcpy(got, four.dev.tape + 16, 16);
	bfk_destroy(four.bfk);
	return frame;
}

/* Compares go, err and len of a frame. */
static inline void is(struct frame frame, int go, int err, unsigned int len)
{
	EQUAL(frame.err, err);
	EQUAL(frame.go, go);
	EQUAL(frame.len, len);
}

/* --- pipes and sockets ------------------------------------------------------------------------- */

static inline void make_socket(int ends[2])
{
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
}

static inline void ends_close(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

/* Waits until data that was sent has arrived. */
static inline void await_readable(int fd)
{
	EQUAL(poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 1000 * SOON), 1);
}

#endif
