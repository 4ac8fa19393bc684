// SPDX-License-Identifier: GPL-2.0-only
/*
 * Do the constants of libbfk-frame.h do what their names say? Each is tried where it makes a
 * difference.
 */
#include "four.h"

_Static_assert(BFK_SEEK_SET == SEEK_SET && BFK_SEEK_CUR == SEEK_CUR && BFK_SEEK_END == SEEK_END,
	       "");
_Static_assert(BFK_SEEK_DATA == SEEK_DATA && BFK_SEEK_HOLE == SEEK_HOLE, "");
_Static_assert(BFK_POLLIN == POLLIN && BFK_POLLPRI == POLLPRI && BFK_POLLOUT == POLLOUT, "");
_Static_assert(BFK_POLLERR == POLLERR && BFK_POLLHUP == POLLHUP && BFK_POLLNVAL == POLLNVAL, "");
_Static_assert(BFK_POLLRDNORM == POLLRDNORM && BFK_POLLRDBAND == POLLRDBAND, "");
_Static_assert(BFK_CLOCK_REALTIME == CLOCK_REALTIME && BFK_CLOCK_MONOTONIC == CLOCK_MONOTONIC, "");
_Static_assert(BFK_CLOCK_BOOTTIME == CLOCK_BOOTTIME, "");
_Static_assert(BFK_SHUT_RD == SHUT_RD && BFK_SHUT_WR == SHUT_WR && BFK_SHUT_RDWR == SHUT_RDWR, "");

static void put(struct four *four, uint32_t ix, struct bfk_frame frame, const char *text)
{
	frame.go = 1;
	frame.len = strlen(text);
	tape_put(four->dev.tape, ix * STEP, &frame, sizeof(frame));
	tape_put(four->dev.tape, ix * STEP + sizeof(frame), text, frame.len);
}

static struct bfk_frame get(const struct four *four, uint32_t ix)
{
	struct bfk_frame frame;

	tape_get(four->dev.tape, ix * STEP, &frame, sizeof(frame));
	return frame;
}

/* Does one operation on slot 0, and returns its frame. */
static struct bfk_frame one(enum bfk_where where, char letter, struct bfk_frame frame, int fd)
{
	const char letters[] = { letter, 0 };
	struct four four = four_make(where, chain(letters));

	put(&four, 0, frame, "");
	EQUAL(four_run(&four, &fd, 1, UNLIMITED).status, BFK_STATUS_END);
	frame = get(&four, 0);
	bfk_destroy(four.bfk);
	return frame;
}

/* --- %o ---------------------------------------------------------------------------------------- */

struct opened {
	int open, read, write; /* errnos; -1: not tried */
};

/* Opens @name beneath @dir, reads a byte, and writes one; stops where there is no file. */
static struct opened try_open(enum bfk_where where, int dir, const char *name, uint8_t arg)
{
	struct four four = four_make(where, chain("orw"));
	struct opened opened = { .read = -1, .write = -1 };

	put(&four, 0, (struct bfk_frame){ .arg = arg }, name);
	put(&four, 1, (struct bfk_frame){ .slot = 1, .cap = 1 }, "");
	put(&four, 2, (struct bfk_frame){ .slot = 1 }, "!");
	EQUAL(four_run(&four, &dir, 1, UNLIMITED).status, BFK_STATUS_END);
	opened.open = get(&four, 0).err;
	if (!opened.open) {
		opened.read = get(&four, 1).err;
		opened.write = get(&four, 2).err;
	}
	bfk_destroy(four.bfk);
	return opened;
}

static off_t size_of(int dir, const char *name)
{
	struct stat stat;

	EQUAL(fstatat(dir, name, &stat, 0), 0);
	return stat.st_size;
}

