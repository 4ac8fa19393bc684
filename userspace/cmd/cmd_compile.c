// SPDX-License-Identifier: GPL-2.0-only
/* bfk compile: writes the ops of a program to a file, whose format is in bfk-ops(5). Interface: commands.h */
#include "commands.h"
#include "cli.h"
#include "help.h"
#include "load.h"
#include "report.h"
#include "say.h"
#include "source.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
	"usage: bfk compile [OPTION]... -o OUT FILE\n"
	"       bfk compile [OPTION]... -o OUT -e TEXT\n"
	"\n"
	"Compiles the program in FILE ('-': standard input) and writes its ops to OUT ('-': standard\n"
	"output). All other commands but submit take OUT as FILE. It runs as fast as the program does,\n"
	"and loads without the optimiser.\n"
	"\n"
	"  -o, --output OUT        where to; by custom its name ends in .bfo\n"
	"  -e, --expression TEXT   the program itself\n"
	"  -O 0|1|2                how much to optimise (default: 2)\n"
	"      --without PASS,...  leave out @NAMES@\n"
	"  -z, --zeroed            OUT will only ever start on a tape of zeros: it can be faster\n"
	"  -a, --allow LETTERS     operations the program may contain (default: all)\n"
	"  -p, --plain             '%' is a comment: stock Brainfuck\n"
	"  -h, --help              this text\n"
	"\n"
	"What the optimiser does, by pass:\n"
	"@PASSES@"
	"\n"
	"Exit status: 0; 1 the program has an error, or OUT cannot be written; 2 usage.\n";

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "expression", required_argument, NULL, 'e' },
	{ "without", required_argument, NULL, CLI_OPTION_WITHOUT },
	{ "zeroed", no_argument, NULL, 'z' },
	{ "allow", required_argument, NULL, 'a' },
	{ "plain", no_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{},
};

static int compile(struct cli_source *source, const struct cli_load *load, const char *output)
{
	struct bfk_result result;
	struct bfk_op *ops;
	size_t n_ops;
	int err = cli_compile(source, load, cli_passes(load), &ops, &n_ops, &result), status;

	if (err) {
		cli_say_load(source, load, &result, err);
		return CLI_FAILED;
	}
	status = cli_source_write(output, ops, n_ops, cli_passes(load) & BFK_PASS_ZEROED);
	free(ops);
	return status;
}

int cmd_compile(int argc, char **argv)
{
	const char *text = NULL, *output = NULL;
	struct cli_load load = cli_load_default();
	struct cli_source source;
	int option, status;

	load.is_zeroed = false;
	while ((option = getopt_long(argc, argv, "O:o:e:a:pzh", options, NULL)) != -1) {
		switch (option) {
		case 'o':
			output = optarg;
			break;
		case 'e':
			text = optarg;
			break;
		case 'z':
			load.is_zeroed = true;
			break;
		case 'h':
			cli_put_help(help);
			return CLI_OK;
		default:
			if (cli_load_option(&load, option, "compile"))
				return CLI_USAGE;
		}
	}
	if (!output) {
		cli_say("compile: where to? There is no -o");
		cli_hint("try: bfk compile --help");
		return CLI_USAGE;
	}
	status = cli_refuse_argument("compile", optind < argc ? argv[optind + !text] : NULL);
	if (!status)
		status = cli_source_get(&source, text, argv[optind], "compile");
	if (status)
		return status;
	status = compile(&source, &load, output);
	cli_source_free(&source);
	return status;
}
