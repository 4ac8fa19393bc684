// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfk bench: times each stage of loading a program, and its run.
 *
 * Interface: commands.h
 */
#include "commands.h"
#include "cli.h"
#include "help.h"
#include "load.h"
#include "outcome.h"
#include "report.h"
#include "say.h"
#include "source.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUNS_DEFAULT 5
#define RUNS_MAX 100000

static const char help[] =
	"usage: bfk bench [OPTION]... FILE [INPUT]\n"
	"       bfk bench [OPTION]... -e TEXT [INPUT]\n"
	"\n"
	"Compiles and runs the program in FILE ('-': standard input) several times, and shows how long\n"
	"each stage takes: medians, in milliseconds. Slot 0 is INPUT, or empty input; output is\n"
	"discarded.\n"
	"\n"
	"  -E, --engine ENGINE     kernel, kernel-interp, jit or interp (default: BFK_ENGINE, else\n"
	"                          the first of kernel, jit and interp that works)\n"
	"  -e, --expression TEXT   the program itself\n"
	"  -n, --runs N            how often (default: 5), at most 100000\n"
	"  -c, --compile-only      do not run it\n"
	"  -j, --json              one JSON document, times in nanoseconds\n"
	"  -O 0|1|2                how much to optimise before the program is loaded (default: 2)\n"
	"      --without PASS,...  leave out @NAMES@\n"
	"  -p, --plain             '%' is a comment: stock Brainfuck\n"
	"      --eof 0|255|keep    what ',' stores at the end of input (default: 0)\n"
	"  -h, --help              this text\n"
	"\n"
	"Exit status: 0; 1 the program cannot be loaded, or failed; 2 usage; 3 no device.\n";

static const struct option options[] = {
	{ "engine", required_argument, NULL, 'E' },
	{ "expression", required_argument, NULL, 'e' },
	{ "runs", required_argument, NULL, 'n' },
	{ "compile-only", no_argument, NULL, 'c' },
	{ "json", no_argument, NULL, 'j' },
	{ "without", required_argument, NULL, CLI_OPTION_WITHOUT },
	{ "plain", no_argument, NULL, 'p' },
	{ "eof", required_argument, NULL, CLI_OPTION_EOF },
	{ "help", no_argument, NULL, 'h' },
	{},
};

/* What is timed. COMPILE is everything from the source to a program that can be run, timed as a whole. */
enum stage { PARSE, OPTIMISE, LOAD, COMPILE, RUN, STAGES };

/*
 * struct bench - one bfk bench
 * @text: of -e, or NULL
 * @input: path, or NULL
 * @json: the writer of the document, NULL: there is none
 * @samples: ns of each stage, @runs of them
 * @outcome: of the last run
 */
