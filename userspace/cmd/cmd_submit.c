// SPDX-License-Identifier: GPL-2.0-only
/* bfk submit: sends programs to the compile service, and gets instances back. Interface: commands.h */
#include "commands.h"
#include "cli.h"
#include "help.h"
#include "load.h"
#include "open.h"
#include "say.h"
#include "source.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "userspace/lib/service.h"

static const char help[] =
	"usage: bfk submit [OPTION]... FILE...\n"
	"       bfk submit [OPTION]... FILE -- COMMAND [ARGUMENT]...\n"
	"       bfk submit [OPTION]... -e TEXT [-- COMMAND [ARGUMENT]...]\n"
	"\n"
	"Sends the source in each FILE ('-': standard input) to bfkd(8), and prints what came back: a\n"
	"sealed instance, or why not. COMMAND is run with the instance open; the environment variable\n"
	"BFK_FD is the number of its descriptor. COMMAND needs no right to open /dev/bfk.\n"
	"\n"
	"  -S, --socket PATH       where bfkd listens (default: " SERVICE_SOCKET ")\n"
	"  -e, --expression TEXT   the program itself\n"
	"  -O 0|1|2                how much to optimise (default: 2)\n"
	"      --without PASS,...  leave out @NAMES@\n"
	"  -a, --allow LETTERS     operations the program may contain (default: what policy allows)\n"
	"  -p, --plain             '%' is a comment: stock Brainfuck\n"
	"      --eof 0|255|keep    what ',' stores at the end of input (default: 0)\n"
	"  -h, --help              this text\n"
	"\n"
	"Exit status: 0 an instance for each; 1 some were refused; 2 usage; 3 no service. With COMMAND:\n"
	"that of COMMAND, 126 if it cannot be run, 127 if it is not found.\n";

static const struct option options[] = {
	{ "socket", required_argument, NULL, 'S' },
	{ "expression", required_argument, NULL, 'e' },
	{ "without", required_argument, NULL, CLI_OPTION_WITHOUT },
	{ "allow", required_argument, NULL, 'a' },
	{ "plain", no_argument, NULL, 'p' },
	{ "eof", required_argument, NULL, CLI_OPTION_EOF },
	{ "help", no_argument, NULL, 'h' },
	{},
};

/*
 * struct submission - one bfk submit
 * @text: of -e, or NULL
 * @command: to run with the instance, and its arguments; NULL: there is none
 */
struct submission {
	struct cli_load load;
	const char *text;
	char **command;
};

/* Executes the command, with the instance open. */
static int become(struct bfk *bfk, char **command)
{
	char number[16];
	int fd = fcntl(bfk_fd(bfk), F_DUPFD, 3), err;

	snprintf(number, sizeof(number), "%d", fd);
	if (fd >= 0 && !setenv("BFK_FD", number, 1))
		execvp(*command, command);
	err = errno;
	cli_say("%s: %s", *command, strerror(err));
	close(fd);
	return err == ENOENT ? 127 : 126;
}

/* Returns the command after "--", and ends the files there. NULL: there is none. */
static char **find_command(int *argc, char **argv)
{
	int i;

	for (i = 1; i < *argc; i++) {
		if (strcmp(argv[i], "--"))
			continue;
		argv[i] = NULL;
		*argc = i;
		return argv + i + 1;
	}
	return NULL;
}

static int submit(struct cli_source *source, void *arg)
{
	const struct submission *submission = arg;
	struct bfk *bfk = NULL;
	struct bfk_result result;
	enum bfk_where where;
	int status = cli_open(&bfk, &where, source, &submission->load, &result);

	if (!status && submission->command)
		status = become(bfk, submission->command);
	else if (!status)
		printf("%s: sealed instance, %s, %u op%s, %u bytes of machine code\n", source->name,
		       result.engine == BFK_ENGINE_JIT ? "kernel" : "kernel-interp", result.n_ops,
		       cli_plural(result.n_ops), result.text_len);
	bfk_destroy(bfk);
	return status;
}

/* A command is for one program. */
static int submit_all(struct submission *submission, char **paths)
{
	const char *why = NULL;

	if (submission->command && !*submission->command)
		why = "which command?";
	else if (submission->command && *paths && (submission->text || paths[1]))
		why = "one program for one command";
	if (!why)
		return cli_source_each(submission->text, paths, "submit", submit, submission);
	cli_say("submit: %s", why);
	cli_hint("try: bfk submit --help");
	return CLI_USAGE;
}

int cmd_submit(int argc, char **argv)
{
	struct submission submission = { .load = cli_load_default() };
	struct cli_load *load = &submission.load;
	int option, status = CLI_OK;

	submission.command = find_command(&argc, argv);
	load->service = "";
	load->engine = "kernel";	       /* whatever BFK_ENGINE is */
	load->is_zeroed = !submission.command; /* which may fill the tape first */
	while ((option = getopt_long(argc, argv, "S:O:a:e:ph", options, NULL)) != -1) {
		if (option == 'h') {
			cli_put_help(help);
			return CLI_OK;
		}
		if (option == 'S')
			load->service = optarg;
		else if (option == 'e')
			submission.text = optarg;
		else
			status = cli_load_option(load, option, "submit");
		if (status)
			return status;
	}
	return submit_all(&submission, argv + optind);
}
