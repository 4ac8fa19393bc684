// SPDX-License-Identifier: GPL-2.0
/* Reads a case of a table, line by line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "userspace/opt/passes.h"
#include "tables.h"

static uint32_t parse_passes(const char *names)
{
	const struct bfk_pass_entry *pass;
	uint32_t found = 0;
	char name[32];
	int len;

	for (; sscanf(names, " %31s%n", name, &len) == 1; names += len) {
		if (!strcmp(name, "none"))
			continue;
		if (!strcmp(name, "all")) {
			found |= BFK_LEVEL_2;
			continue;
		}
		pass = bfk_pass_find(name, strlen(name));
		if (!pass) {
			fprintf(stderr, "tables: no pass '%s'\n", name);
			exit(2);
		}
		found |= pass->pass;
	}
	return found;
}

/* Appends source, where "x{3}" is "xxx". */
static void parse_source(struct text *source, const char *line)
{
	for (; *line && *line != '\n'; line++) {
		char *end;
		long n;

		if (*line != '{') {
			put(source, "%c", *line);
			continue;
		}
		for (n = strtol(line + 1, &end, 10); n > 1; n--)
			put(source, "%c", line[-1]);
		line = end;
	}
}

const char *after(const char *line, const char *start)
{
	size_t len = strlen(start);

	return strncmp(line, start, len) ? NULL : line + len;
}

bool parse_line(struct table_case *c, const char *line)
{
	const char *rest;

	if ((rest = after(line, "== "))) {
		*c = (struct table_case){};
		snprintf(c->name, sizeof(c->name), "%.*s", (int)strcspn(rest, "\n"), rest);
		return true;
	}
	if ((rest = after(line, "passes: ")))
		c->passes = parse_passes(rest);
	else if ((rest = after(line, "source: ")))
		parse_source(&c->source, rest);
	else if (*line != '#' && *line != '\n' && *c->name)
		put(&c->ops, "%s", line);
	return false;
}
