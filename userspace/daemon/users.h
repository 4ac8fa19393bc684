/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: users with clients or instances, and their charges. */
#ifndef BFK_DAEMON_USERS_H
#define BFK_DAEMON_USERS_H

#include "bfkd.h"

struct bfkd_user *bfkd_user_get(uid_t uid);
void bfkd_user_put(struct bfkd_user *user);

/* The account name of @uid; false: it has no account. */
bool bfkd_user_name(uid_t uid, char *name, size_t room);

/* Do the limits leave room for about @n_ops ops, and their machine code? */
bool bfkd_user_has_room(const struct bfkd_user *user, const struct bfkd_limits *limits,
			uint64_t n_ops);

/* Charge an instance, if there is that much left; any thread. */
bool bfkd_user_charge_text(struct bfkd_user *user, uint64_t len, uint64_t max_len);
bool bfkd_user_charge_memory(struct bfkd_user *user, uint64_t len, uint64_t max_len);
void bfkd_user_charge_anyway(struct bfkd_user *user, const struct bfkd_account *account);
void bfkd_user_uncharge(struct bfkd_user *user, const struct bfkd_account *account);

#endif
