/* SPDX-License-Identifier: GPL-2.0-only */
/* An instance with a program, from an engine or from the compile service. */
#ifndef BFK_CMD_OPEN_H
#define BFK_CMD_OPEN_H

#include "load.h"
#include "source.h"
#include "userspace/include/libbfk.h"

/* Calls cli_create() and cli_load(), or asks the service if load->service is set. Prints errors. */
int cli_open(struct bfk **bfk, enum bfk_where *where, struct cli_source *source,
	     const struct cli_load *load, struct bfk_result *result);

#endif
