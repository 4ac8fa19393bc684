// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages: "bfk: FILE:LINE:COL: message", the source line with a caret, a hint.
 *
 * Interface: report.h
 * Invariants:
 * 1. What a source line shows is ASCII without control characters: a program text cannot
 *    write escape sequences to the terminal, and a byte is a column.
 */
#include "report.h"
#include "cli.h"
#include "load.h"
#include "say.h"
#include "source.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_LEN 76 /* bytes of a line that are shown */

static bool is_shown(unsigned char byte)
{
	return byte >= ' ' && byte < 0x7f;
}

/* One line of source; tabs are kept so that the caret below can follow them. */
static void put_line(const struct cli_source *source, size_t from, size_t to)
{
	for (; from < to; from++) {
		char byte = source->text[from];

		fputc(is_shown(byte) || byte == '\t' ? byte : '?', stderr);
	}
}

static void put_caret(const struct cli_source *source, size_t from, size_t off)
{
	bool colour = isatty(STDERR_FILENO);

	for (; from < off; from++)
		fputc(source->text[from] == '\t' ? '\t' : ' ', stderr);
	fputs(colour ? "\033[1;32m^\033[0m\n" : "^\n", stderr);
}

/* The line around @off, or a window of it when it is long, and a caret below @off. */
static void show_line(const struct cli_source *source, size_t off, size_t line)
{
	size_t from = off, to = off;
	bool cut_front, cut_back;

	while (from && source->text[from - 1] != '\n' && off - from < SHOWN_LEN / 2)
		from--;
	while (to < source->len && source->text[to] != '\n' && to - from < SHOWN_LEN)
		to++;
	cut_front = from && source->text[from - 1] != '\n';
	cut_back = to < source->len && source->text[to] != '\n';
	fprintf(stderr, "%5zu | %s", line, cut_front ? "..." : "");
	put_line(source, from, to);
	fprintf(stderr, "%s\n      | %s", cut_back ? "..." : "", cut_front ? "   " : "");
	put_caret(source, from, off);
}

/* "bfk: FILE:LINE:COL: ", or of a file of ops "bfk: FILE: op N: ". Returns the line, 0: none. */
static size_t put_place(struct cli_source *source, size_t off)
{
	struct cli_place place;

	if (source->ops) {
		fprintf(stderr, "bfk: %s: op %zu: ", source->name, off);
		return 0;
	}
	place = cli_place(source, off);
	fprintf(stderr, "bfk: %s:%zu:%zu: ", source->name, place.line, place.col);
	return place.line;
}

void cli_say_at(struct cli_source *source, size_t off, const char *format, ...)
{
	size_t line;
	va_list args;

	if (!source->ops && off > source->len)
		off = source->len;
	line = put_place(source, off);
	va_start(args, format);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	if (line && off < source->len)
		show_line(source, off, line);
}

static void hint_operations(void)
{
	char letter;

	fputs("  hint: operations are", stderr);
	for (letter = 'a'; letter <= 'z'; letter++)
		if (bfk_sysop(letter))
			fprintf(stderr, " %%%c", letter);
	fputs(" (see: bfk ops); --plain makes every % a comment\n", stderr);
}

/* The letter of the operation there, 0 if the text ends before it. */
static unsigned char letter_at(const struct cli_source *source, size_t off)
{
	if (source->ops)
		return source->ops[off].val;
	return off + 1 < source->len ? source->text[off + 1] : 0;
}

static void say_unknown(struct cli_source *source, size_t off)
{
	unsigned char letter = letter_at(source, off);
	char lower = letter | 0x20;

	if (!letter)
		cli_say_at(source, off, "%% without the letter of an operation");
	else if (is_shown(letter))
		cli_say_at(source, off, "unknown operation %%%c", letter);
	else
		cli_say_at(source, off, "unknown operation: %% and byte 0x%02x", letter);
	if (letter >= 'A' && letter <= 'Z' && bfk_sysop(lower))
		cli_hint("letters of operations are small: %%%c is %s", lower, cli_op_name(lower));
	hint_operations();
}

static void say_denied(struct cli_source *source, size_t off, uint32_t allowed)
{
	char letter = letter_at(source, off), letters[27] = "", *to = letters;
	int i;

	for (i = 0; i < 26; i++)
		if (allowed >> i & 1)
			*to++ = 'a' + i;
	cli_say_at(source, off, "operation %%%c (%s) is not allowed", letter, cli_op_name(letter));
	cli_hint("--allow '%s' allows what it names and nothing else", letters);
}

static void say_too_long(const struct cli_source *source, size_t max)
{
	cli_say("%s: program too long: it has more than %zu %s", source->name, max,
		source->ops ? "ops" : "bytes");
	if (!source->ops)
		cli_hint("comments count; see source_max_len in: bfk info");
}

/* Reasons without a place in the program. */
static void say_errno(const struct cli_source *source, const struct cli_load *load, int err)
{
	cli_say("%s: cannot load: %s", source->name, strerror(-err));
	if (err == -EINVAL && source->ops && load->flags & BFK_LOAD_PLAIN)
		cli_hint("--plain is for source, and this is compiled already");
	else if (err == -EINVAL)
		cli_hint("module and command may be of different versions; see: bfk info");
}

/* Says why a program was not loaded. */
void cli_say_load(struct cli_source *source, const struct cli_load *load,
		  const struct bfk_result *result, int err)
{
	size_t off = result->error_off;

	switch (result->error) {
	case BFK_ERROR_UNOPENED:
		cli_say_at(source, off, "unbalanced ]: it closes nothing");
		cli_hint("every loop before it is closed already");
		break;
	case BFK_ERROR_UNCLOSED:
		cli_say_at(source, off, "unbalanced [: it is never closed");
		cli_hint("of the loops still open at the end of the program this is the innermost");
		break;
	case BFK_ERROR_UNKNOWN_OP:
		say_unknown(source, off);
		break;
	case BFK_ERROR_DENIED_OP:
		say_denied(source, off, load->allowed);
		break;
	case BFK_ERROR_TOO_LONG:
		say_too_long(source, off);
		break;
	case BFK_ERROR_BAD_OP:
		cli_say_at(source, off,
			   "bad op: unknown kind or register, or an END that is not the last op");
		break;
	case BFK_ERROR_BAD_MATCH:
		cli_say_at(source, off, "bad jump: the wrong way, or to what is no place to go to");
		break;
	default:
		say_errno(source, load, err);
	}
}
