// SPDX-License-Identifier: GPL-2.0-only
/* Everything a program may ask for. */
#include <linux/sched/signal.h>
#include "table.h"

const struct bfk_sysop bfk_sysops[BFK_SYSOPS_MAX] = {
	['c' - 'a'] = { { "close", "file", 'c' }, bfk_op_close },
	['g' - 'a'] = { { "get", "file", 'g' }, bfk_op_read, .at = FMODE_PREAD },
	['l' - 'a'] = { { "seek", "file", 'l' }, bfk_op_seek },
	['m' - 'a'] = { { "clock", "time", 'm' }, bfk_op_clock, .no_file = true },
	['o' - 'a'] = { { "open", "file", 'o' }, bfk_op_open },
	['p' - 'a'] = { { "put", "file", 'p' }, bfk_op_write, .at = FMODE_PWRITE },
	['q' - 'a'] = { { "quit", "process", 'q' }, bfk_op_quit, .no_file = true },
	['r' - 'a'] = { { "read", "file", 'r' }, bfk_op_read },
	['t' - 'a'] = { { "truncate", "file", 't' }, bfk_op_truncate },
	['u' - 'a'] = { { "random", "process", 'u' }, bfk_op_random, .no_file = true },
	['w' - 'a'] = { { "write", "file", 'w' }, bfk_op_write },
	['x' - 'a'] = { { "move", "file", 'x' }, bfk_op_move },
	['y' - 'a'] = { { "sync", "file", 'y' }, bfk_op_sync },
	['z' - 'a'] = { { "size", "file", 'z' }, bfk_op_size },
};

/* Bit i is set if there is an operation 'a' + i. */
u32 bfk_sysop_known(void)
{
	u32 known = 0, i;

	for (i = 0; i < BFK_SYSOPS_MAX; i++)
		known |= bfk_sysops[i].fn ? BIT(i) : 0;
	return known;
}

/* Does one operation; the parser lets only letters through that are in the table. */
int bfk_sysop_do(struct bfk_call *call, u8 letter)
{
	const struct bfk_sysop *sysop = &bfk_sysops[letter - 'a'];
	loff_t pos = call->frame.off;
	int err;

	call->file = bfk_slot_get(call->run, call->frame.slot);
	err = call->file || sysop->no_file ? 0 : -EBADF;
	if (!err && sysop->at) {
		err = pos < 0 ? -EINVAL : call->file->f_mode & sysop->at ? 0 : -ESPIPE;
		call->pos = &pos;
	}
	err = err ?: sysop->fn(call);
	if (err < 0 && (sysop->fn == bfk_op_read || sysop->fn == bfk_op_write))
		call->frame.len = call->run->done;	/* a read that fails moves nothing */
	if (sysop->at)
		call->frame.off += call->frame.len;
	return err;
}

/* Does this error mean "a signal came first, do it again"? */
bool bfk_call_interrupted(int err)
{
	return err == -ERESTARTSYS || err == -ERESTARTNOINTR || err == -ERESTARTNOHAND ||
	       err == -ERESTART_RESTARTBLOCK || (err == -EINTR && signal_pending(current));
}
