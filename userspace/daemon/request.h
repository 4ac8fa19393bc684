/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: is a request good, and may this client have it? */
#ifndef BFK_DAEMON_REQUEST_H
#define BFK_DAEMON_REQUEST_H

#include "bfkd.h"

/*
 * Counts what the request of @client asks for, which bfkd_request_release() gives back; false: it is
 * refused.
 */
bool bfkd_request_accept(struct bfkd_client *client);
void bfkd_request_release(struct bfkd_client *client);

#endif
