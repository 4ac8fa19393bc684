/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * libbfk: run bfk programs in the kernel, or in this process with the same result.
 *
 * Every function that returns int and can fail returns 0 or more, or -errno; errors are listed in
 * the order in which they are checked. The library prints nothing and never exits. Only one thread
 * at a time may use a struct bfk; different ones are independent. The functions of a queue may be
 * called from any thread. Returned strings are constant and never freed.
 *
 * How the library grows without breaking programs that are linked to it:
 *   - No struct of the kernel is part of one below. What the kernel reports is copied field by
 *     field, so bfk/uapi.h can grow independently.
 *   - Structs that a program allocates keep their size. New fields take the place of reserved ones.
 *     Where the library writes the struct, reserved fields are zero: an older library reports
 *     nothing there. Where the program writes it, they must be zero (-EINVAL).
 *   - Structs that the library allocates (struct bfk_sysop) get new fields at the end: use them
 *     only through the pointer, and do not rely on their size.
 *   - struct bfk_op is versioned by BFK_OPS_VERSION. If that changes, the functions that take or
 *     return ops get new symbol versions, and programs linked earlier keep the old ops.
 */
#ifndef LIBBFK_H
#define LIBBFK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <bfk/op.h>
#include <bfk/uapi.h>
#include "libbfk-frame.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header: 0x010203 is 1.2.3. `make install` writes the number here. */
#ifndef BFK_VERSION
#define BFK_VERSION 0xMMmmpp
#endif

/**
 * bfk_version - the version of the library that is linked
 *
 * Return: the version, encoded like BFK_VERSION, the version of the header the caller was built
 * with.
 */
uint32_t bfk_version(void);

struct bfk;

/**
 * enum bfk_where - where a program runs; the first two need /dev/bfk
 * @BFK_WHERE_KERNEL: machine code in the kernel
 * @BFK_WHERE_KERNEL_INTERP: the kernel's interpreter
 * @BFK_WHERE_JIT: machine code in this process; only on x86-64, elsewhere -EOPNOTSUPP
 * @BFK_WHERE_INTERP: the interpreter in this process
 */
enum bfk_where {
	BFK_WHERE_KERNEL,
	BFK_WHERE_KERNEL_INTERP,
	BFK_WHERE_JIT,
	BFK_WHERE_INTERP,
};

/**
 * struct bfk_result - results of an instance's last load and last run; written by the library
 * @error: load: enum bfk_error
 * @error_off: load: byte offset of the error in the source, or index of the bad op
 * @n_ops: load: ops of the program; 0 if another process loaded it
 * @text_len: load: bytes of machine code; 0 like n_ops
 * @engine: enum bfk_engine actually in use: the interpreter if the arena, or the user's share of
 *	it, was full
 * @status: run: enum bfk_status
 * @exit_code: run: exit status set by %q, else 0
 * @source_off: run: byte offset in the source of the next op
 * @source_off: run: byte offset in the source of the op to be done next
 * @head: run: index of the current cell
 * @fail_errno: run: errno of the last operation, 0 if it did not fail
 * @fail_letter: run: its letter, or ',' or '.'; 0 if it did not fail
 * @fail_off: run: its byte offset in the source
 * @fuel_left: run: fuel left, in jumps back of loops
 * @sysops: run: %-operations done since the run started (not counting skipped ones)
 * @read_len: run: bytes read since the run started
 * @write_len: run: bytes written since the run started
 * @reserved: zero
 *
 * A run keeps the fields of the load. A load, and an error of bfk_run(), set the fields of the run
 * to zero.
 */
struct bfk_result {
	uint32_t error, error_off, n_ops, text_len;
	uint32_t engine, status, exit_code, source_off;
	uint32_t head, fail_errno, fail_letter, fail_off;
	uint64_t fuel_left, sysops, read_len, write_len;
	uint64_t reserved[8];
};

/**
 * bfk_create - create an instance without a program
 * @bfk: set to the instance, which bfk_destroy() frees; NULL after an error
 * @where: where its programs run
 *
 * Return: 0; -EINVAL @where is unknown; -EOPNOTSUPP no machine code on this architecture; -ENOMEM;
 * for the kernel's engines, what open(2) of /dev/bfk returns; for the others, what memfd_create(2),
 * ftruncate(2) or mmap(2) returns.
 */
int bfk_create(struct bfk **bfk, enum bfk_where where);

