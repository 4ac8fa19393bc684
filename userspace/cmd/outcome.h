/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of a run: its exit status, its message, its statistics. */
#ifndef BFK_CMD_OUTCOME_H
#define BFK_CMD_OUTCOME_H

#include "slots.h"
#include "source.h"
#include "userspace/include/libbfk.h"

/*
 * struct cli_outcome - what a run was and gave
 * @where: it was
 * @slots: it was given, NULL: not known
 * @is_plain: it was loaded with --plain
 * @result: of bfk_load() and of the last bfk_run()
 * @fuel_given: when it started
 * @ns: how long it took
 */
struct cli_outcome {
	enum bfk_where where;
	const struct cli_slots *slots;
	bool is_plain;
	struct bfk_result result;
	uint64_t fuel_given;
	uint64_t ns;
};

int cli_outcome(struct cli_source *source, const struct cli_outcome *outcome);
void cli_say_stats(const struct cli_outcome *outcome);

#endif
