/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: replies to clients that get no instance. Any thread that owns the client. */
#ifndef BFK_DAEMON_REFUSE_H
#define BFK_DAEMON_REFUSE_H

#include "bfkd.h"

void bfkd_client_refuse(struct bfkd_client *client, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, because of policy or a quota: logged when the client is finished. Returns false. */
bool bfkd_client_deny(struct bfkd_client *client, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
