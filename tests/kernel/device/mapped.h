/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers that test the mapped tape. */
#ifndef BFK_TESTS_MAPPED_H
#define BFK_TESTS_MAPPED_H

#include "dev.h"

static struct dev dev;

/* An instance with "tape" in its first cells, mapped. */
static inline void open_tape(void)
{
	dev = dev_open(0);
	dev_load(&dev, "");
	memcpy(dev.tape, "tape", 4);
}

/* The call must return -1 with this errno. */
#define REFUSED(call, errno_)         \
	do {                          \
		errno = 0;            \
		EQUAL((call), -1);    \
		EQUAL(errno, errno_); \
	} while (0)

#endif
