/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages on standard error: "bfk: MESSAGE", and a hint below it. */
#ifndef BFK_CMD_SAY_H
#define BFK_CMD_SAY_H

void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
