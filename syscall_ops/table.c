// SPDX-License-Identifier: GPL-2.0-only
/* Everything a program may ask for. */
#include "table.h"

/**
 * struct sysop - one operation
 * @fn: does it
 * @no_file: it can do without a file in the slot
 * @data: the program lays out len bytes of data for it
 * @mode: FMODE_* the file needs, and it is no directory; EBADF, EISDIR
 * @pos: it works at the file's position, which is locked meanwhile as read(2) does it
 * @at: it works at off, and this is the FMODE_* the file needs for that; ESPIPE
 */
struct sysop {
	bfk_sysop_fn *fn;
	bool no_file, data, pos;
	fmode_t mode, at;
};

/* %g and %p are %r and %w at off, %e waits for events, %n is a nap. */
static const struct sysop sysops[] = {
	['a' - 'a'] = { bfk_op_accept },
	['c' - 'a'] = { bfk_op_close },
	['e' - 'a'] = { bfk_op_poll, .no_file = true, .data = true },
	['g' - 'a'] = { bfk_op_read, .mode = FMODE_READ, .at = FMODE_PREAD },
	['h' - 'a'] = { bfk_op_shutdown },
	['i' - 'a'] = { bfk_op_ids, .no_file = true },
	['l' - 'a'] = { bfk_op_seek, .pos = true },
	['m' - 'a'] = { bfk_op_clock, .no_file = true },
	['n' - 'a'] = { bfk_op_sleep, .no_file = true },
	['o' - 'a'] = { bfk_op_open, .data = true },
	['p' - 'a'] = { bfk_op_write, .data = true, .mode = FMODE_WRITE, .at = FMODE_PWRITE },
	['q' - 'a'] = { bfk_op_quit, .no_file = true },
	['r' - 'a'] = { bfk_op_read, .pos = true, .mode = FMODE_READ },
	['t' - 'a'] = { bfk_op_truncate },
	['u' - 'a'] = { bfk_op_random, .no_file = true },
	['w' - 'a'] = { bfk_op_write, .data = true, .pos = true, .mode = FMODE_WRITE },
	['x' - 'a'] = { bfk_op_move, .mode = FMODE_READ },
	['y' - 'a'] = { bfk_op_sync },
	['z' - 'a'] = { bfk_op_size },
};

/* Bit i is set if there is an operation 'a' + i. */
u32 bfk_sysop_known(void)
{
	u32 known = 0, i;

	for (i = 0; i < ARRAY_SIZE(sysops); i++)
		known |= sysops[i].fn ? BIT(i) : 0;
	return known;
}

/* What is to be said before an operation is begun. One with a mode or at needs a file. */
static int check(const struct sysop *sysop, const struct bfk_call *call)
{
	return !call->file && !sysop->no_file			      ? -EBADF :
	       sysop->at && (s64)call->frame.off < 0		      ? -EINVAL :
	       sysop->at && !(call->file->f_mode & sysop->at)	      ? -ESPIPE :
	       sysop->data && call->frame.len > BFK_DATA_MAX_LEN      ? -EINVAL :
	       sysop->mode && !(call->file->f_mode & sysop->mode)     ? -EBADF :
	       sysop->mode && S_ISDIR(file_inode(call->file)->i_mode) ? -EISDIR :
									0;
}

/* Does one operation; the check of ops lets only letters through that are in the table. */
int bfk_sysop_do(struct bfk_call *call, u8 letter)
{
	const struct sysop *sysop = &sysops[letter - 'a'];
	bool lock;
	int err;

	call->file = bfk_slot_get(call->run, call->frame.slot);
	call->at = sysop->at;
	err = check(sysop, call);
	lock = !err && sysop->pos && call->file->f_mode & FMODE_ATOMIC_POS;
	if (lock && mutex_lock_interruptible(&call->file->f_pos_lock)) return -ERESTARTSYS;
	err = err ?: sysop->fn(call);
	if (lock) mutex_unlock(&call->file->f_pos_lock);
	if (err < 0 && (sysop->fn == bfk_op_read || sysop->fn == bfk_op_write))
		call->frame.len = *call->done; /* a read that fails moves nothing */
	if (sysop->at) call->frame.off += call->frame.len;
	return err;
}

/* Does this error mean "a signal came first, do it again"? */
bool bfk_call_interrupted(int err)
{
	return (err <= -ERESTARTSYS && err >= -ERESTART_RESTARTBLOCK) ||
	       (err == -EINTR && signal_pending(current));
}
