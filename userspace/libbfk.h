/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * libbfk: run bfk programs in the kernel, or in this process with the same result.
 *
 * Every function that can fail returns 0 or more, or -errno. The library prints nothing and
 * never exits. A struct bfk is used by one thread at a time; different ones are independent.
 * The functions of a queue may be called from any thread.
 * Strings returned are constant and need no free, except where it is said.
 */
#ifndef LIBBFK_H
#define LIBBFK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <bfk/op.h>
#include <bfk/uapi.h>

#ifdef __cplusplus
extern "C" {
#endif

struct bfk;

/* Where a program runs. The first two need /dev/bfk. */
enum bfk_where {
	BFK_WHERE_KERNEL,	 /* machine code in the kernel */
	BFK_WHERE_KERNEL_INTERP, /* the kernel's interpreter */
	BFK_WHERE_JIT,		 /* machine code in this process */
	BFK_WHERE_INTERP,	 /* the interpreter in this process */
};

/**
 * struct bfk_result - what a load or a run gave
 * @error: load: enum bfk_error
 * @error_off: load: byte of the source it is at, or index of the op
 * @engine: enum bfk_engine that is really used: the interpreter if the arena, or the user's share
 *	of it, was full
 * @n_ops: load: ops of the program
 * @text_len: load: bytes of machine code
 * @status: run: enum bfk_status
 * @run: run: everything else the run reports, see struct bfk_run_args
 */
struct bfk_result {
	uint32_t error;
	uint32_t error_off;
	uint32_t engine;
	uint32_t n_ops;
	uint32_t text_len;
	uint32_t status;
	struct bfk_run_args run;
};

/* The lifecycle. bfk_create() gives *bfk, which bfk_destroy() frees (NULL is fine). */
int bfk_create(struct bfk **bfk, enum bfk_where where);
void bfk_destroy(struct bfk *bfk);

/* An instance whose descriptor somebody has handed over: fd is bfk's from then on, unless it fails. */
int bfk_adopt(struct bfk **bfk, int fd);

/*
 * Loads source, or with BFK_LOAD_OPS ops (source_len in bytes); both are borrowed during the call.
 * flags: BFK_LOAD_*; allowed: BFK_ALLOW_*.
 */
int bfk_load(struct bfk *bfk, const void *source, size_t source_len, uint32_t flags,
	     uint32_t allowed, struct bfk_result *result);

/* bfk_load() with BFK_LOAD_OPS added to flags, for what bfk_compile() made. */
int bfk_load_ops(struct bfk *bfk, const struct bfk_op *ops, size_t n_ops, uint32_t flags,
		 uint32_t allowed, struct bfk_result *result);

/*
 * Starts the program with fds[i] in slot i (-1: empty), or continues a stopped one (n_fds 0). Runs
 * until loops have jumped back fuel times. Returns with result->status set; after FUEL and SIGNAL
 * another call with n_fds = 0 continues.
 */
int bfk_run(struct bfk *bfk, const int *fds, unsigned int n_fds, uint64_t fuel,
	    struct bfk_result *result);

/* Back to the first op. flags: BFK_RESET_*. */
int bfk_reset(struct bfk *bfk, uint32_t flags);

/* The tape: 65,536 bytes that the program and the caller share; valid until bfk_destroy(). */
int bfk_tape(struct bfk *bfk, uint8_t **tape);

/* The descriptor of /dev/bfk behind it, owned by bfk; -ENODEV for the engines in this process. */
int bfk_fd(const struct bfk *bfk);

/**
 * struct bfk_listing - machine code and where it comes from
 * @text: the code
 * @text_len: bytes of it
 * @ops: the ops it was made of; text_off says where in @text the code of each starts
 * @n_ops: ops
 * @entry: distance of each static entry point from the start of the text, by enum bfk_entry
 */
struct bfk_listing {
	uint8_t *text;
	size_t text_len;
	struct bfk_op *ops;
	size_t n_ops;
	int64_t entry[BFK_ENTRIES];
};

/* The machine code of the loaded program. -EPERM without CAP_SYS_ADMIN (kernel), -ENODATA if
 * it is interpreted. bfk_listing_free() frees what is inside. */
int bfk_dump(struct bfk *bfk, struct bfk_listing *listing);
void bfk_listing_free(struct bfk_listing *listing);

/* What the optimiser may do; a level is a set of these. Told in bfk(1). */
enum bfk_pass {
	BFK_PASS_BLOCKS = 1, /* offsets, constants, dead stores and multiply loops of whole blocks */
	BFK_PASS_IFS = 2,    /* loops that run at most once */
	BFK_PASS_SCANS = 4,  /* eight cells at a time in loops that only move */
	BFK_PASS_UNROLL = 8,  /* loops that move the head, four turns in one */
	BFK_PASS_REGS = 16,   /* cells in registers */
	BFK_PASS_ZEROED = 32, /* no pass, but a promise: the tape is zero when the program starts */
	BFK_LEVEL_0 = 0,
	BFK_LEVEL_1 = BFK_PASS_BLOCKS | BFK_PASS_IFS,
	BFK_LEVEL_2 = BFK_LEVEL_1 | BFK_PASS_SCANS | BFK_PASS_UNROLL | BFK_PASS_REGS,
};

/*
 * Source to ops, for bfk_load_ops(): what bfk_load() does first, and then the passes. *ops is for
 * the caller to free(). Errors are those of bfk_load(). With BFK_LOAD_OPS it copies and checks
 * them, and passes are 0. Needs no device.
 *
 * Whoever looks at the tape while a run is stopped, or writes to it then, asks for no passes.
 * BFK_PASS_ZEROED is for programs that start on the tape as bfk_load() left it: it is not for
 * those whose tape is filled first, or that are reset with BFK_RESET_KEEP_TAPE.
 */
int bfk_compile(const void *source, size_t source_len, uint32_t flags, uint32_t allowed,
		uint32_t passes, struct bfk_op **ops, size_t *n_ops, struct bfk_result *result);

/* bfk_compile() and bfk_load_ops() in one; with no passes bfk_load(). */
int bfk_load_optimised(struct bfk *bfk, const void *source, size_t source_len, uint32_t flags,
		       uint32_t allowed, uint32_t passes, struct bfk_result *result);

/*
 * --- runs that go on by themselves ---------------------------------------------------------------
 *
 * A queue takes runs and gives completions. Those in the kernel go over io_uring, if the kernel
 * and whoever rules it allow that, all others over a thread each: the results are the same. While
 * an instance is in flight, from bfk_submit() until its completion is fetched, the other functions refuse
 * it with -EBUSY; bfk_tape() and bfk_fd() work, and bfk_destroy() stops it and waits for that.
 *
 * A queue belongs to the process that created it. A child of fork(2) must not touch its copy.
 */
struct bfk_queue;

#define BFK_QUEUE_MAX 4096u	    /* n_max of bfk_queue_create() */
#define BFK_QUEUE_THREADS (1u << 0) /* do without io_uring */

/* What had a run: enum bfk_via in struct bfk_completion. */
enum bfk_via { BFK_VIA_URING, BFK_VIA_THREAD };

/**
 * struct bfk_completion - how a run in flight ended
 * @bfk: what ran; not in flight any more
 * @user_data: as it was given to bfk_submit()
 * @err: 0, or the -errno with which the run was refused
 * @via: enum bfk_via
 * @result: what bfk_run() would have given. BFK_STATUS_SIGNAL: it was cancelled, and can be continued
 */
struct bfk_completion {
	struct bfk *bfk;
	void *user_data;
	int err;
	uint32_t via;
	struct bfk_result result;
};

/*
 * Gives *queue, for at most n_max runs in flight, which bfk_queue_destroy() frees. flags: BFK_QUEUE_*.
 * -EINVAL: unknown flags, n_max is 0 or above BFK_QUEUE_MAX. -ENOMEM, -EMFILE, -ENFILE.
 */
int bfk_queue_create(struct bfk_queue **queue, unsigned int n_max, uint32_t flags);

/*
 * Stops what is in flight, waits for that, and forgets completions. Instances stay, and stopped
 * ones can be continued. NULL is fine. No other thread may use the queue any more.
 */
void bfk_queue_destroy(struct bfk_queue *queue);

/*
 * A descriptor for poll(2): readable whenever bfk_wait() may have something to do. It stays the
 * queue's, and only bfk_wait() reads it.
 */
int bfk_queue_fd(const struct bfk_queue *queue);

/*
 * bfk_run(), but comes back at once; bfk_wait() tells the end. The instance is borrowed until then. fds are
 * not needed any more when it returns, nor are the files: the run has them.
 * -EBUSY: the instance is in flight. -EAGAIN: n_max are, or there is no thread to be had. With
 * n_fds > 0 the errors of bfk_run(), too; with none those are told by the completion.
 */
int bfk_submit(struct bfk_queue *queue, struct bfk *bfk, const int *fds, unsigned int n_fds,
	       uint64_t fuel, void *user_data);

/*
 * Fetches one completion, in the order in which they were noticed. timeout_ns < 0: waits as long as it takes.
 * -ENOENT: nothing is in flight. -ETIME: nothing ended in that time. -EINTR: a signal handler ran.
 */
int bfk_wait(struct bfk_queue *queue, int64_t timeout_ns, struct bfk_completion *completion);

/*
 * Asks a run to stop; NULL: all there are. There will be a completion all the same: with
 * BFK_STATUS_SIGNAL, or how it ended if it was faster. -ENOENT: not in flight here. -EAGAIN: no timer to be had.
 */
int bfk_cancel(struct bfk_queue *queue, struct bfk *bfk);

/**
 * struct bfk_service - what to ask bfkd(8) for
 * @socket: where it listens; NULL: /run/bfkd.sock
 * @flags: BFK_LOAD_PLAIN, _INTERP, _EOF_255, _EOF_KEEP
 * @allowed: operations the program may contain, as far as its policy allows them too
 * @passes: BFK_PASS_*
 * @tape: first cells of the tape, or NULL
 * @tape_len: how many
 * @message: out: why it refused, for people; empty if it did not, or could not be asked
 */
struct bfk_service {
	const char *socket;
	uint32_t flags, allowed, passes;
	const void *tape;
	size_t tape_len;
	char message[216];
};

/*
 * bfk_create() and bfk_load_optimised() in one, done by bfkd, where /dev/bfk cannot be opened:
 * the instance is sealed, so another load is -EPERM. It runs here, like any other.
 */
int bfk_open_service(struct bfk **bfk, struct bfk_service *service, const void *source,
		     size_t source_len, struct bfk_result *result);

/* What is offered at this place. */
int bfk_info(enum bfk_where where, struct bfk_info_args *info);

/* An operation, as people call it. */
struct bfk_sysop {
	char letter;
	const char *name;
	const char *family;
};

/* The operation of a letter that this library knows, NULL if there is none. */
const struct bfk_sysop *bfk_sysop(char letter);

/* Names for people: "unbalanced ]", "out of fuel", "kernel-interp", "muladd". */
const char *bfk_error_name(uint32_t error);
const char *bfk_status_name(uint32_t status);
const char *bfk_where_name(enum bfk_where where);
const char *bfk_op_name(uint8_t kind);

#ifdef __cplusplus
}
#endif

#endif
