// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfk bench: prints how long each stage of loading a program takes, and its run.
 *
 * Interface: commands.h
 */
#include "commands.h"
#include "bench.h"
#include "cli.h"
#include "engine.h"
#include "help.h"
#include "load.h"
#include "outcome.h"
#include "report.h"
#include "say.h"
#include "source.h"
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static double mb_per_s(const struct cli_bench *bench, uint64_t ns)
{
	return ns ? bench->source.len * 1e3 / ns : 0;
}

static void put_row(const char *name, uint64_t ns)
{
	printf("  %-14s %12.3f ms\n", name, ns / 1e6);
}

static void put_table(const struct cli_bench *bench)
{
	uint64_t compile_ns = cli_bench_median(bench, COMPILE);

	printf("%s: engine %s, median of %" PRIu64 "\n", bench->source.name,
	       bfk_where_name(bench->outcome.where), bench->runs);
	printf("  %-14s %12zu byte%s\n", "source", bench->source.len,
	       cli_plural(bench->source.len));
	printf("  %-14s %12" PRIu32 "\n", "ops", bench->outcome.result.n_ops);
	printf("  %-14s %12" PRIu32 " bytes\n", "machine code", bench->outcome.result.text_len);
	put_row("parse", cli_bench_median(bench, PARSE));
	put_row("optimise", cli_bench_median(bench, OPTIMISE));
	put_row("check and emit", cli_bench_median(bench, LOAD));
	put_row("all of these", compile_ns);
	printf("  %-14s %12.1f MB/s\n", "", mb_per_s(bench, compile_ns));
	if (!bench->compile_only)
		put_row("run", cli_bench_median(bench, RUN));
}

static void put_json(const struct cli_bench *bench)
{
	uint64_t compile_ns = cli_bench_median(bench, COMPILE);
	struct cli_json *json = bench->json;

	cli_json_string(json, "file", bench->source.name);
	cli_json_string(json, "engine", bfk_where_name(bench->outcome.where));
	cli_json_number(json, "runs", bench->runs);
	cli_json_number(json, "source_len", bench->source.len);
	cli_json_number(json, "n_ops", bench->outcome.result.n_ops);
	cli_json_number(json, "text_len", bench->outcome.result.text_len);
	cli_json_number(json, "parse_ns", cli_bench_median(bench, PARSE));
	cli_json_number(json, "optimise_ns", cli_bench_median(bench, OPTIMISE));
	cli_json_number(json, "load_ns", cli_bench_median(bench, LOAD));
	cli_json_number(json, "compile_ns", compile_ns);
	cli_json_double(json, "mb_per_s", mb_per_s(bench, compile_ns));
	if (!bench->compile_only)
		cli_json_number(json, "run_ns", cli_bench_median(bench, RUN));
}

static int bench_source(struct cli_bench *bench)
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
		status = cli_bench_time(bench);
	if (!status && bench->json)
		put_json(bench);
	else if (!status)
		put_table(bench);
	for (stage = 0; stage < STAGES; stage++)
		free(bench->samples[stage]);
	bfk_destroy(bench->bfk);
	return status;
}

static int parse_option(struct cli_bench *bench, int option)
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
static int take_arguments(struct cli_bench *bench, char **arguments)
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
	struct cli_bench bench = { .load = cli_load_default(), .runs = RUNS_DEFAULT };
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
