// SPDX-License-Identifier: GPL-2.0-only
/*
 * Do ops that source cannot express have the right effect, also on the farthest cells and across
 * the seam?
 */
#include "registers.h"

/* place (+)= source * val, and then a test of the place. */
static void multiply_one(struct dev *dev, uint8_t kind, uint8_t reg, uint8_t src_reg, bool same,
			 uint8_t val)
{
	int16_t off = -3, src_off = same ? off : 200;
	struct bfk_op ops[] = {
		{ SET, .val = 0xb5, .reg = reg, .off = off },
		{ SET, .val = 0x4e, .reg = src_reg, .off = src_off },
		{ kind, val, reg, src_reg, off, src_off },
		{ IF, .reg = reg, .off = off, .match = 5 },
		{ ADD, .val = 1, .off = 10 }, /* not 0 */
		{ LABEL },
		{ MUL, .val = 1, .src_reg = reg, .src_off = off },
		{ MUL, .val = 1, .off = 1, .src_reg = src_reg, .src_off = src_off },
		{ END },
	};
	uint8_t want = (kind == MUL ? 0 : same ? 0x4e : 0xb5) + 0x4e * val;
	static char text[60];

	note = text;
	snprintf(text, sizeof(text), "kind %d reg %d src_reg %d val %d", kind, reg, src_reg, val);
	dev_load_ops(dev, ops, 9);
	EQUAL(dev_run(dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev->tape[0], want);
	EQUAL(dev->tape[1], same ? want : 0x4e);
	EQUAL(dev->tape[10], want != 0);
}

static void multiply(void)
{
	static const uint8_t vals[] = { 0, 1, 2, 3, 0x7f, 0x80, 0x81, 0xfe, 0xff };
	unsigned int engine, i;
	uint8_t kind, reg;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_open(engines[engine]);

		for (kind = MULADD; kind <= MUL; kind++) {
			for (i = 0; i < sizeof(vals); i++) {
				multiply_one(&dev, kind, 0, 0, false, vals[i]);
				multiply_one(&dev, kind, 0, 0, true, vals[i]);
				for (reg = 1; reg < 8; reg++) {
					multiply_one(&dev, kind, reg, 0, false, vals[i]);
					multiply_one(&dev, kind, 0, reg, false, vals[i]);
					multiply_one(&dev, kind, reg, reg % 7 + 1, false, vals[i]);
					multiply_one(&dev, kind, reg, reg, true, vals[i]);
				}
			}
		}
		dev_close(&dev);
	}
}

/* IF8 with @mask on eight cells from @at, where those of @zeros are 0 and the others @full. */
static void eight_cells_run(struct dev *dev, uint16_t at, uint8_t mask, uint8_t zeros, uint8_t full)
{
	uint16_t flag = at + 100;
	int i;

	EQUAL(dev_reset(dev->fd, BFK_RESET_KEEP_TAPE), 0);
	dev->tape[flag] = 0;
	for (i = 0; i < 8; i++)
		dev->tape[(uint16_t)(at + i)] = zeros >> i & 1 ? 0 : full;
	EQUAL(dev_run(dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev->tape[flag], !(mask & zeros));
}

/* Every mask, with each cell 0 in turn, none, some and all, across the seam and away from it. */
static void eight_cells(void)
{
	static const uint16_t at[] = { 65532, 0, 5, 32767, 65529 };
	static const uint8_t fulls[] = { 1, 0x7f, 0x80, 0x81, 0xff };
	unsigned int engine, mask, i, j;

	for (engine = 0; engine < 2; engine++) {
		for (mask = 0; mask < 256; mask++) {
			struct dev dev = dev_open(engines[engine]);
			uint16_t cell = at[mask % 5];
			bool move = mask & 1; /* otherwise an offset, to the same cells */
			struct bfk_op ops[] = {
				{ MOVE, .off = move ? (int16_t)cell : 0 },
				{ IF8, .val = mask, .off = move ? 0 : (int16_t)cell, .match = 3 },
				{ SET, .val = 1, .off = move ? 100 : (int16_t)(cell + 100) },
				{ LABEL },
				{ END },
			};

			dev_load_ops(&dev, ops, 5);
			for (i = 0; i < 5; i++) {
				for (j = 0; j < 8; j++)
					eight_cells_run(&dev, cell, mask, 1 << j, fulls[i]);
				eight_cells_run(&dev, cell, mask, 0, fulls[i]);
				eight_cells_run(&dev, cell, mask, 0xff, fulls[i]);
				eight_cells_run(&dev, cell, mask, ~mask, fulls[i]);
				eight_cells_run(&dev, cell, mask, 0x35, fulls[i]);
			}
			dev_close(&dev);
		}
	}
}

/*
 * The farthest cells from everywhere are on the ring, and moves of any distance stay on it. Four of
 * the farthest moves would leave the whole mapping, wherever the aligned copy is in it.
 */
static void far_cells(void)
{
	static const int16_t offs[] = { 32767, -32768, -32767, 128, 127, -128, -129, 1, -1 };
	static const uint8_t zeros[TAPE_CELLS];
	unsigned int engine, i, j;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_open(engines[engine]);

		for (i = 0; i < 9; i++) {
			for (j = 0; j < 9; j++) {
				struct bfk_op ops[] = {
					{ MOVE, .off = offs[i] },	   { MOVE, .off = offs[i] },
					{ MOVE, .off = offs[i] },	   { MOVE, .off = offs[i] },
					{ ADD, .val = 9, .off = offs[j] }, { END },
				};
				uint16_t head = 4 * offs[i], cell = head + offs[j];

				dev_load_ops(&dev, ops, sizeof(ops) / sizeof(*ops));
				EQUAL(dev_run(&dev, NULL, 0, 1).head, head);
				EQUAL(dev.tape[cell], 9);
				dev.tape[cell] = 0;
				CHECK(!memcmp(dev.tape, zeros, TAPE_CELLS));
			}
		}
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "muladd and mul work on cells and registers, and the following test is right", multiply,
	  60 },
	{ "if8 tests the cells of its mask, also across the seam", eight_cells, 60 },
	{ "the farthest cells and moves stay on the ring", far_cells },
};

CASES(tests)
