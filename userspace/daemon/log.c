// SPDX-License-Identifier: GPL-2.0-only
/* bfkd: its log. Interface: log.h */
#include "log.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include "userspace/engine/clock.h"

/* Is standard error the stream that systemd connected to the journal? */
static bool is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat stat;

	return stream && sscanf(stream, "%llu:%llu", &dev, &ino) == 2 &&
	       !fstat(STDERR_FILENO, &stat) && stat.st_dev == dev && stat.st_ino == ino;
}

/*
 * Writes each line whole: lines of other threads, and of others with the same log, do not mix. A
 * control character, from a policy or a name, cannot begin another line.
 */
void bfkd_log(int priority, const char *format, ...)
{
	char line[1024];
	va_list args;
	int len, more, i;

	len = is_journal() ? snprintf(line, sizeof(line), "<%d>", priority) :
			     snprintf(line, sizeof(line), "bfkd: ");
	va_start(args, format);
	more = vsnprintf(line + len, sizeof(line) - len - 1, format, args);
	va_end(args);
	len += more < (int)sizeof(line) - len - 1 ? more : (int)sizeof(line) - len - 2;
	for (i = 0; i < len; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = '?';
	line[len++] = '\n';
	if (write(STDERR_FILENO, line, len) < 0)
		return; /* there is nowhere to report this */
}

uint64_t bfkd_now_ns(void)
{
	return bfk_clock_ns();
}
