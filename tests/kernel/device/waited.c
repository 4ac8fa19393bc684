// SPDX-License-Identifier: GPL-2.0-only
/*
 * What does an operation that waited and was stopped by a signal do, if the tape changes before the
 * run continues? The rule is in bfk(7), "Operations that are continued".
 */
#include "four.h"
#include <sys/un.h>

#define SECOND_NS 1000000000ull
#define HOUR_NS (3600 * SECOND_NS)

/* --- %n and %e -------------------------------------------------------------------------------- */

/* A run of "%n%n" or "%e%n" that is stopped during its wait of @ns; %e waits for an empty pipe. */
static struct four stopped_wait(enum bfk_where where, char letter, uint64_t ns, const int fds[3])
{
	const char letters[] = { letter, 'n', 0 };
	struct four four = four_make(where, chain(letters));

	lay(&four.dev, 0, (struct frame){ .len = letter == 'e' ? 2 : 0, .off = ns }, "", 2);
	four_stop(&four, fds, 3);
	return four;
}

static void wait_files(int fds[3])
{
	int ends[2];

	pipe_make(ends);
	fds[0] = ends[0];
	fds[1] = ends[1];
	fds[2] = file_make("text", 4);
}

/* An hour becomes a nanosecond: the run still waits. */
static void wait_shortened(enum bfk_where where)
{
	int fds[3], i;

	wait_files(fds);
	for (i = 0; i < 2; i++) {
		struct four four = stopped_wait(where, "ne"[i], HOUR_NS, fds);

		lay(&four.dev, 0, (struct frame){ .len = 2 * i, .off = 1 }, "", 2);
		EQUAL(four_stop(&four, NULL, 0).source_off, 0);
		bfk_destroy(four.bfk);
	}
}

static void wait_shorter(void)
{
	four_each(wait_shortened);
}

/* Some seconds become an hour: the wait ends nevertheless, and not by a signal. */
static void wait_lengthened(enum bfk_where where)
{
	int fds[3], i;

	wait_files(fds);
	for (i = 0; i < 2; i++) {
		uint64_t ns = 2 * SECOND_NS * slow();
		struct four four = stopped_wait(where, "ne"[i], ns, fds);

		lay(&four.dev, 0, (struct frame){ .len = 2 * i, .off = HOUR_NS }, "", 2);
		four_end(&four);
		EQUAL(laid(&four.dev, 0).go, !i);
		EQUAL(laid(&four.dev, 0).err, 0);
		bfk_destroy(four.bfk);
	}
}

static void wait_longer(void)
{
	four_each(wait_lengthened);
}

/* The next wait has its own end. */
static void wait_skipped(enum bfk_where where)
{
	int fds[3], i;

	wait_files(fds);
	for (i = 0; i < 2; i++) {
		struct four four = stopped_wait(where, "ne"[i], HOUR_NS, fds);

		lay(&four.dev, 1, (struct frame){ .off = 1000 }, NULL, 0);
		four.dev.tape[0] = 0;
		EQUAL(four_end(&four).sysops, 1);
		EQUAL(laid(&four.dev, 0).off, HOUR_NS);
		WORKS(laid(&four.dev, 1));
		bfk_destroy(four.bfk);
	}
}

static void wait_go(void)
{
	four_each(wait_skipped);
}

/* The wait is changed to another file, and to another event. */
static void poll_changed(enum bfk_where where)
{
	struct four four;
	int fds[3];

	wait_files(fds);
	four = stopped_wait(where, 'e', HOUR_NS, fds);
	four.dev.tape[16] = 2;
	four_end(&four);
	WORKS(laid(&four.dev, 0));
	EQUAL(four.dev.tape[17], POLLIN);
	bfk_destroy(four.bfk);
	four = stopped_wait(where, 'e', HOUR_NS, fds);
	lay(&four.dev, 0, (struct frame){ .arg = POLLOUT, .len = 2, .off = HOUR_NS }, "\1", 2);
	four_end(&four);
	WORKS(laid(&four.dev, 0));
	EQUAL(four.dev.tape[17], POLLOUT);
	bfk_destroy(four.bfk);
}

