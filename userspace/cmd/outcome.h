/* SPDX-License-Identifier: GPL-2.0-only */
/* The result of a run: exit status, message, statistics. */
#ifndef BFK_CMD_OUTCOME_H
#define BFK_CMD_OUTCOME_H

#include "slots.h"
#include "source.h"
#include "userspace/include/libbfk.h"

/*
 * struct cli_outcome - a run and its result
 * @where: its engine
 * @slots: the files it was given, NULL: not known
 * @is_plain: it was loaded with --plain
 * @result: of bfk_load() and of the last bfk_run()
 * @fuel_given: when it started
 * @ns: how long it took
 * @signo: the signal that ended it, 0: none
 * @wants_failed: stop before operations if only that shows which one failed before %q
 * @failed: result of the last bfk_run() that reported a failed operation; fail_errno 0: none did
 */
struct cli_outcome {
	enum bfk_where where;
	const struct cli_slots *slots;
	bool is_plain;
	struct bfk_result result;
	uint64_t fuel_given;
	uint64_t ns;
	int signo;
	bool wants_failed;
	struct bfk_result failed;
};

int cli_outcome(struct cli_source *source, const struct cli_outcome *outcome);
void cli_say_stats(struct cli_source *source, const struct cli_outcome *outcome);

/* Is a run stopped, but not over? */
bool cli_is_stopped(const struct bfk_result *result);

#endif
