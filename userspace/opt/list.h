/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A growing array of ops: what a pass of the optimiser writes. */
#ifndef BFK_OPT_LIST_H
#define BFK_OPT_LIST_H

#include "jit/env.h"
#include "jit/op.h"

/**
 * struct bfk_list - ops that are being made
 * @ops: owned by the list
 * @n: how many
 * @cap: room
 * @failed: sticky: memory was short; then nothing is appended
 * @spare: what bfk_list_push() returns then
 */
struct bfk_list {
	struct bfk_op *ops;
	u32 n, cap;
	bool failed;
	struct bfk_op spare;
};

bool bfk_list_grow(struct bfk_list *list);

/* Room for element @n and more of @len bytes. False: memory is short, and @array is as it was. */
bool bfk_list_reserve(void **array, u32 *cap, u32 n, size_t len);

/* Appends an op, for the caller to fill in at once, and to change until the next one. */
static inline struct bfk_op *bfk_list_push(struct bfk_list *list)
{
	if (list->n == list->cap && !bfk_list_grow(list))
		return &list->spare;
	return &list->ops[list->n++];
}

/* The op at @ix, which was made earlier: an index of the list, or any after a failure. */
static inline struct bfk_op *bfk_list_at(struct bfk_list *list, u32 ix)
{
	return ix < list->n ? &list->ops[ix] : &list->spare;
}

/* Appends an op of that place in the source. Returns its index. */
static inline u32 bfk_list_add(struct bfk_list *list, u8 kind, u16 off, u32 source_off)
{
	*bfk_list_push(list) =
		(struct bfk_op){ .kind = kind, .off = off, .source_off = source_off };
	return list->n - 1;
}

/* Appends a label that closes no bracket, to which the IF or IF8 at @if_ix goes. */
static inline void bfk_list_land(struct bfk_list *list, u32 if_ix, u16 off, u32 source_off)
{
	u32 ix = bfk_list_add(list, BFK_OP_LABEL, off, source_off);

	bfk_list_at(list, ix)->match = ix;
	bfk_list_at(list, if_ix)->match = ix;
}

#define BFK_COPIED 1 /* text_off of an op whose match is an index of the old array */

/*
 * Copies op @ix of @ops and notes in @new_ix where it went. What its match names is told when all
 * ops have been copied, by finish, which the pass calls at its end.
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

#define BFK_GROWTH 16384 /* ops that unrolling may add: enough for all of what people write */

/* May a pass that has read @n ops write more of them than those? */
static inline bool bfk_list_may_grow(const struct bfk_list *list, u32 n)
{
	return list->n < n + BFK_GROWTH;
}

#endif
