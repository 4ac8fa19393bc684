// SPDX-License-Identifier: GPL-2.0-only
#include "cli.h"

int cmd_ops(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return CLI_USAGE;
}

int cmd_info(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return CLI_USAGE;
}
