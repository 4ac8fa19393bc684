// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfk run --async: runs several programs at once, and reports each when it ends.
 *
 * Interface: cmd_async.h
 * Invariants:
 * 1. Standard output belongs to the programs. Every message goes to standard error.
 * 2. Nothing runs before everything is loaded.
 */
#include "cmd_async.h"
#include "cli.h"
#include "open.h"
#include "outcome.h"
#include "pace.h"
#include "say.h"
#include "signals.h"
#include "slots.h"
#include "source.h"
#include "terminal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REDRAW_NS 200000000
#define ASK_AGAIN_NS 100000000 /* before runs that have not stopped are cancelled again */

/*
 * struct program - one of the programs
 * @is_asked: it was stopped for its statistics
 * @status: its exit status
 */
struct program {
	struct cli_source source;
	struct cli_slots slots;
	struct bfk *bfk;
	struct cli_outcome outcome;
	struct cli_pace pace;
	bool is_asked;
	int status;
};

/*
 * struct crowd - all of the programs
 * @signo: the signal that ends bfk as soon as all have stopped, 0: none
 * @start_ns: when the first was submitted
 * @is_terminal: progress is shown
 */
struct crowd {
	const struct cli_async *async;
	struct program *programs;
	size_t n, n_running;
	struct bfk_queue *queue;
	int signo;
	uint64_t start_ns;
	bool is_terminal;
};

/* N=PATH, as opposed to the name of a program? */
static bool is_spec(const char *argument)
{
	size_t n_digits = strspn(argument, "0123456789");

	return n_digits && argument[n_digits] == '=';
}

/* All programs share the files of --slot: these stay open if one program gets another file in the slot. */
static int assign(const struct crowd *crowd, struct program *program, const char *spec)
{
	const struct cli_slots *shared = &crowd->async->slots;
	unsigned long slot = strtoul(spec, NULL, 10);

	if (slot < sizeof(shared->fds) / sizeof(int) &&
	    program->slots.fds[slot] == shared->fds[slot])
		program->slots.fds[slot] = -1;
	return cli_slots_assign(&program->slots, spec, NULL);
}

