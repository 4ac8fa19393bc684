/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bfkd: systemd keeps a descriptor of each instance, so that a restart does not forget it.
 */
#ifndef BFK_DAEMON_STORE_H
#define BFK_DAEMON_STORE_H

#include "bfkd.h"

void bfkd_store_init(void);
bool bfkd_store_is_there(void);

/* Waits for systemd, and sets the store_id of @account; 0: systemd does not keep it. Any thread. */
void bfkd_store_add(int fd, struct bfkd_account *account);
void bfkd_store_remove(const struct bfkd_account *account);
void bfkd_store_remove_name(const char *name);

/* Parses the @name of a descriptor that systemd kept; false: the name is not ours. */
bool bfkd_store_restore(const char *name, struct bfkd_account *account);

#endif
