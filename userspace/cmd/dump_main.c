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

static const char *const entry_names[BFK_ENTRIES] = {
	[BFK_ENTRY_HOST] = "bfk_entry_host",
	[BFK_ENTRY_STOP] = "bfk_entry_stop",
};

/*
 * struct dump - one listing being shown
 * @json: the writer of the document, NULL: there is none
 * @op_ix: the op whose code comes next
 */
struct dump {
	struct cli_source *source;
	struct cli_json *json;
	struct bfk_listing listing;
	size_t op_ix;
};

/* In a compiled program the only place of an op is its number. */
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
	cli_put_op(stdout, op);
	putchar('\n');
}

static void put_json_op(const struct dump *dump, const struct bfk_op *op)
{
	char text[128] = "";
	FILE *file = fmemopen(text, sizeof(text), "w");

	if (file) {
		cli_put_op(file, op);
		fclose(file);
	}
	cli_json_open(dump->json, NULL, '{');
	cli_json_place(dump->json, dump->source, op->source_off);
	cli_json_string(dump->json, "kind", bfk_op_name(op->kind));
	cli_json_string(dump->json, "text", text);
	cli_json_number(dump->json, "text_off", op->text_off);
	cli_json_close(dump->json, '}');
}

/* Formats the target of a jump or call: the name of an entry point, or an offset. */
static int format_target(const struct dump *dump, int64_t to, char *text, size_t room)
{
	int i;

	for (i = 0; i < BFK_ENTRIES; i++)
		if (to == dump->listing.entry[i])
			return snprintf(text, room, " %s", entry_names[i]);
	return snprintf(text, room, " 0x%" PRIx64, to);
}

/* Formats the assembly of an instruction, cut off at @room bytes. */
static void format_insn(const struct dump *dump, const cs_insn *insn, char *text, size_t room)
{
	const cs_x86 *x86 = &insn->detail->x86;
	bool is_jump = x86->op_count == 1 && x86->operands[0].type == X86_OP_IMM;
	size_t len = snprintf(text, room, "%s", insn->mnemonic);

	if (is_jump)
		format_target(dump, x86->operands[0].imm, text + len, room - len);
	else if (*insn->op_str)
		snprintf(text + len, room - len, " %s", insn->op_str);
}

static void put_insn(const struct dump *dump, const cs_insn *insn)
{
	char text[sizeof(insn->mnemonic) + sizeof(insn->op_str)];
	size_t i;

	printf("%6" PRIx64 "  ", insn->address);
	for (i = 0; i < 10; i++)
		printf(i < insn->size ? "%02x " : "   ", insn->bytes[i]);
	format_insn(dump, insn, text, sizeof(text));
	printf(" %s\n", text);
}

static void put_json_insn(const struct dump *dump, const cs_insn *insn)
{
	char text[sizeof(insn->mnemonic) + sizeof(insn->op_str)];
	char bytes[2 * sizeof(insn->bytes) + 1];
	size_t i;

	for (i = 0; i < insn->size; i++)
		sprintf(bytes + 2 * i, "%02x", insn->bytes[i]);
	format_insn(dump, insn, text, sizeof(text));
	cli_json_open(dump->json, NULL, '{');
	cli_json_number(dump->json, "text_off", insn->address);
	cli_json_string(dump->json, "bytes", bytes);
	cli_json_string(dump->json, "assembly", text);
	cli_json_close(dump->json, '}');
}

/* Prints the ops whose code starts here. A label has no code, so there may be several. */
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
		cli_say("dump: capstone cannot be initialised");
		return CLI_FAILED;
	}
	cs_option(capstone, CS_OPT_DETAIL, CS_OPT_ON);
	insn = cs_malloc(capstone);
	while (insn && len && cs_disasm_iter(capstone, &code, &len, &addr, insn)) {
		if (dump->json) {
			put_json_insn(dump, insn);
			continue;
		}
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

static int put_json_listing(struct dump *dump)
{
	const struct bfk_listing *listing = &dump->listing;
	int status;
	size_t i;

	cli_json_open(dump->json, "ops", '[');
	for (i = 0; i < listing->n_ops; i++)
		put_json_op(dump, &listing->ops[i]);
	cli_json_close(dump->json, ']');
	cli_json_open(dump->json, "insns", '[');
	status = put_listing(dump);
	cli_json_close(dump->json, ']');
	return status;
}

/* Prints the line above the listing. */
static void put_sizes(const struct dump *dump, enum bfk_where where)
{
	const struct bfk_listing *listing = &dump->listing;

	if (!dump->json) {
		printf("%s: %zu op%s, %zu bytes of machine code (%s)\n", dump->source->name,
		       listing->n_ops, cli_plural(listing->n_ops), listing->text_len,
		       bfk_where_name(where));
		return;
	}
	cli_json_string(dump->json, "engine", bfk_where_name(where));
	cli_json_number(dump->json, "n_ops", listing->n_ops);
	cli_json_number(dump->json, "text_len", listing->text_len);
}

static int dump_loaded(struct dump *dump, struct bfk *bfk, enum bfk_where where)
{
	int err = bfk_dump(bfk, &dump->listing), status;

	if (err)
		return cli_say_no_listing("dump", where, err);
	put_sizes(dump, where);
	status = dump->json ? put_json_listing(dump) : put_listing(dump);
	bfk_listing_free(&dump->listing);
	return status;
}

static int dump_source(struct dump *dump, const struct cli_load *load)
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
	struct dump dump = { .source = &source, .json = json };
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
