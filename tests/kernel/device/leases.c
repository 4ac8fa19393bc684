// SPDX-License-Identifier: GPL-2.0-only
/* Do leases and lost rights apply to operations as to system calls? On all four engines. */
#include "engines.h"

#define NONBLOCK 128 /* arg of %o */

#define LEASED "/tmp/bfk-leased"

static int leased = -1;

static int lease_take(void)
{
	leased = open(LEASED, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	CHECK(leased >= 0);
	EQUAL(fcntl(leased, F_SETLEASE, F_WRLCK), 0);
	return open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int n_breaks;

static void give_back(int signo)
{
	(void)signo;
	n_breaks++;
	fcntl(leased, F_SETLEASE, F_UNLCK);
}

static struct frame open_leased(enum bfk_where where, int dir, uint8_t arg)
{
	return engine_op(where, 'o', (struct frame){ .arg = arg }, "bfk-leased", &dir, 1);
}

static void lease_on(enum bfk_where where)
{
	int dir = lease_take();

	n_breaks = 0;
	signal(SIGIO, SIG_IGN);
	FAILS(open_leased(where, dir, NONBLOCK), EAGAIN);
	close(leased);
	WORKS(open_leased(where, dir, NONBLOCK));
	close(dir);
	dir = lease_take();
	sigaction(SIGIO, &(struct sigaction){ .sa_handler = give_back }, NULL);
	WORKS(open_leased(where, dir, 0));
	EQUAL(n_breaks, 1);
	close(leased);
	close(dir);
}

static void lease(void)
{
	on_each(lease_on);
}

/* The file was opened for writing when that was allowed; its owner may not write to it any more. */
static void truncate_on(enum bfk_where where)
{
	int fd = file_make("bytes", 5);
	struct engine engine = engine_begin(where, 't', (struct frame){ .off = 1 }, "");
	struct frame frame;

	EQUAL(fchown(fd, 1001, 1001), 0);
	EQUAL(fchmod(fd, 0400), 0);
	EQUAL(seteuid(1001), 0);
	frame = engine_end(&engine, &fd, 1);
	EQUAL(seteuid(0), 0);
	EQUAL(lseek(fd, 0, SEEK_END), is_kernel(where) ? 5 : 1);
	if (is_kernel(where))
		FAILS(frame, EACCES);
	else
		WORKS(frame);
	close(fd);
}

static void truncate_rights(void)
{
	on_each(truncate_on);
}

static const struct test tests[] = {
	{ "%o (leased file) breaks the lease and waits, or is EAGAIN", lease },
	{ "%t (no right to write any more) is EACCES in the kernel, and works in a process",
	  truncate_rights },
};

CASES(tests)
