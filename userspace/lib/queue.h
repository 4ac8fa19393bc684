/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Giving up a run in flight. */
#ifndef BFK_LIB_QUEUE_H
#define BFK_LIB_QUEUE_H

#include "userspace/engine/engine.h"

/* Cancels the run of @bfk and waits for its end, without a completion. Takes the lock itself. */
void bfk_queue_abandon(struct bfk *bfk);

#endif
