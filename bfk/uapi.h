/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * THE ABI of /dev/bfk: every struct and ioctl, and what they promise.
 *
 * One open file of /dev/bfk is one instance: a program, its tape, its slots.
 *
 *   INFO   what this module offers: limits, features, which operations there are
 *   LOAD   source text or ops in, runnable program out; clears the tape
 *   RUN    start the program, or continue it where it was stopped
 *   RESET  back to the first op; ends a stopped run, clears the tape
 *   DUMP   the published machine code with its source map (CAP_SYS_ADMIN)
 *   mmap   the tape: 65,536 bytes at offset 0, MAP_SHARED
 *
 * Through io_uring: IORING_OP_URING_CMD with the number of the call in cmd_op and the address of
 * its struct in the first 8 bytes of cmd. It runs on a worker of the process, and its result is
 * what the call would return, but EINTR for a RUN that ended with BFK_STATUS_SIGNAL: it was
 * cancelled, or the process was stopped or frozen meanwhile.
 *
 * Rules for every call:
 *   - Structs only grow. The kernel takes a shorter one as if it ended in zeros, and a
 *     longer one if what it does not know is zero (else E2BIG).
 *   - Unknown flags and non-zero reserved fields are EINVAL; unknown ioctls are ENOTTY.
 *   - LOAD, RUN, RESET and DUMP of one instance exclude each other: the second one is EBUSY. LOAD
 *     copies and compiles, and RUN copies its descriptors, before that.
 *   - Pointers travel as __u64, so 32-bit callers use the same structs.
 *
 * A run belongs to the process (its file table) whose RUN started it. Files handed over are
 * held from then until the run ends: when the program ends, quits or fails, at RESET or LOAD,
 * or when that process closes any descriptor of the instance or exits.
 */
#ifndef BFK_UAPI_H
#define BFK_UAPI_H

#include <linux/ioctl.h>
#include "op.h" /* ops, enum bfk_error, enum bfk_entry */

#define BFK_ABI_VERSION 2

/**
 * enum bfk_engine - what runs the program
 * @BFK_ENGINE_JIT: machine code in the text arena
 * @BFK_ENGINE_INTERP: the interpreter: asked for, or because the arena was full, or the user's
 *	part of it (BFK_TEXT_USER_LEN; CAP_SYS_RESOURCE may go beyond); always, without
 *	BFK_FEATURE_JIT
 */
enum bfk_engine { BFK_ENGINE_JIT, BFK_ENGINE_INTERP };

/**
 * enum bfk_status - why RUN came back; below BFK_STATUS_FUEL the run is over
 * @BFK_STATUS_END: the program reached its end
 * @BFK_STATUS_QUIT: the program quit with %q
 * @BFK_STATUS_FAILED: ',' or '.' met an error, see fail_*; the run is over
 * @BFK_STATUS_FUEL: fuel used up; RUN again continues
 * @BFK_STATUS_SIGNAL: a signal is pending; RUN again continues, nothing is done twice
 * @BFK_STATUS_OP: a %-operation is next, and BFK_RUN_STOP_OPS asks to stop before it; RUN again
 *	does it and continues
 */
/* clang-format off */
enum bfk_status { BFK_STATUS_END, BFK_STATUS_QUIT, BFK_STATUS_FAILED, BFK_STATUS_FUEL,
		  BFK_STATUS_SIGNAL, BFK_STATUS_OP };
/* clang-format on */

#define BFK_FEATURE_JIT (1ULL << 0)	 /* machine code can be published: on x86-64 */
#define BFK_FEATURE_URING (1ULL << 1)	 /* calls can be made through io_uring */
#define BFK_FEATURE_STOP_OPS (1ULL << 2) /* RUN takes BFK_RUN_STOP_OPS */

/**
 * struct bfk_info_args - BFK_INFO
 * @abi_version: out: BFK_ABI_VERSION
 * @ops_version: out: BFK_OPS_VERSION of jit/op.h, the ops LOAD takes
 * @features: out: BFK_FEATURE_*
 * @sysops: out: operations there are, bit i: 'a' + i
 * @tape_cells: out: cells of the ring
 * @slots: out: file slots
 * @source_max_len: out: bytes of source LOAD takes
 * @ops_max: out: ops LOAD takes
 * @text_len: out: bytes of the text arena; 0 without BFK_FEATURE_JIT
 * @text_free_len: out: bytes of it not in use
 * @reserved: out: zero
 */
struct bfk_info_args {
	__u32 abi_version, ops_version;
	__u64 features;
	__u32 sysops, tape_cells, slots, source_max_len, ops_max, text_len, text_free_len, reserved;
};

#define BFK_LOAD_PLAIN (1u << 0)    /* '%' is a comment */
#define BFK_LOAD_INTERP (1u << 1)   /* do not compile */
#define BFK_LOAD_EOF_255 (1u << 2)  /* ',' at end of input stores 255 */
#define BFK_LOAD_EOF_KEEP (1u << 3) /* ',' at end of input leaves the cell as it is */
#define BFK_LOAD_SEAL (1u << 4)	    /* this instance takes no further LOAD (EPERM) */
#define BFK_LOAD_OPS (1u << 5)	    /* source is ops (struct bfk_op[], jit/op.h) */
#define BFK_LOAD_FLAGS 0x3fu

