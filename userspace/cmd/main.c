// SPDX-License-Identifier: GPL-2.0-only
/* The bfk command: which subcommand? Each has a file of its own, and bfk(1) tells of all. */
#include "commands.h"
#include "cli.h"
#include "say.h"
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#define LARGE_LEN (128 << 10) /* bytes: glibc's own idea, which it changes unless it is told */

static const struct {
	const char *name;
	int (*main)(int argc, char **argv);
	const char *what;
} commands[] = {
	{ "run", cmd_run, "run a program, in the kernel or in this process" },
	{ "check", cmd_check, "look for errors, list what a program can ask for, warn" },
	{ "compile", cmd_compile, "write the ops of a program to a file, which the others take" },
	{ "dump", cmd_dump, "show the machine code of a program, op by op" },
	{ "audit", cmd_dump, "is the machine code of a program what the sandbox allows?" },
	{ "bench", cmd_bench, "time what is done before a program runs, and its run" },
	{ "submit", cmd_submit, "ask the compile service for an instance, for a command" },
	{ "ops", cmd_ops, "list the operations there are" },
	{ "info", cmd_info, "show what an engine offers, and its limits" },
};

#define N_COMMANDS (sizeof(commands) / sizeof(*commands))

static void put_help(FILE *file)
{
	size_t i;

	fputs("usage: bfk COMMAND [OPTION]... [ARGUMENT]...\n\n", file);
	for (i = 0; i < N_COMMANDS; i++)
		fprintf(file, "  %-8s%s\n", commands[i].name, commands[i].what);
	fputs("\nbfk COMMAND --help tells more; so do bfk(1), and bfk(7) about the language.\n",
	      file);
}

static int dispatch(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	char prefix[32];
	size_t i;

	if (!strcmp(name, "--version")) {
		printf("bfk %s, ABI %d\n", CLI_VERSION, BFK_ABI_VERSION);
		return CLI_OK;
	}
	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		put_help(stdout);
		return CLI_OK;
	}
	for (i = 0; i < N_COMMANDS; i++) {
		if (strcmp(name, commands[i].name))
			continue;
		/* getopt's messages begin with argv[0]. */
		snprintf(prefix, sizeof(prefix), "bfk: %s", name);
		argv[1] = prefix;
		return commands[i].main(argc - 1, argv + 1);
	}
	if (*name)
		cli_say("there is no command '%s'", name);
	put_help(stderr);
	return CLI_USAGE;
}

/*
 * Large arrays are mapped each by itself, whatever was freed before: pages of them that are not used
 * then cost nothing. A small program would spend more time on clearing them than on anything else.
 */
int main(int argc, char **argv)
{
	mallopt(M_MMAP_THRESHOLD, LARGE_LEN);
	return cli_end(dispatch(argc, argv));
}
