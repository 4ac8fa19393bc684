// SPDX-License-Identifier: GPL-2.0-only
/* bfk ops and bfk info: what an engine offers. Interface: commands.h */
#include "commands.h"
#include "cli.h"
#include "engine.h"
#include "say.h"
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

static const char ops_help[] =
	"usage: bfk ops [--engine ENGINE] [--json]\n"
	"\n"
	"Lists the operations of an engine, one a line: letter, name, family, meaning.\n"
	"\n"
	"  -E, --engine ENGINE   kernel, kernel-interp, jit or interp (default: BFK_ENGINE, else\n"
	"                        the first of kernel, jit and interp that works)\n"
	"  -j, --json            one JSON document, messages included\n"
	"  -h, --help            this text\n"
	"\n"
	"Exit status: 0; 2 usage; 3 no device.\n";

static const char info_help[] =
	"usage: bfk info [--engine ENGINE] [--json]\n"
	"\n"
	"Shows the version and the limits of an engine.\n"
	"\n"
	"  -E, --engine ENGINE   kernel, kernel-interp, jit or interp (default: BFK_ENGINE, else\n"
	"                        the first of kernel, jit and interp that works)\n"
	"  -j, --json            one JSON document, operations and messages included\n"
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
 * struct offer - what an engine offers
 * @engine: the name that -E gives, NULL: none
 * @is_json: show it as JSON
 * @where: the engine that offers it
 */
struct offer {
	const char *engine;
	bool is_json;
	enum bfk_where where;
	struct bfk_info info;
};

static bool is_offered(const struct offer *offer, char letter)
{
	return offer->info.sysops >> (letter - 'a') & 1;
}

/* Describes an operation. If this command does not know it, it has no name. */
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

static void put_json_ops(struct cli_json *json, const struct offer *offer)
{
	char letter;

	cli_json_open(json, "sysops", '[');
	for (letter = 'a'; letter <= 'z'; letter++) {
		struct bfk_sysop sysop = describe(letter);
		char letters[] = { letter, 0 };

		if (!is_offered(offer, letter))
			continue;
		cli_json_open(json, NULL, '{');
		cli_json_string(json, "letter", letters);
		cli_json_string(json, "name", sysop.name);
		cli_json_string(json, "family", sysop.family);
		cli_json_string(json, "meaning", sysop.meaning);
		cli_json_close(json, '}');
	}
	cli_json_close(json, ']');
}

static void put_json_info(struct cli_json *json, const struct offer *offer)
{
	const struct bfk_info *info = &offer->info;

	cli_json_string(json, "version", CLI_VERSION);
	cli_json_number(json, "abi_version", info->abi_version);
	cli_json_number(json, "ops_version", info->ops_version);
	cli_json_number(json, "features", info->features);
	cli_json_bool(json, "jit", info->features & BFK_FEATURE_JIT);
	cli_json_number(json, "tape_cells", info->tape_cells);
	cli_json_number(json, "slots", info->slots);
	cli_json_number(json, "source_max_len", info->source_max_len);
	cli_json_number(json, "ops_max", info->ops_max);
	cli_json_number(json, "text_len", info->text_len);
	cli_json_number(json, "text_free_len", info->text_free_len);
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

/* Parses the options, which both commands share. Returns -1 to continue, else the exit status. */
static int parse_options(int argc, char **argv, const char *name, const char *help,
			 struct offer *offer)
{
	int option;

	while ((option = getopt_long(argc, argv, "E:jh", options, NULL)) != -1) {
		if (option == 'E') {
			offer->engine = optarg;
		} else if (option == 'j') {
			offer->is_json = true;
		} else if (option == 'h') {
			fputs(help, stdout);
			return CLI_OK;
		} else {
			cli_hint("try: bfk %s --help", name);
			return CLI_USAGE;
		}
	}
	return argv[optind] ? cli_refuse_argument(name, argv[optind]) : -1;
}

/* Gets the offer, and shows it: as text by @put, or as JSON. */
static int show_offer(struct offer *offer, void (*put)(const struct offer *offer), bool is_info)
{
	struct cli_json *json = cli_document_begin(offer->is_json);
	int status = cli_info(&offer->info, &offer->where, offer->engine);

	if (!status && json) {
		cli_json_string(json, "engine", bfk_where_name(offer->where));
		if (is_info)
			put_json_info(json, offer);
		put_json_ops(json, offer);
	} else if (!status) {
		put(offer);
	}
	cli_document_end();
	return status;
}

int cmd_ops(int argc, char **argv)
{
	struct offer offer = {};
	int status = parse_options(argc, argv, "ops", ops_help, &offer);

	return status < 0 ? show_offer(&offer, put_ops, false) : status;
}

int cmd_info(int argc, char **argv)
{
	struct offer offer = {};
	int status = parse_options(argc, argv, "info", info_help, &offer);

	return status < 0 ? show_offer(&offer, put_text, true) : status;
}
