/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: makes an instance from a source. */
#ifndef BFK_DAEMON_COMPILE_H
#define BFK_DAEMON_COMPILE_H

#include "bfkd.h"

/*
 * In a worker: makes the instance, or sets the reason for a refusal. False: the client waits for a
 * program that another worker compiles; bfkd_job_resume() then puts it back.
 */
bool bfkd_compile(struct bfkd_client *client);

#endif
