// SPDX-License-Identifier: GPL-2.0-only
/* bfk ops and bfk info: what an engine offers. Interface: commands.h */
#include "commands.h"
#include "cli.h"
#include "say.h"
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

static const char ops_help[] =
	"usage: bfk ops [--engine ENGINE]\n"
	"\n"
	"Lists the operations of an engine, one a line: letter, name, family, meaning.\n"
	"\n"
	"  -E, --engine ENGINE   kernel, kernel-interp, jit or interp (default: the first of\n"
	"                        kernel, jit and interp there is)\n"
	"  -h, --help            this text\n"
	"\n"
	"Exit status: 0; 2 usage; 3 no device.\n";

static const char info_help[] =
	"usage: bfk info [--engine ENGINE] [--json]\n"
	"\n"
	"Shows the version and the limits of an engine.\n"
	"\n"
	"  -E, --engine ENGINE   kernel, kernel-interp, jit or interp (default: the first of\n"
	"                        kernel, jit and interp there is)\n"
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

/*
 * struct offer - what an engine says
 * @where: which
 * @json: how to show it
 */
struct offer {
	enum bfk_where where;
	bool json;
	struct bfk_info info;
};

static bool is_offered(const struct offer *offer, char letter)
{
	return offer->info.sysops >> (letter - 'a') & 1;
}

/* What an engine offers and this command does not know has no name. */
static struct bfk_sysop describe(char letter)
{
	const struct bfk_sysop *sysop = bfk_sysop(letter);

	return sysop ? *sysop : (struct bfk_sysop){ letter, "?", "?", "?" };
}

static void put_ops(const struct offer *offer)
{
	char letter;

	for (letter = 'a'; letter <= 'z'; letter++) {
		struct bfk_sysop sysop = describe(letter);

		if (is_offered(offer, letter))
			printf("%%%c  %-8s  %-7s  %s\n", letter, sysop.name, sysop.family,
			       sysop.meaning);
	}
}

static void put_json_ops(const struct offer *offer)
{
	const char *separator = "";
	char letter;

	for (letter = 'a'; letter <= 'z'; letter++) {
		struct bfk_sysop sysop = describe(letter);

		if (!is_offered(offer, letter))
			continue;
		printf("%s{\"letter\":\"%c\",\"name\":\"%s\",\"family\":\"%s\"}", separator, letter,
		       sysop.name, sysop.family);
		separator = ",";
	}
}

static void put_json(const struct offer *offer)
{
	const struct bfk_info *info = &offer->info;

	printf("{\"engine\":\"%s\",\"version\":\"%s\",\"abi_version\":%u,\"ops_version\":%u,",
	       bfk_where_name(offer->where), CLI_VERSION, info->abi_version, info->ops_version);
	printf("\"features\":%" PRIu64 ",\"jit\":%s,", (uint64_t)info->features,
	       info->features & BFK_FEATURE_JIT ? "true" : "false");
	printf("\"tape_cells\":%u,\"slots\":%u,\"source_max_len\":%u,\"ops_max\":%u,",
	       info->tape_cells, info->slots, info->source_max_len, info->ops_max);
	printf("\"text_len\":%u,\"text_free_len\":%u,\"sysops\":[", info->text_len,
	       info->text_free_len);
	put_json_ops(offer);
	puts("]}");
}

static void put_text(const struct offer *offer)
{
	const struct bfk_info *info = &offer->info;
	char letter;

	printf("engine:          %s\n", bfk_where_name(offer->where));
	printf("version:         %s\n", CLI_VERSION);
	printf("ABI version:     %u\n", info->abi_version);
	printf("ops version:     %u\n", info->ops_version);
	printf("machine code:    %s\n", info->features & BFK_FEATURE_JIT ? "yes" : "no");
	printf("tape:            %u cells\n", info->tape_cells);
	printf("slots:           %u\n", info->slots);
	printf("longest source:  %u bytes\n", info->source_max_len);
	printf("most ops:        %u\n", info->ops_max);
	if (info->text_len)
		printf("text arena:      %u bytes, %u free\n", info->text_len, info->text_free_len);
	printf("operations:     ");
	for (letter = 'a'; letter <= 'z'; letter++)
		if (is_offered(offer, letter))
			printf(" %%%c", letter);
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
	status = cli_info(&offer.info, &offer.where, engine);
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
	status = cli_info(&offer.info, &offer.where, engine);
	if (!status && offer.json)
		put_json(&offer);
	else if (!status)
		put_text(&offer);
	return status;
}
