/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of random calls share: calls.c describes them. */
#ifndef BFK_FUZZ_CALLS_H
#define BFK_FUZZ_CALLS_H

#include "tests/kernel/device/dev.h"
#include "tests/security/fuzz/input.h"

#define FDS 4		/* instances */
#define COVER (1 << 16) /* words of KCOV's buffer, and bits in reached */

/* Shared by the threads. An fd may be closed, and become another file, at any time. */
extern volatile int fds[FDS];
extern uint8_t *tapes[FDS];
extern int files[6], sockets[2];
extern uint64_t n_calls;

/* calls_one.c */
void one_call(struct input *in);

/* calls_cover.c */
extern uint8_t reached[COVER / 8];
uint64_t *cover_open(void);
/* Records the code that a thread has reached; true: some of it is new. */
bool cover_take(uint64_t *cover);

#endif
