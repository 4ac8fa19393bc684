/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers of file operations: an instance, files to work on, and one operation at a time. */
#ifndef BFK_TESTS_FILE_OPS_H
#define BFK_TESTS_FILE_OPS_H

#include <sys/mount.h>
#include "dev.h"

static struct dev dev;

static inline int tmp_open(const char *name, int flags)
{
	char path[300];
	int fd;

	snprintf(path, sizeof(path), "/tmp/%s", name);
	fd = open(path, flags | O_CLOEXEC, 0666);
	CHECK(fd >= 0);
	return fd;
}

/* Makes a directory for this case below /tmp. */
static inline const char *dir_make(void)
{
	static char path[] = "/tmp/bfk-dir.XXXXXX";

	CHECK(mkdtemp(path));
	return path;
}

static inline void put_file(const char *dir, const char *name, const char *text)
{
	char path[400];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	CHECK(file);
	fputs(text, file);
	fclose(file);
}

/* Does this file hold exactly this? */
static inline bool holds(int fd, const char *text)
{
	char is[200] = {};
	ssize_t len = pread(fd, is, sizeof(is), 0);

	if (len == (ssize_t)strlen(text) && !memcmp(is, text, len))
		return true;
	printf("# it holds '%.*s'\n", (int)len, is);
	fflush(stdout);
	return false;
}

#define OP(letter, fds, ...) \
	op(&dev, letter, (struct frame){ __VA_ARGS__ }, NULL, 0, fds, sizeof(fds) / sizeof(*(fds)))
#define OP_TEXT(letter, text, fds, ...)                                                            \
	op(&dev, letter, (struct frame){ .len = strlen(text), ##__VA_ARGS__ }, text, strlen(text), \
	   fds, sizeof(fds) / sizeof(*(fds)))

/* A file with room for 4096 bytes. */
static inline int full_file(void)
{
	const char *path = dir_make();
	char file[100];
	int fd;

	EQUAL(mount("tmpfs", path, "tmpfs", 0, "size=4k"), 0);
	snprintf(file, sizeof(file), "%s/f", path);
	fd = open(file, O_RDWR | O_CREAT, 0600);
	CHECK(fd >= 0);
	umount2(path, MNT_DETACH);
	return fd;
}

#endif
