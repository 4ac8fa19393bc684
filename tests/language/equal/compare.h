/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of the comparison share: compare.c describes it. */
#ifndef BFK_COMPARE_H
#define BFK_COMPARE_H

#include "equal.h"

/* compare.c: the engines, and the outcomes of the current case. */
extern struct bench benches[BENCHES_MAX];
extern int n_benches;
extern struct tally *tally;
extern struct outcome reference, level, witness;
extern struct witness_report report;
const char *last_name(void);
struct outcome *last_outcome(void);

/* compare_difference.c */
/* Records a difference. Returns true, for the callers to return. */
bool differ(const char *how, const struct outcome *a, const char *a_name, uint32_t a_set,
	    const struct outcome *b, const char *b_name, uint32_t b_set);
void difference_at_step(uint64_t step);

/* compare_runs.c */
bool output_failed(const struct outcome *o);
bool steps_differ(const struct test_case *c, const struct program *program, uint32_t set,
		  const struct outcome *at_once);
bool stops_differ(const struct test_case *c, const struct program *program, uint32_t set,
		  const struct outcome *at_once);
bool runs_differ(const struct test_case *c, const struct program *program, uint32_t set,
		 struct outcome *last);
bool source_differs(const struct test_case *c, const struct program *program);

/* compare_ends.c */
void ends_start(void);
bool level_differs(const struct test_case *c, const struct program *source, uint32_t set);

#endif
