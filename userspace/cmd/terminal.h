/* SPDX-License-Identifier: GPL-2.0-only */
/* What standard error and other descriptors can show. */
#ifndef BFK_CMD_TERMINAL_H
#define BFK_CMD_TERMINAL_H

#include <stdbool.h>

bool cli_is_terminal(int fd);
bool cli_has_terminal(void);
bool cli_has_colour(void);

#endif
