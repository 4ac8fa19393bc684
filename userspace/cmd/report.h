/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages about a place in a program, and about one that does not load. */
#ifndef BFK_CMD_REPORT_H
#define BFK_CMD_REPORT_H

#include "load.h"
#include "source.h"
#include "userspace/include/libbfk.h"

void cli_say_at(struct cli_source *source, size_t off, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void cli_say_load(struct cli_source *source, const struct cli_load *load,
		  const struct bfk_result *result, int err);

#endif
