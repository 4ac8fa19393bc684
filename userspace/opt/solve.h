/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Loops that are as good as straight code. */
#ifndef BFK_OPT_SOLVE_H
#define BFK_OPT_SOLVE_H

#include "walk.h"

/* What a loop that is straight and ends where it began can become. */
enum bfk_shape {
	BFK_SHAPE_LOOP,	   /* it has to stay one */
	BFK_SHAPE_LINEAR,  /* it adds multiples of its counter to cells: as good as straight code */
	BFK_SHAPE_COUNTED, /* the same, but it also sets cells if it runs at all */
};

enum bfk_shape bfk_solve_shape(struct bfk_walk *walk, u8 *step);
void bfk_solve(struct bfk_walk *walk, u8 step, u32 source_off);
void bfk_solve_guarded(struct bfk_walk *walk, u8 step, const struct bfk_set *varying,
		       u32 source_off);

#endif
