/* SPDX-License-Identifier: GPL-2.0-only */
/* The files a program is handed: what --slot, --dir, --listen and --connect name. */
#ifndef BFK_CMD_SLOTS_H
#define BFK_CMD_SLOTS_H

#include <stdbool.h>

struct cli_slots {
	int fds[64];
};

void cli_slots_init(struct cli_slots *slots);
int cli_slots_assign(struct cli_slots *slots, const char *spec, const char *mode);
int cli_slots_socket(struct cli_slots *slots, const char *spec, bool is_listening);
bool cli_slots_have_socket(const struct cli_slots *slots);

#endif
