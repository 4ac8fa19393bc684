/* SPDX-License-Identifier: GPL-2.0-only */
/* A writer of JSON. */
#ifndef BFK_CMD_JSON_H
#define BFK_CMD_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * struct cli_json - a document being written
 * @file: where it goes
 * @is_next: a value was written before the next one, so a comma must come first
 *
 * @key of the functions below is the name of a member of an object, and NULL for an element of an array.
 */
struct cli_json {
	FILE *file;
	bool is_next;
};

void cli_json_open(struct cli_json *json, const char *key, char bracket);
void cli_json_close(struct cli_json *json, char bracket);
void cli_json_string(struct cli_json *json, const char *key, const char *text);
void cli_json_number(struct cli_json *json, const char *key, uint64_t number);
void cli_json_double(struct cli_json *json, const char *key, double number);
void cli_json_bool(struct cli_json *json, const char *key, bool value);

#endif
