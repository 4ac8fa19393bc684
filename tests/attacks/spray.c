// SPDX-License-Identifier: GPL-2.0
/*
 * spray   JIT spray: which bytes of an image are its author's to choose?
 *
 * An author chooses operands. Images of pairs of ops are made again and again with others, of the same
 * lengths, and for each byte the values it takes are noted: one that takes 200 and more is chosen. What
 * grows with the program, numbers of ops and distances, is looked at in large programs.
 */
#include <stdlib.h>
#include "../../bfk/limits.h"
#include "../../bfk/uapi.h"
#include "../../jit/x86_emit.h"
#include "../../jit/parse.h"
#include "../unit/tap.h"

#define IMAGE_MAX 400
#define MANY 200 /* values of a byte that is chosen */

static const s64 entry[BFK_ENTRIES] = { -0x12345, -0x1234 };

/*
 * struct notes - what bytes were in images of one layout
 * @values: bit v of [i]: byte i was v once
 * @len: of each image
 */
struct notes {
	u64 values[IMAGE_MAX][4];
	u32 len;
};

/* Emits @ops into @image; its length, 0: it is too long. */
static u32 emit(struct bfk_op *ops, u32 n_ops, u8 *image)
{
	struct bfk_asm a = { .cap = U32_MAX };

	if (bfk_emit(&a, ops, n_ops, entry) || a.len > IMAGE_MAX)
		return 0;
	a = (struct bfk_asm){ .out = image, .cap = a.len };
	return bfk_emit(&a, ops, n_ops, entry) ? 0 : a.len;
}

static u32 n_values(const struct notes *notes, u32 i)
{
	u32 n = 0, j;

	for (j = 0; j < 4; j++)
		n += __builtin_popcountll(notes->values[i][j]);
	return n;
}

