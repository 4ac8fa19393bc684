// SPDX-License-Identifier: GPL-2.0-only
/* bfk audit: is the machine code of programs what the sandbox allows? In bfk-dump. Interface: commands.h */
#include "commands.h"
#include "cli.h"
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
	"Has machine code made of each program ('-': standard input) and decodes it, by a decoder that\n"
	"has nothing to do with what made it: is every instruction on the list of those there may be,\n"
	"does memory lie in the ring, does what jumps back take fuel, is there no way out but the two\n"
	"there are? bfk_audit(3) has all of the rules. Nothing is run.\n"
	"\n"
	"  -E, --engine ENGINE     jit (default), or kernel: what is published there (needs\n"
	"                          CAP_SYS_ADMIN)\n"
	"  -e, --expression TEXT   the program itself\n"
	"  -O 0|1|2                how much to optimise before the program is loaded (default: 2)\n"
	"      --without PASS,...  leave out @NAMES@\n"
	"  -p, --plain             '%' is a comment: stock Brainfuck\n"
	"  -h, --help              this text\n"
	"\n"
	"Exit status: 0 all accepted; 1 one was refused, or has no machine code; 2 usage; 3 no device.\n";

static const struct option options[] = {
	{ "engine", required_argument, NULL, 'E' },
	{ "expression", required_argument, NULL, 'e' },
	{ "without", required_argument, NULL, CLI_OPTION_WITHOUT },
	{ "plain", no_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{},
};

/* The instruction that was refused, as far as it is one. */
static void put_insn(const struct bfk_listing *listing, size_t off)
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
		fprintf(stderr, "%6zx  ", off);
		for (i = 0; i < insn->size; i++)
			fprintf(stderr, "%02x ", insn->bytes[i]);
		fprintf(stderr, " %s %s\n", insn->mnemonic, insn->op_str);
	}
	if (insn)
		cs_free(insn, 1);
	cs_close(&handle);
}

static int audit_listing(const char *name, const struct bfk_listing *listing)
{
	struct bfk_verdict verdict;
	int err = bfk_audit(listing->text, listing->text_len, listing->ops, listing->n_ops,
			    listing->entry, &verdict);

	if (!err) {
		printf("%s: accepted: %zu bytes, %zu instructions, %zu loops, %zu calls\n", name,
		       listing->text_len, verdict.n_insns, verdict.n_loops, verdict.n_calls);
		return CLI_OK;
	}
	if (!verdict.why) {
		cli_say("%s: cannot be looked at: %s", name, strerror(-err));
		return CLI_FAILED;
	}
	cli_say("%s: refused at 0x%zx: %s", name, verdict.off, verdict.why);
	put_insn(listing, verdict.off);
	return CLI_FAILED;
}

static int audit_source(struct cli_source *source, const struct cli_load *load)
{
	struct bfk_listing listing;
	struct bfk_result result;
	enum bfk_where where;
	struct bfk *bfk;
	int status = cli_create(&bfk, &where, load->engine), err;

	if (status)
		return status;
	err = cli_load(bfk, source, load, &result);
	if (err) {
		cli_say_load(source, load, &result, err);
		status = CLI_FAILED;
	} else {
		err = bfk_dump(bfk, &listing);
		status = err ? cli_say_no_listing("audit", where, err) :
			       audit_listing(source->name, &listing);
		if (!err)
			bfk_listing_free(&listing);
	}
	bfk_destroy(bfk);
	return status;
}

static int audit_file(const char *text, const char *path, const struct cli_load *load)
{
	struct cli_source source;
	int status = cli_source_get(&source, text, path, "audit");

	if (status)
		return status;
	status = audit_source(&source, load);
	cli_source_free(&source);
	return status;
}

int cmd_audit(int argc, char **argv)
{
	struct cli_load load = cli_load_default();
	const char *text = NULL;
	int option, status, failed;

	load.engine = "jit";
	while ((option = getopt_long(argc, argv, "E:O:e:ph", options, NULL)) != -1) {
		switch (option) {
		case 'e':
			text = optarg;
			break;
		case 'h':
			cli_put_help(help);
			return CLI_OK;
		default:
			if (cli_load_option(&load, option, "audit"))
				return CLI_USAGE;
		}
	}
	status = audit_file(text, argv[optind], &load);
	while (!text && optind < argc && ++optind < argc) {
		failed = audit_file(NULL, argv[optind], &load);
		status = status ? status : failed;
	}
	return status;
}
