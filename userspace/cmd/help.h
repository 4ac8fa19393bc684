/* SPDX-License-Identifier: GPL-2.0-only */
/* Help texts, with the names and meanings of the passes filled in. */
#ifndef BFK_CMD_HELP_H
#define BFK_CMD_HELP_H

/*
 * Prints the help of a command on standard output. In @text, @NAMES@ becomes the names of the passes,
 * and @PASSES@ a line about each.
 */
void cli_put_help(const char *text);

#endif
