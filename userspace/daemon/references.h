/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: counts the references to an open file. */
#ifndef BFK_DAEMON_REFERENCES_H
#define BFK_DAEMON_REFERENCES_H

/* References to the open file; 0 if the kernel does not report them. Any thread. */
long bfkd_references(int fd);

#endif
