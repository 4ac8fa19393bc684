/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The engines behind /dev/bfk. */
#ifndef BFK_ENGINE_KERNEL_H
#define BFK_ENGINE_KERNEL_H

#include "engine.h"

extern const struct bfk_engine_ops bfk_engine_kernel;

#endif
