/* SPDX-License-Identifier: GPL-2.0-only */
/* The files that a program is given by --slot, --dir, --listen and --connect. */
#ifndef BFK_CMD_SLOTS_H
#define BFK_CMD_SLOTS_H

#include <stdbool.h>

/*
 * struct cli_slots - the files
 * @fds: descriptor of each slot, -1: it is empty
 * @unmarked: path, borrowed, if the file is open for reading because no MODE was given; else NULL
 */
struct cli_slots {
	int fds[64];
	const char *unmarked[64];
};

void cli_slots_init(struct cli_slots *slots);
int cli_slots_assign(struct cli_slots *slots, const char *spec, const char *mode);
int cli_slots_socket(struct cli_slots *slots, const char *spec, bool is_listening);
bool cli_slots_have_socket(const struct cli_slots *slots);

#endif
