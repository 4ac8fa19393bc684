/* SPDX-License-Identifier: GPL-2.0-only */
/* Files for programs to work on, and the ends of pipes. */
#ifndef BFK_TESTS_FILES_H
#define BFK_TESTS_FILES_H

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "check.h"

static inline void pipe_make(int ends[2])
{
	EQUAL(pipe2(ends, O_CLOEXEC), 0);
}

/* An unlinked file on /tmp (tmpfs) holding @len bytes, at position 0. */
static inline int file_make(const void *data, size_t len)
{
	char path[] = "/tmp/bfk-test.XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);

	CHECK(fd >= 0);
	unlink(path);
	EQUAL(pwrite(fd, data, len, 0), len);
	return fd;
}

/* Writes to a file that exists, such as a setting of the kernel. */
static inline void put_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	CHECK(fd >= 0);
	EQUAL(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* Waits until every other end of this pipe or socket is closed; false if that does not happen. */
static inline bool is_hung_up(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	char byte;

	return poll(&pollfd, 1, 1000 * SOON) == 1 && read(fd, &byte, 1) == 0;
}

/* Does it stay open, with nothing to read? */
static inline bool is_quiet(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return poll(&pollfd, 1, 20 * slow()) == 0;
}

/* Has the last reader of this pipe closed it? */
static inline bool is_broken(int fd)
{
	struct pollfd pollfd = { .fd = fd };

	return poll(&pollfd, 1, 1000 * SOON) == 1 && pollfd.revents & POLLERR;
}

/* Removes a folder; a cgroup only after its last process has left. */
static inline void dir_remove(const char *path)
{
	double end = now() + SOON;

	while (rmdir(path)) {
		CHECK(errno == EBUSY && now() < end);
		nap(5);
	}
}

/* Fills with bytes that do not repeat soon, from a seed. */
static inline void fill(void *to, size_t len, uint32_t seed)
{
	uint8_t *byte = to;

	for (seed = seed * 2654435761u + 1; len--; *byte++ = seed >> 24)
		seed = seed * 1664525 + 1013904223;
}

#endif
