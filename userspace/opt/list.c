// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* A growing array of ops. Interface: list.h */
#include "list.h"
#include <stdlib.h>

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
