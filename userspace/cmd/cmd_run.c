// SPDX-License-Identifier: GPL-2.0-only
/* bfk run: loads a program, runs it to its end, and reports what went wrong. Interface: commands.h */
#include "commands.h"
#include "cli.h"
#include "cmd_async.h"
#include "guess.h"
#include "help.h"
#include "load.h"
#include "open.h"
#include "outcome.h"
#include "pace.h"
#include "report.h"
#include "say.h"
#include "signals.h"
#include "slots.h"
#include "source.h"
#include "terminal.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bfk/limits.h"

static const char help[] =
	"usage: bfk run [OPTION]... FILE [N=PATH[:MODE]]...\n"
	"       bfk run [OPTION]... -e TEXT [N=PATH[:MODE]]...\n"
	"       bfk run --async [OPTION]... {FILE [N=PATH[:MODE]]...}...\n"
	"\n"
	"Runs the program in FILE ('-': standard input, and slot 0 is then empty input). Slots 0, 1\n"
	"and 2 are standard input, output and error. An N=PATH argument is the same as --slot N=PATH.\n"
	"\n"
	"  -E, --engine ENGINE     kernel, kernel-interp, jit or interp (default: BFK_ENGINE, else\n"
	"                          the first of kernel, jit and interp that works)\n"
	"  -e, --expression TEXT   the program itself\n"
	"  -s, --slot N=PATH[:MODE] open PATH in slot N; MODE: r (default), w creates and empties,\n"
	"                          a creates and appends, rw creates, d is a directory\n"
	"  -d, --dir N=PATH        open directory PATH in slot N\n"
	"      --listen N=WHERE    listen there in slot N; WHERE: [ADDRESS:]PORT, or the path of a\n"
	"                          Unix socket (default: on this machine only; '*' for all)\n"
	"      --connect N=WHERE   connect to WHERE in slot N\n"
	"  -O 0|1|2                how much to optimise before the program is loaded (default: 2)\n"
	"      --without PASS,...  leave out @NAMES@\n"
	"  -a, --allow LETTERS     operations the program may contain (default: all)\n"
	"  -p, --plain             '%' is a comment: stock Brainfuck\n"
	"      --eof 0|255|keep    what ',' stores at the end of input (default: 0)\n"
	"  -f, --fuel N            stop after N loop iterations, counted in the program as -O leaves\n"
	"                          it; 5K, 2M and 1e9 are numbers too\n"
	"      --tape FILE         first cells of the tape (default: all zero)\n"
	"      --tape-out FILE     write the tape to FILE after the run\n"
	"      --async             run all programs at once; the N=PATH after a FILE are for that FILE\n"
	"      --stats             print statistics on standard error (also: SIGUSR1)\n"
	"      --service[=SOCKET]  have bfkd(8) load the program, and run it here\n"
	"  -h, --help              this text\n"
	"\n"
	"Exit status: what %q gave; else 0 if the program reached its end and its last operation\n"
	"did not fail; 1 failed or out of fuel; 2 usage; 3 no device. With --async: 0 if all programs\n"
	"have status 0, else 1.\n";

enum {
	OPTION_TAPE = CLI_OPTION_OTHERS,
	OPTION_TAPE_OUT,
	OPTION_STATS,
	OPTION_LISTEN,
	OPTION_CONNECT,
	OPTION_ASYNC,
	OPTION_SERVICE,
};

static const struct option options[] = {
	{ "engine", required_argument, NULL, 'E' },
	{ "expression", required_argument, NULL, 'e' },
	{ "slot", required_argument, NULL, 's' },
	{ "dir", required_argument, NULL, 'd' },
	{ "listen", required_argument, NULL, OPTION_LISTEN },
	{ "connect", required_argument, NULL, OPTION_CONNECT },
	{ "allow", required_argument, NULL, 'a' },
	{ "plain", no_argument, NULL, 'p' },
	{ "eof", required_argument, NULL, CLI_OPTION_EOF },
	{ "without", required_argument, NULL, CLI_OPTION_WITHOUT },
	{ "fuel", required_argument, NULL, 'f' },
	{ "tape", required_argument, NULL, OPTION_TAPE },
	{ "tape-out", required_argument, NULL, OPTION_TAPE_OUT },
	{ "stats", no_argument, NULL, OPTION_STATS },
	{ "async", no_argument, NULL, OPTION_ASYNC },
	{ "service", optional_argument, NULL, OPTION_SERVICE },
	{ "help", no_argument, NULL, 'h' },
	{},
};

/*
 * struct job - one bfk run
 * @text: of -e, or NULL
 * @tape, @tape_out: paths, or NULL
 */
struct job {
	struct cli_source source;
	struct cli_load load;
	struct cli_slots slots;
	const char *text, *tape, *tape_out;
	bool stats, is_async;
	struct bfk *bfk;
	struct cli_outcome outcome;
};

static int parse_option(struct job *job, int option)
{
	switch (option) {
	case 'e':
		job->text = optarg;
		return CLI_OK;
	case 's':
		return cli_slots_assign(&job->slots, optarg, NULL);
	case 'd':
		return cli_slots_assign(&job->slots, optarg, "d");
	case OPTION_LISTEN:
		return cli_slots_socket(&job->slots, optarg, true);
	case OPTION_CONNECT:
		return cli_slots_socket(&job->slots, optarg, false);
	case 'f':
		return cli_parse_number("--fuel", optarg, 0, UINT64_MAX, &job->outcome.fuel_given);
	case OPTION_TAPE:
		job->tape = optarg;
		job->load.is_zeroed = false;
		return CLI_OK;
	case OPTION_TAPE_OUT:
		job->tape_out = optarg;
		return CLI_OK;
	case OPTION_STATS:
		job->stats = true;
		job->outcome.wants_failed = true;
		return CLI_OK;
	case OPTION_ASYNC:
		job->is_async = true;
		return CLI_OK;
	case OPTION_SERVICE:
		job->load.service = optarg ? optarg : "";
		return CLI_OK;
	default:
		return cli_load_option(&job->load, option, "run");
	}
}

