// SPDX-License-Identifier: GPL-2.0-only
/* Do limits apply to operations as they apply to system calls? On all four engines. */
#include "engines.h"
#include "bfk/limits.h"
#include <limits.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/un.h>

#define CREATE 5 /* arg of %o: write and create */

/* --- sizes of files ------------------------------------------------------------------------------ */

#define LIMIT 50

/* Was SIGXFSZ, which is blocked, sent? Consumes it. */
static bool was_sent(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGXFSZ);
	return sigtimedwait(&set, NULL, &(struct timespec){}) == SIGXFSZ;
}

/* Does one operation with a file size limit of LIMIT bytes, not applied to the engine's files. */
static struct frame limited(enum bfk_where where, char letter, struct frame frame, const char *text,
			    const int *fds)
{
	struct engine engine = engine_begin(where, letter, frame, text);

	EQUAL(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ LIMIT, RLIM_INFINITY }), 0);
	frame = engine_end(&engine, fds, 3);
	EQUAL(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY }), 0);
	return frame;
}

static void size_limit_on(enum bfk_where where)
{
	static const char text[] =
		"eighty bytes eighty bytes eighty bytes eighty bytes eighty bytes eighty bytes et";
	int fds[] = { file_make(text, 80), file_make("", 0), file_make("", 0) };
	struct frame frame;

	frame = limited(where, 'w', (struct frame){ .slot = 1 }, text, fds);
	FAILS(frame, EFBIG);
	EQUAL(frame.len, LIMIT);
	CHECK(was_sent());
	FAILS(limited(where, 'p', (struct frame){ .slot = 1, .off = LIMIT }, "x", fds), EFBIG);
	CHECK(was_sent());
	FAILS(limited(where, 't', (struct frame){ .slot = 1, .off = LIMIT + 1 }, "", fds), EFBIG);
	CHECK(was_sent());
	frame = limited(where, 'x', (struct frame){ .slot = 0, .arg = 2 }, "", fds);
	FAILS(frame, EFBIG);
	EQUAL(frame.off, LIMIT);
	CHECK(was_sent());
	EQUAL(lseek(fds[0], 0, SEEK_CUR), LIMIT);
	EQUAL(lseek(fds[2], 0, SEEK_END), LIMIT);
	WORKS(limited(where, 't', (struct frame){ .slot = 1, .off = LIMIT }, "", fds));
	CHECK(!was_sent());
}

static void block_signal(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGXFSZ);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static void size_limit(void)
{
	block_signal();
	on_each(size_limit_on);
}

/* A file opened for appending moves to its end before it finds that it may not grow. */
static void append_limit_on(enum bfk_where where)
{
	int full = file_make("fifty bytes fifty bytes fifty bytes fifty bytes fif", LIMIT);
	int fds[] = { full, full, full };

	EQUAL(fcntl(full, F_SETFL, O_APPEND), 0);
	EQUAL(lseek(full, 7, SEEK_SET), 7);
	FAILS(limited(where, 'w', (struct frame){ .slot = 1 }, "x", fds), EFBIG);
	EQUAL(lseek(full, 0, SEEK_CUR), 7);
	CHECK(was_sent());
	close(full);
}

static void append_limit(void)
{
	block_signal();
	on_each(append_limit_on);
}

/* --- positions ----------------------------------------------------------------------------------- */

/* The positions of this file are addresses, so they have 64 bits. */
static void far_position_on(enum bfk_where where)
{
	int fd = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);

	WORKS(engine_op(where, 'l', (struct frame){ .off = LLONG_MAX }, "", &fd, 1));
	FAILS(engine_op(where, 'l', (struct frame){ .off = LLONG_MAX + 1ull }, "", &fd, 1),
	      EOVERFLOW);
	close(fd);
}

static void far_position(void)
{
	on_each(far_position_on);
}

/* --- descriptors --------------------------------------------------------------------------------- */

#define N_FILES 12
#define N_TRIED 14

/*
 * Does %@letter on slot 0, which holds @fd as slot 20 does, repeatedly with a low limit on
 * descriptors. Returns how many files went into slots, each into the lowest free one, before
 * EMFILE.
 */