static void poll_pairs(void)
{
	four_each(poll_changed);
}

/* --- %r, %a and %o, stopped before any effect------------------------------------------------- */

static void read_changed(enum bfk_where where)
{
	struct four four = four_make(where, "%r");
	int fds[3];

	wait_files(fds);
	lay(&four.dev, 0, (struct frame){}, NULL, 0);
	EQUAL(four_stop(&four, fds, 3).sysops, 0);
	lay(&four.dev, 0, (struct frame){ .slot = 2, .cap = 3 }, NULL, 0);
	EQUAL(four_end(&four).read_len, 3);
	WORKS(laid(&four.dev, 0));
	EQUAL(laid(&four.dev, 0).len, 3);
	CHECK(!memcmp(four.dev.tape + 16, "tex\0", 4));
	bfk_destroy(four.bfk);
}

static void read_frame(void)
{
	four_each(read_changed);
}

/* A listening Unix socket with @n_peers pending connections. */
static int listener(int n_peers)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(address);

	EQUAL(bind(fd, (void *)&address, sizeof(address.sun_family)), 0);
	EQUAL(listen(fd, 10), 0);
	EQUAL(getsockname(fd, (void *)&address, &len), 0);
	while (n_peers--)
		EQUAL(connect(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), (void *)&address, len),
		      0);
	return fd;
}

static void accept_changed(enum bfk_where where)
{
	int fds[2] = { listener(0), listener(1) }, go;

	for (go = 0; go < 2; go++) {
		struct four four = four_make(where, "%a");

		lay(&four.dev, 0, (struct frame){}, NULL, 0);
		EQUAL(four_stop(&four, fds, 2).sysops, 0);
		four.dev.tape[0] = go;
		four.dev.tape[2] = 1;
		EQUAL(four_end(&four).sysops, go);
		EQUAL(laid(&four.dev, 0).arg, go ? 2 : 0);
		bfk_destroy(four.bfk);
	}
}

static void accept_frame(void)
{
	four_each(accept_changed);
}

/* %o waited for the other end of a FIFO. */
static void open_changed(enum bfk_where where)
{
	char path[] = "/tmp/bfk-test.XXXXXX", name[60];
	struct four four = four_make(where, "%o");
	int dir;

	CHECK(mkdtemp(path));
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	EQUAL(mkfifoat(dir, "fifo", 0600), 0);
	close(openat(dir, "file", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	lay_text(&four.dev, 0, (struct frame){}, "fifo");
	EQUAL(four_stop(&four, &dir, 1).sysops, 0);
	lay_text(&four.dev, 0, (struct frame){}, "file");
	four_end(&four);
	WORKS(laid(&four.dev, 0));
	EQUAL(laid(&four.dev, 0).arg, 1);
	bfk_destroy(four.bfk);
	snprintf(name, sizeof(name), "rm -r %s", path);
	EQUAL(system(name), 0);
}

static void open_frame(void)
{
	four_each(open_changed);
}

static const struct test tests[] = {
	{ "%n and %e (stopped, off made shorter) still wait for the original time", wait_shorter },
	{ "%n and %e (stopped, off made longer) end at the original time", wait_longer, 120 },
	{ "%n and %e (stopped, go set to 0) are dropped: the next wait has its own end", wait_go },
	{ "%e (stopped, pairs or events changed) uses the new ones", poll_pairs },
	{ "%r (stopped, slot and cap changed) reads from the new slot", read_frame },
	{ "%a (stopped, slot or go changed) accepts from the new slot, or nothing", accept_frame },
	{ "%o (stopped in a FIFO, name changed) opens the new name", open_frame },
};

FOUR_CASES(tests)
