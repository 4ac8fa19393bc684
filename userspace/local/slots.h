/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The slots, for runs and operations. */
#ifndef BFK_LOCAL_SLOTS_H
#define BFK_LOCAL_SLOTS_H

#include "local.h"

int local_slot_get(const struct local_instance *local, u8 slot);
int local_slot_put(struct local_instance *local, u8 slot);
int local_slot_find_free(const struct local_instance *local);
int local_slot_set(struct local_instance *local, int slot, int fd);
int local_slot_take(struct local_instance *local, u8 slot, int fd);

#endif
