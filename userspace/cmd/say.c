// SPDX-License-Identifier: GPL-2.0-only
/* Messages on standard error. Interface: say.h */
#include "say.h"
#include <stdarg.h>
#include <stdio.h>

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
