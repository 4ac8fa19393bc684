/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The optimiser: ops in, faster ops out. It needs no trust: its output goes through bfk_check()
 * like any other array, and a mistake here can only make a program compute the wrong thing on its
 * own tape.
 */
#ifndef BFK_OPT_OPTIMISE_H
#define BFK_OPT_OPTIMISE_H

#include "jit/env.h"
#include "jit/op.h"

/**
 * bfk_optimise - make a program faster
 * @ops: a program of bfk_parse() that bfk_check() has accepted, allocated by malloc(); replaced by
 *	another such array
 * @n_ops: ops in it
 * @passes: BFK_PASS_*, the passes to run; BFK_PASS_ZEROED promises a zero tape at the start
 *
 * The result leaves the same tape, output and head at its end, and tape, head and files are the
 * same at each END, IN, OUT and SYS. In between, so also where fuel or a signal stops a loop, cells
 * may differ. Fuel is paid for the jumps back of the loops that remain.
 *
 * Return: 0, or -ENOMEM: @ops is still a valid program, which the caller must free().
 */
int bfk_optimise(struct bfk_op **ops, u32 *n_ops, u32 passes);

#endif
