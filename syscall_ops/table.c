// SPDX-License-Identifier: GPL-2.0-only
/* Everything a program may ask for. */
#include <linux/sched/signal.h>
#include "table.h"

static const struct bfk_sysop sysops[BFK_SYSOPS_MAX] = {
	['c' - 'a'] = { "close", "file", bfk_op_close },
	['g' - 'a'] = { "get", "file", bfk_op_get },
	['l' - 'a'] = { "seek", "file", bfk_op_seek },
	['m' - 'a'] = { "clock", "time", bfk_op_clock },
	['o' - 'a'] = { "open", "file", bfk_op_open },
	['p' - 'a'] = { "put", "file", bfk_op_put },
	['q' - 'a'] = { "quit", "process", bfk_op_quit },
	['r' - 'a'] = { "read", "file", bfk_op_read },
	['t' - 'a'] = { "truncate", "file", bfk_op_truncate },
	['u' - 'a'] = { "random", "process", bfk_op_random },
	['w' - 'a'] = { "write", "file", bfk_op_write },
	['x' - 'a'] = { "move", "file", bfk_op_move },
	['y' - 'a'] = { "sync", "file", bfk_op_sync },
	['z' - 'a'] = { "size", "file", bfk_op_size },
};

/* The parser lets only letters through that are in the table. */
const struct bfk_sysop *bfk_sysop_find(u8 letter)
{
	return &sysops[letter - 'a'];
}

/* Bit i is set if there is an operation 'a' + i. */
u32 bfk_sysop_known(void)
{
	u32 known = 0;
	int i;

	for (i = 0; i < BFK_SYSOPS_MAX; i++)
		if (sysops[i].fn)
			known |= BIT(i);
	return known;
}

/* Fills @table, which has room for BFK_SYSOPS_MAX. Returns how many there are. */
u32 bfk_sysop_list(struct bfk_sysop_info *table)
{
	u32 n = 0;
	int i;

	for (i = 0; i < BFK_SYSOPS_MAX; i++) {
		if (!sysops[i].fn)
			continue;
		memset(&table[n], 0, sizeof(*table));
		strscpy(table[n].name, sysops[i].name, sizeof(table->name));
		strscpy(table[n].family, sysops[i].family, sizeof(table->family));
		table[n++].letter = 'a' + i;
	}
	return n;
}

/* Does this error mean "a signal came first, do it again"? */
bool bfk_call_interrupted(int err)
{
	switch (err) {
	case -ERESTARTSYS:
	case -ERESTARTNOINTR:
	case -ERESTARTNOHAND:
	case -ERESTART_RESTARTBLOCK:
		return true;
	default:
		return err == -EINTR && signal_pending(current);
	}
}