struct bench {
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

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Sorts the samples. */
static uint64_t median(const struct bench *bench, enum stage stage)
{
	uint64_t *samples = bench->samples[stage], middle = bench->runs / 2;

	qsort(samples, bench->runs, sizeof(*samples), by_value);
	return bench->runs % 2 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

/* Sets *ns to the time it takes to compile with @passes into *ops, which the caller frees. Returns -errno. */
static int time_compile(struct bench *bench, uint32_t passes, uint64_t *ns, struct bfk_op **ops,
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
static int time_load(struct bench *bench, uint64_t run)
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

static int time_run(struct bench *bench, uint64_t run)
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

static int time_all(struct bench *bench)
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

static double mb_per_s(const struct bench *bench, uint64_t ns)
{
	return ns ? bench->source.len * 1e3 / ns : 0;
}

static void put_row(const char *name, uint64_t ns)
{
	printf("  %-14s %12.3f ms\n", name, ns / 1e6);
}

static void put_table(const struct bench *bench)
{
	uint64_t compile_ns = median(bench, COMPILE);

	printf("%s: engine %s, median of %" PRIu64 "\n", bench->source.name,
	       bfk_where_name(bench->outcome.where), bench->runs);
	printf("  %-14s %12zu byte%s\n", "source", bench->source.len,
	       cli_plural(bench->source.len));
	printf("  %-14s %12" PRIu32 "\n", "ops", bench->outcome.result.n_ops);
	printf("  %-14s %12" PRIu32 " bytes\n", "machine code", bench->outcome.result.text_len);
	put_row("parse", median(bench, PARSE));
	put_row("optimise", median(bench, OPTIMISE));
	put_row("check and emit", median(bench, LOAD));
	put_row("all of these", compile_ns);
	printf("  %-14s %12.1f MB/s\n", "", mb_per_s(bench, compile_ns));
	if (!bench->compile_only)
		put_row("run", median(bench, RUN));
}

static void put_json(const struct bench *bench)
{
	uint64_t compile_ns = median(bench, COMPILE);
	struct cli_json *json = bench->json;

	cli_json_string(json, "file", bench->source.name);
	cli_json_string(json, "engine", bfk_where_name(bench->outcome.where));
	cli_json_number(json, "runs", bench->runs);
	cli_json_number(json, "source_len", bench->source.len);
	cli_json_number(json, "n_ops", bench->outcome.result.n_ops);
	cli_json_number(json, "text_len", bench->outcome.result.text_len);
	cli_json_number(json, "parse_ns", median(bench, PARSE));
	cli_json_number(json, "optimise_ns", median(bench, OPTIMISE));
	cli_json_number(json, "load_ns", median(bench, LOAD));
	cli_json_number(json, "compile_ns", compile_ns);
	cli_json_double(json, "mb_per_s", mb_per_s(bench, compile_ns));
	if (!bench->compile_only)
		cli_json_number(json, "run_ns", median(bench, RUN));
}

static int bench_source(struct bench *bench)
{
	int status = cli_create(&bench->bfk, &bench->outcome.where, bench->load.engine, NULL);
	int stage;

	if (status)
		return status;
	for (stage = 0; stage < STAGES; stage++) {
		bench->samples[stage] = calloc(bench->runs, sizeof(uint64_t));
		if (!bench->samples[stage])
			status = CLI_FAILED;
	}
	if (status)
		cli_say("%s", strerror(ENOMEM));
	else
		status = time_all(bench);
	if (!status && bench->json)
		put_json(bench);
	else if (!status)
		put_table(bench);
	for (stage = 0; stage < STAGES; stage++)
		free(bench->samples[stage]);
	bfk_destroy(bench->bfk);
	return status;
}

static int parse_option(struct bench *bench, int option)
{
	switch (option) {
	case 'e':
		bench->text = optarg;
		return CLI_OK;
	case 'n':
		return cli_parse_number("--runs", optarg, 1, RUNS_MAX, &bench->runs);
	case 'c':
		bench->compile_only = true;
		return CLI_OK;
	case 'j':
		bench->is_json = true;
		return CLI_OK;
	default:
		return cli_load_option(&bench->load, option, "bench");
	}
}

/* FILE, unless there is -e; INPUT; nothing else. */
static int take_arguments(struct bench *bench, char **arguments)
{
	const char *path = bench->text ? NULL : *arguments;
	int status;

	arguments += path != NULL;
	bench->input = *arguments;
	status = bench->input ? cli_refuse_argument("bench", arguments[1]) : CLI_OK;
	return status ? status : cli_source_get(&bench->source, bench->text, path, "bench");
}

int cmd_bench(int argc, char **argv)
{
	struct bench bench = { .load = cli_load_default(), .runs = RUNS_DEFAULT };
	int option, status;

	while ((option = getopt_long(argc, argv, "E:e:n:cjO:ph", options, NULL)) != -1) {
		if (option == 'h') {
			cli_put_help(help);
			return CLI_OK;
		}
		status = parse_option(&bench, option);
		if (status)
			return status;
	}
	bench.outcome.is_plain = bench.load.flags & BFK_LOAD_PLAIN;
	bench.json = cli_document_begin(bench.is_json);
	status = take_arguments(&bench, argv + optind);
	if (!status) {
		status = bench_source(&bench);
		cli_source_free(&bench.source);
	}
	cli_document_end();
	return status;
}
