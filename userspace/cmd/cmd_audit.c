// SPDX-License-Identifier: GPL-2.0-only
/* bfk audit: checks machine code against the rules of the sandbox. Part of bfk-dump. Interface: commands.h */
#include "commands.h"
#include "cli.h"
#include "engine.h"
#include "help.h"
#include "listing.h"
#include "load.h"
#include "report.h"
#include "say.h"
#include "source.h"
#include <capstone/capstone.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "userspace/include/libbfk-audit.h"

static const char help[] =
	"usage: bfk audit [OPTION]... FILE...\n"
	"       bfk audit [OPTION]... -e TEXT\n"
	"\n"
	"Compiles each program ('-': standard input) to machine code, and decodes that by a decoder\n"
	"that shares nothing with the compiler: is every instruction on the list of those allowed, is\n"
	"all memory in the ring, does every jump back take fuel, does the code leave only through its\n"
	"two exits? bfk_audit(3) lists all of the rules. Nothing is run.\n"
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
	"Exit status: 0 all accepted; 1 one refused, or without machine code; 2 usage; 3 no device.\n";

static const struct option options[] = {
	{ "engine", required_argument, NULL, 'E' },
	{ "expression", required_argument, NULL, 'e' },
	{ "without", required_argument, NULL, CLI_OPTION_WITHOUT },
	{ "json", no_argument, NULL, 'j' },
	{ "plain", no_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{},
};

/*
 * struct audit - one bfk audit
 * @text: of -e, or NULL
 * @json: the writer of the document, NULL: there is none
 */
struct audit {
	struct cli_load load;
	const char *text;
	bool is_json;
	struct cli_json *json;
};

/* Shows the instruction that was refused, if the bytes there are one. */
static void hint_insn(const struct bfk_listing *listing, size_t off)
{
	const uint8_t *text = listing->text + off;
	size_t left = listing->text_len - off, i;
	uint64_t addr = off;
	cs_insn *insn;
	csh handle;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle))
		return;
	insn = cs_malloc(handle);
	if (insn && cs_disasm_iter(handle, &text, &left, &addr, insn)) {
		char bytes[3 * sizeof(insn->bytes) + 1];

		for (i = 0; i < insn->size; i++)
			sprintf(bytes + 3 * i, "%02x ", insn->bytes[i]);
		cli_hint("the instruction there: %s %s %s", bytes, insn->mnemonic, insn->op_str);
	}
	if (insn)
		cs_free(insn, 1);
	cs_close(&handle);
}

static void put_accepted(struct cli_json *json, const char *name, size_t text_len,
			 const struct bfk_verdict *verdict)
{
	if (!json) {
		printf("%s: accepted: %zu bytes, %zu instructions, %zu loop%s, %zu call%s\n", name,
		       text_len, verdict->n_insns, verdict->n_loops, cli_plural(verdict->n_loops),
		       verdict->n_calls, cli_plural(verdict->n_calls));
		return;
	}
	cli_json_number(json, "text_len", text_len);
	cli_json_number(json, "n_insns", verdict->n_insns);
	cli_json_number(json, "n_loops", verdict->n_loops);
	cli_json_number(json, "n_calls", verdict->n_calls);
}

static int audit_listing(struct cli_json *json, const char *name, const struct bfk_listing *listing)
{
	struct bfk_verdict verdict;
	int err = bfk_audit(listing->text, listing->text_len, listing->ops, listing->n_ops,
			    listing->entry, &verdict);

	if (!err) {
		put_accepted(json, name, listing->text_len, &verdict);
		return CLI_OK;
	}
	if (!verdict.why) {
		cli_say_of(name, "cannot be audited: %s", strerror(-err));
		return CLI_FAILED;
	}
	cli_say_of(name, "refused at 0x%zx: %s", verdict.off, verdict.why);
	hint_insn(listing, verdict.off);
	return CLI_FAILED;
}

static int audit_program(const struct audit *audit, struct cli_source *source)
{
	const struct cli_load *load = &audit->load;
	struct bfk_listing listing;
	struct bfk_result result;
	enum bfk_where where;
	struct bfk *bfk;
	int status = cli_create(&bfk, &where, load->engine, NULL), err;

	if (status)
		return status;
	err = cli_load(bfk, source, load, &result);
	if (err) {
		cli_say_load(source, load, &result, err);
		status = CLI_FAILED;
	} else {
		err = bfk_dump(bfk, &listing);
		status = err ? cli_say_no_listing("audit", where, err) :
			       audit_listing(audit->json, source->name, &listing);
		if (!err)
			bfk_listing_free(&listing);
	}
	bfk_destroy(bfk);
	return status;
}

static int audit_source(struct cli_source *source, void *arg)
{
	const struct audit *audit = arg;
	struct cli_json *json = audit->json;
	int status;

	if (!json)
		return audit_program(audit, source);
	cli_json_open(json, NULL, '{');
	cli_json_string(json, "file", source->name);
	status = audit_program(audit, source);
	cli_json_bool(json, "accepted", !status);
	cli_json_close(json, '}');
	return status;
}

/* Writes the document, if there is one. */
static int audit_all(struct audit *audit, char **paths)
{
	int status;

	audit->json = cli_document_begin(audit->is_json);
	if (audit->json)
		cli_json_open(audit->json, "programs", '[');
	status = cli_source_each(audit->text, paths, "audit", audit_source, audit);
	if (audit->json)
		cli_json_close(audit->json, ']');
	cli_document_end();
	return status;
}

int cmd_audit(int argc, char **argv)
{
	struct audit audit = { .load = cli_load_default() };
	int option;

	audit.load.engine = "jit";
	while ((option = getopt_long(argc, argv, "E:O:e:jph", options, NULL)) != -1) {
		switch (option) {
		case 'e':
			audit.text = optarg;
			break;
		case 'j':
			audit.is_json = true;
			break;
		case 'h':
			cli_put_help(help);
			return CLI_OK;
		default:
			if (cli_load_option(&audit.load, option, "audit"))
				return CLI_USAGE;
		}
	}
	return audit_all(&audit, argv + optind);
}
