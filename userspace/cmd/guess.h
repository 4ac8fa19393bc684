/* SPDX-License-Identifier: GPL-2.0-only */
/* Guesses about files that are not what the user thinks they are. */
#ifndef BFK_CMD_GUESS_H
#define BFK_CMD_GUESS_H

#include "source.h"

bool cli_is_binary(const struct cli_source *source);
bool cli_find_data(const struct cli_source *source, size_t *off);
bool cli_is_stock(const struct cli_source *source);
void cli_hint_source(struct cli_source *source, bool is_plain);

#endif
