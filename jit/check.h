/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Is an array of ops a program? */
#pragma once

#include "parse.h"

/**
 * bfk_check - look at all that has to be right before ops are emitted or interpreted
 * @parse: ops and n_ops, which nobody else can change
 * @known: operations there are, bit i for 'a' + i
 * @allowed: operations the program may contain, likewise
 *
 * Both registers of every op are looked at; other fields that its kind does not use are not.
 *
 * Context: pure; linear in n_ops.
 * Return: 0, or with @parse->error set and in error_off the index of the first op that is wrong:
 * -EINVAL (BAD_OP) unknown kind or register, a register where it takes a cell, an END that is not
 * the last op, or no END there; -ENOEXEC (BAD_MATCH) a jump in the wrong direction, out of the
 * array, or to an op that is no place to go to; -ENOSYS unknown operation; -EACCES denied one.
 */
int bfk_check(struct bfk_parse *parse, u32 known, u32 allowed);
