/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: the policy, which sets the limits of each user. */
#ifndef BFK_DAEMON_POLICY_H
#define BFK_DAEMON_POLICY_H

#include "bfkd.h"

struct bfkd_policy;

/* Reads a whole policy; NULL, with a message, if any of it is invalid. */
struct bfkd_policy *bfkd_policy_read(const char *path);
void bfkd_policy_free(struct bfkd_policy *policy);
struct bfkd_limits bfkd_policy_find(const struct bfkd_policy *policy, uid_t uid, const gid_t *gids,
				    size_t n_gids);

#endif
