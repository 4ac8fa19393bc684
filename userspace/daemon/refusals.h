/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: the log of refusals. */
#ifndef BFK_DAEMON_REFUSALS_H
#define BFK_DAEMON_REFUSALS_H

#include "bfkd.h"

/* Logs that @client was refused and @why, unless its user has had too many such lines. */
void bfkd_refusal_log(const struct bfkd_client *client, const char *why);

#endif
