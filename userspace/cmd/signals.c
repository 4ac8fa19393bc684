// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals while a program runs: those that end bfk, once the output of '.' is written, and SIGUSR1, which
 * prints statistics.
 *
 * A handler only records the signal and stops the run. If the run is just about to make a system call that
 * waits, that call would not notice: so a timer repeats the signal until bfk has looked at it.
 *
 * Interface: signals.h
 * Invariants:
 * 1. What was ignored when bfk was started stays ignored.
 * 2. The timer sends a signal that has come before, so it is not blocked and has our handler.
 */
#include "signals.h"
#include "cli.h"
#include <errno.h>
#include <signal.h>
#include <time.h>

#define REPEAT_NS 10000000

/* Signals that by default end a process, and are not faults of its own code. */
static const int ending[] = { SIGHUP,  SIGINT,	SIGQUIT, SIGPIPE,   SIGALRM, SIGTERM,
			      SIGUSR2, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF };

/*
 * @end_signo: the signal that is to end bfk, 0: none
 * @end_ns: when it came
 * @is_asked: SIGUSR1 has come since the last cli_signals_asked()
 * @is_timer_made: @timer exists
 * @running: the instance whose run a signal stops, or NULL
 */
static volatile sig_atomic_t end_signo, is_asked, is_timer_made;
static volatile uint64_t end_ns;
static timer_t timer;
static struct bfk *volatile running;

static void set_timer(long ns)
{
	const struct itimerspec spec = { .it_value.tv_nsec = ns, .it_interval.tv_nsec = ns };

	if (is_timer_made)
		timer_settime(timer, 0, &spec, NULL);
}

/* With SIGEV_SIGNAL timer_create() is a bare system call, so a handler may make it. */
static void repeat(int signo)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = signo };

	if (!is_timer_made)
		is_timer_made = !timer_create(CLOCK_MONOTONIC, &event, &timer);
	set_timer(REPEAT_NS);
}

/* In a handler the signal is blocked, and comes when the handler returns. */
static void die_of(int signo)
{
	signal(signo, SIG_DFL);
	raise(signo);
}

/* timeout(1) sends two signals at once, so a second one counts only after CLI_GRACE_NS. */
static void take(int signo)
{
	if (signo == SIGUSR1) {
		is_asked = 1;
	} else if (!end_signo) {
		end_signo = signo;
		end_ns = cli_now_ns();
	} else if (cli_now_ns() - end_ns > CLI_GRACE_NS) {
		die_of(signo);
		return;
	}
	if (running)
		bfk_interrupt(running);
	repeat(signo);
}

static void handle(int signo, siginfo_t *info, void *context)
{
	int saved = errno;

	(void)context;
	if (info->si_code != SI_TIMER)
		take(signo);
	errno = saved;
}

static void set_handler(int signo)
{
	struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO }, old;

	sigfillset(&action.sa_mask);
	if (!sigaction(signo, NULL, &old) && old.sa_handler != SIG_IGN)
		sigaction(signo, &action, NULL);
}

void cli_signals_watch(struct bfk *bfk)
{
	size_t i;

	running = bfk;
	for (i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		set_handler(ending[i]);
	set_handler(SIGUSR1);
}

/* A repeated SIGUSR1 would interrupt what follows, such as opening the file of --tape-out. */
void cli_signals_forget(void)
{
	running = NULL;
	signal(SIGUSR1, SIG_IGN);
	set_timer(0);
	if (end_signo)
		set_timer(REPEAT_NS);
}

int cli_signals_end(void)
{
	return end_signo;
}

/* Stops the timer first: if a signal comes before is_asked is cleared, the timer runs on. */
bool cli_signals_asked(void)
{
	if (!is_asked)
		return false;
	set_timer(0);
	is_asked = 0;
	if (end_signo)
		set_timer(REPEAT_NS);
	return true;
}

void cli_signals_calm(void)
{
	set_timer(0);
}

int cli_signals_die(int signo)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, signo);
	sigprocmask(SIG_UNBLOCK, &signals, NULL);
	die_of(signo);
	return 128 + signo;
}
