// SPDX-License-Identifier: GPL-2.0-only
#include "cli.h"

int cmd_check(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	cli_say("not yet");
	return CLI_USAGE;
}
