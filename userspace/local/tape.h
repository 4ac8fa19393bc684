/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The ring in this process. */
#ifndef BFK_LOCAL_TAPE_H
#define BFK_LOCAL_TAPE_H

#include "jit/env.h"

/**
 * struct local_tape - the ring
 * @map: start of the reserved addresses around it
 * @ring: the copy that starts at a multiple of 64 KiB, with a whole copy on each side
 */
struct local_tape {
	void *map;
	u8 *ring;
};

int local_tape_create(struct local_tape *tape);
void local_tape_destroy(struct local_tape *tape);

#endif
