// SPDX-License-Identifier: GPL-2.0
/*
 * A shared library for prove.py: the real emitter, check and interpreter, and loops over operands,
 * which would be too slow in Python.
 */
#include <stdlib.h>
#include "jit/x86_emit.h"
#include "jit/machine.h"
#include "jit/parse.h"
#include "bfk/uapi.h"

#define PIECE 65536 /* ops emitted at once */

/*
 * struct prove_field - bytes of the code that are an operand
 * @which: 0: val, 1: off, 2: src_off
 */
struct prove_field {
	u32 at, len, which;
};

static const s64 entry[BFK_ENTRIES] = { -0x123456, -0x12345 };

/* Returns the code of @ops, for prove_free(), or NULL. */
u8 *prove_emit(struct bfk_op *ops, u32 n_ops, u32 *len)
{
	struct bfk_asm a = { .cap = U32_MAX };
	u8 *image;

	if (bfk_emit(&a, ops, n_ops, entry))
		return NULL;
	*len = a.len;
	image = malloc(a.len + 8);
	a = (struct bfk_asm){ .out = image, .cap = *len };
	if (image && !bfk_emit(&a, ops, n_ops, entry) && a.len == *len)
		return image;
	free(image);
	return NULL;
}

void prove_free(u8 *image)
{
	free(image);
}

static bool is_field_right(const u8 *code, const struct prove_field *field, const struct bfk_op *op)
{
	s64 value = field->which == 0 ? (s8)op->val : field->which == 1 ? op->off : op->src_off;

	return !memcmp(code + field->at, &value, field->len);
}

/*
 * Compares each op's code with @template, and the fields with its operands. Returns the first that
 * differs; n: none.
 */
static u32 compare(struct bfk_op *ops, u32 n, const u8 *template, u32 len,
		   const struct prove_field *fields, u32 n_fields)
{
	u32 image_len, i, j, k;
	u8 *image = prove_emit(ops, n + 1, &image_len);

	for (i = 0; image && i < n; i++) {
		const u8 *code = image + ops[i].text_off;
		bool is_right = ops[i + 1].text_off - ops[i].text_off == len;

		for (j = k = 0; j < len && is_right; j++) {
			while (k < n_fields && j >= fields[k].at + fields[k].len)
				k++;
			if (k == n_fields || j < fields[k].at)
				is_right = code[j] == template[j];
		}
		for (k = 0; k < n_fields && is_right; k++)
			is_right = is_field_right(code, &fields[k], &ops[i]);
		if (!is_right)
			break;
	}
	free(image);
	return image ? i : 0;
}

/*
 * Emits @op with each of @n_vals * @n_offs * @n_src_offs operands, and compares as above. Returns
 * how many were right; @op gets the first that was not.
 */
u64 prove_cover(struct bfk_op *op, const u8 *template, u32 len, const struct prove_field *fields,
		u32 n_fields, const u8 *vals, u32 n_vals, const s16 *offs, u32 n_offs,
		const s16 *src_offs, u32 n_src_offs)
{
	struct bfk_op *ops = calloc(PIECE + 1, sizeof(*ops));
	u64 all = (u64)n_vals * n_offs * n_src_offs, done;
	u32 n, i;

	for (done = 0; ops && done < all; done += n) {
		n = all - done < PIECE ? all - done : PIECE;
		for (i = 0; i < n; i++) {
			ops[i] = *op;
			ops[i].off = offs[(done + i) % n_offs];
			ops[i].val = vals[(done + i) / n_offs % n_vals];
			ops[i].src_off = src_offs[(done + i) / n_offs / n_vals];
		}
		ops[n] = (struct bfk_op){ .kind = BFK_OP_END };
		i = compare(ops, n, template, len, fields, n_fields);
		if (i < n) {
			*op = ops[i];
			done += i;
			break;
		}
	}
	free(ops);
	return done;
}

static s64 rel32(const u8 *image, u32 at)
{
	s32 rel;

	memcpy(&rel, image + at, 4);
	return (s64)at + 4 + rel;
}

static u32 imm32(const u8 *image, u32 at)
{
	u32 imm;

	memcpy(&imm, image + at, 4);
	return imm;
}

static bool has(const u8 *at, u32 bytes, u32 n)
{
	return !memcmp(at, &bytes, n);
}

/*
 * Does the code of op @ix end with the instructions of its template, with the targets that its
 * meaning requires?
 */
