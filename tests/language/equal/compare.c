// SPDX-License-Identifier: GPL-2.0
/*
 * Runs one case on every engine, first as its source is, then as compiled with each set of passes.
 *
 * The reference is the source on the last engine. Engines that run the same ops must agree on
 * everything, also when fuel is given in small steps or the run is stopped at each operation. Ops
 * made by passes must end as the reference does, make the same requests to the host on the way,
 * and use no more fuel. That leaves programs that do not end in time:
 *
 *   only the reference ends     this is a difference
 *   only the compiled ops end   the reference gets LONGER times the fuel; if the witness knows that
 *				 no fuel is enough, this is a difference (but output has a limit)
 *   neither ends                their requests to the host must start alike
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "equal.h"

#define LONGER 1000
#define LONGEST 3000000
#define STEPS_PER_RUN 500 /* maximum; with more, the steps are made larger */

/* A difference that was found. */
struct difference {
	const char *how;
	const struct outcome *a, *b;
	char a_name[80], b_name[80];
	uint64_t step;
};

/* The ops of the source, and of every set of passes that made other ops. */
struct programs {
	struct program all[1 + SETS_MAX];
	uint32_t n;
};

static struct bench benches[BENCHES_MAX];
static int n_benches;
static const struct plant *plant;
static struct tally *tally;
static struct outcome reference, level, witness, longer;
static struct witness_report report;
static bool is_longer_known;
static struct difference difference;

/* Opens the engines named in "A,B". @plant_name: "flag", "stop", the name of one of plants[], NULL. */
bool compare_open(char *engines, const char *plant_name, struct tally *to)
{
	char *name;

	tally = to;
	while ((name = strsep(&engines, ",")) && n_benches < BENCHES_MAX) {
		if (!bench_open(&benches[n_benches], name)) {
			printf("# engine %s: %s\n", name, strerror(errno));
			return false;
		}
		n_benches++;
	}
	for (plant = plants; plant_name && plant->name && strcmp(plant->name, plant_name);)
		plant++;
	plant = plant_name && plant->name ? plant : NULL;
	benches[0].has_wrong_flag = plant_name && !strcmp(plant_name, "flag");
	benches[0].loses_stops = plant_name && !strcmp(plant_name, "stop");
	return true;
}

void compare_close(void)
{
	for (int i = 0; i < n_benches; i++)
		bench_close(&benches[i]);
}

static void name_side(char *to, const char *engine, uint32_t set)
{
	snprintf(to, sizeof(difference.a_name), "%s%s%s", engine, *engine ? " " : "",
		 set_name(set));
}

/* Records a difference. Returns true, for the callers to return. */
static bool differ(const char *how, const struct outcome *a, const char *a_name, uint32_t a_set,
		   const struct outcome *b, const char *b_name, uint32_t b_set)
{
	difference = (struct difference){ .how = how, .a = a, .b = b };
	name_side(difference.a_name, a_name, a_set);
	name_side(difference.b_name, b_name, b_set);
	return true;
}

void difference_print(void)
{
	const struct difference *d = &difference;
	bool is_load = d->a->values[V_LOAD_ERR] || d->b->values[V_LOAD_ERR];

	printf("#   %s", d->how);
	if (d->step)
		printf(", with %llu units of fuel at a time", (unsigned long long)d->step);
	printf(":\n");
	(is_load ? values_print : outcomes_print)(d->a, d->a_name, d->b, d->b_name);
}

static const char *last_name(void)
{
	return benches[n_benches - 1].name;
}

static struct outcome *last_outcome(void)
{
	return &benches[n_benches - 1].outcome;
}

static int compile(const struct test_case *c, uint32_t set, struct program *program,
		   struct bfk_result *result)
{
	return bfk_compile(c->source, c->source_len, c->flags, BFK_ALLOW_ALL, set, &program->ops,
			   &program->n_ops, result);
}

/* Errors in the source must not depend on the passes, and must be those that the witness finds. */
static bool errors_differ(const struct test_case *c)
{
	uint32_t set = c->n_sets ? c->sets[0] : 0;
	struct bfk_result result;
	struct program program;

	memset(witness.values, 0, sizeof(witness.values));
	witness.values[V_ERROR] = witness_check_brackets(c, &result.error_off);
	witness.values[V_ERROR_OFF] = result.error_off;
	witness.values[V_LOAD_ERR] = witness.values[V_ERROR] ? -ENOEXEC : 0;
	witness.values[V_N_OPS] = last_outcome()->values[V_N_OPS];
	if (memcmp(witness.values, last_outcome()->values, sizeof(witness.values)))
		return differ("brackets are not as the witness sees them", &witness, "witness", 0,
			      last_outcome(), last_name(), 0);
	if (!witness.values[V_LOAD_ERR])
		return false;
	memset(level.values, 0, sizeof(level.values));
	level.values[V_LOAD_ERR] = compile(c, set, &program, &result);
	level.values[V_ERROR] = result.error;
	level.values[V_ERROR_OFF] = result.error_off;
	level.values[V_N_OPS] = result.n_ops;
	if (memcmp(level.values, last_outcome()->values, sizeof(level.values)))
		return differ("errors depend on the passes", &level, "compiled", set,
			      last_outcome(), last_name(), 0);
	return false;
}

