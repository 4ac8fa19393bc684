/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: its log, and the clock. */
#ifndef BFK_DAEMON_LOG_H
#define BFK_DAEMON_LOG_H

#include <stdint.h>

/* Logs one line to standard error, after its priority if that is the journal. */
void bfkd_log(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint64_t bfkd_now_ns(void);

#endif
