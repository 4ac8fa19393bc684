// SPDX-License-Identifier: GPL-2.0-only
/* Which slots does %e report as ready, and when does it give up? */
#include "server.h"
#include <sys/eventfd.h>

static void ready(void)
{
	static const uint8_t slots[] = { 0, 1, 2, 3, 4, 63, 64, 255 };
	int fds[5], ends[2], sockets[2], i;
	struct frame frame;

	dev = dev_open(0);
	pipe_make(ends);
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	fds[0] = ends[0];			/* nothing to read; cannot be written */
	fds[1] = ends[1];			/* can be written */
	fds[2] = sockets[0];			/* can be written */
	fds[3] = eventfd(1, EFD_CLOEXEC);	/* both */
	fds[4] = open("/etc/passwd", O_RDONLY); /* always both */

	frame = events(slots, 5, (struct frame){ .arg = POLLIN, .off = 1 }, fds, 5);
	WORKS(frame);
	EQUAL(frame.len, 10);
	EQUAL(frame.off, 1);
	for (i = 0; i < 5; i++) {
		EQUAL(dev.tape[16 + 2 * i], i);
		EQUAL(revents(i), i < 3 ? 0 : POLLIN);
	}
	WORKS(events(slots, 5, (struct frame){ .arg = POLLOUT, .off = 1 }, fds, 5));
	for (i = 0; i < 5; i++)
		EQUAL(revents(i), i < 1 ? 0 : POLLOUT);
	WORKS(events(slots, 8, (struct frame){ .off = 1 }, fds, 5)); /* 0 is POLLIN */
	for (i = 0; i < 8; i++)
		EQUAL(revents(i), i < 3 ? 0 : i < 5 ? POLLIN : POLLNVAL);
	close(sockets[1]); /* reported although not requested */
	close(ends[0]);
	fds[0] = -1;
	WORKS(events(slots + 1, 2, (struct frame){ .arg = POLLPRI }, fds, 5));
	EQUAL(revents(0), POLLERR);
	EQUAL(revents(1), POLLHUP);
}

static void none_ready(void)
{
	static const uint8_t slots[] = { 0, 0 };
	double start = now();
	int ends[2];
	struct frame frame;

	dev = dev_open(0);
	pipe_make(ends);
	frame = events(slots, 2, (struct frame){ .off = NAP_NS }, ends, 1);
	CHECK(now() - start >= NAP);
	EQUAL(frame.go, 0);
	EQUAL(frame.err, 0);
	EQUAL(revents(0), 0);
	EQUAL(revents(1), 0);
	frame = events(NULL, 0, (struct frame){ .off = 1 }, ends, 1); /* nothing to wait for */
	EQUAL(frame.go, 0);
	EQUAL(frame.err, 0);
}

static void events_refused(void)
{
	static const uint16_t lens[] = { 1, 3, 127, 129, 130, 256, 65520 };
	uint8_t slots[SLOTS];
	unsigned int i;
	int fd = eventfd(1, EFD_CLOEXEC);

	dev = dev_open(0);
	for (i = 0; i < sizeof(lens) / sizeof(*lens); i++)
		FAILS(op(&dev, 'e', (struct frame){ .len = lens[i] }, NULL, 0, &fd, 1), EINVAL);
	FAILS(op(&dev, 'e', (struct frame){ .len = 65521 }, NULL, 0, &fd, 1), EINVAL);
	memset(slots, 0, sizeof(slots));
	WORKS(events(slots, SLOTS, (struct frame){ .slot = 200 }, &fd, 1)); /* the maximum */
	for (i = 0; i < SLOTS; i++)
		EQUAL(revents(i), POLLIN);
}

/* The frame is at cell 0; ',' stores one of the two bytes far after it. */
static void read_ahead(void)
{
	int ends[2];

	pipe_make(ends);
	EQUAL(write(ends[1], "ab", 2), 2);
	dev = dev_open(0);
	dev_load(&dev, ">>>>>>>>>>>>>>>>>>>>,<<<<<<<<<<<<<<<<<<<<%e");
	tape_put(dev.tape, 0, &(struct frame){ .go = 1, .len = 2, .off = 1 }, 16);
	dev_run(&dev, ends, 1, UNLIMITED);
	WORKS(frame_get(dev.tape, 0));
	EQUAL(revents(0), POLLIN);
	EQUAL(dev.tape[20], 'a');
}

static const struct test tests[] = {
	{ "%e reports which slots are ready, have failed or are empty", ready },
	{ "%e (none ready) is go 0 and err 0 when the time is up", none_ready },
	{ "%e (len odd or above 128) is EINVAL, with 64 pairs it works", events_refused },
	{ "%e (bytes read ahead by ',') reports slot 0 readable", read_ahead },
};

CASES(tests)
