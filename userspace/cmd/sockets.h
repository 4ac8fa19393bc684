/* SPDX-License-Identifier: GPL-2.0-only */
/* Sockets for slots. */
#ifndef BFK_CMD_SOCKETS_H
#define BFK_CMD_SOCKETS_H

#include <stdbool.h>

int cli_socket(const char *where, bool is_listening, unsigned int slot, int *fd);

#endif
