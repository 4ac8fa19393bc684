// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: arrays of ops that no parser and no optimiser would make, compiled and interpreted.
 * The auditor must accept the code; status, fuel, place, head, tape and output must be the same,
 * also when fuel is given in portions.
 *
 * Seven bytes make an op; the first byte chooses whether matches are repaired.
 */
#include "bench.h"

#define OPS_MAX 200

static struct bench benches[2];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char names[100], *rest = names;
	int i;

	(void)argc, (void)argv;
	snprintf(names, sizeof(names), "%s", engine_names());
	for (i = 0; i < 2; i++)
		MUST(bench_open(&benches[i], strsep(&rest, ",")));
	return 0;
}

/* Finds a jump target for the op at @ix, skipping @skip of them; n: there is none. */
static uint32_t find_place(const struct bfk_op *ops, uint32_t n, uint32_t ix, uint32_t skip)
{
	bool is_back = ops[ix].kind == BFK_OP_NEXT;
	uint8_t end = is_back ? BFK_OP_IF : BFK_OP_NEXT;
	uint32_t found = n, i;

	for (i = ix; is_back ? i-- > 0 : ++i < n;) {
		if (ops[i].kind != BFK_OP_LABEL && ops[i].kind != end)
			continue;
		found = i;
		if (!skip--)
			break;
	}
	return found;
}

static void repair(struct bfk_op *ops, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++) {
		if (ops[i].kind < BFK_OP_NEXT || ops[i].kind > BFK_OP_IF8)
			continue;
		ops[i].match = find_place(ops, n, i, ops[i].match % 4);
		if (ops[i].match == n)
			ops[i].kind = BFK_OP_LABEL;
	}
}

/* Small numbers are more likely than large ones. */
static int16_t take_off(struct input *in)
{
	uint8_t byte = take8(in);

	return byte < 224 ? (int8_t)(byte - 112) / 4 : take16(in);
}

static uint32_t take_ops(struct input *in, struct bfk_op *ops, bool is_raw)
{
	uint32_t n = 0;

	while (in->left && n < OPS_MAX) {
		uint8_t kind = take8(in), regs = take8(in);
		struct bfk_op op = { .kind = is_raw ? kind : 1 + kind % (BFK_OP_KINDS - 1),
				     .val = take8(in) };

		op.off = take_off(in);
		op.src_off = take_off(in);
		op.reg = regs & 8 ? regs % 8 : 0;
		op.src_reg = regs & 128 ? regs / 16 % 8 : 0;
		op.match = take8(in);
		op.source_off = n;
		if (!is_raw && (op.kind <= BFK_OP_HOST_MAX || op.kind == BFK_OP_IF8))
			op.reg = 0;
		if (op.kind == BFK_OP_SYS)
			op.val = settled(op.val);
		ops[n++] = op;
	}
	if (!is_raw)
		repair(ops, n);
	ops[n] = (struct bfk_op){ .kind = BFK_OP_END, .source_off = n };
	return n + 1;
}

static void load(const struct test_case *c, const struct program *program)
{
	int i;

	for (i = 0; i < 2; i++)
		bench_load_ops(&benches[i], c, program);
	MUST(!benches[0].outcome.values[V_REFUSED]);
	MUST(!memcmp(benches[0].outcome.values, benches[1].outcome.values,
		     sizeof(benches[0].outcome.values)));
}

static void run(const struct test_case *c, const struct program *program, uint64_t step,
		uint32_t flags)
{
	int i;

	for (i = 0; i < 2; i++)
		bench_run(&benches[i], c, program, c->fuel, step, flags);
	MUST(!benches[1].outcome.values[V_UNTOLD]);
	if (!outcomes_differ(&benches[0].outcome, &benches[1].outcome))
		return;
	outcomes_print(&benches[0].outcome, benches[0].name, &benches[1].outcome, benches[1].name);
	MUST(!"compiled and interpreted ops do the same");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct test_case c;
	struct bfk_op ops[OPS_MAX + 1];
	struct program program = { .ops = ops };
	struct input in = { bytes, len };
	uint8_t how = take8(&in);

	limit_files();
	c.fuel = 1 + take16(&in) % 5000;
	c.litter = how & 2 ? 1 + (how >> 2) : 0;
	/* Makes the benches assume that operations may change all their files. */
	c.source_len = 2;
	memcpy(c.source, "%o", 2);
	c.input_len = 10;
	memcpy(c.input, "0123456789", 10);
	program.n_ops = take_ops(&in, ops, how == 255);
	load(&c, &program);
	if (benches[0].outcome.values[V_LOAD_ERR])
		return 0;
	run(&c, &program, 0, 0);
	run(&c, &program, 1 + c.fuel / 7, 0);
	run(&c, &program, 1 + c.fuel / 7, BFK_RUN_STOP_OPS);
	return 0;
}
