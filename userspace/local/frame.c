// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* An operation under way, and its frame. Interface: frame.h */
#include "frame.h"
#include <errno.h>

void local_call_load(struct local_call *call)
{
	memcpy(&call->frame, call->tape, sizeof(call->frame));
	__asm__ volatile("" ::: "memory"); /* the compiler may not look at the tape again */
}

/* Writes the outcome back; slot and cap are as they were copied in. */
void local_call_store(struct local_call *call, int err)
{
	call->frame.go = !err;
	call->frame.err = err >= 0 ? 0 : err >= -255 ? -err : EIO;
	memcpy(call->tape, &call->frame, sizeof(call->frame));
}

/* Room for data, as much as cap asks for; *len bytes of it. */
u8 *local_call_room(struct local_call *call, size_t *len)
{
	*len = call->frame.cap ? call->frame.cap : BFK_CAP_DEFAULT;
	if (*len > BFK_DATA_MAX_LEN)
		*len = BFK_DATA_MAX_LEN;
	return call->tape + BFK_FRAME_LEN;
}

/* The data the program laid out, len bytes, or NULL if so much cannot lie there. */
u8 *local_call_data(struct local_call *call)
{
	return call->frame.len <= BFK_DATA_MAX_LEN ? call->tape + BFK_FRAME_LEN : NULL;
}

/* Does this error mean "a signal came first, do it again"? */
bool local_call_interrupted(int err)
{
	return err == -EINTR;
}
