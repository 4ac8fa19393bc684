// SPDX-License-Identifier: GPL-2.0-only
/* bfk ops and bfk info: what an engine offers. Interface: cli.h */
#include "cli.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char ops_help[] =
	"usage: bfk ops [--engine ENGINE]\n"
	"\n"
	"Lists the operations of an engine, one a line: letter, name, family, meaning.\n"
	"\n"
	"  -E, --engine ENGINE   kernel, kernel-interp, jit or interp (default: kernel if /dev/bfk\n"
	"                        can be opened, else jit)\n"
	"  -h, --help            this text\n"
	"\n"
	"Exit status: 0; 2 usage; 3 no device.\n";

static const char info_help[] =
	"usage: bfk info [--engine ENGINE] [--json]\n"
	"\n"
	"Shows the version and the limits of an engine.\n"
	"\n"
	"  -E, --engine ENGINE   kernel, kernel-interp, jit or interp (default: kernel if /dev/bfk\n"
	"                        can be opened, else jit)\n"
	"  -j, --json            one JSON object, the operations included\n"
	"  -h, --help            this text\n"
	"\n"
	"Exit status: 0; 2 usage; 3 no device.\n";

static const struct option options[] = {
	{ "engine", required_argument, NULL, 'E' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{},
};

static const char *const meanings[256] = {
	['c'] = "close the slot",
	['g'] = "read up to cap bytes at off into data; off moves on",
	['l'] = "set the position to off, arg says from where; off is the new one",
	['m'] = "the time of clock arg in ns, in off",
	['o'] = "open the path in data beneath the directory; arg becomes the slot",
	['p'] = "write the len bytes of data at off; off moves on",
	['q'] = "end the program with status arg",
	['r'] = "read up to cap bytes into data",
	['t'] = "cut or extend the file to off bytes",
	['u'] = "cap random bytes into data",
	['w'] = "write the len bytes of data",
	['x'] = "move off bytes (0: all) to slot arg without the tape; off is how many",
	['y'] = "write the file to its disk; arg 1: its data only",
	['z'] = "the size of the file, in off",
};

/*
 * struct offer - what an engine says
 * @where: which
 * @json: how to show it
 */
struct offer {
	enum bfk_where where;
	bool json;
	struct bfk_info_args info;
	const struct bfk_sysop_info *sysops;
	size_t n_sysops;
};

/* Asks the engine that @engine names, NULL: the one that `bfk run` would take. */
static int ask(struct offer *offer, const char *engine)
{
	struct bfk *bfk;
	int status = cli_create(&bfk, &offer->where, engine), err;

	if (status)
		return status;
	bfk_destroy(bfk);
	err = bfk_info(offer->where, &offer->info, &offer->sysops, &offer->n_sysops);
	if (!err)
		return CLI_OK;
	cli_say("engine %s: %s", bfk_where_name(offer->where), strerror(-err));
	return CLI_FAILED;
}

static void put_ops(const struct offer *offer)
{
	size_t i;

	for (i = 0; i < offer->n_sysops; i++) {
		const struct bfk_sysop_info *sysop = &offer->sysops[i];
		const char *meaning = meanings[sysop->letter];

		printf("%%%c  %-8s  %-7s  %s\n", sysop->letter, sysop->name, sysop->family,
		       meaning ? meaning : "?");
	}
}

static void put_json_ops(const struct offer *offer)
{
	size_t i;

	for (i = 0; i < offer->n_sysops; i++)
		printf("%s{\"letter\":\"%c\",\"name\":\"%s\",\"family\":\"%s\"}", i ? "," : "",
		       offer->sysops[i].letter, offer->sysops[i].name, offer->sysops[i].family);
}

static void put_json(const struct offer *offer)
{
	const struct bfk_info_args *info = &offer->info;

	printf("{\"engine\":\"%s\",\"version\":\"%s\",\"abi_version\":%u,",
	       bfk_where_name(offer->where), CLI_VERSION, info->abi_version);
	printf("\"features\":%" PRIu64 ",\"jit\":%s,", (uint64_t)info->features,
	       info->features & BFK_FEATURE_JIT ? "true" : "false");
	printf("\"tape_cells\":%u,\"slots\":%u,\"source_max_len\":%u,\"depth_max\":%u,",
	       info->tape_cells, info->slots, info->source_max_len, info->depth_max);
	printf("\"text_len\":%u,\"text_free_len\":%u,\"sysops\":[", info->text_len,
	       info->text_free_len);
	put_json_ops(offer);
	puts("]}");
}

static void put_text(const struct offer *offer)
{
	const struct bfk_info_args *info = &offer->info;
	size_t i;

	printf("engine:          %s\n", bfk_where_name(offer->where));
	printf("version:         %s\n", CLI_VERSION);
	printf("ABI version:     %u\n", info->abi_version);
	printf("machine code:    %s\n", info->features & BFK_FEATURE_JIT ? "yes" : "no");
	printf("tape:            %u cells\n", info->tape_cells);
	printf("slots:           %u\n", info->slots);
	printf("longest source:  %u bytes\n", info->source_max_len);
	printf("deepest nesting: %u loops\n", info->depth_max);
	if (info->text_len)
		printf("text arena:      %u bytes, %u free\n", info->text_len, info->text_free_len);
	printf("operations:     ");
	for (i = 0; i < offer->n_sysops; i++)
		printf(" %%%c", offer->sysops[i].letter);
	putchar('\n');
}

/* Options of both; -1: go on, else the exit status. */
static int parse_options(int argc, char **argv, const char *name, const char *help,
			 const char **engine, bool *json)
{
	int option;

	while ((option = getopt_long(argc, argv, json ? "E:jh" : "E:h", options, NULL)) != -1) {
		if (option == 'E') {
			*engine = optarg;
		} else if (option == 'j' && json) {
			*json = true;
		} else if (option == 'h') {
			fputs(help, stdout);
			return CLI_OK;
		} else {
			cli_hint("try: bfk %s --help", name);
			return CLI_USAGE;
		}
	}
	if (!argv[optind])
		return -1;
	cli_say("%s takes no argument, and '%s' is one", name, argv[optind]);
	return CLI_USAGE;
}

int cmd_ops(int argc, char **argv)
{
	struct offer offer = {};
	const char *engine = NULL;
	int status = parse_options(argc, argv, "ops", ops_help, &engine, NULL);

	if (status >= 0)
		return status;
	status = ask(&offer, engine);
	if (!status)
		put_ops(&offer);
	return status;
}

int cmd_info(int argc, char **argv)
{
	struct offer offer = {};
	const char *engine = NULL;
	int status = parse_options(argc, argv, "info", info_help, &engine, &offer.json);

	if (status >= 0)
		return status;
	status = ask(&offer, engine);
	if (!status && offer.json)
		put_json(&offer);
	else if (!status)
		put_text(&offer);
	return status;
}
