/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: what it has to say, and the clock. */
#ifndef BFK_DAEMON_LOG_H
#define BFK_DAEMON_LOG_H

#include <stdint.h>

/* One line on standard error; with a priority in front if that is the journal. */
void bfkd_log(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint64_t bfkd_now_ns(void);

#endif
