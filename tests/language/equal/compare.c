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
#include "compare.h"

/* The ops of the source, and of every set of passes that made other ops. */
struct programs {
	struct program all[1 + SETS_MAX];
	uint32_t n;
};

struct bench benches[BENCHES_MAX];
int n_benches;
struct tally *tally;
struct outcome reference, level, witness;
struct witness_report report;
static const struct plant *plant;

const char *last_name(void)
{
	return benches[n_benches - 1].name;
}

struct outcome *last_outcome(void)
{
	return &benches[n_benches - 1].outcome;
}

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

	ends_start();
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
