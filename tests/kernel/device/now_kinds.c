// SPDX-License-Identifier: GPL-2.0-only
/* Do %d and %s do to every kind of file what preadv2(2) and pwritev2(2) with RWF_NOWAIT do? */
#include "now.h"
#include "ext4.h"
#include <sys/eventfd.h>
#include <sys/uio.h>

/* O_NONBLOCK already promises not to wait, whatever that means for a kind of file. */
static ssize_t plain_read(int fd, void *bytes, size_t len)
{
	if (fcntl(fd, F_GETFL) & O_NONBLOCK)
		return read(fd, bytes, len);
	return preadv2(fd, &(struct iovec){ bytes, len }, 1, -1, RWF_NOWAIT);
}

static ssize_t plain_write(int fd, void *bytes, size_t len)
{
	if (fcntl(fd, F_GETFL) & O_NONBLOCK)
		return write(fd, bytes, len);
	return pwritev2(fd, &(struct iovec){ bytes, len }, 1, -1, RWF_NOWAIT);
}

static int file_flags;

/* A file of 10 bytes, at position 3. */
static int file_in(const char *dir)
{
	char path[60];
	int fd;

	snprintf(path, sizeof(path), "%s/bfk-now.XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	CHECK(fd >= 0);
	EQUAL(write(fd, "0123456789", 10), 10);
	close(fd);
	fd = open(path, file_flags | O_CLOEXEC);
	CHECK(fd >= 0);
	unlink(path);
	EQUAL(lseek(fd, 3, SEEK_SET), 3);
	return fd;
}

static int make_file(void)
{
	return file_in("/tmp");
}

/* In the guest, on ext4, which supports RWF_NOWAIT; on this machine, on any file system. */
static int make_disk_file(void)
{
	if (four_first != BFK_WHERE_KERNEL)
		return file_in(".");
	ext4_mount();
	return file_in("/mnt");
}

static int make_zero(void)
{
	return open("/dev/zero", (file_flags & ~O_CREAT) | O_CLOEXEC);
}

static int make_null(void)
{
	return open("/dev/null", (file_flags & ~O_CREAT) | O_CLOEXEC);
}

/* A terminal. */
static int make_terminal(void)
{
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), unlock = 0, fd;
	char path[40];

	CHECK(master >= 0);
	EQUAL(ioctl(master, TIOCSPTLCK, &unlock), 0);
	EQUAL(ioctl(master, TIOCGPTN, &unlock), 0);
	snprintf(path, sizeof(path), "/dev/pts/%d", unlock);
	fd = open(path, (file_flags & ~O_APPEND) | O_NOCTTY | O_CLOEXEC);
	CHECK(fd >= 0);
	EQUAL(write(master, "line\n", 5), 5);
	await_readable(fd);
	return fd; /* the master stays open until the case ends */
}

static int make_event(void)
{
	return eventfd(5, file_flags & O_NONBLOCK ? EFD_NONBLOCK : 0);
}

static int make_directory(void)
{
	return open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static const struct kind {
	const char *name;
	int (*make)(void);
} kinds[] = {
	{ "tmpfs", make_file },		 { "disk", make_disk_file }, { "zero", make_zero },
	{ "null", make_null },		 { "event", make_event },    { "terminal", make_terminal },
	{ "directory", make_directory },
};

/* Compares the results of one operation and the file position afterwards with the system call. */
static void same_as_plain(enum bfk_where where, char letter, const struct kind *kind, uint16_t n)
{
	uint8_t bytes[100], got[16];
	int plain = kind->make(), fd = kind->make(), err;
	struct frame frame;
	ssize_t ret;

	CHECK(plain >= 0 && fd >= 0);
	fill(bytes, sizeof(bytes), 7);
	ret = letter == 'd' ? plain_read(plain, bytes, n) : plain_write(plain, bytes, n);
	err = ret < 0 ? errno : 0;
	if (kind->make == make_directory && letter == 'd')
		err = EISDIR; /* where preadv2() has EOPNOTSUPP */
	frame = do_now(where, letter, fd, n, got);
	EQUAL(frame.err, err);
	EQUAL(frame.len, ret < 0 ? 0 : ret);
	EQUAL(frame.go, ret > 0);
	if (letter == 'd' && ret > 0)
		CHECK(!memcmp(got, bytes, ret < 16 ? ret : 16));
	EQUAL(lseek(fd, 0, SEEK_CUR), lseek(plain, 0, SEEK_CUR));
	close(plain);
	close(fd);
}

static void kinds_each(enum bfk_where where)
{
	static const int flags[] = { O_RDWR, O_RDONLY, O_WRONLY, O_RDWR | O_NONBLOCK,
				     O_RDWR | O_APPEND };
	char text[80];
	size_t i, j;

	for (i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		for (j = 0; j < sizeof(kinds) / sizeof(*kinds); j++) {
			snprintf(text, sizeof(text), "%s: %s, flags 0x%x", bfk_where_name(where),
				 kinds[j].name, flags[i]);
			note = text;
			file_flags = flags[i];
			same_as_plain(where, 'd', &kinds[j], 8);
			same_as_plain(where, 'd', &kinds[j], 50);
			if (kinds[j].make != make_event) /* the kernel cannot write to it */
				same_as_plain(where, 's', &kinds[j], 8);
		}
	note = "";
}

static void every_kind(void)
{
	four_each(kinds_each);
}

/* A file on a disk, with no page in memory, at position 3 of 10. */
static int make_cold_file(void)
{
	int fd;

	file_flags = O_RDWR;
	fd = make_disk_file();
	EQUAL(fsync(fd), 0);
	EQUAL(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
	return fd;
}

/*
 * %d starts to read what it does not find in memory, so that a later %d finds it. In a process it
 * is preadv2(), which does not start to read on older kernels.
 */
static void cold_on(enum bfk_where where)
{
	int fd = make_cold_file();
	struct frame frame;

	do {
		frame = do_now(where, 'd', fd, 7, NULL);
		CHECK(frame.go || frame.err == EAGAIN);
	} while (!frame.go && where <= BFK_WHERE_KERNEL_INTERP);
	EQUAL(frame.len, frame.go ? 7 : 0);
	close(fd);
}

static void cold(void)
{
	four_each(cold_on);
}

static const struct test tests[] = {
	{ "%d and %s (every kind of file, each mode, O_NONBLOCK) do the same as preadv2 and pwritev2",
	  every_kind, 120 },
	{ "%d (a file on a disk, not in memory) is EAGAIN until it is in memory", cold, 60 },
};

FOUR_CASES(tests)
