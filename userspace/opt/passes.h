/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The passes of the optimiser by name: the one list there is of them. */
#ifndef BFK_OPT_PASSES_H
#define BFK_OPT_PASSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * struct bfk_pass_entry - one of them
 * @name: as --without takes it
 * @pass: BFK_PASS_*
 * @meaning: what it makes faster, in one line
 */
struct bfk_pass_entry {
	const char *name;
	uint32_t pass;
	const char *meaning;
};

#define BFK_PASSES 6

extern const struct bfk_pass_entry bfk_passes[BFK_PASSES];

/* Returns the pass that the first @len bytes of @name are; NULL: they are none. */
const struct bfk_pass_entry *bfk_pass_find(const char *name, size_t len);

#endif
