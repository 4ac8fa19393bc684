// SPDX-License-Identifier: GPL-2.0-only
/* Do %a %e %n wait as long as they should, whatever signals come, and end at SIGKILL? */
#include "server.h"

static volatile uint64_t *n_stops; /* of the child */

/* A child that runs the loaded program, with a signal every 20 ms, and continues it to the end. */
static pid_t stopped_often(const int *fds, uint32_t n_fds)
{
	pid_t pid;

	n_stops = mmap(NULL, sizeof(*n_stops), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	CHECK(n_stops != MAP_FAILED);
	pid = fork();
	if (pid)
		return pid;
	tick(20000);
	EQUAL(dev_run_on(&dev, fds, n_fds, (uint64_t *)n_stops).status, BFK_STATUS_END);
	_exit(0);
}

/* One wait of @ns, stopped often; it must not end early. */
static void wait_stopped(bool is_nap, uint64_t ns, const int *fds)
{
	double start = now();

	dev = dev_open(0);
	dev_load(&dev, chain(is_nap ? "n" : "e"));
	lay(&dev, 0, (struct frame){ .off = ns, .len = is_nap ? 0 : 2 }, "", 1);
	EQUAL(child_wait(stopped_often(fds, 1), SOON), 0);
	CHECK(now() - start >= ns / 1e9);
	EQUAL(laid(&dev, 0).go, is_nap);
	EQUAL(laid(&dev, 0).err, 0);
	EQUAL(laid(&dev, 0).off, ns);
	dev_close(&dev);
}

/*
 * If each signal restarted them, these waits would never end. Waits longer if a busy machine sent
 * too few.
 */
static void waits_stopped(void)
{
	int ends[2], is_nap;
	uint64_t ns;

	pipe_make(ends);
	for (is_nap = 0; is_nap < 2; is_nap++) {
		ns = NAP_NS;
		do {
			wait_stopped(is_nap, ns, ends);
			ns *= 2;
		} while (*n_stops < 3);
	}
}

static void connects_stopped(void)
{
	int fds[2] = { -1, pair_listener(NULL) }, peer, is_poll;
	pid_t pid;

	for (is_poll = 0; is_poll < 2; is_poll++) { /* without a time limit */
		dev = dev_open(0);
		dev_load(&dev, chain(is_poll ? "ea" : "a"));
		lay(&dev, 0, (struct frame){ .slot = 1, .len = 2 }, "\1", 1);
		lay(&dev, 1, (struct frame){ .slot = 1 }, NULL, 0);
		pid = stopped_often(fds, 2);
		while (*n_stops < 3)
			nap(5);
		peer = connect_to(fds[1]);
		EQUAL(child_wait(pid, SOON), 0);
		WORKS(laid(&dev, 0));
		EQUAL(laid(&dev, is_poll).arg, 0);
		CHECK(is_hung_up(peer));
		close(peer);
		dev_close(&dev);
	}
}

/* A child blocked in the first operation of the loaded program. */
static pid_t blocked(const int *fds, uint32_t n_fds)
{
	pid_t pid = fork();

	if (!pid)
		_exit(dev_run(&dev, fds, n_fds, UNLIMITED).status);
	await_blocked(pid);
	return pid;
}

static void waits_killed(void)
{
	static const char *const letters[] = { "a", "e", "n" };
	int fds[2] = { -1, pair_listener(NULL) }, i;

	for (i = 0; i < 3; i++) {
		pid_t pid;

		note = letters[i];
		dev = dev_open(0);
		dev_load(&dev, chain(letters[i]));
		lay(&dev, 0, (struct frame){ .slot = 1, .off = i == 2 ? ~0ull : 0, .len = 2 }, "\1",
		    1);
		pid = blocked(fds, 2);
		kill(pid, SIGKILL);
		EQUAL(child_wait(pid, SOON), SIGKILL);
		dev_close(&dev);
	}
}

/* An operation uses the frame as it was when it began, even when it writes it back. */
static void rewritten_while_blocked(void)
{
	struct frame evil = { .go = 1, .slot = 63, .arg = 77, .cap = 5, .off = 1, .len = 65535 };
	int fds[2] = { -1, pair_listener(NULL) };
	struct frame frame;
	pid_t pid;

	dev = dev_open(0);
	dev_load(&dev, chain("a"));
	lay(&dev, 0, (struct frame){ .slot = 1, .off = 9 }, NULL, 0);
	pid = blocked(fds, 2);
	tape_put(dev.tape, 0, &evil, sizeof(evil));
	connect_to(fds[1]);
	EQUAL(child_wait(pid, SOON), BFK_STATUS_END);
	frame = laid(&dev, 0);
	WORKS(frame);
	EQUAL(frame.slot, 1);
	EQUAL(frame.arg, 0);
	EQUAL(frame.off, 9);

	dev_load(&dev, chain("e"));
	lay(&dev, 0, (struct frame){ .len = 4 }, "\1\0\1", 4);
	pid = blocked(fds, 2);
	tape_put(dev.tape, 0, &evil, sizeof(evil));
	tape_put(dev.tape, 16, "\2", 1); /* a pair: read again when the other one wakes it */
	connect_to(fds[1]);
	EQUAL(child_wait(pid, SOON), BFK_STATUS_END);
	frame = laid(&dev, 0);
	WORKS(frame);
	EQUAL(frame.len, 4);
	EQUAL(revents(0), POLLNVAL);
	EQUAL(revents(1), POLLIN);
}

static const struct test tests[] = {
	{ "%e and %n (a signal every 20 ms) take no longer", waits_stopped },
	{ "%a and %e without a limit (a signal every 20 ms) get their connection",
	  connects_stopped },
	{ "%a %e %n (SIGKILL while they wait) die soon", waits_killed },
	{ "%a and %e (frame and pairs rewritten while they wait) reach no other file",
	  rewritten_while_blocked },
};

CASES(tests)
