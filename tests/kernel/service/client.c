// SPDX-License-Identifier: GPL-2.0-only
/*
 * client SOCKET CASE [NUMBER] - a badly behaved client of bfkd. If something goes wrong, it prints
 * what and exits 1. The cases are functions of client_*.c, named in `cases`.
 */
#include "client.h"

const char *path;

void served(int unused)
{
	(void)unused;
	expect("a good request", request(), 0);
}

static const struct {
	const char *name;
	void (*run)(int n);
} cases[] = {
	{ "served", served }, { "malformed", malformed }, { "truncated", truncated },
	{ "pieces", pieces }, { "slow", slow },		  { "vanish", vanish },
	{ "many", many },     { "flood", flood },	  { "sealed", sealed },
	{ "hidden", hidden }, { "untaken", untaken },	  { "idle", idle },
	{ "fuzz", fuzz },     { "linger", linger },	  { "refused", refused },
	{ "reused", reused },
};

int main(int argc, char **argv)
{
	size_t i;

	path = argc > 1 ? argv[1] : "";
	for (i = 0; argc > 2 && i < sizeof(cases) / sizeof(*cases); i++) {
		if (strcmp(cases[i].name, argv[2]))
			continue;
		cases[i].run(argc > 3 ? atoi(argv[3]) : 0);
		return 0;
	}
	die("usage: client SOCKET CASE [NUMBER]");
}