static void opens_in(enum bfk_where where, int dir)
{
	struct opened opened;

	EQUAL(try_open(where, dir, "file", BFK_O_WRONLY).open, ENOENT);
	EQUAL(try_open(where, dir, "file", BFK_O_WRONLY | BFK_O_CREAT | BFK_O_EXCL).write, 0);
	EQUAL(try_open(where, dir, "file", BFK_O_WRONLY | BFK_O_CREAT | BFK_O_EXCL).open, EEXIST);
	opened = try_open(where, dir, "file", BFK_O_RDONLY);
	EQUAL(opened.read, 0);
	EQUAL(opened.write, EBADF);
	opened = try_open(where, dir, "file", BFK_O_WRONLY | BFK_O_APPEND);
	EQUAL(opened.read, EBADF);
	EQUAL(opened.write, 0);
	EQUAL(size_of(dir, "file"), 2);
	opened = try_open(where, dir, "file", BFK_O_RDWR | BFK_O_TRUNC);
	EQUAL(opened.read, 0);
	EQUAL(opened.write, 0);
	EQUAL(size_of(dir, "file"), 1);
	EQUAL(try_open(where, dir, "file", BFK_O_RDONLY | BFK_O_DIRECTORY).open, ENOTDIR);
	EQUAL(try_open(where, dir, ".", BFK_O_RDONLY | BFK_O_DIRECTORY).open, 0);
	EQUAL(mkfifoat(dir, "fifo", 0600), 0);
	EQUAL(try_open(where, dir, "fifo", BFK_O_WRONLY | BFK_O_NONBLOCK).open, ENXIO);
}

static void opens(enum bfk_where where)
{
	char path[] = "/tmp/bfk-test.XXXXXX";
	int dir;

	CHECK(mkdtemp(path));
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	opens_in(where, dir);
	EQUAL(unlinkat(dir, "file", 0), 0);
	EQUAL(unlinkat(dir, "fifo", 0), 0);
	close(dir);
	dir_remove(path);
}

static void open_args(void)
{
	four_each(opens);
}

/* --- the others -------------------------------------------------------------------------------- */

static uint64_t id_of(enum bfk_where where, uint8_t arg)
{
	return one(where, 'i', (struct bfk_frame){ .arg = arg }, -1).off;
}

static void asks(enum bfk_where where)
{
	EQUAL(id_of(where, BFK_ID_PROCESS), getpid());
	EQUAL(id_of(where, BFK_ID_PARENT), getppid());
	EQUAL(id_of(where, BFK_ID_USER), getuid());
	EQUAL(id_of(where, BFK_ID_GROUP), getgid());
	if (geteuid())
		return;
	EQUAL(setresuid(1001, -1, -1), 0); /* so that the IDs differ */
	EQUAL(id_of(where, BFK_ID_USER), 1001);
	EQUAL(id_of(where, BFK_ID_GROUP), getgid());
	EQUAL(setresuid(0, -1, -1), 0);
}

static void id_args(void)
{
	four_each(asks);
}

static void syncs(enum bfk_where where)
{
	int fd = file_make("text", 4);

	EQUAL(one(where, 'y', (struct bfk_frame){ .arg = BFK_SYNC_ALL }, fd).go, 1);
	EQUAL(one(where, 'y', (struct bfk_frame){ .arg = BFK_SYNC_DATA }, fd).go, 1);
	EQUAL(one(where, 'l', (struct bfk_frame){ .arg = BFK_SEEK_END, .off = -1 }, fd).off, 3);
	EQUAL(one(where, 'm', (struct bfk_frame){ .arg = BFK_CLOCK_BOOTTIME }, fd).go, 1);
	close(fd);
}

static void copies(enum bfk_where where)
{
	struct four four = four_make(where, chain("kk"));

	put(&four, 0, (struct bfk_frame){ .arg = BFK_COPY_FROM_TAPE, .off = 1000 }, "....");
	put(&four, 1, (struct bfk_frame){ .arg = BFK_COPY_TO_TAPE, .off = 2000 }, "data");
	tape_put(four.dev.tape, 1000, "tape", 4);
	EQUAL(four_run(&four, NULL, 0, UNLIMITED).sysops, 2);
	CHECK(!memcmp(four.dev.tape + sizeof(struct bfk_frame), "tape", 4));
	CHECK(!memcmp(four.dev.tape + 2000, "data", 4));
	bfk_destroy(four.bfk);
}

static void copy_args(void)
{
	four_each(copies);
}

static void other_args(void)
{
	four_each(syncs);
}

static const struct test tests[] = {
	{ "BFK_O_* (each where it makes a difference) open as their names say", open_args },
	{ "BFK_ID_* (each where it makes a difference) return the IDs that they name", id_args },
	{ "BFK_COPY_* copy in the direction that they name", copy_args },
	{ "BFK_SYNC_*, BFK_SEEK_END and BFK_CLOCK_BOOTTIME are accepted", other_args },
};

FOUR_CASES(tests)
