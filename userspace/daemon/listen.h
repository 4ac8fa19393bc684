/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: the listening socket. */
#ifndef BFK_DAEMON_LISTEN_H
#define BFK_DAEMON_LISTEN_H

#include <stdbool.h>

/*
 * bfkd_take_over() takes the socket and the instances that systemd passes; false, with a message,
 * on failure. Then bfkd_listen() returns the listening socket, systemd's or our own; -1 with a
 * message.
 */
bool bfkd_take_over(void);
int bfkd_listen(void);
void bfkd_unlisten(int fd);

#endif
