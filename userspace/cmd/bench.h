/* SPDX-License-Identifier: GPL-2.0-only */
/* Times each stage of loading a program, and its run. */
#ifndef BFK_CMD_BENCH_H
#define BFK_CMD_BENCH_H

#include "load.h"
#include "outcome.h"
#include "source.h"

struct cli_json;

/* What is timed. COMPILE is everything from the source to a program that can be run, timed as a whole. */
enum cli_stage { PARSE, OPTIMISE, LOAD, COMPILE, RUN, STAGES };

/*
 * struct cli_bench - one bfk bench
 * @text: of -e, or NULL
 * @input: path, or NULL
 * @json: the writer of the document, NULL: there is none
 * @samples: ns of each stage, @runs of them
 * @outcome: of the last run
 */
struct cli_bench {
	struct cli_source source;
	struct cli_load load;
	const char *text, *input;
	uint64_t runs;
	bool compile_only, is_json;
	struct cli_json *json;
	struct bfk *bfk;
	uint64_t *samples[STAGES];
	struct cli_outcome outcome;
};

/* Loads and runs the program as often as it says, and takes the samples. Returns an exit status. */
int cli_bench_time(struct cli_bench *bench);

/* Returns the median of a stage, in ns. Sorts its samples. */
uint64_t cli_bench_median(const struct cli_bench *bench, enum cli_stage stage);

#endif
