// SPDX-License-Identifier: GPL-2.0-only
/* Engines, numbers, and the end of each command. Interface: cli.h */
#include "cli.h"
#include "say.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "userspace/engine/clock.h"

int cli_where(const char *engine, enum bfk_where *where)
{
	for (*where = BFK_WHERE_KERNEL; *where <= BFK_WHERE_INTERP; ++*where)
		if (!strcmp(engine, bfk_where_name(*where)))
			return CLI_OK;
	cli_say("no engine is called '%s'", engine);
	cli_hint("engines: kernel, kernel-interp, jit, interp");
	return CLI_USAGE;
}

/* The engine of this process to recommend: the faster one there is. */
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
		cli_hint("ls -l /dev/bfk says who may; --engine %s needs no device",
			 cli_own_engine());
	else
		cli_hint("load the module (insmod bfk.ko, or modprobe bfk), or use --engine %s",
			 cli_own_engine());
	return CLI_NO_DEVICE;
}

/* Where no engine is asked for and *where failed with @err: is there another to try, which then is *where? */
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

/* An instance on the engine asked for, NULL for any; *where is the one it is. */
int cli_create(struct bfk **bfk, enum bfk_where *where, const char *engine)
{
	int status, err;

	*where = BFK_WHERE_KERNEL;
	status = engine ? cli_where(engine, where) : CLI_OK;
	if (status)
		return status;
	do
		err = bfk_create(bfk, *where);
	while (err && !engine && fall_back(where, err));
	return err ? say_no_engine(*where, err) : CLI_OK;
}

/* What an engine offers, of the one that cli_create() would take. */
int cli_info(struct bfk_info *info, enum bfk_where *where, const char *engine)
{
	int status, err;

	*where = BFK_WHERE_KERNEL;
	status = engine ? cli_where(engine, where) : CLI_OK;
	if (status)
		return status;
	do
		err = bfk_info(*where, info);
	while (err && !engine && fall_back(where, err));
	return err ? say_no_engine(*where, err) : CLI_OK;
}

int cli_parse_number(const char *text, uint64_t max, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (*text >= '0' && *text <= '9' && !*end && !errno && *value <= max)
		return CLI_OK;
	cli_say("'%s' is not a number from 0 to %llu", text, (unsigned long long)max);
	return CLI_USAGE;
}

/* The name of an operation there is. */
const char *cli_op_name(char letter)
{
	const struct bfk_sysop *sysop = bfk_sysop(letter);

	return sysop ? sysop->name : "?";
}

uint64_t cli_now_ns(void)
{
	return bfk_clock_ns();
}

/* What was to be printed and could not be is a failure, as with cat(1). */
int cli_end(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	cli_say("standard output: %s", strerror(errno));
	return status ? status : CLI_FAILED;
}
