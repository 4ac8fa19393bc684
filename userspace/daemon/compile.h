/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: from source to an instance. */
#ifndef BFK_DAEMON_COMPILE_H
#define BFK_DAEMON_COMPILE_H

#include "bfkd.h"

/*
 * In a worker: from the source to an instance, or to why not. False: the client waits for a program
 * that another worker compiles, and bfkd_job_resume() puts it back then.
 */
bool bfkd_compile(struct bfkd_client *client);

#endif
