/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The protocol between bfkd and its clients, over a Unix stream socket, in the byte order of the
 * machine. bfkd(8) documents it.
 *
 * A client sends one request, source_len bytes of source and tape_len cells of tape, and gets one
 * reply. If err in the reply is 0, the first byte carries the descriptor of the instance. Then bfkd
 * closes the connection. It may refuse before the client has sent everything.
 *
 * Invariants:
 * 1. Structs have no holes, and their sizes are fixed for each version.
 */
#ifndef BFK_SERVICE_H
#define BFK_SERVICE_H

#include <assert.h>
#include <stdint.h>

#define SERVICE_SOCKET "/run/bfkd.sock"
#define SERVICE_MAGIC 0x444b4642u /* "BFKD" */
#define SERVICE_VERSION 1

/**
 * struct service_request - what a client asks for
 * @magic: SERVICE_MAGIC
 * @version: SERVICE_VERSION
 * @flags: BFK_LOAD_PLAIN, _INTERP, _EOF_255, _EOF_KEEP
 * @passes: BFK_PASS_*
 * @allowed: operations the program may contain, if policy allows them too
 * @source_len: bytes of source that follow
 * @tape_len: cells of tape that follow the source
 * @reserved: zero
 */
struct service_request {
	uint32_t magic, version, flags, passes, allowed, source_len, tape_len, reserved;
};

/**
 * struct service_reply - the answer to a request
 * @magic: SERVICE_MAGIC
 * @version: SERVICE_VERSION
 * @err: 0, or an errno
 * @error: enum bfk_error: why the program was refused
 * @error_off: byte offset of the error in the source
 * @line: line of the error, from 1; 0 if the error has no place in the source
 * @col: its column in bytes, from 1
 * @engine: enum bfk_engine
 * @n_ops: ops of the program
 * @text_len: bytes of its machine code
 * @message: error message for people, after LINE:COL: if the error has a place; zero-terminated
 */
struct service_reply {
	uint32_t magic, version, err, error, error_off, line, col, engine, n_ops, text_len;
	char message[216];
};

static_assert(sizeof(struct service_request) == 32 && sizeof(struct service_reply) == 256, "ABI");

#endif
