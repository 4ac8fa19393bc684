// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfk dump: each op in words with its place in the source, and the machine code it became.
 *
 * Interface: cli.h
 */
#include "cli.h"
#include <capstone/capstone.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
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
	"  -p, --plain             '%' is a comment: stock Brainfuck\n"
	"  -h, --help              this text\n"
	"\n"
	"Exit status: 0; 1 the program cannot be loaded or has no machine code; 2 usage; 3 no device.\n";

static const struct option options[] = {
	{ "engine", required_argument, NULL, 'E' },
	{ "expression", required_argument, NULL, 'e' },
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
 * @ops: what @listing is the code of
 * @op_ix: the op whose code comes next
 * @in_stubs: all ops are behind us
 */
struct dump {
	const struct cli_source *source;
	struct bfk_listing listing;
	struct bfk_source_op *ops;
	size_t op_ix;
	bool in_stubs;
};

static void put_cell(int16_t off)
{
	printf(off ? "cell[%+d]" : "cell[%d]", off);
}

static void put_change(const struct bfk_source_op *op)
{
	put_cell(op->off);
	if (!strcmp(op->kind, "set"))
		printf(" = %u", op->val);
	else if (!strcmp(op->kind, "add"))
		printf(" %s %d",
		       op->val < 128 ? "+=" : "-=", op->val < 128 ? op->val : 256 - op->val);
	else if (!strcmp(op->kind, "in"))
		fputs(" = next byte of slot 0", stdout);
	else {
		printf(" += %d * ", (int8_t)op->val);
		put_cell(op->src);
	}
}

static void put_words(const struct bfk_source_op *op)
{
	if (!strcmp(op->kind, "end"))
		fputs("end", stdout);
	else if (!strcmp(op->kind, "move"))
		printf("head %s %d", op->off < 0 ? "-=" : "+=", abs(op->off));
	else if (!strcmp(op->kind, "loop") || !strcmp(op->kind, "next")) {
		printf("%s while ", op->kind);
		put_cell(op->off);
		printf(", other end op %" PRIu32, op->match);
	} else if (!strcmp(op->kind, "out")) {
		put_cell(op->off);
		fputs(" to slot 1", stdout);
	} else if (!strcmp(op->kind, "sys")) {
		printf("%%%c (%s) on the frame at ", op->letter, cli_op_name(op->letter));
		put_cell(op->off);
	} else {
		put_change(op);
	}
}

static void put_op(const struct dump *dump, size_t op_ix)
{
	struct cli_place place = cli_place(dump->source, dump->ops[op_ix].source_off);

	printf("op %zu, %zu:%zu: ", op_ix, place.line, place.col);
	put_words(&dump->ops[op_ix]);
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

static bool is_mov_esi(const cs_insn *insn)
{
	const cs_x86 *x86 = &insn->detail->x86;

	return insn->id == X86_INS_MOV && x86->operands[0].type == X86_OP_REG &&
	       x86->operands[0].reg == X86_REG_ESI;
}

/* A heading where the code of another op starts. Stubs begin with the op they stop at in esi. */
static void put_heading(struct dump *dump, const cs_insn *insn)
{
	const struct bfk_listing *listing = &dump->listing;

	if (dump->op_ix < listing->n_ops) {
		if (insn->address == listing->text_off[dump->op_ix])
			put_op(dump, dump->op_ix++);
		else if (!dump->op_ix)
			puts("entry:");
	} else if (is_mov_esi(insn)) {
		printf("stop at op %" PRId64 ":\n", insn->detail->x86.operands[1].imm);
	}
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
		put_heading(dump, insn);
		put_insn(dump, insn);
	}
	if (len)
		cli_say("dump: no instruction at offset 0x%" PRIx64, addr);
	if (insn)
		cs_free(insn, 1);
	cs_close(&capstone);
	return len ? CLI_FAILED : CLI_OK;
}

static int say_no_listing(enum bfk_where where, int err)
{
	cli_say("dump: engine %s: %s", bfk_where_name(where), strerror(-err));
	if (err == -EPERM)
		cli_hint("the kernel's code takes CAP_SYS_ADMIN; --engine jit makes the same");
	else if (err == -ENODATA)
		cli_hint("the program is interpreted there, so it has no machine code");
	return CLI_FAILED;
}

static int dump_loaded(struct dump *dump, struct bfk *bfk, enum bfk_where where, uint32_t flags)
{
	struct bfk_result result;
	size_t n_ops;
	int status, err;

	err = bfk_dump(bfk, &dump->listing);
	if (err)
		return say_no_listing(where, err);
	err = bfk_parse_source(dump->source->text, dump->source->len, flags, BFK_ALLOW_ALL,
			       &dump->ops, &n_ops, &result);
	if (err || n_ops != dump->listing.n_ops) {
		cli_say("dump: module and library do not make the same ops");
		status = CLI_FAILED;
	} else {
		printf("%s: %zu ops, %zu bytes of machine code (%s)\n", dump->source->name, n_ops,
		       dump->listing.text_len, bfk_where_name(where));
		status = put_listing(dump);
	}
	free(dump->ops);
	bfk_listing_free(&dump->listing);
	return status;
}

static int dump_source(const struct cli_source *source, const struct cli_load *load)
{
	struct dump dump = { .source = source };
	struct bfk_result result;
	enum bfk_where where;
	struct bfk *bfk;
	int status = cli_create(&bfk, &where, load->engine), err;

	if (status)
		return status;
	err = bfk_load(bfk, source->text, source->len, load->flags, load->allowed, &result);
	if (err) {
		cli_say_load(source, load, &result, err);
		status = CLI_FAILED;
	} else {
		status = dump_loaded(&dump, bfk, where, load->flags);
	}
	bfk_destroy(bfk);
	return status;
}

static int read_source(struct cli_source *source, const char *text, const char *path)
{
	if (text)
		return cli_source_copy(source, "-e", text);
	if (path)
		return cli_source_read(source, path);
	cli_say("dump: which program?");
	cli_hint("try: bfk dump --help");
	return CLI_USAGE;
}

int cmd_dump(int argc, char **argv)
{
	struct cli_load load = { .engine = "jit", .allowed = BFK_ALLOW_ALL };
	struct cli_source source;
	const char *text = NULL;
	int option, status;

	while ((option = getopt_long(argc, argv, "E:e:ph", options, NULL)) != -1) {
		switch (option) {
		case 'E': load.engine = optarg; break;
		case 'e': text = optarg; break;
		case 'p': load.flags |= BFK_LOAD_PLAIN; break;
		case 'h': fputs(help, stdout); return CLI_OK;
		default: cli_hint("try: bfk dump --help"); return CLI_USAGE;
		}
	}
	status = read_source(&source, text, argv[optind]);
	if (status)
		return status;
	status = dump_source(&source, &load);
	cli_source_free(&source);
	return status;
}
