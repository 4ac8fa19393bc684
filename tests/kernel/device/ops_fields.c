// SPDX-License-Identifier: GPL-2.0-only
/* Which fields of an op are ignored, which are only returned, and which flags hold for ops? */
#include "refused.h"

/*
 * Loads ops into a new instance and copies their machine code to @text (4096 bytes); returns its
 * length.
 */
static uint32_t text_of(const struct bfk_op *ops, size_t n, uint8_t *text, struct bfk_op *back)
{
	struct bfk_dump_args dump = {
		.text = (uintptr_t)text, .ops = (uintptr_t)back, .text_len = 4096, .n_ops = n
	};
	struct bfk_load_args args = ops_args(ops, n, 0);
	int fd = dev_fd();

	memset(text, 0, 4096);
	EQUAL(dev_call(fd, BFK_LOAD, &args), 0);
	EQUAL(args.engine, BFK_ENGINE_JIT);
	EQUAL(dev_call(fd, BFK_DUMP, &dump), 0);
	EQUAL(dump.text_len, args.text_len);
	EQUAL(dump.n_ops, n);
	close(fd);
	return dump.text_len;
}

/* Puts garbage into each field that an op does not use. */
static void unused(struct bfk_op *op, uint32_t seed)
{
	struct bfk_op was = *op;
	uint8_t reg = op->reg, src_reg = op->src_reg;
	bool has_val = op->kind == SYS || op->kind == IF8 || op->kind >= ADD;
	bool has_match = op->kind == NEXT || op->kind == IF || op->kind == IF8;

	fill(op, sizeof(*op), seed);
	op->kind = was.kind;
	op->reg = op->kind == LABEL || op->kind == MOVE ? op->reg % 8 : reg;
	op->src_reg = op->kind >= MULADD ? src_reg : op->src_reg % 8;
	if (has_val)
		op->val = was.val;
	if (has_match)
		op->match = was.match;
	if (op->kind != LABEL && op->kind != END && (!reg || op->kind == MOVE))
		op->off = was.off;
	if (op->kind >= MULADD && !src_reg)
		op->src_off = was.src_off;
}

static void garbage(void)
{
	static uint8_t clean_text[4096], text[4096];
	struct bfk_op clean[N_EVERY + 6], ops[N_EVERY + 6], back[N_EVERY + 6], copy[N_EVERY + 6];
	enum { N = N_EVERY + 6 };
	uint32_t len, seed, i, j;

	memcpy(clean, every, sizeof(every));
	clean[N_EVERY - 1] = (struct bfk_op){ ADD, .val = 77, .reg = 3 }; /* also with registers */
	clean[N_EVERY + 0] = (struct bfk_op){ MUL, .val = 3, .reg = 4, .src_reg = 3 };
	clean[N_EVERY + 1] = (struct bfk_op){ MULADD, .val = 9, .off = 5, .src_reg = 4 };
	clean[N_EVERY + 2] = (struct bfk_op){ SET, .val = 9, .reg = 7 };
	clean[N_EVERY + 3] = (struct bfk_op){ IF, .reg = 6, .match = N_EVERY + 4 };
	clean[N_EVERY + 4] = (struct bfk_op){ NEXT, .reg = 6, .match = N_EVERY + 3 };
	clean[N_EVERY + 5] = (struct bfk_op){ END };
	len = text_of(clean, N, clean_text, back);
	for (seed = 1; seed < 20; seed++) {
		uint32_t at = 0;

		for (i = 0; i < N; i++) {
			ops[i] = clean[i];
			unused(&ops[i], seed * 100 + i);
		}
		memcpy(copy, ops, sizeof(ops));
		EQUAL(text_of(ops, N, text, back), len);
		CHECK(!memcmp(text, clean_text, len));
		CHECK(!memcmp(ops, copy, sizeof(ops))); /* the caller's ops are unchanged */
		for (i = 0; i < N; i++) {
			CHECK(back[i].text_off >= at && back[i].text_off < len);
			at = back[i].text_off;
			back[i].text_off = ops[i].text_off;
		}
		CHECK(!memcmp(back, ops, sizeof(ops))); /* all other fields are returned unchanged */
		for (j = 0; j < 2; j++) {
			struct dev dev = dev_open(engines[j]), clean_dev = dev_open(engines[j]);
			int fds[2] = { file_make("", 0), file_make("", 0) };

			dev_load_ops(&dev, ops, N);
			dev_load_ops(&clean_dev, clean, N);
			EQUAL(dev_run(&dev, fds, 2, 9).status, BFK_STATUS_END);
			EQUAL(dev_run(&clean_dev, fds, 2, 9).status, BFK_STATUS_END);
			CHECK(!memcmp(dev.tape, clean_dev.tape, TAPE_CELLS));
			CHECK(dev.tape[6]); /* something has happened */
			dev_close(&dev);
			dev_close(&clean_dev);
			close(fds[0]);
			close(fds[1]);
		}
	}
}

