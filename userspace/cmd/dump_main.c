// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfk dump: prints each op in words with its place in the source, and its machine code. With bfk audit
 * (cmd_audit.c) it is a program of its own, bfk-dump: the tables of the disassembler would triple the time
 * that bfk takes to start.
 *
 * Interface: commands.h
 */
#include "commands.h"
#include "cli.h"
#include "engine.h"
#include "dump.h"
#include "help.h"
#include "listing.h"
#include "load.h"
#include "report.h"
#include "say.h"
#include "source.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
	"usage: bfk dump [OPTION]... FILE\n"
	"       bfk dump [OPTION]... -e TEXT\n"
	"\n"
	"Shows the ops of a program, where in the source each comes from, and its machine code:\n"
	"offset, bytes, assembly. Nothing is run.\n"
	"\n"
	"  -E, --engine ENGINE     jit (default), or kernel: the code that is published there\n"
	"                          (needs CAP_SYS_ADMIN)\n"
	"  -e, --expression TEXT   the program itself\n"
	"  -O 0|1|2                how much to optimise before the program is loaded (default: 2)\n"
	"      --without PASS,...  leave out @NAMES@\n"
	"  -j, --json              one JSON document, messages included\n"
	"  -p, --plain             '%' is a comment: stock Brainfuck\n"
	"  -h, --help              this text\n"
	"\n"
	"Exit status: 0; 1 the program cannot be loaded or has no machine code; 2 usage; 3 no device.\n";

static const struct option options[] = {
	{ "engine", required_argument, NULL, 'E' },
	{ "expression", required_argument, NULL, 'e' },
	{ "without", required_argument, NULL, CLI_OPTION_WITHOUT },
	{ "json", no_argument, NULL, 'j' },
	{ "plain", no_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{},
};

static int dump_loaded(struct cli_dump *dump, struct bfk *bfk, enum bfk_where where)
{
	int err = bfk_dump(bfk, &dump->listing), status;

	if (err)
		return cli_say_no_listing("dump", where, err);
	status = cli_put_dump(dump, where);
	bfk_listing_free(&dump->listing);
	return status;
}

static int dump_source(struct cli_dump *dump, const struct cli_load *load)
{
	struct bfk_result result;
	enum bfk_where where;
	struct bfk *bfk;
	int status = cli_create(&bfk, &where, load->engine, NULL), err;

	if (status)
		return status;
	err = cli_load(bfk, dump->source, load, &result);
	if (err) {
		cli_say_load(dump->source, load, &result, err);
		status = CLI_FAILED;
	} else {
		status = dump_loaded(dump, bfk, where);
	}
	bfk_destroy(bfk);
	return status;
}

/* Takes @text or FILE, and nothing else. */
static int dump_program(const char *text, char **arguments, const struct cli_load *load,
			struct cli_json *json)
{
	struct cli_source source;
	struct cli_dump dump = { .source = &source, .json = json };
	int status = CLI_OK;

	if (*arguments)
		status = cli_refuse_argument("dump", arguments[!text]);
	if (!status)
		status = cli_source_get(&source, text, *arguments, "dump");
	if (status)
		return status;
	if (json)
		cli_json_string(json, "file", source.name);
	status = dump_source(&dump, load);
	cli_source_free(&source);
	return status;
}

static int dump(int argc, char **argv)
{
	struct cli_load load = cli_load_default();
	const char *text = NULL;
	bool is_json = false;
	int option, status;

	load.engine = "jit";
	while ((option = getopt_long(argc, argv, "E:O:e:jph", options, NULL)) != -1) {
		switch (option) {
		case 'e':
			text = optarg;
			break;
		case 'j':
			is_json = true;
			break;
		case 'h':
			cli_put_help(help);
			return CLI_OK;
		default:
			if (cli_load_option(&load, option, "dump"))
				return CLI_USAGE;
		}
	}
	status = dump_program(text, argv + optind, &load, cli_document_begin(is_json));
	cli_document_end();
	return status;
}

int main(int argc, char **argv)
{
	const char *command = argc ? strrchr(argv[0], ' ') : NULL;

	cli_begin();
	return cli_end(command && !strcmp(command, " audit") ? cmd_audit(argc, argv) :
							       dump(argc, argv));
}
