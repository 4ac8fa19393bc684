/* SPDX-License-Identifier: GPL-2.0-only */
/* A program to its end, in parts if somebody watches. */
#ifndef BFK_CMD_PACE_H
#define BFK_CMD_PACE_H

#include "outcome.h"
#include "slots.h"
#include "source.h"
#include "userspace/include/libbfk.h"

/*
 * struct cli_pace - how much fuel to give a run at a time
 * @part: so much at most; all, if its output is for no terminal
 * @held_back: what the run under way was not given
 * @start_ns: when that began
 */
struct cli_pace {
	uint64_t part, held_back, start_ns;
};

/*
 * Of @fuel, begin() returns what to give the run now, and end() puts back into result->fuel_left what was
 * not given.
 */
struct cli_pace cli_pace_for(int fd);
uint64_t cli_pace_begin(struct cli_pace *pace, uint64_t fuel);
void cli_pace_end(struct cli_pace *pace, struct bfk_result *result);

/* Runs a loaded program until it is over or out of fuel, or a signal is to end bfk. Returns -errno. */
int cli_run(struct bfk *bfk, struct cli_source *source, const struct cli_slots *slots,
	    struct cli_outcome *outcome);

#endif
