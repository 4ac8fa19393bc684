/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * libbfk: run bfk programs in the kernel, or in this process with the same result.
 *
 * Every function that can fail returns 0 or more, or -errno. The library prints nothing and
 * never exits. A struct bfk is used by one thread at a time; different ones are independent.
 * Strings returned are constant and need no free, except where it is said.
 */
#ifndef LIBBFK_H
#define LIBBFK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
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
 * @error_off: load: byte of the source it is at
 * @engine: enum bfk_engine that is really used: the interpreter when the arena was full
 * @n_ops: load: ops after the rewrites
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

/* Loads source (borrowed during the call). flags: BFK_LOAD_*; allowed: BFK_ALLOW_*. */
int bfk_load(struct bfk *bfk, const void *source, size_t source_len, uint32_t flags,
	     uint32_t allowed, struct bfk_result *result);

/*
 * Starts the program with fds[i] in slot i (-1: empty), or continues a stopped one (n_fds 0).
 * Up to fuel loop iterations. Comes back with result->status; FUEL and SIGNAL can be continued
 * by calling again with n_fds = 0.
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
 * @text_off: offset in @text of each op
 * @n_ops: ops
 * @entry: distance of each static entry point from the start of the text, by enum bfk_entry
 */
struct bfk_listing {
	uint8_t *text;
	size_t text_len;
	uint32_t *text_off;
	size_t n_ops;
	int64_t entry[BFK_ENTRIES];
};

/* The machine code of the loaded program. -EPERM without CAP_SYS_ADMIN (kernel), -ENODATA if
 * it is interpreted. bfk_listing_free() frees what is inside. */
int bfk_dump(struct bfk *bfk, struct bfk_listing *listing);
void bfk_listing_free(struct bfk_listing *listing);

/**
 * struct bfk_source_op - one op of a program, for people
 * @kind: "add", "loop", "sys", ...
 * @letter: of a sys, else 0
 * @val: value of an add or set, factor of a muladd
 * @off: cell, relative to the head; distance of a move
 * @src: cell a muladd reads
 * @match: index of the other end of a loop
 * @source_off: where it came from
 */
struct bfk_source_op {
	const char *kind;
	char letter;
	uint8_t val;
	int16_t off;
	int16_t src;
	uint32_t match;
	uint32_t source_off;
};

/* Parses without loading. *ops is for the caller to free(). Needs no device. */
int bfk_parse_source(const void *source, size_t source_len, uint32_t flags, uint32_t allowed,
		     struct bfk_source_op **ops, size_t *n_ops, struct bfk_result *result);

/* What is offered at this place; *sysops is constant, *n_sysops entries. info->sysops is 0. */
int bfk_info(enum bfk_where where, struct bfk_info_args *info, const struct bfk_sysop_info **sysops,
	     size_t *n_sysops);

/* Names for people: "unbalanced ]", "out of fuel", "kernel-interp". */
const char *bfk_error_name(uint32_t error);
const char *bfk_status_name(uint32_t status);
const char *bfk_where_name(enum bfk_where where);

#ifdef __cplusplus
}
#endif

#endif
