/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * libbfk-audit: is this image of machine code one that the sandbox allows? By a decoder that shares
 * no code with what made it (capstone). Manual page: bfk_audit(3).
 *
 * An image is accepted if
 *
 * 1. it is instructions from the list in audit.c from its first byte to its last, each with no other
 *    prefix than it needs;
 * 2. memory is reached by [rbx + disp] only, disp from -32,768 to 32,767, a byte, or 8 bytes read;
 * 3. rbx is written by adding to bx only, rbp by subtracting 1, and cl, r8, rsp and the rest not at
 *    all; al, r9b to r15b and what scratch registers there are hold data;
 * 4. each jump lands on an instruction of the image that is no part of a sequence below but its first,
 *    or leaves for the static entry point where runs stop;
 * 5. what jumps back has just taken a unit of fuel, and when that was the last one it goes on to a
 *    stop;
 * 6. a stop names an op that there is, and nothing else leads to it;
 * 7. the other static entry point is called with the number of an op that there is;
 * 8. each op, where runs are started and resumed, begins where a jump may land;
 * 9. it ends with the call for the last op, after which the host never continues.
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
 * @off: where it was refused, in the image
 * @why: why, for people; NULL: it was not
 * @n_insns: instructions
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
 * bfk_audit - hold machine code against these rules; all of the arguments are in struct bfk_listing
 * @text: the code, borrowed during the call
 * @text_len: bytes of it
 * @ops: the ops it was made of, borrowed during the call; only their text_off is used
 * @n_ops: how many they are
 * @entry: where its static entry points lie, by enum bfk_entry, in bytes from its first
 * @verdict: set, also after an error
 *
 * Return: 0, accepted; -ENOMEM; -ENOSYS capstone does not know x86; -EINVAL refused, and verdict says
 * why.
 */
int bfk_audit(const uint8_t *text, size_t text_len, const struct bfk_op *ops, size_t n_ops,
	      const int64_t *entry, struct bfk_verdict *verdict);

#ifdef __cplusplus
}
#endif

#endif