/* Loads each FILE, and opens the N=PATH that follow it. */
static int prepare(struct crowd *crowd, char **arguments)
{
	struct program *program = NULL;
	int status = CLI_OK;

	for (; *arguments && !status; arguments++) {
		if (program && is_spec(*arguments)) {
			status = assign(crowd, program, *arguments);
			continue;
		}
		program = &crowd->programs[crowd->n++];
		program->slots = crowd->async->slots;
		program->outcome.slots = &program->slots;
		program->outcome.is_plain = crowd->async->load.flags & BFK_LOAD_PLAIN;
		program->outcome.fuel_given = crowd->async->fuel;
		if (!strcmp(*arguments, "-"))
			program->slots.fds[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		status = cli_source_get(&program->source, NULL, *arguments, "run");
		if (!status)
			status = cli_open(&program->bfk, &program->outcome.where, &program->source,
					  &crowd->async->load, &program->outcome.result);
	}
	return status;
}

/* The run has its files now. Closes those that no other program shares. */
static void close_files(const struct crowd *crowd, const struct program *program)
{
	size_t i;

	for (i = 0; i < sizeof(program->slots.fds) / sizeof(int); i++)
		if (program->slots.fds[i] != crowd->async->slots.fds[i] &&
		    program->slots.fds[i] > STDERR_FILENO)
			close(program->slots.fds[i]);
}

/* Starts a program with its files, or continues it with @n_fds 0. Returns whether it runs now. */
static bool submit(struct crowd *crowd, struct program *program, unsigned int n_fds)
{
	uint64_t fuel = cli_pace_begin(&program->pace, program->outcome.result.fuel_left);
	int err =
		bfk_submit(crowd->queue, program->bfk, program->slots.fds, n_fds, fuel, 0, program);

	if (!err)
		return true;
	cli_say("%s: cannot run: %s", program->source.name, strerror(-err));
	program->status = CLI_FAILED;
	return false;
}

static void start(struct crowd *crowd, struct program *program)
{
	unsigned int n_fds = sizeof(program->slots.fds) / sizeof(int);

	program->pace = cli_pace_for(program->slots.fds[1]);
	program->outcome.result.fuel_left = crowd->async->fuel;
	crowd->n_running += submit(crowd, program, n_fds);
	close_files(crowd, program);
}

static void put_progress(const struct crowd *crowd)
{
	if (!crowd->is_terminal)
		return;
	fprintf(stderr, "\r\033[K%zu of %zu running, %.1f s", crowd->n_running, crowd->n,
		(cli_now_ns() - crowd->start_ns) / 1e9);
	fflush(stderr);
}

static void clear_progress(const struct crowd *crowd)
{
	if (!crowd->is_terminal)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
}

/* "FILE: ended after N s" */
static void say_how(const struct program *program)
{
	const struct cli_outcome *outcome = &program->outcome;
	const char *status = bfk_status_name(outcome->result.status);

	if (outcome->result.status == BFK_STATUS_QUIT)
		cli_say("%s: quit with %u after %.3f s", program->source.name,
			outcome->result.exit_code, outcome->ns / 1e9);
	else
		cli_say("%s: %s after %.3f s", program->source.name, status, outcome->ns / 1e9);
}

static void say_end(const struct crowd *crowd, struct program *program, int err)
{
	struct cli_outcome *outcome = &program->outcome;

	program->status = CLI_FAILED;
	if (err) {
		cli_say("%s: cannot run: %s", program->source.name, strerror(-err));
		return;
	}
	say_how(program);
	if (cli_is_stopped(&outcome->result))
		outcome->signo = crowd->signo;
	else
		program->status = cli_outcome(&program->source, outcome);
	if (crowd->async->stats)
		cli_say_stats(&program->source, outcome);
}

/* Continues a program that was stopped, after its statistics if they were asked for. */
static bool go_on(struct crowd *crowd, struct program *program)
{
	if (program->is_asked) {
		clear_progress(crowd);
		fprintf(stderr, "%s:\n", program->source.name);
		cli_say_stats(&program->source, &program->outcome);
	}
	program->is_asked = false;
	return submit(crowd, program, 0);
}

static void take(struct crowd *crowd, const struct bfk_completion *completion)
{
	struct program *program = completion->user_data;
	struct cli_outcome *outcome = &program->outcome;
	bool is_stopped;

	outcome->result = completion->result;
	outcome->ns = cli_now_ns() - crowd->start_ns;
	cli_pace_end(&program->pace, &outcome->result);
	outcome->failed = outcome->result;
	is_stopped = !completion->err && cli_is_stopped(&outcome->result) && !crowd->signo;
	if (is_stopped && go_on(crowd, program))
		return;
	crowd->n_running--;
	clear_progress(crowd);
	if (!is_stopped)
		say_end(crowd, program, completion->err);
}

/* If a signal has come, stops all: for good, or for their statistics. */
static void look_at_signals(struct crowd *crowd)
{
	bool is_asked;
	size_t i;

	cli_signals_calm(); /* first: a signal that comes after this starts the timer again */
	is_asked = cli_signals_asked();
	crowd->signo = cli_signals_end();
	for (i = 0; i < crowd->n && is_asked; i++)
		crowd->programs[i].is_asked = true;
	if (is_asked || crowd->signo)
		bfk_cancel(crowd->queue, NULL);
}

static void wait_all(struct crowd *crowd)
{
	int64_t timeout_ns = crowd->is_terminal ? REDRAW_NS : -1;
	struct bfk_completion completion;
	int err;

	while (crowd->n_running) {
		put_progress(crowd);
		err = bfk_wait(crowd->queue, crowd->signo ? ASK_AGAIN_NS : timeout_ns, &completion);
		if (!err)
			take(crowd, &completion);
		look_at_signals(crowd);
	}
}

static int run_all(struct crowd *crowd)
{
	int err = bfk_queue_create(&crowd->queue, crowd->n, 0);
	size_t i;

	if (err) {
		cli_say("cannot run %zu program%s at once: %s", crowd->n, cli_plural(crowd->n),
			strerror(-err));
		return CLI_FAILED;
	}
	cli_signals_watch(NULL);
	crowd->start_ns = cli_now_ns();
	for (i = 0; i < crowd->n; i++)
		start(crowd, &crowd->programs[i]);
	wait_all(crowd);
	bfk_queue_destroy(crowd->queue);
	for (i = 0; i < crowd->n; i++)
		if (crowd->programs[i].status)
			return CLI_FAILED;
	return CLI_OK;
}

/* @arguments: FILE [N=PATH]..., any number of times, then NULL */
int cli_run_async(const struct cli_async *async, char **arguments)
{
	struct crowd crowd = { .async = async, .is_terminal = cli_has_terminal() };
	size_t n_arguments = 0, i;
	int status;

	while (arguments[n_arguments])
		n_arguments++;
	crowd.programs = calloc(n_arguments + 1, sizeof(*crowd.programs));
	if (!crowd.programs) {
		cli_say("%s", strerror(ENOMEM));
		return CLI_FAILED;
	}
	status = prepare(&crowd, arguments);
	if (!status)
		status = run_all(&crowd);
	for (i = 0; i < crowd.n; i++) {
		bfk_destroy(crowd.programs[i].bfk);
		cli_source_free(&crowd.programs[i].source);
	}
	free(crowd.programs);
	return cli_signals_end() ? cli_signals_die(cli_signals_end()) : status;
}
