/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: instances in use by clients, each held by a descriptor of our own. */
#ifndef BFK_DAEMON_INSTANCES_H
#define BFK_DAEMON_INSTANCES_H

#include "bfkd.h"

bool bfkd_instances_init(void);
bool bfkd_instance_promise(struct bfkd_user *user, unsigned int max, bool has_room);
void bfkd_instance_break(struct bfkd_user *user);
void bfkd_instance_keep(struct bfkd_client *client);
void bfkd_instances_reap(const struct bfkd_user *user, unsigned int n);
unsigned int bfkd_instances_count(void);

/* Counts an instance again that systemd kept as @name; false: no memory. @fd is consumed. */
bool bfkd_instance_restore(int fd, const char *name);

#endif
