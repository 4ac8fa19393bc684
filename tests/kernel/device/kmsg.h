/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's log: a mark for each case, and complaints since the last look at it. */
#ifndef BFK_TESTS_KMSG_H
#define BFK_TESTS_KMSG_H

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include "check.h"

static int kmsg = -1;

/* Is this line of the log a complaint? The marker of a test is not one. */
static inline bool is_complaint(const char *line)
{
	static const char *const words[] = { "WARNING:",
					     "BUG:",
					     "Oops",
					     "general protection",
					     "unable to handle",
					     "Call Trace",
					     "rcu: ",
					     "soft lockup",
					     "hard LOCKUP",
					     "blocked for more",
					     "scheduling while atomic",
					     "sleeping function",
					     "KASAN",
					     "UBSAN" };
	size_t i;

	if (strstr(line, "bfk-test: case"))
		return false;
	/* The kernel has its own data races. */
	if (strstr(line, "KCSAN: ") && !strstr(line, "[bfk]"))
		return false;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(line, words[i]))
			return true;
	return false;
}

static inline void log_open(void)
{
	int fd = open("/proc/sys/kernel/printk_devkmsg", O_WRONLY | O_CLOEXEC);

	/* Otherwise the kernel drops lines written in quick succession, such as the marks of cases. */
	if (write(fd, "on\n", 3) != 3 && !geteuid())
		fprintf(stderr, "# the kernel's log is rate-limited\n");
	close(fd);
	kmsg = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	lseek(kmsg, 0, SEEK_END);
}

/* Writes one line, after its level; not by dprintf(3), which needs a seekable file. */
static inline void log_write(const char *level, const char *text)
{
	char line[300];
	int len = snprintf(line, sizeof(line), "%sbfk-test: %s\n", level, text);

	if (write(kmsg, line, len) != len)
		fprintf(stderr, "# cannot write to the kernel's log\n");
}

static inline void log_mark(const char *name)
{
	char text[200];

	snprintf(text, sizeof(text), "case %s", name);
	log_write("<6>", text);
}

/* Reads to the end of the log; false if there was a complaint, which it prints. */
static inline bool log_check(void)
{
	char line[1100];
	bool good = true, out_of_memory = false;
	ssize_t len;

	while ((len = read(kmsg, line, sizeof(line) - 1)) > 0 || (len < 0 && errno == EPIPE)) {
		line[len > 0 ? len : 0] = 0;
		/* The report of an out-of-memory kill, which some cases provoke, has a trace. */
		if (strstr(line, "invoked oom-killer"))
			out_of_memory = true;
		if (strstr(line, "Killed process") || strstr(line, "no killable process"))
			out_of_memory = false;
		if (is_complaint(line) && !(out_of_memory && strstr(line, "Call Trace"))) {
			printf("# kernel: %s", line);
			good = false;
		}
	}
	return good;
}

#endif
