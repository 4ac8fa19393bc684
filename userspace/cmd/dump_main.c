// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfk dump: each op in words with its place in the source, and the machine code it became. With
 * bfk audit (cmd_audit.c) in a program of its own, bfk-dump: the tables of the disassembler would
 * triple the time that bfk takes to start.
 *
 * Interface: commands.h
 */
#include "commands.h"
#include "cli.h"
#include "help.h"
#include "listing.h"
#include "load.h"
#include "op_text.h"
#include "report.h"
#include "say.h"
#include "source.h"
#include <capstone/capstone.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
	"usage: bfk dump [OPTION]... FILE\n"
	"       bfk dump [OPTION]... -e TEXT\n"
	"\n"
	"Shows the ops of a program, where in the source each comes from, and its machine code:\n"
	"offset, bytes, assembly. Nothing is run.\n"
	"\n"
	"  -E, --engine ENGINE     jit (default), or kernel: what is published there (needs\n"
	"                          CAP_SYS_ADMIN)\n"
	"  -e, --expression TEXT   the program itself\n"
	"  -O 0|1|2                how much to optimise before the program is loaded (default: 2)\n"
	"      --without PASS,...  leave out @NAMES@\n"
	"  -p, --plain             '%' is a comment: stock Brainfuck\n"
	"  -h, --help              this text\n"
	"\n"
	"Exit status: 0; 1 the program cannot be loaded or has no machine code; 2 usage; 3 no device.\n";

static const struct option options[] = {
	{ "engine", required_argument, NULL, 'E' },
	{ "expression", required_argument, NULL, 'e' },
	{ "without", required_argument, NULL, CLI_OPTION_WITHOUT },
	{ "plain", no_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{},
};

static const char *const entry_names[BFK_ENTRIES] = {
	[BFK_ENTRY_HOST] = "bfk_entry_host",
	[BFK_ENTRY_STOP] = "bfk_entry_stop",
};

/*
 * struct dump - one listing being shown
 * @op_ix: the op whose code comes next
 */
struct dump {
	struct cli_source *source;
	struct bfk_listing listing;
	size_t op_ix;
};

/* A compiled program has no places but the numbers of its ops. */
static void put_op(const struct dump *dump, size_t op_ix)
{
	const struct bfk_op *op = &dump->listing.ops[op_ix];
	struct cli_place place;

	printf("op %zu", op_ix);
	if (!dump->source->ops) {
		place = cli_place(dump->source, op->source_off);
		printf(", %zu:%zu", place.line, place.col);
	}
	fputs(": ", stdout);
	cli_put_op(op);
	putchar('\n');
}

/* Where a jump or call goes: to an entry point by name, else an offset. */
static void put_target(const struct dump *dump, int64_t to)
{
	int i;

	for (i = 0; i < BFK_ENTRIES; i++) {
		if (to == dump->listing.entry[i]) {
			printf(" %s", entry_names[i]);
			return;
		}
	}
	printf(" 0x%" PRIx64, to);
}

static void put_insn(const struct dump *dump, const cs_insn *insn)
{
	const cs_x86 *x86 = &insn->detail->x86;
	bool is_jump = x86->op_count == 1 && x86->operands[0].type == X86_OP_IMM;
	size_t i;

	printf("%6" PRIx64 "  ", insn->address);
	for (i = 0; i < 10; i++)
		printf(i < insn->size ? "%02x " : "   ", insn->bytes[i]);
	printf(" %s", insn->mnemonic);
	if (is_jump)
		put_target(dump, x86->operands[0].imm);
	else if (*insn->op_str)
		printf(" %s", insn->op_str);
	putchar('\n');
}

/* Headings where the code of ops starts: a label has none, so there may be several. */
static void put_headings(struct dump *dump, const cs_insn *insn)
{
	const struct bfk_listing *listing = &dump->listing;

	while (dump->op_ix < listing->n_ops && insn->address == listing->ops[dump->op_ix].text_off)
		put_op(dump, dump->op_ix++);
}

static int put_listing(struct dump *dump)
{
	const uint8_t *code = dump->listing.text;
	size_t len = dump->listing.text_len;
	uint64_t addr = 0;
	cs_insn *insn;
	csh capstone;

	if (cs_open(CS_ARCH_X86, CS_MODE_64, &capstone) != CS_ERR_OK) {
		cli_say("dump: capstone does not start");
		return CLI_FAILED;
	}
	cs_option(capstone, CS_OPT_DETAIL, CS_OPT_ON);
	insn = cs_malloc(capstone);
	while (insn && len && cs_disasm_iter(capstone, &code, &len, &addr, insn)) {
		put_headings(dump, insn);
		put_insn(dump, insn);
	}
	if (len)
		cli_say("dump: no instruction at offset 0x%" PRIx64, addr);
	if (insn)
		cs_free(insn, 1);
	cs_close(&capstone);
	return len ? CLI_FAILED : CLI_OK;
}

static int dump_loaded(struct dump *dump, struct bfk *bfk, enum bfk_where where)
{
	int err = bfk_dump(bfk, &dump->listing), status;

	if (err)
		return cli_say_no_listing("dump", where, err);
	printf("%s: %zu ops, %zu bytes of machine code (%s)\n", dump->source->name,
	       dump->listing.n_ops, dump->listing.text_len, bfk_where_name(where));
	status = put_listing(dump);
	bfk_listing_free(&dump->listing);
	return status;
}

static int dump_source(struct cli_source *source, const struct cli_load *load)
{
	struct dump dump = { .source = source };
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
		status = dump_loaded(&dump, bfk, where);
	}
	bfk_destroy(bfk);
	return status;
}

static int dump(int argc, char **argv)
{
	struct cli_load load = cli_load_default();
	struct cli_source source;
	const char *text = NULL;
	int option, status;

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
			if (cli_load_option(&load, option, "dump"))
				return CLI_USAGE;
		}
	}
	status = cli_source_get(&source, text, argv[optind], "dump");
	if (status)
		return status;
	status = dump_source(&source, &load);
	cli_source_free(&source);
	return status;
}

int main(int argc, char **argv)
{
	const char *command = argc ? strrchr(argv[0], ' ') : NULL;

	return cli_end(command && !strcmp(command, " audit") ? cmd_audit(argc, argv) :
							       dump(argc, argv));
}
