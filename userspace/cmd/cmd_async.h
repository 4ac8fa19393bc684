/* SPDX-License-Identifier: GPL-2.0-only */
/* bfk run --async: several programs at once. */
#ifndef BFK_CMD_CMD_ASYNC_H
#define BFK_CMD_CMD_ASYNC_H

#include "load.h"
#include "slots.h"

/*
 * struct cli_async - what `bfk run --async` gives to each of its programs
 * @fuel: for each of them
 */
struct cli_async {
	struct cli_load load;
	struct cli_slots slots;
	uint64_t fuel;
	bool stats;
};

int cli_run_async(const struct cli_async *async, char **arguments);

#endif
