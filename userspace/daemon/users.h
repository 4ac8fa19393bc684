/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: the users there are at the moment, and what is counted for them. */
#ifndef BFK_DAEMON_USERS_H
#define BFK_DAEMON_USERS_H

#include "bfkd.h"

struct bfkd_user *bfkd_user_get(uid_t uid);
void bfkd_user_put(struct bfkd_user *user);

/* The name of the account that @uid has; false: it has none. */
bool bfkd_user_name(uid_t uid, char *name, size_t room);

/* Counts what an instance takes, if there is that much left; any thread. */
bool bfkd_user_charge_text(struct bfkd_user *user, uint64_t len, uint64_t max_len);
bool bfkd_user_charge_memory(struct bfkd_user *user, uint64_t len, uint64_t max_len);
void bfkd_user_charge_anyway(struct bfkd_user *user, const struct bfkd_account *account);
void bfkd_user_uncharge(struct bfkd_user *user, const struct bfkd_account *account);

#endif