/**
 * bfk_destroy - free an instance and everything that belongs to it
 * @bfk: the instance; NULL does nothing. If it is in flight, its run is stopped and waited for, and
 *	no completion is reported
 */
void bfk_destroy(struct bfk *bfk);

/**
 * bfk_adopt - create an instance from a descriptor of /dev/bfk opened elsewhere
 * @bfk: set to the instance, which bfk_destroy() frees; NULL after an error
 * @fd: the descriptor, owned by the instance from then on; after an error still by the caller
 *
 * Return: 0; -EBADF it is not open; -ENOTTY, or another errno of ioctl(2), it is no /dev/bfk;
 * -ENOMEM.
 */
int bfk_adopt(struct bfk **bfk, int fd);

/**
 * bfk_load - load a program from source, and clear the tape
 * @bfk: the instance; after an error it keeps its old program and tape
 * @source: the source, or with BFK_LOAD_OPS an array of ops; borrowed during the call
 * @source_len: length of @source in bytes
 * @flags: BFK_LOAD_*
 * @allowed: operations the program may contain, BFK_ALLOW_ALL or less
 * @result: set, also after an error: if the program is at fault, error is the reason
 *
 * Return: 0; -EBUSY it is in flight; -EPERM it is sealed; -EINVAL unknown or conflicting flags,
 * unknown bits in allowed; -E2BIG the program is too long; -EINVAL the array of ops is cut off;
 * -ENOMEM; -EINVAL an op that this version does not have; -ENOEXEC an unbalanced bracket or a bad
 * jump; -ENOSYS '%' without the letter of an operation; -EACCES an operation that is not allowed,
 * or the system lets no process make memory executable; -EBUSY another call is in progress in the
 * kernel.
 */
int bfk_load(struct bfk *bfk, const void *source, size_t source_len, uint32_t flags,
	     uint32_t allowed, struct bfk_result *result);

/**
 * bfk_load_ops - bfk_load() with BFK_LOAD_OPS added to flags
 * @bfk: the instance
 * @ops: made by bfk_compile() or by the caller; borrowed during the call
 * @n_ops: how many
 * @flags: BFK_LOAD_*
 * @allowed: operations the program may contain
 * @result: set, also after an error
 *
 * Return: what bfk_load() returns.
 */
int bfk_load_ops(struct bfk *bfk, const struct bfk_op *ops, size_t n_ops, uint32_t flags,
		 uint32_t allowed, struct bfk_result *result);

/**
 * bfk_run - start the program, or continue it
 * @bfk: the instance
 * @fds: to start: fds[i] goes to slot i, -1 leaves it empty. The run holds its own references to
 *	the files, so the caller may close its descriptors at once
 * @n_fds: how many, at most 64; 0 to continue
 * @fuel: jumps back of loops until the run stops, or BFK_FUEL_UNLIMITED
 * @flags: BFK_RUN_*; with BFK_RUN_STOP_OPS the run also stops once before each %-operation
 * @result: set, also after an error
 *
 * After BFK_STATUS_FUEL, BFK_STATUS_SIGNAL and BFK_STATUS_OP another call with n_fds = 0 continues
 * the run. After any other status the run is over. At BFK_STATUS_OP, result->source_off and
 * result->head give the place of the next operation and of its frame.
 *
 * Return: 0, with result->status; -EBUSY the instance is in flight; -EACCES the caller is under
 * seccomp (kernel); -EINVAL more than 64 files; -EFAULT fds is a bad address (kernel); -EBUSY
 * another call is in progress (kernel); -EINVAL unknown flags; -ENOEXEC no program is loaded;
 * -EINVAL files when continuing; -EPERM another process started the run; -EBADFD it is over; -EBADF
 * one of fds is not open, or was opened with O_PATH; -EINVAL one of them is an instance of bfk;
 * -EMFILE no descriptors left for the library's own references (in this process).
 */
int bfk_run(struct bfk *bfk, const int *fds, unsigned int n_fds, uint64_t fuel, uint32_t flags,
	    struct bfk_result *result);

