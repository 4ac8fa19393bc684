// SPDX-License-Identifier: GPL-2.0-only
/* The listing of bfk dump. Interface: dump.h */
#include "dump.h"
#include "cli.h"
#include "op_text.h"
#include "report.h"
#include "say.h"
#include <capstone/capstone.h>
#include <inttypes.h>
#include <stdio.h>

static const char *const entry_names[BFK_ENTRIES] = {
	[BFK_ENTRY_HOST] = "bfk_entry_host",
	[BFK_ENTRY_STOP] = "bfk_entry_stop",
};

/* In a compiled program the only place of an op is its number. */
static void put_op(const struct cli_dump *dump, size_t op_ix)
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

static void put_json_op(const struct cli_dump *dump, const struct bfk_op *op)
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
static int format_target(const struct cli_dump *dump, int64_t to, char *text, size_t room)
{
	int i;

	for (i = 0; i < BFK_ENTRIES; i++)
		if (to == dump->listing.entry[i])
			return snprintf(text, room, " %s", entry_names[i]);
	return snprintf(text, room, " 0x%" PRIx64, to);
}

/* Formats the assembly of an instruction, cut off at @room bytes. */
static void format_insn(const struct cli_dump *dump, const cs_insn *insn, char *text, size_t room)
{
	const cs_x86 *x86 = &insn->detail->x86;
	bool is_jump = x86->op_count == 1 && x86->operands[0].type == X86_OP_IMM;
	size_t len = snprintf(text, room, "%s", insn->mnemonic);

	if (is_jump)
		format_target(dump, x86->operands[0].imm, text + len, room - len);
	else if (*insn->op_str)
		snprintf(text + len, room - len, " %s", insn->op_str);
}

static void put_insn(const struct cli_dump *dump, const cs_insn *insn)
{
	char text[sizeof(insn->mnemonic) + sizeof(insn->op_str)];
	size_t i;

	printf("%6" PRIx64 "  ", insn->address);
	for (i = 0; i < 10; i++)
		printf(i < insn->size ? "%02x " : "   ", insn->bytes[i]);
	format_insn(dump, insn, text, sizeof(text));
	printf(" %s\n", text);
}

static void put_json_insn(const struct cli_dump *dump, const cs_insn *insn)
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
static void put_headings(struct cli_dump *dump, const cs_insn *insn)
{
	const struct bfk_listing *listing = &dump->listing;

	while (dump->op_ix < listing->n_ops && insn->address == listing->ops[dump->op_ix].text_off)
		put_op(dump, dump->op_ix++);
}

static int put_insns(struct cli_dump *dump)
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

static int put_json_listing(struct cli_dump *dump)
{
	const struct bfk_listing *listing = &dump->listing;
	int status;
	size_t i;

	cli_json_open(dump->json, "ops", '[');
	for (i = 0; i < listing->n_ops; i++)
		put_json_op(dump, &listing->ops[i]);
	cli_json_close(dump->json, ']');
	cli_json_open(dump->json, "insns", '[');
	status = put_insns(dump);
	cli_json_close(dump->json, ']');
	return status;
}

/* Prints the line above the listing. */
static void put_sizes(const struct cli_dump *dump, enum bfk_where where)
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

int cli_put_dump(struct cli_dump *dump, enum bfk_where where)
{
	put_sizes(dump, where);
	return dump->json ? put_json_listing(dump) : put_insns(dump);
}
