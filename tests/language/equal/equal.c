// SPDX-License-Identifier: GPL-2.0
/*
 * equal [OPTION]...   checks that all engines do the same, with the source and with compiled ops
 *
 *   --engines A,B   engines to compare; the last is the reference (jit,interp)
 *   --max-len N     every program of up to N symbols of "+-<>[].," (6)
 *   --count N       number of random programs (1000000)
 *   --seed S        of the random programs (1)
 *   --only I        only random program I of this seed
 *   --jobs N        processes (2)
 *   --plant WHAT    a mistake that must be found: "flag", a wrong flag for the first engine;
 *   "stop",
 *                   it loses stops at operations; or one of plant.c, in ops made by passes
 *   --write DIR     runs nothing; writes COUNT plain programs that end, see plain.c
 *
 * Compares after each run: the error of the load, and its place; status, exit code, source offset,
 * head, fuel left, the failed operation, counters, output, a scratch file, a directory, the tape,
 * and the tape at each request to the host. Then runs again with the fuel given in small steps, and
 * with stops at operations: the results must be equal. A witness that does not use ops computes the
 * expected results.
 * See compare.c for sets of passes.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "equal.h"
#include "tests/harness/tap.h"

#define JOBS_MAX 64
#define DIFFERENCES_MAX 3 /* reported by a process before it gives up */
#define COMPARED_MIN 70	  /* percent of the compiled programs that must be comparable */

static char engines[128] = "jit,interp";
static struct tally *tally;
static uint64_t seed = 1, count = 1000000, only = -1ull, max_len = 6, jobs = 2;
static const char *write_dir, *plant;

/* Minimises and prints a difference; the runs that this takes do not count. */
static void report(struct test_case *c)
{
	struct tally before = *tally;

	printf("# a difference\n");
	difference_print();
	fflush(stdout);
	minimise(c, case_differs);
	printf("# found with --seed %llu, %s program %llu of length %llu; made smaller:\n",
	       (unsigned long long)seed, tally->at_len ? "short" : "random",
	       (unsigned long long)tally->at_ix, (unsigned long long)tally->at_len);
	case_print(c);
	if (case_differs(c))
		difference_print();
	fflush(stdout);
	*tally = before;
}

/* Runs one case. Returns whether this process should continue. */
static bool check(struct test_case *c)
{
	if (!case_differs(c))
		return true;
	report(c);
	return ++tally->differences < DIFFERENCES_MAX;
}

static void work(uint64_t job)
{
	static struct test_case c;
	bool on = true;

	if (!compare_open(engines, plant, tally))
		exit(2);
	for (uint64_t len = 0; on && len <= max_len && only == -1ull; len++) {
		tally->at_len = len;
		for (uint64_t ix = job; on && generate_short(&c, len, ix); ix += jobs) {
			tally->at_ix = ix;
			on = check(&c);
		}
	}
	tally->at_len = 0;
	for (uint64_t ix = job; on && ix < count; ix += jobs) {
		tally->at_ix = only == -1ull ? ix : only;
		generate_random(&c, seed, tally->at_ix);
		on = check(&c);
	}
	compare_close();
	tally->finished = true;
}

static void say_how_it_ended(const struct tally *t, int status)
{
	if (WIFSIGNALED(status))
		printf("# a process died of signal %d", WTERMSIG(status));
	else
		printf("# a process ended with status %d", WEXITSTATUS(status));
	printf(", at program %llu (of length %llu; 0: random) of seed %llu\n",
	       (unsigned long long)t->at_ix, (unsigned long long)t->at_len,
	       (unsigned long long)seed);
}