/**
 * bfk_run_to_end - bfk_run() that signals do not interrupt, with a time limit
 * @bfk: the instance
 * @fds: as in bfk_run()
 * @n_fds: as in bfk_run()
 * @fuel: as in bfk_run(), for the whole run
 * @flags: as in bfk_run()
 * @timeout_ns: time limit; negative: none
 * @result: set, also after an error
 *
 * Returns when the run is over or out of fuel, or at an operation with BFK_RUN_STOP_OPS.
 *
 * The run has its own thread, as bfk_submit() with BFK_QUEUE_THREADS would give it, while the
 * caller sleeps. So what interrupts bfk_run(), such as a stop of the process or a debugger, does
 * not end it, but a signal handler that runs on the calling thread does. When the time is up or a
 * handler has run, the run is cancelled, and this function returns once the run has stopped: at
 * once, unless the run waits for a file in an uninterruptible way.
 *
 * Return: 0, with result->status, which is not BFK_STATUS_SIGNAL; -ETIME the time is up, or -EINTR
 * a signal handler ran, both with BFK_STATUS_SIGNAL: another call with n_fds = 0 and
 * fuel = result->fuel_left continues the run; -EMFILE, -ENFILE or -ENOMEM the queue cannot be
 * created; what bfk_run() returns; -EAGAIN no thread or no real-time signal is available.
 */
int bfk_run_to_end(struct bfk *bfk, const int *fds, unsigned int n_fds, uint64_t fuel,
		   uint32_t flags, int64_t timeout_ns, struct bfk_result *result);

/**
 * bfk_interrupt - have a run return, with BFK_STATUS_SIGNAL
 * @bfk: the instance. The run of one that is in flight is stopped by bfk_cancel() instead
 *
 * For signal handlers, which may call it at any moment between bfk_create() and bfk_destroy(); another
 * thread may too. The run that is under way returns, and can be continued: before its next operation, or
 * after at most a million jumps back of loops. If none is under way the next one returns at once.
 *
 * The engines in this process need this to be stopped while they compute; those in the kernel look at the
 * signals of their thread, so there it matters only to a run that begins afterwards. A system call that
 * waits is ended by the signal itself, if its handler is without SA_RESTART, and not by this.
 */
void bfk_interrupt(struct bfk *bfk);

/**
 * bfk_reset - end a run, return the program to its first op, and clear the tape
 * @bfk: the instance
 * @flags: BFK_RESET_*
 *
 * Return: 0; -EBUSY as bfk_run(); -EINVAL unknown flags.
 */
int bfk_reset(struct bfk *bfk, uint32_t flags);

/**
 * bfk_tape - get the tape
 * @bfk: the instance
 * @tape: set to 65,536 bytes shared by the program and the caller, valid until bfk_destroy()
 *
 * Return: 0, or what mmap(2) returns.
 */
int bfk_tape(struct bfk *bfk, uint8_t **tape);

/**
 * bfk_fd - get the descriptor of /dev/bfk of an instance
 * @bfk: the instance, which owns the descriptor
 *
 * Return: the descriptor; -ENODEV for the engines in this process.
 */
int bfk_fd(const struct bfk *bfk);

/**
 * struct bfk_listing - machine code and the ops it was made from; written by the library
 * @text: the code
 * @text_len: bytes of it
 * @ops: the ops; text_off of each is where its code starts in @text
 * @n_ops: how many
 * @entry: distance of each static entry point from the start of the text, indexed by enum
 *	bfk_entry;
 *	the others are 0
 * @reserved: zero
 */
struct bfk_listing {
	uint8_t *text;
	size_t text_len;
	struct bfk_op *ops;
	size_t n_ops;
	int64_t entry[8];
	uint64_t reserved[4];
};

/**
 * bfk_dump - get the machine code of the loaded program
 * @bfk: the instance
 * @listing: set to copies, which bfk_listing_free() frees; empty after an error
 *
 * Return: 0; -EBUSY as bfk_run(); -EPERM the caller lacks CAP_SYS_ADMIN (kernel); -ENOEXEC no program
 * is loaded; -ENODATA it is interpreted; -ENOMEM.
 */
int bfk_dump(struct bfk *bfk, struct bfk_listing *listing);

/**
 * bfk_listing_free - free the arrays of a listing
 * @listing: what bfk_dump() has set; empty afterwards
 */
void bfk_listing_free(struct bfk_listing *listing);

/**
 * enum bfk_pass - passes of the optimiser; a level is a set of passes, described in bfk(1)
 * @BFK_PASS_BLOCKS: offsets, constants, dead stores and multiply loops of whole blocks
 * @BFK_PASS_IFS: loops that run at most once
 * @BFK_PASS_SCANS: loops that only move the head test eight cells at a time
 * @BFK_PASS_UNROLL: loops that move the head do four turns at once
 * @BFK_PASS_REGS: cells in registers
 * @BFK_PASS_ZEROED: no pass, but a promise: the tape is zero when the program starts
 * @BFK_LEVEL_0: no passes
 * @BFK_LEVEL_1: cheap passes
 * @BFK_LEVEL_2: all passes
 */
