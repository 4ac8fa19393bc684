/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Failing one allocation of a call: the kernel's fault injection (Documentation/fault-injection).
 * Writing n to a thread's fail-nth makes its n-th allocation fail; if the call makes fewer, a part
 * of n is left after it. Copies from and to user space count as allocations.
 */
#ifndef BFK_TESTS_FAULT_H
#define BFK_TESTS_FAULT_H

#include "tests/kernel/device/leaks.h"
#include <dirent.h>

/* Every allocation may fail, silently: a trace in the log would fail the test. */
static inline void faults_set_up(void)
{
	static const char *const settings[][2] = {
		{ "failslab/verbose", "0" },
		{ "failslab/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/verbose", "0" },
		{ "fail_page_alloc/ignore-gfp-wait", "N" },
		{ "fail_page_alloc/ignore-gfp-highmem", "N" },
		{ "fail_page_alloc/min-order", "0" },
		{ "fail_usercopy/verbose", "0" },
	};
	char path[80];
	size_t i;
	int fd;

	for (i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s", settings[i][0]);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		note = path;
		CHECK(fd >= 0);
		EQUAL(write(fd, settings[i][1], 1), 1);
		close(fd);
	}
	note = "";
}

/* Opens the fail-nth of a thread of this process. */
static inline int fault_open(int tid)
{
	char path[60];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/fail-nth", tid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	CHECK(fd >= 0);
	return fd;
}

/* After this the thread must make its call and no other. */
static inline void fault_arm(int fd, unsigned int nth)
{
	char text[12];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fd, text, len, 0) != len)
		fail(__FILE__, __LINE__, "cannot write to fail-nth (errno %d)", errno);
}

/* Did it fail? Reading and writing fail-nth are calls that may fail, too. */
static inline bool fault_disarm(int fd)
{
	char text[12] = {};
	bool read = pread(fd, text, sizeof(text) - 1, 0) > 0;

	while (pwrite(fd, "0", 1, 0) != 1)
		EQUAL(errno, EFAULT);
	return read && !atoi(text);
}

#endif
