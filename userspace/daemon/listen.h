/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: the socket people knock at. */
#ifndef BFK_DAEMON_LISTEN_H
#define BFK_DAEMON_LISTEN_H

#include <stdbool.h>

/*
 * Takes over what systemd hands over, a socket and instances it has kept; false with a message. Then
 * bfkd_listen() gives the listening socket, systemd's or our own; -1 with a message.
 */
bool bfkd_take_over(void);
int bfkd_listen(void);
void bfkd_unlisten(int fd);

#endif
