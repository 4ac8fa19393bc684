// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The optimiser: its passes, in order.
 *
 * Interface: optimise.h
 */
#include "optimise.h"
#include "brackets.h"
#include "list.h"
#include "pass_blocks.h"
#include "regs.h"
#include "scan.h"
#include <errno.h>
#include <stdlib.h>
#include "userspace/include/libbfk.h"

/*
 * The pass over the output of "blocks": puts cells of the remaining loops into registers, and
 * unrolls scans. No loop gets both.
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

/* Replaces @in by the output of a pass; the next pass may overwrite the memory of the old @in. */
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
