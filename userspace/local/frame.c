// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* An operation under way, and its frame. Interface: frame.h */
#include "frame.h"
#include <errno.h>

void local_call_load(struct local_call *call)
{
	memcpy(&call->frame, call->tape, sizeof(call->frame));
	__asm__ volatile("" ::: "memory"); /* the compiler must not read the tape again */
}

/* Writes the result back; slot and cap are as they were copied in. */
void local_call_store(struct local_call *call, int err)
{
	call->frame.go = !err;
	call->frame.err = err >= 0 ? 0 : err >= -255 ? -err : EIO;
	memcpy(call->tape, &call->frame, sizeof(call->frame));
}

/* Returns the room for data; *len is its length: cap, or the most there can be. */
u8 *local_call_room(struct local_call *call, size_t *len)
{
	*len = call->frame.cap ? call->frame.cap : BFK_CAP_DEFAULT;
	if (*len > BFK_DATA_MAX_LEN)
		*len = BFK_DATA_MAX_LEN;
	return call->tape + BFK_FRAME_LEN;
}

/* Returns the len bytes of data that the program laid out; NULL: there cannot be so many. */
u8 *local_call_data(struct local_call *call)
{
	return call->frame.len <= BFK_DATA_MAX_LEN ? call->tape + BFK_FRAME_LEN : NULL;
}

/* Does this error mean "a signal came first, do it again"? */
bool local_call_interrupted(int err)
{
	return err == -EINTR;
}
