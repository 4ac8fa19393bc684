// SPDX-License-Identifier: GPL-2.0-only
/* The bfk command: finds the subcommand and calls it. bfk(1) documents all of them. */
#include "commands.h"
#include "cli.h"
#include "distance.h"
#include "say.h"
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define LARGE_LEN (128 << 10) /* bytes: glibc's default, which stays fixed only if it is set */

struct command {
	const char *name;
	int (*main)(int argc, char **argv);
	const char *what;
};

static int show_help(int argc, char **argv);
static int show_version(int argc, char **argv);

static const struct command commands[] = {
	{ "run", cmd_run, "run a program, in the kernel or in this process" },
	{ "check", cmd_check, "look for errors, list what a program can ask for, warn" },
	{ "compile", cmd_compile, "write the ops of a program to a file, which can then be run" },
	{ "dump", cmd_dump, "show the machine code of a program, op by op" },
	{ "audit", cmd_dump, "check machine code against the rules of the sandbox" },
	{ "bench", cmd_bench, "time how a program is loaded and how it runs" },
	{ "submit", cmd_submit,
	  "ask the compile service for an instance, and run a command with it" },
	{ "ops", cmd_ops, "list the operations of an engine" },
	{ "info", cmd_info, "show what an engine offers, and its limits" },
	{ "help", show_help, "show this text, or the options of a command" },
	{ "version", show_version, "show the versions of bfk and of its ABI" },
};

#define N_COMMANDS (sizeof(commands) / sizeof(*commands))

static void put_help(FILE *file)
{
	size_t i;

	fputs("usage: bfk COMMAND [OPTION]... [ARGUMENT]...\n\n", file);
	for (i = 0; i < N_COMMANDS; i++)
		fprintf(file, "  %-8s%s\n", commands[i].name, commands[i].what);
	fputs("\nbfk help COMMAND shows the options. See also bfk(1), and bfk(7) for the language.\n",
	      file);
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < N_COMMANDS; i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	return NULL;
}

/*
 * Returns the command that @typed was probably meant to be: its name starts with @typed, or is one edit away,
 * two if @typed is long. NULL: there is none.
 */
static const char *find_meant(const char *typed)
{
	unsigned int nearest = strlen(typed) < 5 ? 2 : 3, distance;
	const char *meant = NULL;
	size_t i;

	for (i = 0; i < N_COMMANDS; i++) {
		distance = cli_distance(typed, commands[i].name);
		if (strlen(typed) > 1 && !strncmp(typed, commands[i].name, strlen(typed)))
			distance = 0;
		if (distance < nearest) {
			nearest = distance;
			meant = commands[i].name;
		}
	}
	return meant;
}

static int say_unknown(const char *name)
{
	const char *meant = find_meant(name);
	struct stat stats;

	cli_say("there is no command '%s'", name);
	if (!stat(name, &stats) && !S_ISDIR(stats.st_mode))
		cli_hint("to run that file: bfk run %s", name);
	else if (meant)
		cli_hint("did you mean '%s'?", meant);
	else
		put_help(stderr);
	return CLI_USAGE;
}

/* getopt's messages begin with argv[0], so it becomes "bfk: COMMAND". */
static int run_command(const struct command *command, int argc, char **argv)
{
	char prefix[32];

	snprintf(prefix, sizeof(prefix), "bfk: %s", command->name);
	argv[0] = prefix;
	return command->main(argc, argv);
}

static bool is_help(const char *argument)
{
	return !strcmp(argument, "--help") || !strcmp(argument, "-h");
}

static int show_help(int argc, char **argv)
{
	static char option[] = "--help";
	char *arguments[] = { NULL, option, NULL };
	const struct command *command;

	if (argc < 2 || is_help(argv[1])) {
		put_help(stdout);
		return CLI_OK;
	}
	if (argc > 2)
		return cli_refuse_argument("help", argv[2]);
	command = find_command(argv[1]);
	return command ? run_command(command, 2, arguments) : say_unknown(argv[1]);
}

static int show_version(int argc, char **argv)
{
	if (argc > 1 && is_help(argv[1])) {
		puts("usage: bfk version");
		return CLI_OK;
	}
	if (argc > 1)
		return cli_refuse_argument("version", argv[1]);
	printf("bfk %s, ABI %d\n", CLI_VERSION, BFK_ABI_VERSION);
	return CLI_OK;
}

static int dispatch(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const struct command *command;

	if (!*name) {
		put_help(stderr);
		return CLI_USAGE;
	}
	if (is_help(name))
		name = "help";
	else if (!strcmp(name, "--version"))
		name = "version";
	command = find_command(name);
	return command ? run_command(command, argc - 1, argv + 1) : say_unknown(name);
}

/*
 * Every large array gets a mapping of its own, whatever was freed before, so pages that are never touched
 * cost nothing. Clearing them would be most of the time that a small program takes.
 */
int main(int argc, char **argv)
{
	mallopt(M_MMAP_THRESHOLD, LARGE_LEN);
	cli_begin();
	return cli_end(dispatch(argc, argv));
}
