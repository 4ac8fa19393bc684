/* SPDX-License-Identifier: GPL-2.0-only */
/* How far a mistyped word is from one that exists. */
#ifndef BFK_CMD_DISTANCE_H
#define BFK_CMD_DISTANCE_H

unsigned int cli_distance(const char *typed, const char *word);

#endif
