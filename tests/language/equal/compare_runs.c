// SPDX-License-Identifier: GPL-2.0
/* Do the engines that run the same ops agree, in one go, in small steps and with stops, and with the witness? */
#include <string.h>
#include "compare.h"

#define STEPS_PER_RUN 500 /* maximum; with more, the steps are made larger */

static bool is_witnessed(const struct outcome *o)
{
	static const int values[] = { V_STATUS, V_EXIT_CODE, V_HEAD, V_FUEL, V_SYSOPS };

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		if (o->values[values[i]] != witness.values[values[i]])
			return false;
	return o->output.len == witness.output.len &&
	       !memcmp(o->output.bytes, witness.output.bytes, o->output.len) &&
	       !memcmp(o->tape, witness.tape, TAPE_CELLS) &&
	       !starts_differ(&o->log, &witness.log) &&
	       (!o->log.is_kept || o->log.n == witness.log.n);
}

static bool witness_differs(const struct test_case *c)
{
	report = witness_run(c, &witness);
	if (report.verdict == WITNESS_GAVE_UP)
		return false;
	tally->witnessed++;
	if (is_witnessed(&reference))
		return false;
	return differ("it is not what the witness expects", &reference, last_name(), 0, &witness,
		      "witness", 0);
}

/*
 * A stopped run also writes its output. So if output cannot be written, a run that is stopped may
 * fail earlier than others, and only the failure itself can be compared.
 */
bool output_failed(const struct outcome *o)
{
	return o->values[V_STATUS] == BFK_STATUS_FAILED && o->values[V_FAIL_LETTER] == '.';
}

static bool stepped_differs(const struct outcome *stepped, const struct outcome *at_once)
{
	if (output_failed(at_once))
		return !output_failed(stepped);
	return outcomes_differ(stepped, at_once);
}

static uint64_t step_of(const struct test_case *c, int i, const struct outcome *at_once)
{
	uint64_t least = (c->fuel - at_once->values[V_FUEL]) / STEPS_PER_RUN;

	return c->steps[i] && c->steps[i] < least ? least : c->steps[i];
}

/* Runs the loaded program again in small steps. @at_once: its outcome without steps. */
bool steps_differ(const struct test_case *c, const struct program *program, uint32_t set,
		  const struct outcome *at_once)
{
	for (int i = 0; i < STEPS_MAX && c->steps[i]; i++) {
		uint64_t step = step_of(c, i, at_once);

		for (int j = 0; j < n_benches; j++) {
			bench_run(&benches[j], c, program, c->fuel, step, 0);
			tally->stepped++;
			if (!stepped_differs(&benches[j].outcome, at_once))
				continue;
			differ("small steps end differently", &benches[j].outcome, benches[j].name,
			       set, at_once, last_name(), set);
			difference_at_step(step);
			return true;
		}
	}
	return false;
}

/* Runs the loaded program again, stopping at each operation, and by fuel if there are steps. */
bool stops_differ(const struct test_case *c, const struct program *program, uint32_t set,
		  const struct outcome *at_once)
{
	uint64_t step = step_of(c, 0, at_once);

	if (!c->stops || !memchr(c->source, '%', c->source_len))
		return false;
	for (int i = 0; i < n_benches; i++) {
		bench_run(&benches[i], c, program, c->fuel, step, BFK_RUN_STOP_OPS);
		tally->stopped++;
		tally->stops += benches[i].outcome.values[V_SYSOPS];
		if (!stepped_differs(&benches[i].outcome, at_once))
			continue;
		differ("stops at operations end differently", &benches[i].outcome, benches[i].name,
		       set, at_once, last_name(), set);
		difference_at_step(step);
		return true;
	}
	return false;
}

/* Runs the loaded program on every engine. Stores the outcome of the last in @last. */
bool runs_differ(const struct test_case *c, const struct program *program, uint32_t set,
		 struct outcome *last)
{
	for (int i = n_benches; i--;) {
		bench_run(&benches[i], c, program, c->fuel, 0, 0);
		if (i == n_benches - 1)
			outcome_copy(last, &benches[i].outcome);
		else if (outcomes_differ(&benches[i].outcome, last))
			return differ("engines differ", &benches[i].outcome, benches[i].name, set,
				      last, last_name(), set);
	}
	return false;
}

bool source_differs(const struct test_case *c, const struct program *program)
{
	if (runs_differ(c, program, 0, &reference) || witness_differs(c) ||
	    steps_differ(c, program, 0, &reference) || stops_differ(c, program, 0, &reference))
		return true;
	tally->loaded++;
	if (reference.values[V_STATUS] <= BFK_STATUS_OP)
		tally->statuses[reference.values[V_STATUS]]++;
	tally->operated += reference.values[V_SYSOPS] != 0;
	tally->events += reference.log.n;
	return false;
}
