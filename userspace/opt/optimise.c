// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The optimiser: its passes, in order.
 *
 * Interface: optimise.h, list.h
 */
#include "list.h"
#include <errno.h>
#include <stdlib.h>
#include "userspace/include/libbfk.h"

bool bfk_list_reserve(void **array, u32 *cap, u32 n, size_t len)
{
	u32 larger_cap = *cap ? *cap : 64;
	void *larger;

	while (larger_cap <= n)
		larger_cap *= 2;
	if (larger_cap == *cap)
		return true;
	larger = realloc(*array, larger_cap * len);
	*array = larger ? larger : *array;
	*cap = larger ? larger_cap : *cap;
	return larger;
}

bool bfk_list_grow(struct bfk_list *list)
{
	list->failed |=
		!bfk_list_reserve((void **)&list->ops, &list->cap, list->n, sizeof(*list->ops));
	return !list->failed;
}

void bfk_list_finish(struct bfk_list *list, const u32 *new_ix)
{
	u32 i;

	for (i = 0; i < list->n && !list->failed; i++) {
		struct bfk_op *op = &list->ops[i];

		if (op->text_off && op->kind >= BFK_OP_NEXT && op->kind <= BFK_OP_LABEL)
			op->match = new_ix[op->match];
		op->text_off = 0;
	}
}

/*
 * The pass over what "blocks" has left: loops that stay get their cells into registers, scans are
 * unrolled. No loop is both.
 */
static void pass_loops(const struct bfk_op *ops, u32 n_ops, struct bfk_list *out, u32 passes)
{
	bool scans = passes & BFK_PASS_SCANS, unroll = passes & BFK_PASS_UNROLL;
	u32 *new_ix = malloc(n_ops * sizeof(*new_ix)), ix, end;
	struct bfk_regs regs;

	out->failed |= !bfk_regs_create(&regs, ops, n_ops, out, new_ix);
	for (ix = 0; ix < n_ops && !out->failed; ix++) {
		end = 0;
		if (bfk_is_start(ops, ix) && passes & BFK_PASS_REGS)
			end = bfk_regs_rewrite(&regs, ix);
		if (bfk_is_start(ops, ix) && !end)
			end = bfk_scan_rewrite(ops, ix, out, scans, unroll);
		if (end)
			ix = end;
		else
			bfk_list_copy(out, ops, ix, new_ix);
	}
	bfk_list_finish(out, new_ix);
	bfk_regs_destroy(&regs);
	free(new_ix);
}

/* Replaces @in by what a pass made of it, whose memory the next pass may write over. */
static void take(struct bfk_list *in, struct bfk_list *out)
{
	struct bfk_list done = *in;

	*in = *out;
	*out = done;
	out->n = 0;
}

int bfk_optimise(struct bfk_op **ops, u32 *n_ops, u32 passes)
{
	struct bfk_list in = { .ops = *ops, .n = *n_ops, .cap = *n_ops }, out = {};

	if (passes & BFK_PASS_BLOCKS) {
		bfk_pass_blocks(in.ops, in.n, &out, passes);
		if (!out.failed)
			take(&in, &out);
	}
	if (!out.failed && passes & (BFK_PASS_REGS | BFK_PASS_SCANS | BFK_PASS_UNROLL)) {
		pass_loops(in.ops, in.n, &out, passes);
		if (!out.failed)
			take(&in, &out);
	}
	free(out.ops);
	*ops = in.ops;
	*n_ops = in.n;
	return out.failed ? -ENOMEM : 0;
}
