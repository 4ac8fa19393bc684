/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The end of a flight. */
#ifndef BFK_LIB_QUEUE_H
#define BFK_LIB_QUEUE_H

#include "userspace/engine/engine.h"

/* Takes @bfk out of flight, for good: its queue has nothing more to say of it. Without the lock. */
void bfk_queue_abandon(struct bfk *bfk);

#endif
