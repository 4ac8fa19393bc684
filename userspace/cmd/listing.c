// SPDX-License-Identifier: GPL-2.0-only
/* The message for a program whose machine code bfk-dump cannot get. Interface: listing.h */
#include "listing.h"
#include "cli.h"
#include "say.h"
#include <errno.h>
#include <string.h>

int cli_say_no_listing(const char *command, enum bfk_where where, int err)
{
	cli_say("%s: engine %s: %s", command, bfk_where_name(where), strerror(-err));
	if (err == -EPERM)
		cli_hint("the kernel's code needs CAP_SYS_ADMIN; --engine jit makes the same");
	else if (err == -ENODATA)
		cli_hint("the program is interpreted there, so it has no machine code");
	return CLI_FAILED;
}
