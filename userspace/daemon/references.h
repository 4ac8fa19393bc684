/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: how many descriptors of an open file there are. */
#ifndef BFK_DAEMON_REFERENCES_H
#define BFK_DAEMON_REFERENCES_H

/* References to the open file; 0 if the kernel does not say. Any thread. */
long bfkd_references(int fd);

#endif
