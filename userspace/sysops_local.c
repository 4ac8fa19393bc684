// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Everything a program may ask for, in this process; the same table as syscall_ops/table.c,
 * which `bfk ops --engine kernel` and `bfk ops --engine jit` show to be so. The time and
 * process families are here too.
 *
 * Interface: sysops_local.h
 */
#include "sysops_local.h"
#include <errno.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>

static int op_clock(struct bfk_call *call)
{
	struct timespec now;

	switch (call->frame.arg) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
		if (clock_gettime(call->frame.arg, &now))
			return -errno;
		call->frame.off = now.tv_sec * 1000000000ull + now.tv_nsec;
		return 0;
	default:
		return -EINVAL;
	}
}

static int op_quit(struct bfk_call *call)
{
	call->local->report.exit_code = call->frame.arg;
	call->local->machine.status = BFK_STATUS_QUIT;
	return 0;
}

/* A signal does not cut this short, as it does not in the kernel. */
static int op_random(struct bfk_call *call)
{
	size_t len, done = 0;
	u8 *to = bfk_call_room(call, &len);
	ssize_t ret;

	while (done < len) {
		ret = getrandom(to + done, len - done, 0);
		if (ret < 0 && errno != EINTR)
			return -errno;
		done += ret < 0 ? 0 : ret;
	}
	call->frame.len = len;
	return 0;
}

static const struct bfk_sysop sysops[BFK_SYSOPS_MAX] = {
	['c' - 'a'] = { "close", "file", bfk_op_close },
	['g' - 'a'] = { "get", "file", bfk_op_get },
	['l' - 'a'] = { "seek", "file", bfk_op_seek },
	['m' - 'a'] = { "clock", "time", op_clock },
	['o' - 'a'] = { "open", "file", bfk_op_open },
	['p' - 'a'] = { "put", "file", bfk_op_put },
	['q' - 'a'] = { "quit", "process", op_quit },
	['r' - 'a'] = { "read", "file", bfk_op_read },
	['t' - 'a'] = { "truncate", "file", bfk_op_truncate },
	['u' - 'a'] = { "random", "process", op_random },
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
		known |= sysops[i].fn ? 1u << i : 0;
	return known;
}

/* The table as the kernel tells it, valid on this thread until the next call. */
size_t bfk_sysop_list(const struct bfk_sysop_info **list)
{
	static _Thread_local struct bfk_sysop_info table[BFK_SYSOPS_MAX];
	size_t n = 0;
	int i;

	for (i = 0; i < BFK_SYSOPS_MAX; i++) {
		if (!sysops[i].fn)
			continue;
		memset(&table[n], 0, sizeof(*table));
		snprintf(table[n].name, sizeof(table->name), "%s", sysops[i].name);
		snprintf(table[n].family, sizeof(table->family), "%s", sysops[i].family);
		table[n++].letter = 'a' + i;
	}
	*list = table;
	return n;
}

/* Copies the frame at head + off. Returns whether the operation is to be done at all. */
bool bfk_call_load(struct bfk_call *call, const struct bfk_machine *machine, s16 off)
{
	call->tape = machine->tape + (u16)(machine->head + off);
	memcpy(&call->frame, call->tape, sizeof(call->frame));
	__asm__ volatile("" ::: "memory"); /* the compiler may not look at the tape again */
	return call->frame.go;
}

/* Writes the outcome back: all fields but slot and cap, which only the program changes. */
void bfk_call_store(struct bfk_call *call, int err)
{
	const u8 *from = (const u8 *)&call->frame;

	call->frame.go = !err;
	call->frame.err = err >= 0 ? 0 : err >= -255 ? -err : EIO;
	memcpy(call->tape, from, offsetof(struct bfk_frame, slot));
	call->tape[offsetof(struct bfk_frame, arg)] = call->frame.arg;
	memcpy(call->tape + offsetof(struct bfk_frame, len),
	       from + offsetof(struct bfk_frame, len), sizeof(call->frame.len) + sizeof(u64));
}

/* Room for data, as much as cap asks for; *len bytes of it. */
u8 *bfk_call_room(struct bfk_call *call, size_t *len)
{
	*len = call->frame.cap ? call->frame.cap : BFK_CAP_DEFAULT;
	if (*len > BFK_DATA_MAX_LEN)
		*len = BFK_DATA_MAX_LEN;
	return call->tape + BFK_FRAME_LEN;
}

/* The data the program laid out, len bytes, or NULL if so much cannot lie there. */
u8 *bfk_call_data(struct bfk_call *call)
{
	return call->frame.len <= BFK_DATA_MAX_LEN ? call->tape + BFK_FRAME_LEN : NULL;
}

/* Does this error mean "a signal came first, do it again"? */
bool bfk_call_interrupted(int err)
{
	return err == -EINTR;
}
