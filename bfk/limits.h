/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Every bound of bfk, one line each: unit and reason. */
#ifndef BFK_LIMITS_H
#define BFK_LIMITS_H

#define BFK_TAPE_CELLS 65536	      /* cells: all that the 16-bit head can name */
#define BFK_SLOTS 64		      /* files: one bit each in a u64 */
#define BFK_SOURCE_MAX_LEN (4u << 20) /* bytes: bounds what one LOAD allocates (20 B an op) */
#define BFK_OPS_MAX (BFK_SOURCE_MAX_LEN + 1)		  /* ops: the most that source can become */
#define BFK_FRAME_LEN 16				  /* bytes: the header before the data */
#define BFK_DATA_MAX_LEN (BFK_TAPE_CELLS - BFK_FRAME_LEN) /* bytes: up to its own frame */
#define BFK_CAP_DEFAULT 32768				  /* bytes: what cap = 0 means */
#define BFK_IO_LEN 4096		/* bytes: each of the two buffers of `,` and `.` */
#define BFK_TEXT_LEN (1u << 20) /* bytes: the text arena; objtool reads it at 1 MiB a second */
#define BFK_TEXT_USER_LEN (BFK_TEXT_LEN / 4) /* bytes: of one user, so that others find some */
#define BFK_TEXT_GRANULE 256		     /* bytes: the unit in which the arena is given out */
#define BFK_SLICE_OPS (1u << 22) /* ops: between two checks for signals (some 5 ms; see run.c) */

/* For what a user asks for: charged to its memory cgroup, and no log line when there is none. */
#define BFK_GFP (GFP_KERNEL_ACCOUNT | __GFP_NOWARN)

#endif
