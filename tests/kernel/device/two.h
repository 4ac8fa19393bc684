/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers that try a case on both engines of the kernel. */
#ifndef BFK_TESTS_TWO_H
#define BFK_TESTS_TWO_H

#include "dev.h"

/* The two engines. */
struct engine {
	const char *name;
	uint32_t flags, engine;
};

static const struct engine engines[] = {
	{ "jit", 0, ENGINE },
	{ "interp", BFK_LOAD_INTERP, BFK_ENGINE_INTERP },
};

static inline struct dev dev_for(int engine, uint32_t flags)
{
	note = engines[engine].name;
	return dev_open(engines[engine].flags | flags);
}

#endif