enum bfk_pass {
	BFK_PASS_BLOCKS = 1,
	BFK_PASS_IFS = 2,
	BFK_PASS_SCANS = 4,
	BFK_PASS_UNROLL = 8,
	BFK_PASS_REGS = 16,
	BFK_PASS_ZEROED = 32,
	BFK_LEVEL_0 = 0,
	BFK_LEVEL_1 = BFK_PASS_BLOCKS | BFK_PASS_IFS,
	BFK_LEVEL_2 = BFK_LEVEL_1 | BFK_PASS_SCANS | BFK_PASS_UNROLL | BFK_PASS_REGS,
};

/**
 * bfk_compile - compile source to ops for bfk_load_ops(): parse it as bfk_load() does, then run
 * passes
 * @source: the source, or with BFK_LOAD_OPS ops, which are copied and checked
 * @source_len: bytes of it
 * @flags: BFK_LOAD_*
 * @allowed: operations the program may contain
 * @passes: BFK_PASS_*; 0 with BFK_LOAD_OPS
 * @ops: set to an array for the caller to free(); NULL after an error
 * @n_ops: set to the number of ops
 * @result: set, also after an error, including its n_ops
 *
 * Needs no device. A caller that reads or writes the tape while a run is stopped must ask for no
 * passes. BFK_PASS_ZEROED is for programs that start on the tape as bfk_load() left it, not for
 * those whose tape is filled first or that are reset with BFK_RESET_KEEP_TAPE.
 *
 * Return: what bfk_load() returns, and first -EINVAL for unknown passes, or passes with
 * BFK_LOAD_OPS.
 */
int bfk_compile(const void *source, size_t source_len, uint32_t flags, uint32_t allowed,
		uint32_t passes, struct bfk_op **ops, size_t *n_ops, struct bfk_result *result);

/**
 * bfk_load_optimised - bfk_compile() and bfk_load_ops() in one; without passes, bfk_load()
 * @bfk: the instance
 * @source: as in bfk_compile()
 * @source_len: as in bfk_compile()
 * @flags: as in bfk_compile()
 * @allowed: as in bfk_compile()
 * @passes: as in bfk_compile()
 * @result: set, also after an error
 *
 * Return: what bfk_compile() and bfk_load_ops() return.
 */
int bfk_load_optimised(struct bfk *bfk, const void *source, size_t source_len, uint32_t flags,
		       uint32_t allowed, uint32_t passes, struct bfk_result *result);

/*
 * --- runs in the background ----------------------------------------------------------------------
 *
 * A queue takes runs and reports completions. Runs in the kernel use io_uring, if the kernel and
 * its administrator allow it, all others a thread each; the results are the same. While an instance
 * is in flight, from bfk_submit() until its completion is fetched, the other functions refuse it
 * with -EBUSY, except bfk_tape() and bfk_fd(), which work, and bfk_destroy(), which stops the run
 * and waits.
 *
 * A queue belongs to the process that created it. A child of fork(2) must not touch its copy.
 */
struct bfk_queue;

#define BFK_QUEUE_MAX 4096u	    /* n_max of bfk_queue_create() */
#define BFK_QUEUE_THREADS (1u << 0) /* never use io_uring */

/**
 * enum bfk_via - what executed a run
 * @BFK_VIA_URING: a worker of io_uring
 * @BFK_VIA_THREAD: a thread of the library
 */
enum bfk_via { BFK_VIA_URING, BFK_VIA_THREAD };

/**
 * struct bfk_completion - how a run in flight ended; written by the library
 * @bfk: the instance, no longer in flight
 * @user_data: as given to bfk_submit()
 * @err: 0, or the -errno with which the run was refused
 * @via: enum bfk_via
 * @result: if @err is 0, what bfk_run() would have returned. BFK_STATUS_SIGNAL: the run was
 *	cancelled and can be continued
 * @reserved: zero
 */
struct bfk_completion {
	struct bfk *bfk;
	void *user_data;
	int err;
	uint32_t via;
	struct bfk_result result;
	uint64_t reserved[4];
};