static bool goes_right(const u8 *image, const struct bfk_op *ops, u32 ix)
{
	const struct bfk_op *op = &ops[ix];
	u32 end = ops[ix + 1].text_off;
	const u8 *code = image + end;

	if (op->kind <= BFK_OP_HOST_MAX) /* mov esi; call */
		return has(code - 10, 0xbe, 1) && imm32(image, end - 9) == ix &&
		       has(code - 5, 0xe8, 1) && rel32(image, end - 4) == entry[BFK_ENTRY_HOST];
	if (op->kind == BFK_OP_NEXT) /* je; sub rbp, 1; jne; mov esi; jmp */
		return has(code - 26, 0x840f, 2) && rel32(image, end - 24) == end &&
		       has(code - 20, 0x01ed8348, 4) && has(code - 16, 0x850f, 2) &&
		       rel32(image, end - 14) == ops[op->match + 1].text_off &&
		       has(code - 10, 0xbe, 1) && imm32(image, end - 9) == op->match + 1 &&
		       has(code - 5, 0xe9, 1) && rel32(image, end - 4) == entry[BFK_ENTRY_STOP];
	if (op->kind == BFK_OP_IF || op->kind == BFK_OP_IF8) /* je or jne */
		return has(code - 6, op->kind == BFK_OP_IF ? 0x840f : 0x850f, 2) &&
		       rel32(image, end - 4) == ops[op->match + 1].text_off;
	return true;
}

/* Returns the next possible target from @ix, forwards or back; @ix: there is none. */
static u32 find_place(const struct bfk_op *ops, u32 n, u32 ix, bool is_back)
{
	u8 end = is_back ? BFK_OP_IF : BFK_OP_NEXT;
	u32 i = ix;

	while (is_back ? i-- > 0 : ++i < n)
		if (ops[i].kind == BFK_OP_LABEL || ops[i].kind == end)
			return i;
	return ix;
}

/* Makes a random program. Half of the jumps go to the nearest target. */
static void make_program(struct bfk_op *ops, u32 n)
{
	static const u8 kinds[] = { BFK_OP_IN,	 BFK_OP_OUT,  BFK_OP_NEXT,  BFK_OP_NEXT,
				    BFK_OP_IF,	 BFK_OP_IF8,  BFK_OP_LABEL, BFK_OP_ADD,
				    BFK_OP_MOVE, BFK_OP_MOVE, BFK_OP_MUL,   BFK_OP_SET };
	u32 i, from;

	for (i = 0; i < n; i++)
		ops[i] = (struct bfk_op){ .kind = kinds[rand() % 12],
					  .val = 1,
					  .off = rand() % 3 ? rand() % 3 : rand() };
	for (i = 0; i < n; i++) {
		bool is_back = ops[i].kind == BFK_OP_NEXT;

		if (ops[i].kind < BFK_OP_NEXT || ops[i].kind > BFK_OP_IF8)
			continue;
		from = rand() % 2 ? i : is_back ? rand() % (i + 1) : i + rand() % (n - i);
		ops[i].match = find_place(ops, n + 2, from, is_back);
		if (ops[i].match == from) /* there is no target */
			ops[i] = (struct bfk_op){ .kind = BFK_OP_LABEL };
	}
	/* Some targets may have become labels since, which are targets, too. */
}

/*
 * Checks each jump and each number of an op in a random program of about @n ops. Returns how many
 * ops that jump or call the host were checked; 0: one is wrong, or bfk_check() refuses the program.
 */
u32 prove_jumps(u32 n)
{
	struct bfk_op *ops = calloc((size_t)n + 4, sizeof(*ops));
	struct bfk_parse parse = { .ops = ops, .n_ops = n + 3 };
	u32 len, i, n_looked = 0;
	u8 *image;

	ops[n] = ops[n + 1] = (struct bfk_op){ .kind = BFK_OP_LABEL };
	make_program(ops, n);
	ops[n + 2] = (struct bfk_op){ .kind = BFK_OP_END };
	image = bfk_check(&parse, 0, 0) ? NULL : prove_emit(ops, n + 3, &len);
	for (i = 0; image && i < n + 2; i++) {
		if (!goes_right(image, ops, i)) {
			n_looked = 0;
			break;
		}
		n_looked += ops[i].kind <= BFK_OP_IF8;
	}
	free(image);
	free(ops);
	return n_looked;
}

/* --- the interpreter ------------------------------------------------------------------------------------ */

int bfk_host(struct bfk_machine *machine, u32 op_ix)
{
	machine->op_ix = op_ix;
	machine->status = BFK_STATUS_END;
	return 1;
}

void prove_interp(struct bfk_machine *machine, const struct bfk_op *ops)
{
	machine->status = BFK_STATUS_FUEL;
	bfk_interp(machine, ops);
}
