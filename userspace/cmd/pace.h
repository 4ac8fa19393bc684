/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs a program to its end, in parts if its output is a terminal. */
#ifndef BFK_CMD_PACE_H
#define BFK_CMD_PACE_H

#include "outcome.h"
#include "slots.h"
#include "source.h"
#include "userspace/include/libbfk.h"

/*
 * struct cli_pace - how much fuel to give a run at a time
 * @part: most to give; UINT64_MAX unless its output is a terminal
 * @held_back: fuel that the current part was not given
 * @start_ns: when the current part began
 */
struct cli_pace {
	uint64_t part, held_back, start_ns;
};

/*
 * begin() returns how much of @fuel to give the run now. end() adds what was held back to
 * result->fuel_left.
 */
struct cli_pace cli_pace_for(int fd);
uint64_t cli_pace_begin(struct cli_pace *pace, uint64_t fuel);
void cli_pace_end(struct cli_pace *pace, struct bfk_result *result);

/* Runs a loaded program until it is over or out of fuel, or until a signal that ends bfk. Returns -errno. */
int cli_run(struct bfk *bfk, struct cli_source *source, const struct cli_slots *slots,
	    struct cli_outcome *outcome);

#endif
