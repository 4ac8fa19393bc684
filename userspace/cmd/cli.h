/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exit statuses, numbers, names, and the beginning and end of each command. Here and in the other files of this
 * folder, functions that return a status return an exit status.
 */
#ifndef BFK_CMD_CLI_H
#define BFK_CMD_CLI_H

#include "userspace/include/libbfk.h"

/* Exit statuses, documented in bfk(1). A program that quits with %q sets its own. */
enum cli_status {
	CLI_OK,
	CLI_FAILED,    /* the program or its load failed */
	CLI_USAGE,     /* the command line makes no sense */
	CLI_NO_DEVICE, /* /dev/bfk cannot be opened */
};

int cli_parse_number(const char *option, const char *text, uint64_t min, uint64_t max,
		     uint64_t *value);
int cli_refuse_argument(const char *command, const char *argument);
const char *cli_op_name(char letter);
const char *cli_plural(uint64_t n);
uint64_t cli_now_ns(void);
void cli_begin(void);
int cli_end(int status);

#endif
