/* SPDX-License-Identifier: GPL-2.0-only */
/* A memory cgroup for one case. */
#ifndef BFK_TESTS_GROUP_H
#define BFK_TESTS_GROUP_H

#include "dev.h"

#define GROUP "/sys/fs/cgroup/bfk-memory"

/* Enters a group with a limit of @max memory; call it in a child. */
static inline void group_enter(const char *max)
{
	put_text("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	CHECK(!mkdir(GROUP, 0755) || errno == EEXIST);
	put_text(GROUP "/memory.max", max);
	put_text(GROUP "/cgroup.procs", "0");
}

#endif
