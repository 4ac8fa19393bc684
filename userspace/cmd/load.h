/* SPDX-License-Identifier: GPL-2.0-only */
/* Loading a program, and the options for it. */
#ifndef BFK_CMD_LOAD_H
#define BFK_CMD_LOAD_H

#include "source.h"
#include "userspace/include/libbfk.h"

/*
 * struct cli_load - options for loading a program
 * @engine: name of an engine, NULL: the first of kernel, jit and interp that works
 * @flags: BFK_LOAD_*
 * @allowed: operations it may contain
 * @level: BFK_LEVEL_*
 * @without: BFK_PASS_* to leave out
 * @is_zeroed: the tape will be zero when the program starts
 * @service: socket of the compile service that loads it, "": the default one, NULL: no service does
 */
struct cli_load {
	const char *engine, *service;
	uint32_t flags, allowed, level, without;
	bool is_zeroed;
};

/* Options without a letter that cli_load_option() knows; those of a command start at OTHERS. */
enum cli_option { CLI_OPTION_EOF = 256, CLI_OPTION_WITHOUT, CLI_OPTION_OTHERS };

struct cli_load cli_load_default(void);
int cli_load_option(struct cli_load *load, int option, const char *command);
uint32_t cli_passes(const struct cli_load *load);
int cli_compile(const struct cli_source *source, const struct cli_load *load, uint32_t passes,
		struct bfk_op **ops, size_t *n_ops, struct bfk_result *result);
int cli_load(struct bfk *bfk, const struct cli_source *source, const struct cli_load *load,
	     struct bfk_result *result);

#endif
