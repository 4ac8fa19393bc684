// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages, and the document of --json that contains them.
 *
 * Interface: say.h
 * Invariants:
 * 1. While there is a document no message is printed. Messages come while other parts of the document are
 *    being written, so they are gathered in memory, and become its last member.
 */
#define _GNU_SOURCE /* vasprintf() */
#include "say.h"
#include <stdlib.h>
#include <string.h>

/*
 * The document on standard output.
 * @to: its writer
 * @messages: writer of the array of messages; its file is NULL if there is no document
 * @text: the array so far, @len bytes
 * @is_open: the last message can still get hints
 */
static struct {
	struct cli_json to, messages;
	char *text;
	size_t len;
	bool is_open;
} document;

/* Hints are the last member of a message. */
static void close_message(void)
{
	if (!document.is_open)
		return;
	cli_json_close(&document.messages, ']');
	cli_json_close(&document.messages, '}');
	document.is_open = false;
}

/*
 * Begins a message about the file @name, or NULL. Returns the writer of its object, which can get more
 * members until cli_message_text(). NULL: there is no document, and messages are printed.
 */
struct cli_json *cli_message_begin(const char *name)
{
	if (!document.messages.file)
		return NULL;
	close_message();
	cli_json_open(&document.messages, NULL, '{');
	if (name)
		cli_json_string(&document.messages, "file", name);
	return &document.messages;
}

/* Ends the message, except for its hints. */
void cli_message_text(const char *format, va_list args)
{
	static const char warning[] = "warning: ";
	char *text = NULL;
	bool is_warning;

	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	is_warning = text && !strncmp(text, warning, strlen(warning));
	cli_json_string(&document.messages, "level", is_warning ? "warning" : "error");
	cli_json_string(&document.messages, "message",
			text ? text + (is_warning ? strlen(warning) : 0) : "");
	cli_json_open(&document.messages, "hints", '[');
	document.is_open = true;
	free(text);
}

static void say(const char *name, const char *format, va_list args)
{
	if (cli_message_begin(name)) {
		cli_message_text(format, args);
		return;
	}
	fprintf(stderr, "bfk: %s%s", name ? name : "", name ? ": " : "");
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void cli_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(NULL, format, args);
	va_end(args);
}

/* About the file or program @name. */
void cli_say_of(const char *name, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(name, format, args);
	va_end(args);
}

void cli_hint(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	if (document.is_open)
		cli_json_string(&document.messages, NULL, text ? text : "");
	else if (!document.messages.file)
		fprintf(stderr, "  hint: %s\n", text ? text : "");
	free(text);
}

/*
 * Begins the document if there is to be one. Returns its writer, in its object. NULL: there is none,
 * or no memory for it.
 */
struct cli_json *cli_document_begin(bool is_json)
{
	if (is_json)
		document.messages.file = open_memstream(&document.text, &document.len);
	if (!document.messages.file)
		return NULL;
	document.to = (struct cli_json){ .file = stdout };
	cli_json_open(&document.to, NULL, '{');
	return &document.to;
}

/* Ends the document, if there is one. Messages are printed again. */
void cli_document_end(void)
{
	if (!document.messages.file)
		return;
	close_message();
	fclose(document.messages.file);
	document.messages.file = NULL;
	cli_json_open(&document.to, "messages", '[');
	fputs(document.text, stdout);
	cli_json_close(&document.to, ']');
	cli_json_close(&document.to, '}');
	putchar('\n');
	free(document.text);
}