static void source_offs(void)
{
	static const struct bfk_op ops[] = {
		{ ADD, .val = 1, .source_off = 5 },	     { LABEL, .source_off = 3 },
		{ SET, .reg = 1, .source_off = 0xffffffff }, { NEXT, .match = 1, .source_off = 1 },
		{ IN, .off = -3, .source_off = 0x80000001 }, { END },
	};
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct bfk_run_args run;

		dev_load_ops(&dev, ops, 6);
		run = dev_run(&dev, NULL, 0, 2);
		EQUAL(run.status, BFK_STATUS_FUEL);
		EQUAL(run.source_off, 0xffffffff);
		dev.tape[0] = 0;
		run = dev_run(&dev, NULL, 0, 2);
		EQUAL(run.status, BFK_STATUS_FAILED);
		EQUAL(run.source_off, 0x80000001);
		EQUAL(run.fail_off, 0x80000001);
		EQUAL(run.fail_letter, ',');
		EQUAL(run.head, 65533);
		dev_close(&dev);
	}
}

/* The current cell is that of the host op, or that of the op before the place of the run. */
static void heads(void)
{
	static const struct bfk_op end[] = { { MOVE, .off = 10 }, { END, .off = -20 } };
	static const struct bfk_op behind[] = { { ADD, .val = 1, .reg = 2 },
						{ MOVE, .off = -1 },
						{ LABEL, .off = 7 },
						{ ADD, .reg = 1, .off = 99 },
						{ NEXT, .reg = 2, .match = 2, .off = 5 },
						{ END } };
	static const struct bfk_op host[] = { { ADD, .val = 1 },
					      { IF, .off = 7, .match = 3 },
					      { OUT, .off = -9 },
					      { NEXT, .match = 1 },
					      { END } };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct bfk_run_args run;

		dev_load_ops(&dev, end, 2);
		EQUAL(dev_run(&dev, NULL, 0, 0).head, 0);
		EQUAL(dev_run(&dev, NULL, 0, 1).head, 65526);
		dev_load_ops(&dev, behind, 6);
		run = dev_run(&dev, NULL, 0, 1);
		EQUAL(run.status, BFK_STATUS_FUEL);
		EQUAL(run.head, 6);
		dev_load_ops(&dev, host, 5);
		memset(dev.tape, 1, 9);
		run = dev_run(&dev, (int[]){ -1, file_make("", 0) }, 2, 1);
		EQUAL(run.status, BFK_STATUS_FUEL);
		EQUAL(run.head, 65527);
		dev_close(&dev);
	}
}

static void eof_flags(void)
{
	static const struct bfk_op ops[] = { { SET, .val = 7 }, { IN }, { END } };
	static const uint32_t eofs[] = { 0, BFK_LOAD_EOF_255, BFK_LOAD_EOF_KEEP };
	static const int want[] = { 0, 255, 7 };
	unsigned int i, j;

	for (i = 0; i < 2; i++) {
		for (j = 0; j < 3; j++) {
			struct dev dev = dev_open(engines[i] | eofs[j]);
			int in = file_make("", 0);

			dev_load_ops(&dev, ops, 3);
			EQUAL(dev_run(&dev, &in, 1, 1).status, BFK_STATUS_END);
			EQUAL(dev.tape[0], want[j]);
			dev_close(&dev);
			close(in);
		}
	}
}

static const struct test tests[] = {
	{ "fields that an op does not use are ignored and returned", garbage, .only_x86 = true },
	{ "source_off is only returned", source_offs },
	{ "the head that run reports includes the offset of its place", heads },
	{ "the end-of-file flags hold for ops", eof_flags },
};

CASES(tests)
