// SPDX-License-Identifier: GPL-2.0-only
/* Engines, numbers, and the end of each command. Interface: cli.h */
#include "cli.h"
#include "say.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "userspace/engine/clock.h"
#include <unistd.h>

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

/* Multiplies by what may follow the digits of a count: K, M or G, or e and a power of ten. */
static bool scale(const char *suffix, uint64_t *value)
{
	static const char letters[] = "KMG";
	unsigned long power = 0;
	const char *letter;
	char *end;

	if (!*suffix)
		return true;
	letter = strchr(letters, *suffix & ~0x20);
	if (letter && *letter && !suffix[1])
		power = 3 * (letter - letters + 1);
	else if (*suffix == 'e' && suffix[1] >= '0' && suffix[1] <= '9')
		power = strtoul(suffix + 1, &end, 10);
	if (!power || power > 19 || (*suffix == 'e' && *end))
		return false;
	while (power--)
		if (__builtin_mul_overflow(*value, 10, value))
			return false;
	return true;
}

/* Parses @text, the value of @option: a count of at least @min and at most @max. */
int cli_parse_number(const char *option, const char *text, uint64_t min, uint64_t max,
		     uint64_t *value)
{
	bool is_number;
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	is_number = *text >= '0' && *text <= '9' && !errno && scale(end, value);
	if (is_number && *value >= min && *value <= max)
		return CLI_OK;
	cli_say("%s: '%s' is not a number from %" PRIu64 " to %" PRIu64, option, text, min, max);
	cli_hint("it may end in K, M or G (thousand, million, billion), or be written as 1e6");
	return CLI_USAGE;
}

/* @argument: the first that @command does not take, NULL: there is none */
int cli_refuse_argument(const char *command, const char *argument)
{
	if (!argument)
		return CLI_OK;
	cli_say("%s: unexpected argument '%s'", command, argument);
	cli_hint("try: bfk %s --help", command);
	return CLI_USAGE;
}

/* The name of an operation; "?" if this command does not know it. */
const char *cli_op_name(char letter)
{
	const struct bfk_sysop *sysop = bfk_sysop(letter);

	return sysop ? sysop->name : "?";
}

/* The ending of a noun that @n counts. */
const char *cli_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

uint64_t cli_now_ns(void)
{
	return bfk_clock_ns();
}

/* isatty(3) makes an ioctl, so only character devices are asked: `strace -c` counts the ioctls of a run. */
bool cli_is_terminal(int fd)
{
	struct stat stat;

	return !fstat(fd, &stat) && S_ISCHR(stat.st_mode) && isatty(fd);
}

/* Is standard error a terminal on which the cursor can be moved? */
bool cli_has_terminal(void)
{
	const char *terminal = getenv("TERM");

	return cli_is_terminal(STDERR_FILENO) && terminal && strcmp(terminal, "dumb");
}

/* https://no-color.org: NO_COLOR counts if it is set and not empty. */
bool cli_has_colour(void)
{
	const char *variable = getenv("NO_COLOR");

	return cli_has_terminal() && !(variable && *variable);
}

/* Messages are put together from pieces, and each line is written in one call. */
void cli_begin(void)
{
	setvbuf(stderr, NULL, _IOLBF, 0);
}

/* Output that could not be written is a failure, as with cat(1). */
int cli_end(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	cli_say("standard output: %s", strerror(errno));
	return status ? status : CLI_FAILED;
}
