// SPDX-License-Identifier: GPL-2.0-only
/* Which kinds of files can be read and written on which engine. bfk(7) lists the exceptions. */
#include "engines.h"

/*
 * struct kind - a file, and the error in the kernel where a process has none
 * @path: the file
 * @err: errno of reading it in the kernel; 0: readable, as in a process
 */
static const struct kind {
	const char *path;
	int err;
} readable[] = {
	{ "/proc/self/status" },
	{ "/proc/self/stat" },
	{ "/proc/self/maps" },
	{ "/proc/self/limits" },
	{ "/proc/self/mountinfo" },
	{ "/proc/self/comm" },
	{ "/proc/self/io" },
	{ "/proc/self/cgroup" },
	{ "/proc/version" },
	{ "/proc/uptime" },
	{ "/proc/meminfo" },
	{ "/proc/filesystems" },
	{ "/proc/sys/kernel/ostype" },
	{ "/sys/kernel/uevent_seqnum" },
	{ "/sys/fs/cgroup/cgroup.controllers" },
	{ "/dev/zero" },
	{ "/dev/full" },
	{ "/dev/urandom" },
	{ "/proc/self/cmdline", EINVAL },
	{ "/proc/self/environ", EINVAL },
	{ "/proc/self/auxv", EINVAL },
	{ "/proc/self/oom_score_adj", EINVAL },
	{ "/proc/net/dev", EINVAL },
	{ "/proc/net/tcp", EINVAL },
	{ "/proc/modules", EINVAL },
	{ "/proc/kallsyms", EINVAL },
	{ "/dev/kmsg", EINVAL },
};

#define N_READABLE (sizeof(readable) / sizeof(*readable))

static void should_be(const char *path, char letter, enum bfk_where where, int err, int should)
{
	static char text[100];

	snprintf(text, sizeof(text), "%s %c %s", path, letter, bfk_where_name(where));
	note = text;
	EQUAL(err, should);
	note = "";
}

/* The errno of ',' in a new run; 0: it reads a byte. */
static int comma(enum bfk_where where, int fd)
{
	struct engine engine = engine_load(where, ",");
	struct bfk_result result = engine_run(&engine, &fd, 1);

	bfk_destroy(engine.bfk);
	return result.read_len ? 0 : result.fail_errno;
}

static int read_by(enum bfk_where where, char letter, int fd)
{
	struct frame frame = engine_op(where, letter, (struct frame){ .cap = 4096 }, "", &fd, 1);

	if (frame.go)
		CHECK(frame.len > 0);
	return frame.go ? 0 : frame.err;
}

static void try_read(const struct kind *kind, enum bfk_where where)
{
	int should = is_kernel(where) ? kind->err : 0;
	int fd = open(kind->path, O_RDONLY | O_CLOEXEC);

	note = kind->path;
	CHECK(fd >= 0);
	should_be(kind->path, 'r', where, read_by(where, 'r', fd), should);
	close(fd);
	fd = open(kind->path, O_RDONLY | O_CLOEXEC);
	should_be(kind->path, ',', where, comma(where, fd), should);
	close(fd);
	if (!strcmp(kind->path, "/dev/kmsg")) /* it has no offsets */
		return;
	fd = open(kind->path, O_RDONLY | O_CLOEXEC);
	should_be(kind->path, 'g', where, read_by(where, 'g', fd), should);
	close(fd);
}

static void reading(void)
{
	size_t i;
	int j;

	for (i = 0; i < N_READABLE; i++)
		for (j = 0; j < N_ENGINES; j++)
			try_read(&readable[i], wheres[j]);
}

/* The text is the same, however it is cut into pieces, up to its end. */
static void same_text(void)
{
	static char plain[1 << 16], text[1 << 16];
	int fd = open("/proc/self/limits", O_RDONLY | O_CLOEXEC), i;
	ssize_t len, plain_len = 0;

	while ((len = read(fd, plain + plain_len, sizeof(plain) - plain_len)) > 0)
		plain_len += len;
	CHECK(plain_len > 500);
	for (i = 0; i < N_ENGINES; i++) {
		struct engine engine = engine_load(wheres[i], "+%r[>>+<<%w>>-<<%r]");
		int fds[] = { fd, file_make("", 0) };

		note = bfk_where_name(wheres[i]);
		tape_put(engine.tape, 0, &(struct frame){ .cap = 100 }, sizeof(struct frame));
		EQUAL(lseek(fd, 0, SEEK_SET), 0);
		engine_run(&engine, fds, 2);
		bfk_destroy(engine.bfk);
		EQUAL(pread(fds[1], text, sizeof(text), 0), plain_len);
		CHECK(!memcmp(text, plain, plain_len));
		close(fds[1]);
	}
}

static void moving(void)
{
	static const char *const paths[] = { "/proc/self/status", "/proc/self/maps",
					     "/proc/modules" };
	int i, j;

	for (i = 0; i < 3; i++)
		for (j = 0; j < N_ENGINES; j++) {
			int fds[] = { open(paths[i], O_RDONLY | O_CLOEXEC), file_make("", 0) };

			note = paths[i];
			FAILS(engine_op(wheres[j], 'x', (struct frame){ .arg = 1 }, "", fds, 2),
			      EINVAL);
			close(fds[0]);
			close(fds[1]);
		}
}

/* The errno of '.' in a new run; 0: it works. */
static int dot(enum bfk_where where, int fd)
{
	struct engine engine = engine_load(where, "++++++++[>++++++<-]>.");
	int fds[] = { -1, fd };
	struct bfk_result result = engine_run(&engine, fds, 2);

	bfk_destroy(engine.bfk);
	return result.fail_errno;
}

static void try_write(const char *path, enum bfk_where where, int should)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	struct frame frame;

	note = path;
	CHECK(fd >= 0);
	frame = engine_op(where, 'w', (struct frame){}, "0", &fd, 1);
	should_be(path, 'w', where, frame.err, should);
	frame = engine_op(where, 'p', (struct frame){}, "0", &fd, 1);
	should_be(path, 'p', where, frame.err, should);
	should_be(path, '.', where, dot(where, fd), should);
	close(fd);
}

static void writing(void)
{
	int i;

	for (i = 0; i < N_ENGINES; i++) {
		try_write("/dev/null", wheres[i], 0);
		try_write("/proc/sys/vm/overcommit_memory", wheres[i], 0);
		try_write("/dev/full", wheres[i], is_kernel(wheres[i]) ? EINVAL : ENOSPC);
		try_write("/proc/self/oom_score_adj", wheres[i], is_kernel(wheres[i]) ? EINVAL : 0);
		try_write("/proc/self/coredump_filter", wheres[i],
			  is_kernel(wheres[i]) ? EINVAL : 0);
	}
}

static const struct test tests[] = {
	{ "%r , %g read every kind of file in a process, and in the kernel all except those listed here",
	  reading, 60 },
	{ "%r (a file of /proc, in small pieces) returns all its text", same_text },
	{ "%x (from a file of /proc) is EINVAL, like sendfile", moving },
	{ "%w %p . (a file without write_iter) are EINVAL in the kernel, and work in a process",
	  writing },
};

CASES(tests)
