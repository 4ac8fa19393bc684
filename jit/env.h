/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What jit/ needs of its surroundings; the only #ifdef __KERNEL__ of the project. */
#ifndef BFK_ENV_H
#define BFK_ENV_H

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

/* Lets others run, where nothing else would: called between steps of long translations. */
static inline void bfk_env_yield(u32 step)
{
	if (!(step % 65536))
		cond_resched();
}
#else
#include <assert.h>
#include <errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
#define U32_MAX UINT32_MAX

static inline void bfk_env_yield(u32 step)
{
	(void)step;
}
#endif

#endif
