// SPDX-License-Identifier: GPL-2.0-only
/* Help texts, with the names and meanings of the passes filled in. Interface: help.h */
#include "help.h"
#include <stdio.h>
#include <string.h>
#include "userspace/opt/passes.h"

/* "blocks, ifs or zeroed" */
static void put_names(void)
{
	size_t i;

	for (i = 0; i < BFK_PASSES; i++) {
		if (i)
			fputs(i + 1 < BFK_PASSES ? ", " : " or ", stdout);
		fputs(bfk_passes[i].name, stdout);
	}
}

static void put_passes(void)
{
	size_t i;

	for (i = 0; i < BFK_PASSES; i++)
		printf("  %-9s%s\n", bfk_passes[i].name, bfk_passes[i].meaning);
}

static const struct {
	const char *word;
	void (*put)(void);
} fields[] = {
	{ "@NAMES@", put_names },
	{ "@PASSES@", put_passes },
};

#define N_FIELDS (sizeof(fields) / sizeof(*fields))

/* The field that @text starts with, or N_FIELDS. */
static size_t find_field(const char *text)
{
	size_t i = 0;

	while (i < N_FIELDS && strncmp(text, fields[i].word, strlen(fields[i].word)))
		i++;
	return i;
}

void cli_put_help(const char *text)
{
	size_t field;

	while (*text) {
		field = find_field(text);
		if (field == N_FIELDS) {
			putchar(*text++);
			continue;
		}
		fields[field].put();
		text += strlen(fields[field].word);
	}
}
