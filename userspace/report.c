// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages: "bfk: FILE:LINE:COL: message", the source line with a caret, a hint.
 *
 * Interface: cli.h
 * Invariants:
 * 1. What a source line shows is ASCII without control characters: a program text cannot
 *    write escape sequences to the terminal, and a byte is a column.
 */
#include "cli.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_LEN 76 /* bytes of a line that are shown */

/* Where a byte is, or the end of the text; counted from 1, columns in bytes. */
struct cli_place cli_place(const struct cli_source *source, size_t off)
{
	size_t low = 0, high = source->n_lines, middle;

	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (source->lines[middle] <= off)
			low = middle;
		else
			high = middle;
	}
	return (struct cli_place){ .line = low + 1, .col = off - source->lines[low] + 1 };
}

void cli_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("bfk: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

void cli_hint(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("  hint: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

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

void cli_say_at(const struct cli_source *source, size_t off, const char *format, ...)
{
	struct cli_place place;
	va_list args;

	if (off > source->len)
		off = source->len;
	place = cli_place(source, off);
	va_start(args, format);
	fprintf(stderr, "bfk: %s:%zu:%zu: ", source->name, place.line, place.col);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	if (off < source->len)
		show_line(source, off, place.line);
}

static void hint_operations(void)
{
	const struct bfk_sysop_info *sysops;
	struct bfk_info_args info;
	size_t n, i;

	if (bfk_info(BFK_WHERE_INTERP, &info, &sysops, &n))
		return;
	fputs("  hint: operations are", stderr);
	for (i = 0; i < n; i++)
		fprintf(stderr, " %%%c", sysops[i].letter);
	fputs(" (see: bfk ops); --plain makes every % a comment\n", stderr);
}

static void say_unknown(const struct cli_source *source, size_t off)
{
	unsigned char letter = off + 1 < source->len ? source->text[off + 1] : 0;
	char lower = letter | 0x20;

	if (!letter)
		cli_say_at(source, off, "%% without the letter of an operation");
	else if (is_shown(letter))
		cli_say_at(source, off, "unknown operation %%%c", letter);
	else
		cli_say_at(source, off, "unknown operation: %% and byte 0x%02x", letter);
	if (letter >= 'A' && letter <= 'Z' && cli_op_name(lower))
		cli_hint("letters of operations are small: %%%c is %s", lower, cli_op_name(lower));
	hint_operations();
}

static void say_denied(const struct cli_source *source, size_t off, uint32_t allowed)
{
	char letter = source->text[off + 1], letters[27] = "", *to = letters;
	int i;

	for (i = 0; i < 26; i++)
		if (allowed >> i & 1)
			*to++ = 'a' + i;
	cli_say_at(source, off, "operation %%%c (%s) is not allowed", letter, cli_op_name(letter));
	cli_hint("--allow '%s' allows what it names and nothing else", letters);
}

/* Says why a program was not loaded. */
void cli_say_load(const struct cli_source *source, const struct cli_load *load,
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
	case BFK_ERROR_UNKNOWN_OP: say_unknown(source, off); break;
	case BFK_ERROR_DENIED_OP: say_denied(source, off, load->allowed); break;
	case BFK_ERROR_TOO_LONG:
		cli_say("%s: program too long: it has more than %zu bytes", source->name, off);
		cli_hint("comments count; see source_max_len in: bfk info");
		break;
	case BFK_ERROR_TOO_DEEP:
		cli_say_at(source, off, "brackets nested too deep");
		cli_hint("see depth_max in: bfk info");
		break;
	default: cli_say("%s: cannot load: %s", source->name, strerror(-err));
	}
}
