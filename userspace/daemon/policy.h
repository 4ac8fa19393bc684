/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: what the policy lets a user have. */
#ifndef BFK_DAEMON_POLICY_H
#define BFK_DAEMON_POLICY_H

#include "bfkd.h"

struct bfkd_policy;

/* A policy is read whole, or not at all, with a message. */
struct bfkd_policy *bfkd_policy_read(const char *path);
void bfkd_policy_free(struct bfkd_policy *policy);
struct bfkd_limits bfkd_policy_find(const struct bfkd_policy *policy, uid_t uid, const gid_t *gids,
				    size_t n_gids);

#endif
