/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations there are, by the table of libbfk, and what tests have to know of them. A new operation is in all tests
 * that take their letters from here. tests/kernel/device/module.bats compares the table with the kernel's.
 */
#ifndef BFK_TESTS_LETTERS_H
#define BFK_TESTS_LETTERS_H

#include <stdbool.h>
#include <string.h>
#include "userspace/include/libbfk.h"

static inline bool letter_is_of(char letter, const char *family)
{
	return !strcmp(bfk_sysop(letter)->family, family);
}

/* Does it work on the file in its slot? */
static inline bool letter_needs_file(char letter)
{
	return letter_is_of(letter, "file") || letter_is_of(letter, "socket");
}

/* Does it come back at once, from ordinary files? */
static inline bool letter_is_prompt(char letter)
{
	return !letter_is_of(letter, "wait");
}

/* Does it do the same each time, with the same files, in any process? Not clock, random and ids. */
static inline bool letter_is_settled(char letter)
{
	return letter_is_prompt(letter) && !strchr("mui", letter);
}

/* Those for which @is is true. @text has room for 27. */
static inline const char *letters_if(bool (*is)(char letter), char *text)
{
	char *to = text, letter;

	for (letter = 'a'; letter <= 'z'; letter++)
		if (bfk_sysop(letter) && is(letter))
			*to++ = letter;
	*to = 0;
	return text;
}

#endif
