/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* One run in this process. */
#ifndef BFK_LOCAL_RUN_H
#define BFK_LOCAL_RUN_H

#include "local.h"

int local_run(struct bfk *bfk, struct bfk_run_args *args);
void local_end(struct local_instance *local);
void local_restart(struct local_instance *local);

#endif
