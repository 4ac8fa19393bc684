/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tracepoints bfk:bfk_sysop and bfk:bfk_run_end (run.c). Their fields are an interface, which
 * bfk(4) describes.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM bfk

#if !defined(BFK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define BFK_TRACE_H

#include <linux/tracepoint.h>
#include "run.h"

/* An operation is done: its frame as it is written back to the tape. */
TRACE_EVENT(bfk_sysop,
	    TP_PROTO(const struct bfk_run *run, const struct bfk_frame *frame, char letter),
	    TP_ARGS(run, frame, letter),
	    TP_STRUCT__entry(__field(u32, program) __field(u32, source_off) __field(char, letter)
				     __field(u8, go) __field(u8, err) __field(u8, slot)
					     __field(u8, arg) __field(u16, len) __field(u64, off)),
	    TP_fast_assign(__entry->program = run->program.crc;
			   __entry->source_off = run->program.ops[run->machine.op_ix].source_off;
			   __entry->letter = letter; __entry->go = frame->go;
			   __entry->err = frame->err; __entry->slot = frame->slot;
			   __entry->arg = frame->arg; __entry->len = frame->len;
			   __entry->off = frame->off;),
	    TP_printk("program=%08x source_off=%u %%%c go=%u err=%u slot=%u arg=%u len=%u off=%llu",
		      __entry->program, __entry->source_off, __entry->letter, __entry->go,
		      __entry->err, __entry->slot, __entry->arg, __entry->len, __entry->off));

/* A run has ended, by itself or not: its last report. */
TRACE_EVENT(bfk_run_end, TP_PROTO(u32 program, const struct bfk_run_args *report),
	    TP_ARGS(program, report),
	    TP_STRUCT__entry(__field(u32, program) __field(u32, status) __field(u32, exit_code)
				     __field(u64, sysops) __field(u64, read_len)
					     __field(u64, write_len)),
	    TP_fast_assign(__entry->program = program; __entry->status = report->status;
			   __entry->exit_code = report->exit_code; __entry->sysops = report->sysops;
			   __entry->read_len = report->read_len;
			   __entry->write_len = report->write_len;),
	    TP_printk("program=%08x status=%u exit_code=%u sysops=%llu read_len=%llu write_len=%llu",
		      __entry->program, __entry->status, __entry->exit_code, __entry->sysops,
		      __entry->read_len, __entry->write_len));

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH bfk
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
