// SPDX-License-Identifier: GPL-2.0-only
/* Does %o stay beneath its directory, whatever the path is and whoever renames meanwhile? */
#include "open.h"

static void open_escapes(void)
{
	static const char *const links[] = { "/etc",
					     "/etc/passwd",
					     "..",
					     "../bfk-secret",
					     "sub",
					     "sub/f",
					     "/proc/self/root/etc/passwd",
					     "." };
	const char *path = dir_make();
	int dir = open(path, O_RDONLY | O_DIRECTORY), proc = open("/proc/self", O_RDONLY);
	char through[100];
	unsigned int i;

	dev = dev_open(0);
	mkdirat(dir, "sub", 0777);
	put_file(path, "sub/f", "text");
	put_file("/tmp", "bfk-secret", "secret");
	FAILS(open_then(dir, "..", R, 'z', ""), EXDEV);
	FAILS(open_then(dir, "../bfk-secret", R, 'z', ""), EXDEV);
	FAILS(open_then(dir, "sub/..", R, 'z', ""), EXDEV);
	FAILS(open_then(dir, "sub/../sub/f", R, 'z', ""), EXDEV);
	FAILS(open_then(dir, "sub/../../bfk-secret", R, 'z', ""), EXDEV);
	FAILS(open_then(dir, "/etc/passwd", R, 'z', ""), EXDEV);
	FAILS(open_then(dir, "//etc/passwd", R, 'z', ""), EXDEV);
	for (i = 0; i < sizeof(links) / sizeof(*links); i++) {
		note = links[i];
		unlinkat(dir, "link", 0);
		EQUAL(symlinkat(links[i], dir, "link"), 0);
		FAILS(open_then(dir, "link", R, 'z', ""), ELOOP);
		FAILS(open_then(dir, "link", W | CREATE, 'z', ""), ELOOP);
		FAILS(open_then(dir, "link", R | DIRECTORY, 'z', ""), ENOTDIR);
		FAILS(open_then(dir, "link/.", R, 'z', ""), ENOTDIR);
		snprintf(through, sizeof(through), "link/%s", "passwd");
		FAILS(open_then(dir, through, R, 'z', ""), ENOTDIR);
	}
	note = "proc";
	FAILS(open_then(proc, "root/etc/passwd", R, 'z', ""), ENOTDIR);
	FAILS(open_then(proc, "cwd", R, 'z', ""), ELOOP);
	FAILS(open_then(proc, "fd/0", R, 'z', ""), ELOOP);
}

/* The other thread of open_race(): swaps the names of a directory and of a link to elsewhere. */
static void *trade(void *arg)
{
	int dir = *(int *)arg;

	for (;;)
		renameat2(dir, "d", dir, "link", RENAME_EXCHANGE);
	return NULL;
}

static void open_race(void)
{
	const char *path = dir_make();
	int dir, opened = 0, refused = 0;
	double end = now() + 2;
	pthread_t thread;
	char name[200];

	snprintf(name, sizeof(name), "%s/jail", path);
	mkdir(name, 0777);
	dir = open(name, O_RDONLY | O_DIRECTORY);
	mkdirat(dir, "d", 0777);
	put_file(path, "jail/d/f", "inside");
	put_file(path, "f", "outside");
	EQUAL(symlinkat("..", dir, "link"), 0);
	dev = dev_open(0);
	EQUAL(pthread_create(&thread, NULL, trade, &dir), 0);
	while (now() < end || opened <= 10 || refused <= 10) {
		struct frame frame = open_then(dir, "d/f", R, 'r', "");

		opened += frame.go;
		refused += frame.err == ENOTDIR;
		CHECK(frame.go || frame.err == ENOTDIR);
		CHECK(!frame.go || data_is("inside"));
	}
}

/* Moves a directory of the path out and back: only files beneath may be found. */
static void *move_out(void *arg)
{
	int dir = *(int *)arg;

	for (;;) {
		renameat(dir, "d/e", dir, "../e");
		renameat(dir, "../e", dir, "d/e");
	}
	return NULL;
}

static void open_moved(void)
{
	const char *path = dir_make();
	double end = now() + 1;
	pthread_t thread;
	char name[200];
	int dir;

	snprintf(name, sizeof(name), "%s/jail", path);
	mkdir(name, 0777);
	dir = open(name, O_RDONLY | O_DIRECTORY);
	mkdirat(dir, "d", 0777);
	mkdirat(dir, "d/e", 0777);
	put_file(path, "jail/d/e/f", "inside");
	put_file(path, "f", "outside");
	dev = dev_open(0);
	EQUAL(pthread_create(&thread, NULL, move_out, &dir), 0);
	while (now() < end) {
		struct frame frame = open_then(dir, "d/e/../f", R, 'r', "");

		CHECK(frame.err == EXDEV || frame.err == ENOENT);
		frame = open_then(dir, "d/e/f", R, 'r', "");
		CHECK(frame.go ? data_is("inside") : frame.err == ENOENT);
	}
}

static const struct test tests[] = {
	{ "%o (dot-dot, absolute, symbolic link anywhere) is EXDEV, ELOOP or ENOTDIR",
	  open_escapes },
	{ "%o (directory and link swap names meanwhile) never gets outside", open_race },
	{ "%o (directory moved outside meanwhile) never opens files there", open_moved },
};

CASES(tests)
