/* SPDX-License-Identifier: GPL-2.0-only */
/* Hints at the cause of an operation that failed. */
#ifndef BFK_CMD_EXPLAIN_H
#define BFK_CMD_EXPLAIN_H

#include "slots.h"
#include "userspace/include/libbfk.h"

void cli_explain(const struct bfk_result *run, const struct cli_slots *slots);

#endif
