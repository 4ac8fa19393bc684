/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages: "bfk: MESSAGE" on standard error, with hints below; or, while there is a document, part of it.
 */
#ifndef BFK_CMD_SAY_H
#define BFK_CMD_SAY_H

#include <stdarg.h>
#include "json.h"

void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_say_of(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
void cli_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

struct cli_json *cli_message_begin(const char *name);
void cli_message_text(const char *format, va_list args);

struct cli_json *cli_document_begin(bool is_json);
void cli_document_end(void);

#endif
