// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hints at the causes of a failed operation that bfk(7) lists and strerror(3) does not name.
 * Interface: explain.h
 */
#include "explain.h"
#include "say.h"
#include <errno.h>
#include <string.h>

#define N_SLOTS (sizeof(((struct cli_slots *)0)->fds) / sizeof(int))

/* One line per operation and errno, in the order of bfk(7). */
/* clang-format off */
static const struct {
	char letter;
	int err;
	const char *why;
} causes[] = {
	{ 'w', EINVAL, "len may be above 65520" },
	{ 's', EINVAL, "len may be above 65520" },
	{ 'g', EINVAL, "off may be 2^63 or more" },
	{ 'p', EINVAL, "len may be above 65520, or off 2^63 or more" },
	{ 'l', EINVAL, "arg may be above 4, or the new position before the start of the file" },
	{ 'o', EINVAL, "arg may have both 1 and 2, or both 4 and 64; len may be above 65520; or the "
		       "file is an instance of bfk" },
	{ 'o', ENOTDIR, "%o opens beneath its directory: the slot, or a name before the last, is not a "
			"directory (a symbolic link is none), or arg has 64 and the file is not one" },
	{ 'o', EXDEV, "%o opens beneath its directory: the path may not start with '/' or have '..' "
		      "in it" },
	{ 'o', ELOOP, "%o opens beneath its directory: the last name is a symbolic link, which it does "
		      "not follow" },
	{ 'y', EINVAL, "this kind of file, such as a pipe or a socket, cannot be synced" },
	{ 't', EINVAL, "the file may not be open for writing, or not be a regular file; or off may be "
		       "2^63 or more" },
	{ 'x', EINVAL, "the file to read from may be a pipe, a socket or a terminal, or on a file "
		       "system that cannot do this; or the file to write to may be open to append" },
	{ 'a', EINVAL, "the socket does not listen" },
	{ 'h', EINVAL, "arg may be above 2" },
	{ 'e', EINVAL, "len may be odd, or above 128" },
	{ 'k', EINVAL, "len may be above 65520, or arg above 1" },
	{ 'i', EINVAL, "arg may be above 3" },
	{ 'm', EINVAL, "arg may be a number other than 0, 1 and 7" },
};
/* clang-format on */

/* Hints at ":w" if the file in @slot was given without a mode. Returns whether it was. */
static bool say_unmarked(const struct cli_slots *slots, size_t slot)
{
	const char *path = slots->unmarked[slot];

	if (path)
		cli_hint("%zu=%s has no mode, so it is open for reading only; for writing: "
			 "%zu=%s:w",
			 slot, path, slot, path);
	return path;
}

/* Which slot an operation used is not known. Slot 0 is for input, so it is named only if no other can be. */
static void explain_unwritable(char letter, const struct cli_slots *slots)
{
	size_t slot, last = letter == '.' ? 1 : N_SLOTS - 1;
	bool any = letter == '.';

	for (slot = 1; slot <= last; slot++)
		any |= say_unmarked(slots, slot);
	if (!any)
		say_unmarked(slots, 0);
}

/* Hints at the causes of the failure that @run ended with. @slots: those it was given, or NULL */
void cli_explain(const struct bfk_result *run, const struct cli_slots *slots)
{
	char letter = run->fail_letter;
	int err = run->fail_errno;
	size_t i;

	for (i = 0; i < sizeof(causes) / sizeof(*causes); i++)
		if (causes[i].letter == letter && causes[i].err == err)
			cli_hint("%s", causes[i].why);
	if (slots && ((err == EBADF && strchr(".wpsx", letter)) || (err == EINVAL && letter == 't')))
		explain_unwritable(letter, slots);
}
