/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What jit/ needs of its surroundings in user space: the kernel's names for plain things. */
#ifndef BFK_ENV_USER_H
#define BFK_ENV_USER_H

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;
#define U32_MAX UINT32_MAX

static inline void bfk_env_yield(u32 step)
{
	(void)step;
}

#endif
