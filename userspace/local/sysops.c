// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Everything a program may ask for, in this process: the operations of syscall_ops/table.c, as `bfk
 * ops` shows with `--engine kernel` and with `--engine jit`.
 *
 * Interface: sysops.h
 */
#include "sysops.h"
#include "slots.h"
#include "sysop_file.h"
#include "sysop_open.h"
#include "sysop_process.h"
#include "sysop_socket.h"
#include "sysop_tape.h"
#include "sysop_time.h"
#include "sysop_wait.h"
#include <errno.h>
#include <unistd.h>

#define NO_ADDRESS (~(uintptr_t)0xffff) /* in the kernel's half, and not mapped there either */

/*
 * Does the file have offsets? pread(2) and pwrite(2) first return ESPIPE if it has none, then
 * EFAULT for an address that no process can have, before they count or move anything.
 */
static bool has_read_offsets(int fd)
{
	return pread(fd, (void *)NO_ADDRESS, 1, 0) >= 0 || errno != ESPIPE;
}

static bool has_write_offsets(int fd)
{
	return pwrite(fd, (const void *)NO_ADDRESS, 1, 0) >= 0 || errno != ESPIPE;
}

static const struct entry {
	struct bfk_sysop sysop;
	int (*fn)(struct local_call *call);
	bool no_file;	    /* it needs no file in the slot */
	bool (*at)(int fd); /* it works at off; does the file have such offsets? */
	bool now;	    /* it moves what it can without waiting */
} table['z' - 'a' + 1] = {
	['a' - 'a'] = { { 'a', "accept", "socket", "accept a connection; arg becomes its slot" },
			local_op_accept },
	['c' - 'a'] = { { 'c', "close", "file", "close the slot" }, local_op_close },
	['d' - 'a'] = { { 'd', "drain", "file",
			  "read up to cap bytes that are there now into data" },
			local_op_read,
			.now = true },
	['e' - 'a'] = { { 'e', "poll", "wait",
			  "wait for events on the slots in data, off ns at most" },
			local_op_poll,
			.no_file = true },
	['f' - 'a'] = { { 'f', "find", "tape",
			  "find the byte arg in len cells from off; off is after it, len what is left" },
			local_op_find,
			.no_file = true },
	['g' - 'a'] = { { 'g', "get", "file",
			  "read up to cap bytes at off into data; off moves on" },
			local_op_read,
			.at = has_read_offsets },
	['h' - 'a'] = { { 'h', "shutdown", "socket",
			  "shut the socket down: arg 0 receiving, 1 sending, 2 both" },
			local_op_shutdown },
	['i' - 'a'] = { { 'i', "ids", "process",
			  "the number of the process, of its parent, user or group, in off" },
			local_op_ids,
			.no_file = true },
	['k' - 'a'] = { { 'k', "copy", "tape",
			  "copy len cells from off to data; arg 1: from data to off" },
			local_op_copy,
			.no_file = true },
	['l' - 'a'] = { { 'l', "seek", "file",
			  "set the position to off, arg says from where; off is the new one" },
			local_op_seek },
	['m' - 'a'] = { { 'm', "clock", "time", "the time of clock arg in ns, in off" },
			local_op_clock,
			.no_file = true },
	['n' - 'a'] = { { 'n', "sleep", "wait", "sleep off ns" }, local_op_sleep, .no_file = true },
	['o' - 'a'] = { { 'o', "open", "file",
			  "open the path in data beneath the directory; arg becomes the slot" },
			local_op_open },
	['p' - 'a'] = { { 'p', "put", "file", "write the len bytes of data at off; off moves on" },
			local_op_write,
			.at = has_write_offsets },
	['q' - 'a'] = { { 'q', "quit", "process", "end the program with status arg" },
			local_op_quit,
			.no_file = true },
	['r' - 'a'] = { { 'r', "read", "file", "read up to cap bytes into data" }, local_op_read },
	['s' - 'a'] = { { 's', "send", "file",
			  "write what fits now of the len bytes of data; len is how many" },
			local_op_write,
			.now = true },
	['t' - 'a'] = { { 't', "truncate", "file", "cut or extend the file to off bytes" },
			local_op_truncate },
	['u' - 'a'] = { { 'u', "random", "process", "cap random bytes into data" },
			local_op_random,
			.no_file = true },
	['w' - 'a'] = { { 'w', "write", "file", "write the len bytes of data" }, local_op_write },
	['x' - 'a'] = { { 'x', "move", "file",
			  "move off bytes (0: all) to slot arg without the tape; off is how many" },
			local_op_move },
	['y' - 'a'] = { { 'y', "sync", "file", "write the file to its disk; arg 1: its data only" },
			local_op_sync },
	['z' - 'a'] = { { 'z', "size", "file", "the size of the file, in off" }, local_op_size },
};

/* Bit i: there is an operation 'a' + i. */
u32 local_sysop_known(void)
{
	u32 known = 0;
	char letter;

	for (letter = 'a'; letter <= 'z'; letter++)
		known |= bfk_sysop(letter) ? 1u << (letter - 'a') : 0;
	return known;
}

const struct bfk_sysop *bfk_sysop(char letter)
{
	bool is_known = letter >= 'a' && letter <= 'z' && table[letter - 'a'].fn;

	return is_known ? &table[letter - 'a'].sysop : NULL;
}

/* Does one operation; bfk_check() accepts only letters of the table. */
int local_sysop_do(struct local_call *call, u8 letter)
{
	const struct entry *sysop = &table[letter - 'a'];
	off_t pos = call->frame.off;
	int err;

	call->fd = local_slot_get(call->local, call->frame.slot);
	call->now = sysop->now;
	err = call->fd >= 0 || sysop->no_file ? 0 : -EBADF;
	if (!err && sysop->at) {
		err = pos < 0 ? -EINVAL : sysop->at(call->fd) ? 0 : -ESPIPE;
		call->pos = &pos;
	}
	if (!err)
		err = sysop->fn(call);
	if (err < 0 && (sysop->fn == local_op_read || sysop->fn == local_op_write))
		call->frame.len = call->local->moved_len; /* a read that fails moves nothing */
	call->pos = NULL;				  /* pos ends here */
	if (sysop->at)
		call->frame.off += call->frame.len;
	return err;
}
