// SPDX-License-Identifier: GPL-2.0-only
/* The timing of bfk bench. Interface: bench.h */
#include "bench.h"
#include "cli.h"
#include "report.h"
#include "say.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

uint64_t cli_bench_median(const struct cli_bench *bench, enum cli_stage stage)
{
	uint64_t *samples = bench->samples[stage], middle = bench->runs / 2;

	qsort(samples, bench->runs, sizeof(*samples), by_value);
	return bench->runs % 2 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

/* Sets *ns to the time it takes to compile with @passes into *ops, which the caller frees. Returns -errno. */
static int time_compile(struct cli_bench *bench, uint32_t passes, uint64_t *ns, struct bfk_op **ops,
			size_t *n_ops)
{
	uint64_t start_ns = cli_now_ns();
	int err = cli_compile(&bench->source, &bench->load, passes, ops, n_ops,
			      &bench->outcome.result);

	*ns = cli_now_ns() - start_ns;
	return err;
}

static uint64_t less(uint64_t ns, uint64_t part_ns)
{
	return ns > part_ns ? ns - part_ns : 0;
}

/*
 * Times the stages of one load that can be told apart: parsing by itself; what the passes add to that;
 * and what loading adds to both.
 */
static int time_load(struct cli_bench *bench, uint64_t run)
{
	uint32_t passes = bench->source.ops ? 0 : cli_passes(&bench->load);
	uint64_t parse_ns = 0, compile_ns = 0, all_ns, start_ns;
	struct bfk_op *ops;
	size_t n_ops;
	int err;

	if (!bench->source.ops) {
		err = time_compile(bench, 0, &parse_ns, &ops, &n_ops);
		free(ops);
		if (err)
			return err;
	}
	if (passes) {
		err = time_compile(bench, passes, &compile_ns, &ops, &n_ops);
		free(ops);
		if (err)
			return err;
	}
	start_ns = cli_now_ns();
	err = cli_load(bench->bfk, &bench->source, &bench->load, &bench->outcome.result);
	all_ns = cli_now_ns() - start_ns;
	bench->samples[PARSE][run] = parse_ns;
	bench->samples[OPTIMISE][run] = less(compile_ns, parse_ns);
	bench->samples[LOAD][run] = less(all_ns, passes ? compile_ns : parse_ns);
	bench->samples[COMPILE][run] = all_ns;
	return err;
}

static int time_run(struct cli_bench *bench, uint64_t run)
{
	struct bfk_result *result = &bench->outcome.result;
	const char *input = bench->input ? bench->input : "/dev/null";
	int fds[] = { open(input, O_RDONLY | O_CLOEXEC), open("/dev/null", O_WRONLY | O_CLOEXEC) };
	uint64_t start_ns = cli_now_ns();
	int err = fds[0] < 0 || fds[1] < 0 ? -errno : 0;

	if (!err)
		err = bfk_run(bench->bfk, fds, 2, BFK_FUEL_UNLIMITED, 0, result);
	while (!err && result->status == BFK_STATUS_SIGNAL)
		err = bfk_run(bench->bfk, NULL, 0, result->fuel_left, 0, result);
	bench->samples[RUN][run] = cli_now_ns() - start_ns;
	close(fds[0]);
	close(fds[1]);
	if (!err)
		return cli_outcome(&bench->source, &bench->outcome);
	cli_say_of(bench->input ? bench->input : bench->source.name, "cannot run: %s",
		   strerror(-err));
	return CLI_FAILED;
}

int cli_bench_time(struct cli_bench *bench)
{
	int status = CLI_OK, err;
	uint64_t run;

	for (run = 0; run < bench->runs && !status; run++) {
		err = time_load(bench, run);
		if (err) {
			cli_say_load(&bench->source, &bench->load, &bench->outcome.result, err);
			return CLI_FAILED;
		}
		if (!bench->compile_only)
			status = time_run(bench, run);
	}
	return status;
}
