/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals while a program runs. */
#ifndef BFK_CMD_SIGNALS_H
#define BFK_CMD_SIGNALS_H

#include <stdbool.h>
#include "userspace/include/libbfk.h"

#define CLI_GRACE_NS 1000000000ull /* for output, after a signal; then another ends bfk at once */

/*
 * watch() handles signals from now on, and they stop the run of @bfk, if it is not NULL, until forget(): from
 * then on SIGUSR1 is ignored, as there is no run to ask about.
 * end() is what is to end bfk, 0: nothing; asked(): has SIGUSR1 come since the last look? While a signal has
 * come that nobody has looked at, it is repeated, so that it ends every wait; calm() ends that.
 */
void cli_signals_watch(struct bfk *bfk);
void cli_signals_forget(void);
int cli_signals_end(void);
bool cli_signals_asked(void);
void cli_signals_calm(void);

/* Ends bfk as the signal would have done; if even that does not, returns an exit status. */
int cli_signals_die(int signo);

#endif
