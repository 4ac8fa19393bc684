// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guesses about a text: is it a binary file, is there input after a '!', is it stock Brainfuck with a '%'
 * in its comments? Only hints and warnings depend on them. Interface: guess.h
 */
#include "guess.h"
#include "say.h"
#include <ctype.h>
#include <string.h>

#define LOOK_LEN 8000 /* bytes in which to look for a 0; git looks at as many */

static bool is_command(char byte)
{
	return byte && strchr("+-<>[].,", byte);
}

/* A file is binary if it has a byte that is 0. */
bool cli_is_binary(const struct cli_source *source)
{
	size_t len = source->len < LOOK_LEN ? source->len : LOOK_LEN;

	return !source->ops && memchr(source->text, 0, len);
}

/* Are the brackets before @end balanced? */
static bool is_balanced(const char *text, size_t end)
{
	size_t depth = 0, i;

	for (i = 0; i < end; i++) {
		if (text[i] == ']' && !depth)
			return false;
		depth += text[i] == '[';
		depth -= text[i] == ']';
	}
	return !depth;
}

/*
 * Some interpreters take what follows the first '!' as input of the program before it. Such a '!' comes
 * right after a command, or at the start of a later line, and outside of loops. Sets @off to its offset.
 */
bool cli_find_data(const struct cli_source *source, size_t *off)
{
	const char *mark = NULL;
	size_t before;

	if (!source->ops && source->len > 2 && memcmp(source->text, "#!", 2))
		mark = memchr(source->text, '!', source->len);
	if (!mark)
		return false;
	*off = mark - source->text;
	for (before = *off; before && isspace((unsigned char)source->text[before - 1]); before--)
		if (source->text[before - 1] != '\n' && source->text[before - 1] != '\r')
			return false;
	return before && is_command(source->text[before - 1]) && *off + 1 < source->len &&
	       source->text[*off + 1] != '\n' && is_balanced(source->text, *off);
}

static bool is_word(char byte)
{
	return isalnum((unsigned char)byte) || byte == '"' || byte == '\'';
}

/*
 * Is there an operation in the text, and is each part of a word, as in printf("%c")? In a program for bfk
 * some stand between commands.
 */
bool cli_is_stock(const struct cli_source *source)
{
	const char *text = source->text, *end = text + source->len, *at = text;
	bool is_stock = false;

	if (source->ops)
		return false;
	while (at < end) {
		at = memchr(at, '%', end - at);
		if (!at)
			break;
		is_stock = (at > text && is_word(at[-1])) || (end - at > 2 && is_word(at[2]));
		if (!is_stock)
			return false;
		at += 2;
	}
	return is_stock;
}

/* Hints at what may be wrong with a program that does not load or that failed. @is_plain: --plain is given */
void cli_hint_source(struct cli_source *source, bool is_plain)
{
	size_t off;

	if (cli_is_binary(source))
		cli_hint("no text has bytes that are 0, and this file does: is it a program of "
			 "another kind, or UTF-16?");
	else if (cli_find_data(source, &off))
		cli_hint("what follows the '!' in line %zu is part of the program; input comes from "
			 "standard input, or from 0=FILE",
			 cli_place(source, off).line);
	if (!is_plain && cli_is_stock(source))
		cli_hint("each %% in it is part of a word: --plain takes it as a comment");
}
