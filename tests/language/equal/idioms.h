/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of idioms share. */
#ifndef BFK_IDIOMS_H
#define BFK_IDIOMS_H

#include "generate.h"

/* idioms.c */
int near(struct generator *g);
void put_some(struct generator *g);
void put_counter(struct generator *g);
void put_transfer(struct generator *g);

/* idioms_walk.c */
void put_scan(struct generator *g);
void put_records(struct generator *g);
void put_far(struct generator *g);
void put_seam(struct generator *g);

/* idioms_known.c */
void put_known(struct generator *g);

#endif
