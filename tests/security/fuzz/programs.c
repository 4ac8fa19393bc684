// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: optimiser and compiler against the interpreter, with the auditor and a witness (tests/language/equal).
 *
 * The input is six bytes of options, then source; bytes of 128 and above stand for symbols, so that
 * more of a random input is program.
 */
#include "bench.h"

static const uint32_t sets[] = {
	BFK_LEVEL_1,	 BFK_LEVEL_2,	  BFK_LEVEL_2 | BFK_PASS_ZEROED,   BFK_PASS_SCANS,
	BFK_PASS_UNROLL, BFK_PASS_BLOCKS, BFK_PASS_BLOCKS | BFK_PASS_REGS, BFK_PASS_REGS
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	open_compare();
	return 0;
}

static void put(struct test_case *c, uint8_t byte)
{
	c->source[c->source_len++] = byte < 128 ? byte : "+-<>[],."[byte % 8];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const uint32_t ends[] = { 0, BFK_LOAD_EOF_255, BFK_LOAD_EOF_KEEP, 0 };
	static struct test_case c;
	struct input in = { bytes, len };
	uint8_t set = take8(&in), more = take8(&in);

	if (len > 3000)
		return 0;
	c.fuel = 1 + take16(&in) % 3000;
	c.flags = ends[more % 4];
	c.litter = more & 16 ? more : 0;
	c.n_sets = 2;
	c.sets[0] = sets[set % 8];
	c.sets[1] = sets[set / 8 % 8];
	c.stops = more & 64;
	c.steps[0] = more & 32 ? 1 + take8(&in) : (take8(&in), 0);
	c.input_len = take8(&in) % 16;
	for (uint32_t i = 0; i < c.input_len; i++)
		c.input[i] = i * set;
	c.source_len = 0;
	while (in.left) {
		put(&c, take8(&in));
		if (c.source[c.source_len - 1] == '%')
			put(&c, settled(take8(&in)));
	}
	if (c.source_len && *c.source == '#')
		*c.source = ' '; /* the witness does not know #! lines */
	must_agree(&c);
	return 0;
}