/* Starts the processes, waits, and adds up. Returns how many finished. */
static uint64_t run_jobs(struct tally *sum)
{
	struct tally *tallies = mmap(NULL, JOBS_MAX * sizeof(*tallies), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t finished = 0;
	pid_t pids[JOBS_MAX];
	int status;

	fflush(stdout);
	for (uint64_t job = 0; job < jobs; job++) {
		tally = &tallies[job];
		pids[job] = fork();
		if (!pids[job]) {
			work(job);
			exit(0);
		}
	}
	for (uint64_t job = 0; job < jobs; job++) {
		const uint64_t *from = (const uint64_t *)&tallies[job];
		uint64_t *to = (uint64_t *)sum;

		waitpid(pids[job], &status, 0);
		finished += tallies[job].finished && !status;
		if (status)
			say_how_it_ended(&tallies[job], status);
		for (size_t i = 0; i < offsetof(struct tally, at_len) / sizeof(*to); i++)
			to[i] += from[i];
	}
	return finished;
}

/* Parses "--count N" and similar options. False: it is none of them. */
static bool parse_number(const char *option, const char *value)
{
	static const struct {
		const char *name;
		uint64_t *number;
	} numbers[] = {
		{ "--count", &count }, { "--seed", &seed }, { "--max-len", &max_len },
		{ "--jobs", &jobs },   { "--only", &only },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		if (strcmp(option, numbers[i].name))
			continue;
		*numbers[i].number = strtoull(value, NULL, 0);
		return true;
	}
	return false;
}

static bool is_plant(const char *name)
{
	for (const struct plant *p = plants; p->name; p++)
		if (!strcmp(name, p->name))
			return true;
	return !strcmp(name, "flag") || !strcmp(name, "stop");
}

static bool parse_options(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--plant"))
			plant = argv[i + 1];
		else if (!strcmp(argv[i], "--engines"))
			snprintf(engines, sizeof(engines), "%s", argv[i + 1]);
		else if (!strcmp(argv[i], "--write"))
			write_dir = argv[i + 1];
		else if (!parse_number(argv[i], argv[i + 1]))
			return false;
	}
	if (only != -1ull)
		jobs = count = 1;
	return argc % 2 && jobs && jobs <= JOBS_MAX && (!plant || is_plant(plant));
}

#define N(field) ((unsigned long long)sum->field)

static void print_sums(const struct tally *sum, const char *names)
{
	printf("# engines %s, seed %llu: %llu programs ran, %llu were refused; %llu ended, %llu quit, "
	       "%llu failed, %llu ran out of fuel; %llu did operations; %llu requests to the host\n",
	       names, (unsigned long long)seed, N(loaded), N(refused), N(statuses[BFK_STATUS_END]),
	       N(statuses[BFK_STATUS_QUIT]), N(statuses[BFK_STATUS_FAILED]),
	       N(statuses[BFK_STATUS_FUEL]), N(operated), N(events));
	printf("# compiled with passes %llu times: the same ops as before %llu times; otherwise compared "
	       "at the end %llu times, endless alike %llu, not ended %llu\n",
	       N(sets), N(same_ops), N(compared), N(endless), N(open));
}

/* Tests of amounts, which one program (--only) cannot reach. */
static void test_amounts(const struct tally *sum, const char *names)
{
	uint64_t known = sum->compared + sum->endless;
	bool good = !sum->differences;

	tap(good && sum->stepped,
	    "%s: runs continued in small steps of fuel end alike, %llu of them", names, N(stepped));
	if (count >= 1000)
		tap(good && sum->stops > sum->stopped / 4,
		    "%s: runs stopped at operations end alike, %llu of them with %llu stops", names,
		    N(stopped), N(stops));
	tap(good && sum->witnessed > sum->loaded / 2,
	    "%s: tape, head, output and fuel match the witness, %llu times", names, N(witnessed));
	tap(good && known && known * 100 >= (known + sum->open) * COMPARED_MIN,
	    "%s: compiled programs end alike, %llu times, at least %d of 100", names, N(compared),
	    COMPARED_MIN);
	if (max_len > 1)
		tap(good && sum->refused, "%s: unbalanced programs are refused alike, %llu of them",
		    names, N(refused));
	if (count >= 1000)
		tap(sum->statuses[BFK_STATUS_END] && sum->statuses[BFK_STATUS_QUIT] &&
			    sum->statuses[BFK_STATUS_FUEL] && sum->operated > count / 10,
		    "%s: random programs end, quit, run out of fuel and do operations", names);
}

int main(int argc, char **argv)
{
	struct rlimit limit = { FILE_MAX, FILE_MAX };
	struct tally sum = {};
	char names[sizeof(engines)];
	bool all_done;

	if (!parse_options(argc, argv)) {
		fprintf(stderr, "usage: equal [--engines A,B] [--count N] [--max-len N] [--seed S] "
				"[--only I] [--jobs N] [--plant WHAT] [--write DIR]\n");
		return 2;
	}
	if (write_dir)
		return !plain_write(write_dir, count, seed);
	strcpy(names, engines);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	all_done = run_jobs(&sum) == jobs;

	print_sums(&sum, names);
	tap(all_done, "%s: no process died", names);
	tap(!sum.differences && sum.loaded,
	    "%s: every program of up to %llu symbols and %llu random ones end alike, %llu in all",
	    names, (unsigned long long)max_len, (unsigned long long)count,
	    (unsigned long long)sum.loaded);
	if (only == -1ull)
		test_amounts(&sum, names);
	return tap_done();
}
