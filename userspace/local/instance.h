/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The engines in this process. */
#ifndef BFK_LOCAL_INSTANCE_H
#define BFK_LOCAL_INSTANCE_H

#include "userspace/engine/engine.h"

extern const struct bfk_engine_ops bfk_engine_local;

#endif
