// SPDX-License-Identifier: GPL-2.0-only
/* The engine that runs programs: which one is asked for, and what is tried if none is. Interface: engine.h */
#include "engine.h"
#include "cli.h"
#include "say.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool find_engine(const char *name, enum bfk_where *where)
{
	for (*where = BFK_WHERE_KERNEL; *where <= BFK_WHERE_INTERP; ++*where)
		if (!strcmp(name, bfk_where_name(*where)))
			return true;
	return false;
}

/* The value of BFK_ENGINE. NULL: it is unset or empty. */
static const char *engine_variable(void)
{
	const char *engine = getenv("BFK_ENGINE");

	return engine && *engine ? engine : NULL;
}

/* Returns @option, the value of --engine, or else that of BFK_ENGINE. NULL: no engine is asked for. */
const char *cli_engine(const char *option)
{
	return option ? option : engine_variable();
}

/* Sets @where to the engine that is asked for, or if none is, to the first to try. */
static int choose_engine(const char *option, enum bfk_where *where)
{
	const char *engine = cli_engine(option);

	*where = BFK_WHERE_KERNEL;
	if (!engine || find_engine(engine, where))
		return CLI_OK;
	cli_say("%sno engine is called '%s'", option ? "" : "BFK_ENGINE: ", engine);
	cli_hint("engines: kernel, kernel-interp, jit, interp");
	return CLI_USAGE;
}

/* The name of the fastest engine of this process, for hints. */
const char *cli_own_engine(void)
{
	struct bfk_info info;

	return bfk_where_name(bfk_info(BFK_WHERE_JIT, &info) ? BFK_WHERE_INTERP : BFK_WHERE_JIT);
}

static int say_no_engine(enum bfk_where where, int err)
{
	if (err == -EOPNOTSUPP) {
		cli_say("engine %s: there is no machine code on this architecture",
			bfk_where_name(where));
		cli_hint("programs are interpreted here: --engine kernel, or --engine interp");
		return CLI_NO_DEVICE;
	}
	if (where == BFK_WHERE_JIT || where == BFK_WHERE_INTERP) {
		cli_say("engine %s: %s", bfk_where_name(where), strerror(-err));
		return CLI_FAILED;
	}
	cli_say("cannot open /dev/bfk: %s", strerror(-err));
	if (err == -EACCES || err == -EPERM)
		cli_hint("ls -l /dev/bfk shows who may; --engine %s needs no device",
			 cli_own_engine());
	else
		cli_hint("load the module (insmod bfk.ko, or modprobe bfk), or use --engine %s",
			 cli_own_engine());
	return CLI_NO_DEVICE;
}

/* After *where has failed with @err, sets it to the next engine to try. False: there is none. */
static bool fall_back(enum bfk_where *where, int err)
{
	if (*where == BFK_WHERE_KERNEL)
		*where = BFK_WHERE_JIT;
	else if (*where == BFK_WHERE_JIT && err == -EOPNOTSUPP)
		*where = BFK_WHERE_INTERP;
	else
		return false;
	return true;
}

/*
 * Creates an instance on the engine that is asked for, or on the first that works, and sets *where to it.
 * @why_own: NULL, or set to the error of /dev/bfk for which it fell back to an engine of this process, 0: it
 * did not
 */
int cli_create(struct bfk **bfk, enum bfk_where *where, const char *engine, int *why_own)
{
	bool is_asked = cli_engine(engine);
	int status, err, kernel_err;

	status = choose_engine(engine, where);
	if (status)
		return status;
	kernel_err = bfk_create(bfk, *where);
	err = kernel_err;
	while (err && !is_asked && fall_back(where, err))
		err = bfk_create(bfk, *where);
	if (why_own)
		*why_own = kernel_err;
	return err ? say_no_engine(*where, err) : CLI_OK;
}

/* Gets the limits and operations of the engine that cli_create() would use. */
int cli_info(struct bfk_info *info, enum bfk_where *where, const char *engine)
{
	bool is_asked = cli_engine(engine);
	int status, err;

	status = choose_engine(engine, where);
	if (status)
		return status;
	do
		err = bfk_info(*where, info);
	while (err && !is_asked && fall_back(where, err));
	return err ? say_no_engine(*where, err) : CLI_OK;
}
