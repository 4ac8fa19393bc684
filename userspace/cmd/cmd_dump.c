// SPDX-License-Identifier: GPL-2.0-only
/* bfk dump and bfk audit: execute bfk-dump (dump_main.c), which is in bfk's folder. Interface: commands.h */
#include "commands.h"
#include "cli.h"
#include "say.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static const char name[] = "bfk-dump";

/* Sets @path, PATH_MAX bytes, to that of bfk-dump. Returns -errno. */
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
	const char *command = strrchr(argv[0], ' ') + 1; /* "bfk: dump" */
	char path[PATH_MAX] = "/proc/self/exe";
	int err = find_program(path);

	(void)argc;
	if (!err) {
		execv(path, argv);
		err = -errno;
	}
	cli_say("%s: %s: %s", command, path, strerror(-err));
	cli_hint("bfk %s needs %s, which is built and installed beside bfk", command, name);
	return CLI_FAILED;
}
