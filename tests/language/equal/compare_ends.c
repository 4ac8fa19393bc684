// SPDX-License-Identifier: GPL-2.0
/* Do ops made by passes end as the reference does, even if one of them does not end in time? */
#include "compare.h"

#define LONGER 1000
#define LONGEST 3000000

static struct outcome longer;
static bool is_longer_known;

/* For the next case. */
void ends_start(void)
{
	is_longer_known = false;
}

/* Runs the source again with much more fuel. Returns whether it ended. */
static bool run_longer(const struct test_case *c, const struct program *program)
{
	uint64_t fuel = c->fuel * LONGER < LONGEST ? c->fuel * LONGER : LONGEST;

	if (!is_longer_known) {
		bench_load(&benches[0], c);
		bench_run(&benches[0], c, program, fuel, 0, 0);
		outcome_copy(&longer, &benches[0].outcome);
		longer.values[V_N_OPS] = 0;
	}
	is_longer_known = true;
	return has_ended(&longer);
}

/*
 * The compiled ops have ended, the reference has not. A program that would never end may end by its
 * output, which has a limit that the witness does not reach.
 */
static bool early_end_differs(const struct test_case *c, const struct program *source, uint32_t set)
{
	if (report.verdict == WITNESS_ENDLESS && !output_failed(&level))
		return differ("it ends, but should never end", &level, last_name(), set, &reference,
			      last_name(), 0);
	if (!run_longer(c, source)) {
		tally->open++;
		return false;
	}
	tally->compared++;
	longer.values[V_FUEL] = 0; /* it used more */
	if (ends_differ(&level, &longer))
		return differ("it ends differently", &level, last_name(), set, &longer,
			      benches[0].name, 0);
	return false;
}

/* Compares the outcome of a set's ops, in @level, with the reference. */
bool level_differs(const struct test_case *c, const struct program *source, uint32_t set)
{
	const char *how = NULL;

	if (has_ended(&reference)) {
		tally->compared++;
		if (!has_ended(&level))
			how = "it does not end with the fuel that suffices without passes";
		else if (ends_differ(&level, &reference))
			how = "it ends differently";
	} else if (starts_differ(&level.log, &reference.log) ||
		   (has_ended(&level) && level.log.is_kept && level.log.n <= reference.log.n)) {
		how = "it makes other requests to the host";
	} else if (has_ended(&level)) {
		return early_end_differs(c, source, set);
	} else if (report.verdict == WITNESS_ENDLESS) {
		tally->endless++;
	} else {
		tally->open++;
	}
	return how && differ(how, &level, last_name(), set, &reference, last_name(), 0);
}
