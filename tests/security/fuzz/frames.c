// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: operations. Here, on the user-space twin of the kernel's operations, with the
 * sanitizers; and in a guest, with ENGINES, on the kernel and its twin, which must do the same to
 * files, tape and reports. Each test run replays the corpus there.
 *
 * Four frames with the start of their data are on the tape, one of them across the seam; the
 * program does operations on them, in any order.
 */
#include "bench.h"

static const uint16_t places[PATCHES_MAX] = { 0, 70, 300, 65530 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	open_compare();
	return 0;
}

static void put(struct test_case *c, char byte)
{
	c->source[c->source_len++] = byte;
}

static void put_move(struct test_case *c, int16_t by)
{
	for (; by > 0; by--)
		put(c, '>');
	for (; by < 0; by++)
		put(c, '<');
}

/* Makes a frame that is more likely valid than not. */
static void take_patch(struct input *in, struct patch *patch)
{
	uint8_t how = take8(in), i;

	memset(patch->cells, 0, sizeof(patch->cells));
	patch->len = PATCH_MAX;
	patch->cells[0] = !(how & 1);
	patch->cells[2] = take8(in) % (how & 2 ? 256 : 9);  /* slot */
	patch->cells[3] = take8(in);			    /* arg */
	patch->cells[4] = take8(in);			    /* cap */
	patch->cells[6] = take8(in) % (how & 4 ? 256 : 33); /* len */
	if (how & 8) {
		patch->cells[5] = take8(in);
		patch->cells[7] = take8(in);
	}
	for (i = 8; i < (how & 16 ? 16 : 10); i++) /* off */
		patch->cells[i] = take8(in);
	if (how & 64) { /* about the maximum of data: 0xfff0 */
		patch->cells[6] = 0xee + patch->cells[6] % 5;
		patch->cells[7] = 0xff;
	}
	if (how & 128) /* an offset before the beginning of a file */
		memset(patch->cells + 10, 255, 6);
	for (i = 16; i < PATCH_MAX && how & 32; i++)
		patch->cells[i] = take8(in);
	if (!(how & 32))
		memcpy(patch->cells + 16, "s/file", 6);
}

/*
 * Returns the letter of a number below 60. From 34 on these are the alphabet, so that a new
 * operation only changes those inputs of the corpus that name it; below 34 they are the first
 * operations that existed, which makes them more likely.
 */
static char letter_of(uint8_t number)
{
	if (number >= 34 && is_settled('a' + number - 34))
		return 'a' + number - 34;
	return "rwgpolcxzytlhq"[number % 14];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct test_case c;
	struct input in = { bytes, len };
	uint16_t at = 0;
	uint32_t i;

	if (len > 600)
		return 0;
	c.fuel = 10;
	c.n_patches = PATCHES_MAX;
	c.source_len = c.n_sets = 0;
	c.steps[0] = 0;
	i = take8(&in);
	c.input_len = i % 100;
	c.stops = i / 100 % 2;
	for (i = 0; i < c.input_len; i++)
		c.input[i] = 'a' + i % 26;
	for (i = 0; i < PATCHES_MAX; i++) {
		c.patches[i].at = places[i];
		take_patch(&in, &c.patches[i]);
	}
	for (i = 0; in.left && i < 40; i++) {
		uint8_t what = take8(&in);
		uint16_t place = places[what % 4];

		put_move(&c, place - at);
		at = place;
		if (what >= 240) {
			put(&c, what & 1 ? ',' : '.');
			continue;
		}
		put(&c, '%');
		put(&c, letter_of(what / 4));
	}
	must_agree(&c);
	return 0;
}