#define BFK_ALLOW_ALL 0x3ffffffu /* bit i: operation 'a' + i */

/**
 * struct bfk_load_args - BFK_LOAD; on an error the instance keeps the program and the tape it had
 * @source: in: the program text, or ops
 * @source_len: in: bytes of it
 * @flags: in: BFK_LOAD_*; both EOF flags together are EINVAL, and so are PLAIN and OPS
 * @tape: in: first cells of the tape, the rest is zero; or 0
 * @tape_len: in: cells, at most 65,536
 * @allowed: in: operations the program may contain, BFK_ALLOW_ALL or less
 * @error: out: enum bfk_error
 * @error_off: out: byte offset of the error in the source, or index of the op
 * @engine: out: enum bfk_engine
 * @n_ops: out: ops of the program
 * @text_len: out: bytes of machine code
 * @ops_version: in: with BFK_LOAD_OPS the BFK_OPS_VERSION they are of, else zero
 */
struct bfk_load_args {
	__u64 source;
	__u32 source_len, flags;
	__u64 tape;
	__u32 tape_len, allowed, error, error_off, engine, n_ops, text_len, ops_version;
};

#define BFK_FUEL_UNLIMITED (~0ULL)

#define BFK_RUN_STOP_OPS (1u << 0) /* stop once before each %-operation: BFK_STATUS_OP */

/**
 * struct bfk_run_args - BFK_RUN; EACCES for a task under seccomp, whose filter cannot see
 *	%-operations, unless the module was loaded with allow_seccomp
 * @fds: in: __s32 descriptors, slot i = fds[i], -1 leaves a slot empty; out: 0
 * @n_fds: in: how many, at most 64, none when continuing; out: 0
 * @flags: in: BFK_RUN_*, for this RUN alone; out: the same
 * @fuel: in: jumps back of loops until the run stops; out: how many of them were not made
 * @status: out: enum bfk_status
 * @exit_code: out: what %q gave, else 0
 * @source_off: out: byte offset in the source of the op to be done next
 * @head: out: index of the current cell
 * @engine: out: enum bfk_engine that ran it
 * @fail_off: out: source offset of the last operation, if it failed
 * @fail_errno: out: its errno, 0 if the last operation did not fail
 * @fail_letter: out: its letter, or ',' or '.'
 * @sysops: out: %-operations done since the run started (skipped ones do not count)
 * @read_len: out: bytes read since the run started
 * @write_len: out: bytes written since the run started
 */
struct bfk_run_args {
	__u64 fds;
	__u32 n_fds, flags;
	__u64 fuel;
	__u32 status, exit_code, source_off, head, engine, fail_off, fail_errno, fail_letter;
	__u64 sysops, read_len, write_len;
};

#define BFK_RESET_KEEP_TAPE (1u << 0) /* leave the cells as they are */

/**
 * struct bfk_reset_args - BFK_RESET
 * @flags: in: BFK_RESET_*
 * @reserved: zero
 */
struct bfk_reset_args {
	__u32 flags, reserved;
};

/**
 * struct bfk_dump_args - BFK_DUMP
 * @text: in: where to put the machine code, or 0
 * @ops: in: where to put the ops (struct bfk_op[], jit/op.h), or 0
 * @text_len: in: room, in bytes; out: bytes of machine code
 * @n_ops: in: room, in entries; out: ops
 * @entry: out: where the static entry points lie, by enum bfk_entry, as offsets in the text
 */
struct bfk_dump_args {
	__u64 text, ops;
	__u32 text_len, n_ops;
	__s64 entry[BFK_ENTRIES];
};

/**
 * struct bfk_frame - what an operation works on, as it lies on the tape, little-endian; bfk(7)
 *	describes what each operation makes of it. Data follow
 * @go: in: 0: skip this operation; out: 1: done, 0: end of input, or failed
 * @err: out: 0, or the errno
 * @slot: in: the file slot to work on
 * @arg: in: small argument; out: the slot of a file that was opened or accepted
 * @cap: in: most bytes of data; 0: 32,768
 * @len: bytes: in of what writes, copies or searches; out of what reads
 * @off: in and out: file offset, tape position, size, time in ns
 */
struct bfk_frame {
	__u8 go, err, slot, arg;
	__u16 cap, len;
	__u64 off;
};

#define BFK_INFO _IOWR('%', 0, struct bfk_info_args)
#define BFK_LOAD _IOWR('%', 1, struct bfk_load_args)
#define BFK_RUN _IOWR('%', 2, struct bfk_run_args)
#define BFK_RESET _IOWR('%', 3, struct bfk_reset_args)
#define BFK_DUMP _IOWR('%', 4, struct bfk_dump_args)

#endif
