// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages: "bfk: FILE:LINE:COL: message", the source line with a caret, a hint.
 *
 * Interface: report.h
 * Invariants:
 * 1. A source line is shown as printable ASCII and tabs: a program text cannot write escape
 *    sequences to the terminal, and a byte is a column.
 */
#include "report.h"
#include "cli.h"
#include "guess.h"
#include "load.h"
#include "say.h"
#include "source.h"
#include "terminal.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_LEN 76 /* bytes of a line that are shown */

static bool is_shown(unsigned char byte)
{
	return byte >= ' ' && byte < 0x7f;
}

/* Prints one line of source. Tabs are kept, so that the caret lines up with them. */
static void put_line(const struct cli_source *source, size_t from, size_t to)
{
	for (; from < to; from++) {
		char byte = source->text[from];

		fputc(is_shown(byte) || byte == '\t' ? byte : '?', stderr);
	}
}

static void put_caret(const struct cli_source *source, size_t from, size_t off)
{
	bool colour = cli_has_colour();

	for (; from < off; from++)
		fputc(source->text[from] == '\t' ? '\t' : ' ', stderr);
	fputs(colour ? "\033[1;32m^\033[0m\n" : "^\n", stderr);
}

/* Prints the line around @off, or a part of it if it is long, and a caret below @off. */
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

/* Prints "bfk: FILE:LINE:COL: ", or "bfk: FILE: op N: " for a file of ops. Returns the line, 0: none. */
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

/* Writes a place as members of a JSON object. */
void cli_json_place(struct cli_json *json, struct cli_source *source, size_t off)
{
	struct cli_place place;

	if (source->ops) {
		cli_json_number(json, "op", off);
		return;
	}
	place = cli_place(source, off);
	cli_json_number(json, "line", place.line);
	cli_json_number(json, "column", place.col);
	cli_json_number(json, "offset", off);
}

static void say_at(struct cli_source *source, size_t off, const char *format, va_list args)
{
	struct cli_json *json = cli_message_begin(source->name);
	size_t line;

	if (json) {
		cli_json_place(json, source, off);
		cli_message_text(format, args);
		return;
	}
	line = put_place(source, off);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	if (line && off < source->len)
		show_line(source, off, line);
}

void cli_say_at(struct cli_source *source, size_t off, const char *format, ...)
{
	va_list args;

	if (!source->ops && off > source->len)
		off = source->len;
	va_start(args, format);
	say_at(source, off, format, args);
	va_end(args);
}

static void hint_operations(void)
{
	char list[3 * 26 + 1], *to = list, letter;

	for (letter = 'a'; letter <= 'z'; letter++)
		if (bfk_sysop(letter))
			to += sprintf(to, " %%%c", letter);
	cli_hint("operations are%s (see: bfk ops); --plain makes every %% a comment", list);
}

/* Returns the letter of the operation at @off, 0 if the text ends before it. */
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
		cli_hint("letters of operations are lower case: %%%c is %s", lower,
			 cli_op_name(lower));
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
	cli_hint("--allow '%s' allows these letters and no others", letters);
}

static void say_too_long(const struct cli_source *source, size_t max)
{
	cli_say_of(source->name, "program too long: it has more than %zu %s", max,
		   source->ops ? "ops" : "bytes");
	if (!source->ops)
		cli_hint("comments count; see source_max_len in: bfk info");
}

/* Prints an error that has no place in the program. */
static void say_errno(const struct cli_source *source, const struct cli_load *load, int err)
{
	cli_say_of(source->name, "cannot load: %s", strerror(-err));
	if (err == -EINVAL && source->ops && load->flags & BFK_LOAD_PLAIN)
		cli_hint("--plain is for source, but this is compiled already");
	else if (err == -EINVAL)
		cli_hint("module and command may be of different versions; see: bfk info");
}

/* Prints why a program was not loaded. */
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
		cli_hint("it is the innermost of the loops still open at the end of the program");
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
		cli_say_at(source, off,
			   "bad jump: in the wrong direction, or not to a valid target");
		break;
	default:
		say_errno(source, load, err);
		return;
	}
	/* For an unknown operation hint_operations() has named --plain already. */
	if (result->error != BFK_ERROR_TOO_LONG)
		cli_hint_source(source, load->flags & BFK_LOAD_PLAIN ||
						result->error == BFK_ERROR_UNKNOWN_OP);
}
