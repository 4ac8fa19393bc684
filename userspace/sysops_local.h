/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Operations in this process: the frame, the table, and the file family; the twin of
 * syscall_ops/frame.h and table.h.
 *
 * Invariants:
 * 1. A frame is copied in once, before anything is checked.
 * 2. bfk_call_room() and bfk_call_data() alone make tape addresses of data. They never reach past
 *    BFK_DATA_MAX_LEN, so data cannot come round to its frame.
 */
#ifndef BFK_SYSOPS_LOCAL_H
#define BFK_SYSOPS_LOCAL_H

#include "local.h"
#include "jit/parse.h"

/* As it lies on the tape, little-endian; the fields are told in bfk(7). */
struct bfk_frame {
	u8 go;
	u8 err;
	u8 slot;
	u8 arg;
	u16 cap;
	u16 len;
	u64 off;
};

static_assert(sizeof(struct bfk_frame) == BFK_FRAME_LEN, "bfk(7)");

/**
 * struct bfk_call - one operation under way
 * @local: on whose behalf
 * @tape: where the frame lies
 * @frame: the copy that counts
 */
struct bfk_call {
	struct bfk_local *local;
	u8 *tape;
	struct bfk_frame frame;
};

/* What an operation returns when there is no more input; also 0 and -errno. */
#define BFK_CALL_END 1

bool bfk_call_load(struct bfk_call *call, const struct bfk_machine *machine, s16 off);
void bfk_call_store(struct bfk_call *call, int err);
u8 *bfk_call_room(struct bfk_call *call, size_t *len);
u8 *bfk_call_data(struct bfk_call *call);
bool bfk_call_interrupted(int err);

/**
 * struct bfk_sysop - one operation
 * @name: for people
 * @family: which others it belongs with
 * @fn: does it. Returns 0, BFK_CALL_END or -errno; -EINTR leaves local->done at what was
 *	moved, and the call is made again when the run continues
 */
struct bfk_sysop {
	const char *name;
	const char *family;
	int (*fn)(struct bfk_call *call);
};

const struct bfk_sysop *bfk_sysop_find(u8 letter);
u32 bfk_sysop_known(void);
size_t bfk_sysop_list(const struct bfk_sysop_info **sysops);

/* program_local.c */
int bfk_parse_alloc(struct bfk_parse *parse, size_t source_len);

/* file_local.c */
ssize_t bfk_file_read(struct bfk_local *local, u8 slot, void *to, size_t len, off_t *pos);
int bfk_file_write(struct bfk_local *local, u8 slot, const u8 *from, size_t len, u64 *done,
		   off_t *pos);
int bfk_op_read(struct bfk_call *call);
int bfk_op_write(struct bfk_call *call);
int bfk_op_get(struct bfk_call *call);
int bfk_op_put(struct bfk_call *call);
int bfk_op_seek(struct bfk_call *call);
int bfk_op_open(struct bfk_call *call);
int bfk_op_close(struct bfk_call *call);
int bfk_op_sync(struct bfk_call *call);
int bfk_op_size(struct bfk_call *call);
int bfk_op_truncate(struct bfk_call *call);
int bfk_op_move(struct bfk_call *call);

#endif
