/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* What jit/ needs of its surroundings; the only #ifdef __KERNEL__ of the project. */
#ifndef BFK_ENV_H
#define BFK_ENV_H

#ifdef __KERNEL__
#include <linux/sched.h>
#include <linux/string.h>

/* Called at each step of a long translation, so that other tasks run without preemption too. */
static inline void bfk_env_yield(u32 step)
{
	if (!(step % 65536))
		cond_resched();
}
#else
#include "env_user.h"
#endif

#endif
