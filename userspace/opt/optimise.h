/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The optimiser: ops in, faster ops out. Nobody has to trust it: what it makes goes through
 * bfk_check() like any other array, and a mistake here makes a program compute the wrong thing
 * on its own tape, and nothing more.
 */
#ifndef BFK_OPT_OPTIMISE_H
#define BFK_OPT_OPTIMISE_H

#include "jit/env.h"
#include "jit/op.h"

/**
 * bfk_optimise - make a program faster
 * @ops: a program of bfk_parse() that bfk_check() has let through, in memory of malloc(); replaced
 *	by another such array
 * @n_ops: ops in it
 * @passes: BFK_PASS_*, which to do; BFK_PASS_ZEROED says that the tape is all zero at the start
 *
 * The result leaves the same tape, output and head at its end, and the tape, head and files are
 * as they were without it at each END, IN, OUT and SYS. In between, and so where fuel or a
 * signal stops a loop, cells may be ahead of their time or behind it. Jumps back, which are what
 * fuel is paid for, are those of the loops that are left.
 *
 * Return: 0, or -ENOMEM: @ops is a right program then too, and still the caller's to free().
 */
int bfk_optimise(struct bfk_op **ops, u32 *n_ops, u32 passes);

#endif
