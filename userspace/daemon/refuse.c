// SPDX-License-Identifier: GPL-2.0-only
/* bfkd: replies to clients that get no instance. Interface: refuse.h */
#include "refuse.h"
#include "bfkd.h"
#include <stdarg.h>
#include <stdio.h>

static void write_refusal(struct bfkd_client *client, int err, const char *format, va_list args)
{
	client->reply.err = err;
	vsnprintf(client->reply.message, sizeof(client->reply.message), format, args);
}

void bfkd_client_refuse(struct bfkd_client *client, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_refusal(client, err, format, args);
	va_end(args);
}

bool bfkd_client_deny(struct bfkd_client *client, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_refusal(client, err, format, args);
	va_end(args);
	client->is_denied = true;
	return false;
}