static bool loads_differ(const struct test_case *c)
{
	for (int i = n_benches; i--;) {
		bench_load(&benches[i], c);
		if (memcmp(benches[i].outcome.values, last_outcome()->values,
			   sizeof(reference.values)))
			return differ("engines load differently", &benches[i].outcome,
				      benches[i].name, 0, last_outcome(), last_name(), 0);
	}
	return errors_differ(c);
}

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
static bool output_failed(const struct outcome *o)
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
static bool steps_differ(const struct test_case *c, const struct program *program, uint32_t set,
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
			difference.step = step;
			return true;
		}
	}
	return false;
}

/* Runs the loaded program again, stopping at each operation, and by fuel if there are steps. */
static bool stops_differ(const struct test_case *c, const struct program *program, uint32_t set,
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
		difference.step = step;
		return true;
	}
	return false;
}

/* Runs the loaded program on every engine. Stores the outcome of the last in @last. */
static bool runs_differ(const struct test_case *c, const struct program *program, uint32_t set,
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

static bool source_differs(const struct test_case *c, const struct program *program)
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
static bool level_differs(const struct test_case *c, const struct program *source, uint32_t set)
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

static bool is_same(const struct program *a, const struct program *b)
{
	return a->n_ops == b->n_ops && !memcmp(a->ops, b->ops, a->n_ops * sizeof(*a->ops));
}

/* Are the last program's ops the same as those of an earlier one? */
static bool is_known(const struct programs *programs)
{
	for (uint32_t i = 0; i < programs->n; i++)
		if (is_same(&programs->all[i], &programs->all[programs->n]))
			return true;
	return false;
}

static bool set_differs(const struct test_case *c, struct programs *programs, uint32_t set)
{
	struct program *program = &programs->all[programs->n];
	struct bfk_result result;

	level.values[V_LOAD_ERR] = compile(c, set, program, &result);
	if (level.values[V_LOAD_ERR])
		return differ("it cannot be compiled", &level, "compiler", set, &reference,
			      last_name(), 0);
	tally->sets++;
	if (plant)
		plant->put(program);
	if (is_known(programs)) {
		free(program->ops);
		tally->same_ops++;
		return false;
	}
	programs->n++;
	for (int i = 0; i < n_benches; i++) {
		bench_load_ops(&benches[i], c, program);
		if (benches[i].outcome.values[V_LOAD_ERR])
			return differ("ops made by passes cannot be loaded", &benches[i].outcome,
				      benches[i].name, set, &reference, last_name(), 0);
	}
	return runs_differ(c, program, set, &level) || steps_differ(c, program, set, &level) ||
	       stops_differ(c, program, set, &level) || level_differs(c, &programs->all[0], set);
}

static bool sets_differ(const struct test_case *c, struct programs *programs)
{
	uint32_t usable = case_is_zeroed(c) ? -1 : ~BFK_PASS_ZEROED;
	bool found = false;

	for (uint32_t i = 0; i < c->n_sets && !found; i++)
		if (c->sets[i] & usable)
			found = set_differs(c, programs, c->sets[i] & usable);
	return found;
}

/* Runs a case in all ways. Returns whether there is a difference. */
bool case_differs(const struct test_case *c)
{
	struct programs programs = { .n = 1 };
	struct bfk_result result;
	bool found;

	is_longer_known = false;
	if (loads_differ(c))
		return true;
	if (last_outcome()->values[V_LOAD_ERR]) {
		tally->refused++;
		return false;
	}
	if (compile(c, 0, &programs.all[0], &result) ||
	    result.n_ops != last_outcome()->values[V_N_OPS])
		return differ("-O0 differs from what the engines load from source", last_outcome(),
			      last_name(), 0, last_outcome(), last_name(), 0);
	found = source_differs(c, &programs.all[0]) || sets_differ(c, &programs);
	while (programs.n--)
		free(programs.all[programs.n].ops);
	return found;
}
