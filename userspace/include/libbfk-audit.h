/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * libbfk-audit: checks that an image of machine code stays in the sandbox. It decodes the image
 * with capstone, and shares no code with the compiler. Manual page: bfk_audit(3).
 *
 * An image is accepted if
 *
 * 1. it consists of instructions from the list in audit.c from its first byte to its last, each
 *    with no other prefixes than it needs;
 * 2. memory is accessed only at [rbx + disp], disp from -32,768 to 32,767: one byte, or 8 bytes
 *    read;
 * 3. rbx is written only by adding to bx, rbp only by subtracting 1, and cl, r8, rsp and the rest
 *    never; al, r9b to r15b and the scratch registers hold data;
 * 4. each jump goes to an instruction of the image that is not inside a sequence below (the first
 *    one of a sequence is allowed), or to the static entry point where runs stop;
 * 5. each jump back has just paid a unit of fuel; if that was the last one, a stop follows;
 * 6. a stop names an existing op, and nothing else leads to it;
 * 7. calls go to the other static entry point, with the number of an existing op;
 * 8. each op, where runs start and resume, begins where a jump may land;
 * 9. the image ends with the call for the last op, which the host never continues.
 */
#ifndef LIBBFK_AUDIT_H
#define LIBBFK_AUDIT_H

#include <stddef.h>
#include <stdint.h>
#include <bfk/uapi.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * struct bfk_verdict - the result of an audit; written by the library
 * @off: offset in the image at which it was refused
 * @why: reason, for people; NULL: the image is accepted
 * @n_insns: number of instructions
 * @n_loops: number of jumps back that pay fuel
 * @n_calls: number of calls of the host
 * @n_loops: jumps back that take fuel
 * @n_calls: calls of the host
 * @reserved: zero
 */
struct bfk_verdict {
	size_t off;
	const char *why;
	size_t n_insns, n_loops, n_calls;
	size_t reserved[5];
};

/**
 * bfk_audit - check machine code against these rules; struct bfk_listing has all arguments
 * @text: the code, borrowed during the call
 * @text_len: bytes of it
 * @ops: the ops it was made from, borrowed during the call; only their text_off is used
 * @n_ops: how many
 * @entry: its static entry points, by enum bfk_entry, in bytes from the start of the text
 * @verdict: set, also after an error
 *
 * Return: 0, accepted; -ENOMEM; -ENOSYS capstone does not support x86; -EINVAL refused, with the
 * reason in verdict.
 */
int bfk_audit(const uint8_t *text, size_t text_len, const struct bfk_op *ops, size_t n_ops,
	      const int64_t *entry, struct bfk_verdict *verdict);

#ifdef __cplusplus
}
#endif

#endif