static int fill_slots(enum bfk_where where, char letter, int fd)
{
	char letters[N_TRIED + 1] = { 0 };
	int fds[BFK_SLOTS], n = 0, i;
	struct rlimit few = { N_FILES, 4096 }, many = { 1024, 4096 };
	struct engine engine;

	memset(letters, letter, N_TRIED);
	memset(fds, -1, sizeof(fds));
	fds[0] = fd;
	fds[20] = fd;
	EQUAL(setrlimit(RLIMIT_NOFILE, &many), 0);
	engine = engine_load(where, chain(letters));
	for (i = 0; i < N_TRIED; i++)
		engine_lay(&engine, i, (struct frame){ .len = letter == 'o' }, ".", 1);
	if (is_kernel(where))
		EQUAL(setrlimit(RLIMIT_NOFILE, &few), 0);
	else /* these count as descriptors of the process, which has some open */
		EQUAL(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ fd + 3 + N_FILES, 4096 }), 0);
	engine_run(&engine, fds, BFK_SLOTS);
	EQUAL(setrlimit(RLIMIT_NOFILE, &many), 0);
	for (i = 0; i < N_TRIED && engine_frame(&engine, i).go; i++, n++)
		EQUAL(engine_frame(&engine, i).arg, i + 1);
	for (; i < N_TRIED; i++)
		FAILS(engine_frame(&engine, i), EMFILE);
	bfk_destroy(engine.bfk);
	return n;
}

static void open_limit_on(enum bfk_where where)
{
	int n = fill_slots(where, 'o', open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

	if (is_kernel(where))
		EQUAL(n, N_FILES - 1);
	else
		CHECK(n > 0 && n < N_TRIED);
}

static void open_limit(void)
{
	on_each(open_limit_on);
}

/* A listening socket with N_TRIED connections. */
static int listener_make(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), i;
	socklen_t len = sizeof(address);

	EQUAL(bind(listener, (void *)&address, sizeof(sa_family_t)), 0);
	EQUAL(getsockname(listener, (void *)&address, &len), 0);
	EQUAL(listen(listener, N_TRIED), 0);
	for (i = 0; i < N_TRIED; i++) {
		int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

		EQUAL(connect(peer, (void *)&address, len), 0);
		EQUAL(fcntl(peer, F_DUPFD_CLOEXEC, 500) >= 500, 1);
		close(peer);
	}
	EQUAL(fcntl(listener, F_SETFL, O_NONBLOCK), 0);
	return listener;
}

static void accept_limit_on(enum bfk_where where)
{
	int n = fill_slots(where, 'a', listener_make());

	if (is_kernel(where))
		EQUAL(n, N_FILES - 1);
	else
		CHECK(n > 0 && n < N_TRIED);
}

static void accept_limit(void)
{
	on_each(accept_limit_on);
}

/* With all slots in use, the operations make nothing that would need a slot. */
static void all_taken_on(enum bfk_where where)
{
	int dir = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC), listener = listener_make(), i;
	int fds[BFK_SLOTS];

	for (i = 0; i < BFK_SLOTS; i++)
		fds[i] = i ? dir : listener;
	FAILS(engine_op(where, 'o', (struct frame){ .slot = 1, .arg = CREATE }, "bfk-none", fds,
			BFK_SLOTS),
	      EMFILE);
	EQUAL(access("/tmp/bfk-none", F_OK), -1);
	FAILS(engine_op(where, 'a', (struct frame){}, "", fds, BFK_SLOTS), EMFILE);
	for (i = 0; i < N_TRIED; i++)
		CHECK(accept4(listener, NULL, NULL, SOCK_CLOEXEC) >= 0);
	close(dir);
	close(listener);
}

static void all_taken(void)
{
	on_each(all_taken_on);
}

static const struct test tests[] = {
	{ "%w %p %t %x (beyond RLIMIT_FSIZE) are EFBIG and send SIGXFSZ", size_limit },
	{ "%w (fails, file to append to) leaves the position unchanged", append_limit },
	{ "%l (beyond 63 bits, file with positions there) is EOVERFLOW", far_position },
	{ "%o (RLIMIT_NOFILE 12) fills slots 0 to 11 in the kernel, then is EMFILE", open_limit },
	{ "%a (RLIMIT_NOFILE 12) fills slots 0 to 11 in the kernel, then is EMFILE", accept_limit },
	{ "%o and %a (64 slots taken) are EMFILE, create no file and accept no connection",
	  all_taken },
};

CASES(tests)
