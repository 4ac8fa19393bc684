// SPDX-License-Identifier: GPL-2.0-only
/* What standard error and other descriptors can show. Interface: terminal.h */
#include "terminal.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* isatty(3) makes an ioctl, so only character devices are asked: `strace -c` counts the ioctls of a run. */
bool cli_is_terminal(int fd)
{
	struct stat stat;

	return !fstat(fd, &stat) && S_ISCHR(stat.st_mode) && isatty(fd);
}

/* Is standard error a terminal on which the cursor can be moved? */
bool cli_has_terminal(void)
{
	const char *terminal = getenv("TERM");

	return cli_is_terminal(STDERR_FILENO) && terminal && strcmp(terminal, "dumb");
}

/* https://no-color.org: NO_COLOR counts if it is set and not empty. */
bool cli_has_colour(void)
{
	const char *variable = getenv("NO_COLOR");

	return cli_has_terminal() && !(variable && *variable);
}
