// SPDX-License-Identifier: GPL-2.0
/*
 * abi   the place of every field of the ABI, and every number in it, as lines of an assembly file,
 * which abi.sh reads. Nothing here is run: many 64-bit kernels cannot run 32-bit programs.
 */
#include <stddef.h>
#include "bfk/uapi.h"
#include "jit/op.h"

#define LINE(text, value) asm volatile("\n-> " text " %0" ::"i"((long long)(value)))

#define STRUCT(type) LINE("struct " #type, sizeof(struct type))
#define FIELD(type, name)                                \
	LINE("off " #name, offsetof(struct type, name)); \
	LINE("len " #name, sizeof(((struct type *)0)->name))
#define IOCTL(name) LINE("ioctl " #name, name)
#define NUMBER(name) LINE("number " #name, name)

void abi(void)
{
	STRUCT(bfk_op);
	FIELD(bfk_op, kind);
	FIELD(bfk_op, val);
	FIELD(bfk_op, reg);
	FIELD(bfk_op, src_reg);
	FIELD(bfk_op, off);
	FIELD(bfk_op, src_off);
	FIELD(bfk_op, match);
	FIELD(bfk_op, source_off);
	FIELD(bfk_op, text_off);

	STRUCT(bfk_info_args);
	FIELD(bfk_info_args, abi_version);
	FIELD(bfk_info_args, ops_version);
	FIELD(bfk_info_args, features);
	FIELD(bfk_info_args, sysops);
	FIELD(bfk_info_args, tape_cells);
	FIELD(bfk_info_args, slots);
	FIELD(bfk_info_args, source_max_len);
	FIELD(bfk_info_args, ops_max);
	FIELD(bfk_info_args, text_len);
	FIELD(bfk_info_args, text_free_len);
	FIELD(bfk_info_args, reserved);

	STRUCT(bfk_load_args);
	FIELD(bfk_load_args, source);
	FIELD(bfk_load_args, source_len);
	FIELD(bfk_load_args, flags);
	FIELD(bfk_load_args, tape);
	FIELD(bfk_load_args, tape_len);
	FIELD(bfk_load_args, allowed);
	FIELD(bfk_load_args, error);
	FIELD(bfk_load_args, error_off);
	FIELD(bfk_load_args, engine);
	FIELD(bfk_load_args, n_ops);
	FIELD(bfk_load_args, text_len);
	FIELD(bfk_load_args, ops_version);

	STRUCT(bfk_run_args);
	FIELD(bfk_run_args, fds);
	FIELD(bfk_run_args, n_fds);
	FIELD(bfk_run_args, flags);
	FIELD(bfk_run_args, fuel);
	FIELD(bfk_run_args, status);
	FIELD(bfk_run_args, exit_code);
	FIELD(bfk_run_args, source_off);
	FIELD(bfk_run_args, head);
	FIELD(bfk_run_args, engine);
	FIELD(bfk_run_args, fail_off);
	FIELD(bfk_run_args, fail_errno);
	FIELD(bfk_run_args, fail_letter);
	FIELD(bfk_run_args, sysops);
	FIELD(bfk_run_args, read_len);
	FIELD(bfk_run_args, write_len);

	STRUCT(bfk_reset_args);
	FIELD(bfk_reset_args, flags);
	FIELD(bfk_reset_args, reserved);

	STRUCT(bfk_dump_args);
	FIELD(bfk_dump_args, text);
	FIELD(bfk_dump_args, ops);
	FIELD(bfk_dump_args, text_len);
	FIELD(bfk_dump_args, n_ops);
	FIELD(bfk_dump_args, entry);

	STRUCT(bfk_frame);
	FIELD(bfk_frame, go);
	FIELD(bfk_frame, err);
	FIELD(bfk_frame, slot);
	FIELD(bfk_frame, arg);
	FIELD(bfk_frame, cap);
	FIELD(bfk_frame, len);
	FIELD(bfk_frame, off);

	IOCTL(BFK_INFO);
	IOCTL(BFK_LOAD);
	IOCTL(BFK_RUN);
	IOCTL(BFK_RESET);
	IOCTL(BFK_DUMP);

	NUMBER(BFK_ABI_VERSION);
	NUMBER(BFK_OPS_VERSION);
	NUMBER(BFK_OP_END);
	NUMBER(BFK_OP_IN);
	NUMBER(BFK_OP_OUT);
	NUMBER(BFK_OP_SYS);
	NUMBER(BFK_OP_NEXT);
	NUMBER(BFK_OP_IF);
	NUMBER(BFK_OP_IF8);
	NUMBER(BFK_OP_LABEL);
	NUMBER(BFK_OP_MOVE);
	NUMBER(BFK_OP_ADD);
	NUMBER(BFK_OP_SET);
	NUMBER(BFK_OP_MULADD);
	NUMBER(BFK_OP_MUL);
	NUMBER(BFK_OP_KINDS);
	NUMBER(BFK_OP_REGS);
	NUMBER(BFK_OP_HOST_MAX);
	NUMBER(BFK_ERROR_NONE);
	NUMBER(BFK_ERROR_UNOPENED);
	NUMBER(BFK_ERROR_UNCLOSED);
	NUMBER(BFK_ERROR_UNKNOWN_OP);
	NUMBER(BFK_ERROR_DENIED_OP);
	NUMBER(BFK_ERROR_TOO_LONG);
	NUMBER(BFK_ERROR_BAD_OP);
	NUMBER(BFK_ERROR_BAD_MATCH);
	NUMBER(BFK_ENGINE_JIT);
	NUMBER(BFK_ENGINE_INTERP);
	NUMBER(BFK_STATUS_END);
	NUMBER(BFK_STATUS_QUIT);
	NUMBER(BFK_STATUS_FAILED);
	NUMBER(BFK_STATUS_FUEL);
	NUMBER(BFK_STATUS_SIGNAL);
	NUMBER(BFK_STATUS_OP);
	NUMBER(BFK_FEATURE_JIT);
	NUMBER(BFK_FEATURE_URING);
	NUMBER(BFK_FEATURE_STOP_OPS);
	NUMBER(BFK_LOAD_PLAIN);
	NUMBER(BFK_LOAD_INTERP);
	NUMBER(BFK_LOAD_EOF_255);
	NUMBER(BFK_LOAD_EOF_KEEP);
	NUMBER(BFK_LOAD_SEAL);
	NUMBER(BFK_LOAD_OPS);
	NUMBER(BFK_LOAD_FLAGS);
	NUMBER(BFK_ALLOW_ALL);
	NUMBER(BFK_FUEL_UNLIMITED);
	NUMBER(BFK_RUN_STOP_OPS);
	NUMBER(BFK_RESET_KEEP_TAPE);
	NUMBER(BFK_ENTRY_HOST);
	NUMBER(BFK_ENTRY_STOP);
	NUMBER(BFK_ENTRIES);
}
