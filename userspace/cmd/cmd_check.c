// SPDX-License-Identifier: GPL-2.0-only
/* bfk check: errors, what a program can ask for, warnings. Runs nothing. Interface: commands.h */
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
	"\n"
	"Looks for errors in each program ('-': standard input). For a good one, lists the operations\n"
	"it can make and how often they are in its text, and warns of what can be told to be wrong\n"
	"when it starts on a zeroed tape. Nothing is run.\n"
	"\n"
	"  -O 0|1|2              how much to optimise: the sizes shown are those (default: 2)\n"
	"      --without PASS,.. leave out @NAMES@\n"
	"  -a, --allow LETTERS   operations a program may contain (default: all)\n"
	"  -p, --plain           '%' is a comment: stock Brainfuck\n"
	"  -W, --werror          a warning is a failure\n"
	"  -h, --help            this text\n"
	"\n"
	"Exit status: 0 all good; 1 an error, or with --werror a warning; 2 usage.\n";

static const struct option options[] = {
	{ "without", required_argument, NULL, CLI_OPTION_WITHOUT },
	{ "allow", required_argument, NULL, 'a' },
	{ "plain", no_argument, NULL, 'p' },
	{ "werror", no_argument, NULL, 'W' },
	{ "help", no_argument, NULL, 'h' },
	{},
};

/* Sizes as they are in this process: 0 ops if it cannot be loaded here. */
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

static void list_operations(const struct bfk_op *ops, size_t n_ops)
{
	size_t counts[256] = {}, i;
	bool any = false;

	for (i = 0; i < n_ops; i++)
		if (ops[i].kind == BFK_OP_SYS)
			counts[ops[i].val]++;
	for (i = 'a'; i <= 'z'; i++) {
		if (!counts[i])
			continue;
		printf("  %%%c  %-8s  %zu\n", (char)i, cli_op_name(i), counts[i]);
		any = true;
	}
	if (!any)
		puts("  no operations: it reads slot 0 and writes slot 1 at most");
}

/*
 * Returns an exit status; *warnings grows. What can be asked for and what looks wrong is told of the
 * program as it was written: the optimiser may find that a part of it is never reached.
 */
static int check_source(struct cli_source *source, const struct cli_load *load, size_t *warnings)
{
	struct bfk_result result;
	struct bfk_op *ops;
	size_t n_ops;
	int err = cli_compile(source, load, 0, &ops, &n_ops, &result);

	if (err) {
		cli_say_load(source, load, &result, err);
		return CLI_FAILED;
	}
	result = measure(source, load);
	printf("%s: %u ops, %u bytes of machine code\n", source->name, result.n_ops,
	       result.text_len);
	list_operations(ops, n_ops);
	fflush(stdout);
	if (!source->ops)
		*warnings += cli_lint(source, ops, n_ops);
	free(ops);
	return CLI_OK;
}

static int check_file(const char *path, const struct cli_load *load, size_t *warnings)
{
	struct cli_source source;
	int status = cli_source_read(&source, path);

	if (status)
		return status;
	status = check_source(&source, load, warnings);
	cli_source_free(&source);
	return status;
}

static int check_files(char **paths, const struct cli_load *load, bool werror)
{
	int status = CLI_OK;
	size_t warnings = 0;

	if (!*paths) {
		cli_say("check: which program?");
		cli_hint("try: bfk check --help");
		return CLI_USAGE;
	}
	for (; *paths; paths++)
		if (check_file(*paths, load, &warnings))
			status = CLI_FAILED;
	return werror && warnings ? CLI_FAILED : status;
}

int cmd_check(int argc, char **argv)
{
	struct cli_load load = cli_load_default();
	bool werror = false;
	int option;

	while ((option = getopt_long(argc, argv, "O:a:pWh", options, NULL)) != -1) {
		switch (option) {
		case 'W':
			werror = true;
			break;
		case 'h':
			cli_put_help(help);
			return CLI_OK;
		default:
			if (cli_load_option(&load, option, "check"))
				return CLI_USAGE;
		}
	}
	return check_files(argv + optind, &load, werror);
}
