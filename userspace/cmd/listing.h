/* SPDX-License-Identifier: GPL-2.0-only */
/* The message for a program whose machine code bfk-dump cannot get. */
#ifndef BFK_CMD_LISTING_H
#define BFK_CMD_LISTING_H

#include "userspace/include/libbfk.h"

int cli_say_no_listing(const char *command, enum bfk_where where, int err);

#endif