/**
 * bfk_queue_create - create a queue
 * @queue: set to the queue, which bfk_queue_destroy() frees; NULL after an error
 * @n_max: maximum number of runs in flight, up to BFK_QUEUE_MAX
 * @flags: BFK_QUEUE_*
 *
 * Return: 0; -EINVAL n_max is 0 or too large, or unknown flags; -ENOMEM; -EMFILE or -ENFILE no
 * descriptors left.
 */
int bfk_queue_create(struct bfk_queue **queue, unsigned int n_max, uint32_t flags);

/**
 * bfk_queue_destroy - stop all runs in flight, wait for them, and discard completions
 * @queue: the queue; NULL does nothing. No other thread may use it any more
 *
 * Instances remain, and stopped ones can be continued.
 */
void bfk_queue_destroy(struct bfk_queue *queue);

/**
 * bfk_queue_fd - get a descriptor for poll(2), readable whenever bfk_wait() may have work
 * @queue: the queue, which owns the descriptor; only bfk_wait() reads it
 *
 * Return: the descriptor.
 */
int bfk_queue_fd(const struct bfk_queue *queue);

/**
 * bfk_submit - bfk_run() that returns at once; bfk_wait() reports the completion
 * @queue: the queue
 * @bfk: the instance, borrowed until its completion is fetched
 * @fds: as in bfk_run(); neither the array nor the descriptors are needed after this returns
 * @n_fds: as in bfk_run()
 * @fuel: as in bfk_run()
 * @flags: as in bfk_run()
 * @user_data: passed to the completion
 *
 * Return: 0; -EBUSY the instance is in flight; -EAGAIN n_max runs are in flight; with n_fds > 0
 * what bfk_run() returns (with 0, the completion's err reports that); -EAGAIN no thread or no
 * real-time signal is available.
 */
int bfk_submit(struct bfk_queue *queue, struct bfk *bfk, const int *fds, unsigned int n_fds,
	       uint64_t fuel, uint32_t flags, void *user_data);

/**
 * struct bfk_submission - a run to submit; written by the caller
 * @bfk: as in bfk_submit()
 * @fds: as in bfk_submit()
 * @user_data: as in bfk_submit()
 * @fuel: as in bfk_submit()
 * @n_fds: as in bfk_submit()
 * @flags: as in bfk_submit()
 * @reserved: has to be zero
 */
struct bfk_submission {
	struct bfk *bfk;
	const int *fds;
	void *user_data;
	uint64_t fuel;
	uint32_t n_fds, flags;
	uint64_t reserved[4];
};

/**
 * bfk_submit_batch - bfk_submit() for several runs, with fewer system calls
 * @queue: the queue
 * @submissions: the runs, in this order; borrowed during the call
 * @n: how many
 *
 * Return: how many were submitted, the first ones; if none was, and @n is not 0, why the first was
 * refused: -EINVAL its reserved fields are not zero, or what bfk_submit() returns.
 */
int bfk_submit_batch(struct bfk_queue *queue, const struct bfk_submission *submissions,
		     unsigned int n);

/**
 * bfk_wait - fetch one completion, in the order in which they were noticed
 * @queue: the queue
 * @timeout_ns: time limit; negative: none
 * @completion: set if the function returns 0
 *
 * Return: 0; -ENOENT nothing is in flight; -EINTR a signal handler ran; -ETIME no run completed
 * within the time limit.
 */
int bfk_wait(struct bfk_queue *queue, int64_t timeout_ns, struct bfk_completion *completion);

/**
 * bfk_wait_batch - fetch completions: waits for one, and takes those that are there besides
 * @queue: the queue
 * @timeout_ns: as in bfk_wait()
 * @completions: set, as many as there are
 * @n: room for so many, not 0
 *
 * Return: how many, 1 to @n; -EINVAL @n is 0; what bfk_wait() returns.
 */
int bfk_wait_batch(struct bfk_queue *queue, int64_t timeout_ns, struct bfk_completion *completions,
		   unsigned int n);

/**
 * bfk_cancel - ask a run to stop
 * @queue: the queue
 * @bfk: the instance; NULL: all that are in flight in @queue
 *
 * A completion still follows: with BFK_STATUS_SIGNAL, or with the run's own result if it ended
 * first.
 *
 * Return: 0; -ENOENT it is not in flight here; -EAGAIN no timer is available.
 */
int bfk_cancel(struct bfk_queue *queue, struct bfk *bfk);

