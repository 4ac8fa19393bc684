// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The passes of the optimiser by name. Help texts, --without and its messages are made from this
 * table; tests compare it with the manual, with libbfk.h and with the completion of shells.
 *
 * Interface: passes.h
 */
#include "passes.h"
#include <string.h>
#include "userspace/include/libbfk.h"

const struct bfk_pass_entry bfk_passes[BFK_PASSES] = {
	{ "blocks", BFK_PASS_BLOCKS,
	  "offsets, constants, dead stores and multiply loops of whole blocks" },
	{ "ifs", BFK_PASS_IFS, "loops that run at most once, without a jump back" },
	{ "scans", BFK_PASS_SCANS, "eight cells at a time in loops that only move" },
	{ "unroll", BFK_PASS_UNROLL, "several turns at once of loops that move the head" },
	{ "regs", BFK_PASS_REGS, "cells in registers" },
	{ "zeroed", BFK_PASS_ZEROED, "no pass: the tape is zero when the program starts" },
};

const struct bfk_pass_entry *bfk_pass_find(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < BFK_PASSES; i++)
		if (strlen(bfk_passes[i].name) == len && !memcmp(bfk_passes[i].name, name, len))
			return &bfk_passes[i];
	return NULL;
}
