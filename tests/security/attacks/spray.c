// SPDX-License-Identifier: GPL-2.0
/*
 * spray   JIT spray: which bytes of an image can its author choose?
 *
 * An author chooses operands. Emits images of pairs of ops many times with different operands of
 * the same lengths, and records the values of each byte: a byte with 200 or more values is chosen.
 * Numbers of ops and distances, which grow with the program, are examined in large programs.
 */
#include <stdlib.h>
#include "bfk/limits.h"
#include "bfk/uapi.h"
#include "jit/x86_emit.h"
#include "jit/parse.h"
#include "tests/harness/tap.h"

#define IMAGE_MAX 400
#define MANY 200 /* a chosen byte has this many values */

static const s64 entry[BFK_ENTRIES] = { -0x12345, -0x1234 };

/*
 * struct notes - values of the bytes in images of one layout
 * @values: bit v of [i]: byte i had value v
 * @len: length of each image
 */
struct notes {
	u64 values[IMAGE_MAX][4];
	u32 len;
};

/* Emits @ops into @image; returns its length, 0: it is too long. */
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

/* A random offset whose displacement has the length of @shape, or any. */
static s16 random_off(u32 shape)
{
	return shape % 3 == 0 ? 0 : shape % 3 == 1 ? (s8)(rand() | 1) : rand();
}

/* Everything an author can choose in an op; @shape fixes the length, and a bit of all else. */
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

/* Returns the longest run of chosen bytes in images of two ops of these shapes. */
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
 * Examines the numbers of ops in the code of an empty loop after n labels: in the stop of its NEXT
 * and in that of the END.
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

/* --- places that look like entry points ---------------------------------------------------------------- */

/* Operands made of the bytes of endbr64; returns how many of these appear, which should be 0. */
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
	tap(run == 2, "JIT spray: the author chooses at most two consecutive bytes by operands");
	run = run_of_numbers();
	tap(run == 2, "JIT spray: at most two consecutive bytes, and six bits, are numbers of ops");
	tap(!ways_in(), "JIT spray: there is no endbr64, whatever the operands");
	return tap_done();
}
