// SPDX-License-Identifier: GPL-2.0-only
/* bfk dump: becomes bfk-dump (dump.c), which lies where bfk does. Interface: cli.h */
#include "cli.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static const char name[] = "bfk-dump";

/* Makes @path, which holds PATH_MAX bytes, that of the program. Returns -errno. */
static int find_program(char *path)
{
	ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - sizeof(name));

	if (len < 0)
		return -errno;
	path[len] = 0;
	strcpy(strrchr(path, '/') + 1, name);
	return 0;
}

int cmd_dump(int argc, char **argv)
{
	char path[PATH_MAX] = "/proc/self/exe";
	int err = find_program(path);

	(void)argc;
	if (!err) {
		execv(path, argv);
		err = -errno;
	}
	cli_say("dump: %s: %s", path, strerror(-err));
	cli_hint("bfk dump needs %s, which is built and installed beside bfk", name);
	return CLI_FAILED;
}
