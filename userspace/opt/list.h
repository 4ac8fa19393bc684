/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A growing array of ops, the output of a pass of the optimiser. */
#ifndef BFK_OPT_LIST_H
#define BFK_OPT_LIST_H

#include "jit/env.h"
#include "jit/op.h"

/**
 * struct bfk_list - the ops that a pass has made so far
 * @ops: owned by the list
 * @n: how many
 * @cap: room
 * @failed: sticky: out of memory; nothing more is appended
 * @spare: returned by bfk_list_push() after that
 */
struct bfk_list {
	struct bfk_op *ops;
	u32 n, cap;
	bool failed;
	struct bfk_op spare;
};

bool bfk_list_grow(struct bfk_list *list);

/* Makes room for element @n, of @len bytes. False: out of memory, and @array is unchanged. */
bool bfk_list_reserve(void **array, u32 *cap, u32 n, size_t len);

/* Appends an op; the caller fills it in at once, and may change it until the next call. */
static inline struct bfk_op *bfk_list_push(struct bfk_list *list)
{
	if (list->n == list->cap && !bfk_list_grow(list))
		return &list->spare;
	return &list->ops[list->n++];
}

/* The op at @ix, which was appended earlier; after a failure @ix may be anything. */
static inline struct bfk_op *bfk_list_at(struct bfk_list *list, u32 ix)
{
	return ix < list->n ? &list->ops[ix] : &list->spare;
}

/* Appends an op with its place in the source. Returns its index. */
static inline u32 bfk_list_add(struct bfk_list *list, u8 kind, u16 off, u32 source_off)
{
	*bfk_list_push(list) =
		(struct bfk_op){ .kind = kind, .off = off, .source_off = source_off };
	return list->n - 1;
}

/* Appends a label that closes no bracket, the target of the IF or IF8 at @if_ix. */
static inline void bfk_list_land(struct bfk_list *list, u32 if_ix, u16 off, u32 source_off)
{
	u32 ix = bfk_list_add(list, BFK_OP_LABEL, off, source_off);

	bfk_list_at(list, ix)->match = ix;
	bfk_list_at(list, if_ix)->match = ix;
}

#define BFK_COPIED 1 /* text_off of an op whose match is an index of the old array */

/*
 * Copies op @ix of @ops and records its new index in @new_ix. When all ops are copied, the pass
 * calls bfk_list_finish(), which translates their matches.
 */
static inline void bfk_list_copy(struct bfk_list *list, const struct bfk_op *ops, u32 ix,
				 u32 *new_ix)
{
	struct bfk_op *copy = bfk_list_push(list);

	*copy = ops[ix];
	copy->text_off = BFK_COPIED;
	new_ix[ix] = list->n - 1;
}

void bfk_list_finish(struct bfk_list *list, const u32 *new_ix);

#define BFK_GROWTH 16384 /* ops that unrolling may add: enough for all real programs */

/* May a pass that has read @n ops write more than @n? */
static inline bool bfk_list_may_grow(const struct bfk_list *list, u32 n)
{
	return list->n < n + BFK_GROWTH;
}

#endif
