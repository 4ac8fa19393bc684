/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: its connections. */
#ifndef BFK_DAEMON_CLIENTS_H
#define BFK_DAEMON_CLIENTS_H

#include "bfkd.h"

struct bfkd_policy;

void bfkd_client_accept(int epoll_fd, int listen_fd, const struct bfkd_policy *policy);
void bfkd_client_read(int epoll_fd, struct bfkd_client *client);
void bfkd_client_finish(struct bfkd_client *client);
void bfkd_clients_expire(uint64_t now_ns);
void bfkd_clients_drop(void);
uint64_t bfkd_clients_deadline_ns(void);
unsigned int bfkd_clients_count(void);

/* Counters that SIGUSR1 prints: replies with and without an instance, and clients without a reply. */
struct bfkd_counters {
	uint64_t served, refused, dropped;
};

extern struct bfkd_counters bfkd_counters;

#endif
