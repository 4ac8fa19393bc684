/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: the threads that do the jobs. */
#ifndef BFK_DAEMON_WORKERS_H
#define BFK_DAEMON_WORKERS_H

#include <stdbool.h>

/* Starts the workers, with all signals blocked. False, with errno set, if that fails. */
bool bfkd_workers_start(unsigned int n);

#endif
