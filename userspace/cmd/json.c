// SPDX-License-Identifier: GPL-2.0-only
/*
 * A writer of JSON (RFC 8259).
 *
 * Interface: json.h
 * Invariants:
 * 1. Output is UTF-8, whatever bytes a name has: each byte that is not part of a character becomes
 *    U+FFFD.
 */
#include "json.h"
#include <inttypes.h>

#define REPLACEMENT "\\ufffd"

static void put_quoted(FILE *file, const char *text);

/* Writes what comes before a value: a comma, if need be, and the key. */
static void begin(struct cli_json *json, const char *key)
{
	if (json->is_next)
		fputc(',', json->file);
	json->is_next = true;
	if (!key)
		return;
	put_quoted(json->file, key);
	fputc(':', json->file);
}

/* Returns the length of the UTF-8 character that @text begins with, 0 if that is not valid. */
static size_t character_len(const unsigned char *text)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	size_t len = 1, i;
	uint32_t character = text[0];

	if (character < 0x80)
		return 1;
	if (character >= 0xc0 && character < 0xe0)
		len = 2;
	else if (character >= 0xe0 && character < 0xf0)
		len = 3;
	else if (character >= 0xf0 && character < 0xf8)
		len = 4;
	if (len == 1)
		return 0;
	character &= 0x7f >> len;
	for (i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0; /* also where the text ends */
		character = character << 6 | (text[i] & 0x3f);
	}
	if (character < least[len - 1] || character > 0x10ffff)
		return 0;
	return character >= 0xd800 && character < 0xe000 ? 0 : len;
}

static void put_quoted(FILE *file, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t len;

	fputc('"', file);
	for (; *at; at += len ? len : 1) {
		len = character_len(at);
		if (!len)
			fputs(REPLACEMENT, file);
		else if (*at < ' ' || *at == '"' || *at == '\\' || *at == 0x7f)
			fprintf(file, "\\u%04x", *at);
		else
			fwrite(at, 1, len, file);
	}
	fputc('"', file);
}

/* Begins an object, '{', or an array, '['. */
void cli_json_open(struct cli_json *json, const char *key, char bracket)
{
	begin(json, key);
	fputc(bracket, json->file);
	json->is_next = false;
}

void cli_json_close(struct cli_json *json, char bracket)
{
	fputc(bracket, json->file);
	json->is_next = true;
}

void cli_json_string(struct cli_json *json, const char *key, const char *text)
{
	begin(json, key);
	put_quoted(json->file, text);
}

void cli_json_number(struct cli_json *json, const char *key, uint64_t number)
{
	begin(json, key);
	fprintf(json->file, "%" PRIu64, number);
}

void cli_json_double(struct cli_json *json, const char *key, double number)
{
	begin(json, key);
	fprintf(json->file, "%.1f", number);
}

void cli_json_bool(struct cli_json *json, const char *key, bool value)
{
	begin(json, key);
	fputs(value ? "true" : "false", json->file);
}
