// SPDX-License-Identifier: GPL-2.0-only
/* bfk check: lists errors, operations and warnings. Runs nothing. Interface: commands.h */
#include "commands.h"
#include "cli.h"
#include "help.h"
#include "lint.h"
#include "load.h"
#include "report.h"
#include "say.h"
#include "source.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
	"usage: bfk check [OPTION]... FILE...\n"
	"       bfk check [OPTION]... -e TEXT\n"
	"\n"
	"Looks for errors in each program ('-': standard input). For a good one, lists the operations\n"
	"it can make and how often each is in its text, and warns of what is certain to go wrong if\n"
	"it starts on a zeroed tape. Nothing is run.\n"
	"\n"
	"  -e, --expression TEXT the program itself\n"
	"  -O 0|1|2              how much to optimise, for the sizes that are shown (default: 2)\n"
	"      --without PASS,.. leave out @NAMES@\n"
	"  -a, --allow LETTERS   operations a program may contain (default: all)\n"
	"  -p, --plain           '%' is a comment: stock Brainfuck\n"
	"  -j, --json            one JSON document, messages included\n"
	"  -W, --werror          a warning is a failure\n"
	"  -h, --help            this text\n"
	"\n"
	"Exit status: 0 all good; 1 an error, or with --werror a warning; 2 usage.\n";

static const struct option options[] = {
	{ "expression", required_argument, NULL, 'e' },
	{ "without", required_argument, NULL, CLI_OPTION_WITHOUT },
	{ "allow", required_argument, NULL, 'a' },
	{ "plain", no_argument, NULL, 'p' },
	{ "json", no_argument, NULL, 'j' },
	{ "werror", no_argument, NULL, 'W' },
	{ "help", no_argument, NULL, 'h' },
	{},
};

/* Returns the sizes of a program in this process: 0 ops if it cannot be loaded here. */
static struct bfk_result measure(const struct cli_source *source, const struct cli_load *load)
{
	struct bfk_result result = {};
	struct bfk *bfk;

	if (bfk_create(&bfk, BFK_WHERE_JIT) && bfk_create(&bfk, BFK_WHERE_INTERP))
		return result;
	if (cli_load(bfk, source, load, &result))
		result = (struct bfk_result){};
	bfk_destroy(bfk);
	return result;
}

static void count_operations(size_t *counts, const struct bfk_op *ops, size_t n_ops)
{
	size_t i;

	for (i = 0; i < n_ops; i++)
		if (ops[i].kind == BFK_OP_SYS)
			counts[ops[i].val]++;
}

static void list_operations(const struct bfk_op *ops, size_t n_ops)
{
	size_t counts[256] = {}, i;
	bool any = false;

	count_operations(counts, ops, n_ops);
	for (i = 'a'; i <= 'z'; i++) {
		if (!counts[i])
			continue;
		printf("  %%%c  %-8s  %zu\n", (char)i, cli_op_name(i), counts[i]);
		any = true;
	}
	if (!any)
		puts("  no operations: at most it reads slot 0 and writes slot 1");
}

/*
 * struct check - one bfk check
 * @text: of -e, or NULL
 * @json: the writer of the document, NULL: there is none
 * @warnings: so far, in all programs
 */
struct check {
	struct cli_load load;
	const char *text;
	bool werror, is_json;
	struct cli_json *json;
	size_t warnings;
};

static void put_json_operations(struct cli_json *json, const struct bfk_op *ops, size_t n_ops)
{
	size_t counts[256] = {}, i;
	char letter[2] = "";

	count_operations(counts, ops, n_ops);
	cli_json_open(json, "sysops", '[');
	for (i = 'a'; i <= 'z'; i++) {
		if (!counts[i])
			continue;
		*letter = i;
		cli_json_open(json, NULL, '{');
		cli_json_string(json, "letter", letter);
		cli_json_string(json, "name", cli_op_name(i));
		cli_json_number(json, "count", counts[i]);
		cli_json_close(json, '}');
	}
	cli_json_close(json, ']');
}

/* Prints the sizes and operations of a program without errors. */
static void put_program(struct check *check, struct cli_source *source, const struct bfk_op *ops,
			size_t n_ops)
{
	struct bfk_result result = measure(source, &check->load);

	if (check->json) {
		cli_json_number(check->json, "n_ops", result.n_ops);
		cli_json_number(check->json, "text_len", result.text_len);
		put_json_operations(check->json, ops, n_ops);
		return;
	}
	printf("%s: %u op%s, %u bytes of machine code\n", source->name, result.n_ops,
	       cli_plural(result.n_ops), result.text_len);
	list_operations(ops, n_ops);
	fflush(stdout);
}

/*
 * Operations and warnings are those of the program as it was written: the optimiser may drop a part
 * that is never reached.
 */
static int check_program(struct check *check, struct cli_source *source)
{
	struct bfk_result result;
	struct bfk_op *ops;
	size_t n_ops;
	int err = cli_compile(source, &check->load, 0, &ops, &n_ops, &result);

	if (err) {
		cli_say_load(source, &check->load, &result, err);
		return CLI_FAILED;
	}
	put_program(check, source, ops, n_ops);
	if (!source->ops)
		check->warnings += cli_lint(source, ops, n_ops);
	free(ops);
	return CLI_OK;
}

static int check_source(struct cli_source *source, void *arg)
{
	struct check *check = arg;
	struct cli_json *json = check->json;
	int status;

	if (!json)
		return check_program(check, source);
	cli_json_open(json, NULL, '{');
	cli_json_string(json, "file", source->name);
	status = check_program(check, source);
	cli_json_bool(json, "ok", !status);
	cli_json_close(json, '}');
	return status;
}

/* Writes the document, if there is one. */
static int check_all(struct check *check, char **paths)
{
	int status;

	check->json = cli_document_begin(check->is_json);
	if (check->json)
		cli_json_open(check->json, "programs", '[');
	status = cli_source_each(check->text, paths, "check", check_source, check);
	if (check->json) {
		cli_json_close(check->json, ']');
		cli_json_number(check->json, "warnings", check->warnings);
	}
	cli_document_end();
	return !status && check->werror && check->warnings ? CLI_FAILED : status;
}

int cmd_check(int argc, char **argv)
{
	struct check check = { .load = cli_load_default() };
	int option;

	while ((option = getopt_long(argc, argv, "O:a:e:jpWh", options, NULL)) != -1) {
		switch (option) {
		case 'e':
			check.text = optarg;
			break;
		case 'j':
			check.is_json = true;
			break;
		case 'W':
			check.werror = true;
			break;
		case 'h':
			cli_put_help(help);
			return CLI_OK;
		default:
			if (cli_load_option(&check.load, option, "check"))
				return CLI_USAGE;
		}
	}
	return check_all(&check, argv + optind);
}
