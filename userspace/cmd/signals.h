/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals while a program runs. */
#ifndef BFK_CMD_SIGNALS_H
#define BFK_CMD_SIGNALS_H

#include <stdbool.h>
#include "userspace/include/libbfk.h"

#define CLI_GRACE_NS 1000000000ull /* for output after a signal; a later one ends bfk at once */

/*
 * watch() handles signals from now on; until forget() they stop the run of @bfk, if it is not NULL. After it
 * SIGUSR1 is ignored: there is no run to ask about.
 * end() returns the signal that is to end bfk, 0: none. asked() returns whether SIGUSR1 has come since the
 * last call. A signal is repeated, so that it ends every wait, until asked() has returned true for SIGUSR1,
 * or calm() is called.
 */
void cli_signals_watch(struct bfk *bfk);
void cli_signals_forget(void);
int cli_signals_end(void);
bool cli_signals_asked(void);
void cli_signals_calm(void);

/* Ends bfk by the signal. If it survives that, returns an exit status. */
int cli_signals_die(int signo);

#endif