static u32 longest_run(const struct notes *notes)
{
	u32 run = 0, longest = 0, i;

	for (i = 0; i < notes->len; i++) {
		run = n_values(notes, i) >= MANY ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void note_image(struct notes *notes, const u8 *image)
{
	u32 i;

	for (i = 0; i < notes->len; i++)
		notes->values[i][image[i] / 64] |= 1ull << image[i] % 64;
}

/* --- operands ---------------------------------------------------------------------------------------- */

/* An offset whose displacement has as many bytes as @shape says, or any. */
static s16 random_off(u32 shape)
{
	return shape % 3 == 0 ? 0 : shape % 3 == 1 ? (s8)(rand() | 1) : rand();
}

/* All that an author can say of an op; @shape keeps to one length, and is a bit of all else. */
static struct bfk_op random_op(u8 kind, u32 shape)
{
	static const u8 plain[] = { 1, 255 };
	u8 val = rand();

	return (struct bfk_op){
		.kind = kind,
		.val = shape & 64 ? plain[shape >> 7 & 1] : val,
		.reg = shape & 8 && kind >= BFK_OP_NEXT && kind != BFK_OP_IF8 ? 1 + rand() % 7 : 0,
		.src_reg = shape & 16 ? 1 + rand() % 7 : 0,
		.off = random_off(shape),
		.src_off = random_off(shape / 3),
		.source_off = rand() * 65536u + rand(),
	};
}

/* [ first second ] end, all legal. */
static void lay(struct bfk_op *ops, const u8 *kinds, const u32 *shapes)
{
	int i;

	ops[0] = (struct bfk_op){ .kind = BFK_OP_IF, .match = 3, .source_off = rand() };
	for (i = 0; i < 2; i++) {
		ops[1 + i] = random_op(kinds[i], shapes[i]);
		ops[1 + i].match = kinds[i] == BFK_OP_NEXT ? 0 : 3;
	}
	ops[3] = (struct bfk_op){ .kind = BFK_OP_NEXT, .match = 0, .off = rand() };
	ops[4] = (struct bfk_op){ .kind = BFK_OP_END };
}

/* The longest run of chosen bytes in images of two ops of these shapes. */
static u32 run_of_pair(const u8 *kinds, const u32 *shapes)
{
	struct notes notes = {};
	struct bfk_op ops[5];
	u8 image[IMAGE_MAX + 8];
	int i;

	for (i = 0; i < 1500; i++) {
		u32 len;

		lay(ops, kinds, shapes);
		len = emit(ops, 5, image);
		if (!i)
			notes.len = len;
		if (len == notes.len)
			note_image(&notes, image);
	}
	return longest_run(&notes);
}

static u32 run_of_pairs(void)
{
	u32 longest = 0, run;
	u8 kinds[2];
	int i;

	for (kinds[0] = 1; kinds[0] < BFK_OP_KINDS; kinds[0]++)
		for (kinds[1] = 1; kinds[1] < BFK_OP_KINDS; kinds[1]++)
			for (i = 0; i < 8; i++) {
				u32 shapes[2] = { rand(), rand() };

				run = run_of_pair(kinds, shapes);
				longest = run > longest ? run : longest;
			}
	return longest;
}

/* --- numbers that grow with the program -------------------------------------------------------------- */

/*
 * Looks at the numbers of ops in the code of an empty loop after n labels: that in the stop of its NEXT,
 * and that of the END.
 */
static u32 run_of_numbers(void)
{
	struct bfk_op *ops = calloc(BFK_OPS_MAX, sizeof(*ops));
	struct notes notes = { .len = 2 * 5 };
	u8 image[IMAGE_MAX + 8];
	u32 i, n, end;

	for (i = 0; ops && i < BFK_OPS_MAX; i++)
		ops[i].kind = BFK_OP_LABEL;
	for (i = 0; ops && i < 512; i++) {
		u8 both[10];

		n = (i % 256 * 257 + (u32)rand() % 256 * 65536) % (BFK_OPS_MAX - 3);
		ops[n + 1] = (struct bfk_op){ .kind = BFK_OP_NEXT, .match = n };
		ops[n + 2].kind = BFK_OP_END;
		if (!emit(ops, n + 3, image)) {
			free(ops);
			return 99;
		}
		end = ops[n + 2].text_off;
		memcpy(both, image + end - 10, 5); /* mov esi; jmp */
		memcpy(both + 5, image + end, 5);
		note_image(&notes, both);
		ops[n + 1] = ops[n + 2] = (struct bfk_op){ .kind = BFK_OP_LABEL };
	}
	free(ops);
	printf("# values of the bytes of mov esi, before a stop and before a call:");
	for (i = 0; i < 10; i++)
		printf(" %u", n_values(&notes, i));
	printf("\n");
	return ops ? longest_run(&notes) : 99;
}

/* --- a place that looks like a way in ------------------------------------------------------------------ */

/* Operands made of the bytes of endbr64; how many of these there are, which is meant to be none. */
static u32 ways_in(void)
{
	static const u8 bytes[] = { 0xf3, 0x0f, 0x1e, 0xfa };
	u32 n = 0, len, i, j, k;
	struct bfk_op ops[5];
	u8 image[IMAGE_MAX + 8];

	for (i = 0; i < 400000; i++) {
		u8 kinds[2] = { 1 + rand() % (BFK_OP_KINDS - 1), 1 + rand() % (BFK_OP_KINDS - 1) };
		u32 shapes[2] = { rand(), rand() };

		lay(ops, kinds, shapes);
		for (j = 1; j < 3; j++) {
			ops[j].val = bytes[rand() % 4];
			k = rand() % 4;
			ops[j].off = (s16)(bytes[k] | bytes[(k + 1) % 4] << 8);
			ops[j].src_off = (s16)(bytes[(k + 2) % 4] | bytes[(k + 3) % 4] << 8);
		}
		len = emit(ops, 5, image);
		for (j = 0; j + 4 <= len; j++)
			n += !memcmp(image + j, bytes, 4);
	}
	return n;
}

int main(void)
{
	u32 run = run_of_pairs();

	printf("# longest run of bytes that operands choose: %u\n", run);
	tap(run == 2, "JIT spray: no more than two bytes in a row are operands the author chooses");
	run = run_of_numbers();
	tap(run == 2,
	    "JIT spray: no more than two bytes in a row, and six bits, are numbers of ops");
	tap(!ways_in(), "JIT spray: there is no endbr64, whatever the operands");
	return tap_done();
}