/* --- the service, and information ------------------------------------------------------------------ */

/**
 * struct bfk_service - a request to bfkd(8); written by the caller, except @message
 * @socket: path of its socket; NULL: /run/bfkd.sock
 * @tape: first cells of the tape, borrowed during the call; or NULL
 * @tape_len: number of cells
 * @flags: BFK_LOAD_PLAIN, _INTERP, _EOF_255, _EOF_KEEP
 * @allowed: operations the program may contain; the service's policy may allow fewer
 * @passes: BFK_PASS_*
 * @timeout_ms: how long all of it may take; 0: as long as it takes
 * @reserved: must be zero
 * @message: out: why bfkd refused, for people; empty if it did not, or could not be reached
 */
struct bfk_service {
	const char *socket;
	const void *tape;
	size_t tape_len;
	uint32_t flags, allowed, passes, timeout_ms, reserved[12];
	char message[216];
};

/**
 * bfk_open_service - bfk_create() and bfk_load_optimised() in one, done by bfkd(8)
 * @bfk: set to the instance, which runs in the caller like any other; NULL after an error
 * @service: the request
 * @source: the source, borrowed during the call
 * @source_len: bytes of it
 * @result: set, also after an error
 *
 * For callers that cannot open /dev/bfk. The instance is sealed, so another load returns -EPERM.
 *
 * Return: 0; -EINVAL reserved fields are not zero; -E2BIG a length does not fit 32 bits;
 * -ENAMETOOLONG the path of the socket is too long; what socket(2) and connect(2) return;
 * -ETIME timeout_ms is over; -ECONNRESET the service closed the connection; -EPROTO the reply is not bfkd's; the errno of the
 * reply; -ENOMEM.
 */
int bfk_open_service(struct bfk **bfk, struct bfk_service *service, const void *source,
		     size_t source_len, struct bfk_result *result);

/**
 * struct bfk_info - limits and features of an engine; written by the library
 * @abi_version: its BFK_ABI_VERSION
 * @ops_version: its BFK_OPS_VERSION
 * @features: BFK_FEATURE_*
 * @sysops: operations it has, bit i: 'a' + i
 * @tape_cells: cells of the ring
 * @slots: file slots
 * @source_max_len: bytes of source that can be loaded
 * @ops_max: ops that can be loaded
 * @text_len: bytes of the text arena; 0: it has none
 * @text_free_len: unused bytes of the arena
 * @reserved: zero
 */
struct bfk_info {
	uint32_t abi_version, ops_version;
	uint64_t features;
	uint32_t sysops, tape_cells, slots, source_max_len, ops_max, text_len, text_free_len;
	uint32_t reserved[21];
};

/**
 * bfk_info - get the limits and features of an engine
 * @where: the engine
 * @info: set; zero after an error
 *
 * Return: 0; -EINVAL @where is unknown; -EOPNOTSUPP no machine code on this architecture; what
 * open(2) of /dev/bfk returns.
 */
int bfk_info(enum bfk_where where, struct bfk_info *info);

/**
 * struct bfk_sysop - description of an operation, for people; allocated by the library
 * @letter: 'r' for %r
 * @name: "read"
 * @family: "file"
 * @meaning: what it does, in one line that names the fields of the frame
 */
struct bfk_sysop {
	char letter;
	const char *name;
	const char *family;
	const char *meaning;
};

/**
 * bfk_sysop - describe an operation
 * @letter: its letter
 *
 * Return: the description, constant; NULL if this library knows no such operation.
 */
const struct bfk_sysop *bfk_sysop(char letter);

/**
 * bfk_error_name - name an error of a load
 * @error: enum bfk_error
 *
 * Return: "unbalanced ]", or "unknown error".
 */
const char *bfk_error_name(uint32_t error);

/**
 * bfk_status_name - name the status of a run
 * @status: enum bfk_status
 *
 * Return: "out of fuel", or "unknown status".
 */
const char *bfk_status_name(uint32_t status);

/**
 * bfk_where_name - name an engine
 * @where: the engine
 *
 * Return: "kernel-interp", or "unknown engine".
 */
const char *bfk_where_name(enum bfk_where where);

/**
 * bfk_op_name - name an op
 * @kind: enum bfk_op_kind
 *
 * Return: "muladd", or "unknown op".
 */
const char *bfk_op_name(uint8_t kind);

#ifdef __cplusplus
}
#endif

#endif
