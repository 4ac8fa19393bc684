// SPDX-License-Identifier: GPL-2.0-only
/* Numbers, names, and the beginning and end of each command. Interface: cli.h */
#include "cli.h"
#include "say.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "userspace/engine/clock.h"

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
