/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: checks requests, and a client's right to make them. */
#ifndef BFK_DAEMON_REQUEST_H
#define BFK_DAEMON_REQUEST_H

#include "bfkd.h"

/* Counts what @client requests, until bfkd_request_release(); false: it is refused. */
bool bfkd_request_accept(struct bfkd_client *client);
void bfkd_request_release(struct bfkd_client *client);

#endif
