/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine that runs programs. It is asked for by --engine, the @option or @engine of these functions, or else by
 * BFK_ENGINE; NULL: --engine was not given. If none is asked for, those of this process follow the kernel's.
 */
#ifndef BFK_CMD_ENGINE_H
#define BFK_CMD_ENGINE_H

#include "userspace/include/libbfk.h"

const char *cli_engine(const char *option);
int cli_create(struct bfk **bfk, enum bfk_where *where, const char *engine, int *why_own);
const char *cli_own_engine(void);
int cli_info(struct bfk_info *info, enum bfk_where *where, const char *engine);

#endif
