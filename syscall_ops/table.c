// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything a program may ask for.
 *
 * How to add an operation:
 * 1. Its function in its family's file here, a prototype in table.h, and its row below: what is
 *    checked before it begins (struct bfk_sysop_entry). A new family is a file in Makefile.
 * 2. The same in this process: userspace/local/sysop_FAMILY.c and .h, and a row in sysops.c there
 *    with its name, its family and what it means, which is all that `bfk ops`, messages, hints and
 *    the service know of it.
 * 3. Its section in userspace/man/bfk.7 and, if users of the service may use it too, its letter in
 *    userspace/packaging/bfkd.conf. tests/unit/cli.bats compares both with `bfk ops`, and
 *    tests/kernel/device/module.bats the kernel's operations with those of user space.
 * 4. What it does: cases in tests/kernel/device/, and a row in works.h there for what others see of
 *    it. All other tests take their letters from the table of step 2 or from INFO;
 *    tests/harness/letters.h lists those that wait, or give something else each time.
 */
#include "table.h"

/* %g and %p are %r and %w at off, %d and %s without waiting. %e waits for events, %n is a nap. */
/* clang-format off */
const struct bfk_sysop_entry bfk_sysop_table[26] = {
	['a' - 'a'] = { bfk_op_accept },
	['c' - 'a'] = { bfk_op_close },
	['d' - 'a'] = { bfk_op_read, .pos = true, .counts = true, .mode = FMODE_READ, .now = true },
	['e' - 'a'] = { bfk_op_poll, .no_file = true, .data = true },
	['f' - 'a'] = { bfk_op_find, .no_file = true },
	['g' - 'a'] = { bfk_op_read, .counts = true, .mode = FMODE_READ, .at = FMODE_PREAD },
	['h' - 'a'] = { bfk_op_shutdown },
	['i' - 'a'] = { bfk_op_ids, .no_file = true },
	['k' - 'a'] = { bfk_op_copy, .no_file = true, .data = true },
	['l' - 'a'] = { bfk_op_seek, .pos = true },
	['m' - 'a'] = { bfk_op_clock, .no_file = true },
	['n' - 'a'] = { bfk_op_sleep, .no_file = true },
	['o' - 'a'] = { bfk_op_open, .data = true },
	['p' - 'a'] = { bfk_op_write, .data = true, .counts = true, .mode = FMODE_WRITE, .at = FMODE_PWRITE },
	['q' - 'a'] = { bfk_op_quit, .no_file = true },
	['r' - 'a'] = { bfk_op_read, .pos = true, .counts = true, .mode = FMODE_READ },
	['s' - 'a'] = { bfk_op_write, .data = true, .pos = true, .counts = true, .mode = FMODE_WRITE, .now = true },
	['t' - 'a'] = { bfk_op_truncate },
	['u' - 'a'] = { bfk_op_random, .no_file = true },
	['w' - 'a'] = { bfk_op_write, .data = true, .pos = true, .counts = true, .mode = FMODE_WRITE },
	['x' - 'a'] = { bfk_op_move, .mode = FMODE_READ },
	['y' - 'a'] = { bfk_op_sync },
	['z' - 'a'] = { bfk_op_size },
};
/* clang-format on */

/* Bit i is set if there is an operation 'a' + i. */
u32 bfk_sysop_known(void)
{
	u32 known = 0, i;

	for (i = 0; i < ARRAY_SIZE(bfk_sysop_table); i++)
		known |= bfk_sysop_table[i].fn ? BIT(i) : 0;
	return known;
}