/* Warns of a program that is about to wait at a terminal for input that its author put after a '!'. */
static void warn_of_data(struct cli_source *source)
{
	size_t off;

	if (cli_is_terminal(STDERR_FILENO) && cli_is_terminal(STDIN_FILENO) &&
	    cli_find_data(source, &off))
		cli_say_at(source, off,
			   "warning: what follows the '!' is part of the program, not its input");
}

/* Reads FILE or -e TEXT. If the program comes from standard input, slot 0 is empty input. */
static int read_source(struct job *job, const char *path)
{
	int status;

	if (!job->text && path && !strcmp(path, "-") && job->slots.fds[0] == STDIN_FILENO)
		job->slots.fds[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	status = cli_source_get(&job->source, job->text, path, "run");
	if (status)
		return status;
	warn_of_data(&job->source);
	if (!job->source.is_zeroed || !job->tape)
		return CLI_OK;
	cli_say("%s: compiled for a tape of zeros, which --tape does not give", job->source.name);
	cli_hint("bfk compile without --zeroed makes ops for any tape");
	cli_source_free(&job->source);
	return CLI_USAGE;
}

static int fill_tape(struct job *job)
{
	uint8_t *tape;
	char *bytes;
	size_t len;
	int status, err;

	if (!job->tape)
		return CLI_OK;
	status = cli_read_file(job->tape, &bytes, &len);
	if (status)
		return status;
	err = len > BFK_TAPE_CELLS ? -EFBIG : bfk_tape(job->bfk, &tape);
	if (err) {
		cli_say("--tape %s: %s", job->tape, strerror(-err));
		status = CLI_FAILED;
	} else {
		memcpy(tape, bytes, len);
	}
	free(bytes);
	return status;
}

static int save_tape(const struct job *job)
{
	uint8_t *tape;
	FILE *file;
	int err;

	if (!job->tape_out)
		return CLI_OK;
	err = bfk_tape(job->bfk, &tape);
	if (!err) {
		file = fopen(job->tape_out, "we");
		if (!file || fwrite(tape, 1, BFK_TAPE_CELLS, file) != BFK_TAPE_CELLS)
			err = -errno;
		if (file && fclose(file) && !err)
			err = -errno;
	}
	if (!err)
		return CLI_OK;
	cli_say("--tape-out %s: %s", job->tape_out, strerror(-err));
	return CLI_FAILED;
}

static int run_loaded(struct job *job)
{
	struct cli_outcome *outcome = &job->outcome;
	int status = fill_tape(job), saved, err;

	if (status)
		return status;
	if (cli_slots_have_socket(&job->slots))
		signal(SIGPIPE, SIG_IGN);
	err = cli_run(job->bfk, &job->source, &job->slots, outcome);
	if (err) {
		cli_say("%s: cannot run: %s", job->source.name, strerror(-err));
		return CLI_FAILED;
	}
	if (!outcome->signo)
		status = cli_outcome(&job->source, outcome);
	if (job->stats)
		cli_say_stats(&job->source, outcome);
	saved = outcome->signo ? CLI_OK : save_tape(job);
	return status ? status : saved;
}

static int load_and_run(struct job *job)
{
	int status = cli_open(&job->bfk, &job->outcome.where, &job->source, &job->load,
			      &job->outcome.result);

	if (!status)
		status = run_loaded(job);
	bfk_destroy(job->bfk);
	return cli_signals_end() ? cli_signals_die(cli_signals_end()) : status;
}

/* --async: the arguments are programs. */
static int run_async(const struct job *job, char **arguments)
{
	const struct cli_async async = { .load = job->load,
					 .slots = job->slots,
					 .fuel = job->outcome.fuel_given,
					 .stats = job->stats };

	if (*arguments && !job->text && !job->tape && !job->tape_out)
		return cli_run_async(&async, arguments);
	cli_say(*arguments ? "--async cannot be used with -e, --tape or --tape-out" :
			     "no program: give a FILE");
	cli_hint("try: bfk run --help");
	return CLI_USAGE;
}

int cmd_run(int argc, char **argv)
{
	struct job job = { .load = cli_load_default(), .outcome.fuel_given = BFK_FUEL_UNLIMITED };
	int option, status;

	cli_slots_init(&job.slots);
	while ((option = getopt_long(argc, argv, "E:O:e:s:d:a:pf:h", options, NULL)) != -1) {
		if (option == 'h') {
			cli_put_help(help);
			return CLI_OK;
		}
		status = parse_option(&job, option);
		if (status)
			return status;
	}
	job.outcome.slots = &job.slots;
	job.outcome.is_plain = job.load.flags & BFK_LOAD_PLAIN;
	if (job.is_async)
		return run_async(&job, argv + optind);
	status = read_source(&job, argv[optind]);
	if (status)
		return status;
	for (optind += !job.text; !status && optind < argc; optind++)
		status = cli_slots_assign(&job.slots, argv[optind], NULL);
	if (!status)
		status = load_and_run(&job);
	cli_source_free(&job.source);
	return status;
}
