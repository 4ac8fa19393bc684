// SPDX-License-Identifier: GPL-2.0
/*
 * equal [OPTION]...   does every engine do the same?
 *
 *   --engines A,B   engines to compare, the last is what the others are measured by (jit,interp)
 *   --max-len N     every program of up to N symbols of "+-<>[].," (6)
 *   --count N       that many random programs (1000000)
 *   --seed S        of the random programs (1)
 *   --only I        only random program I of this seed
 *   --jobs N        processes (2)
 *   --plant         the first engine gets a wrong flag: this must be found
 *   --write DIR     runs nothing; writes COUNT plain programs that end, see plain.c
 *
 * Compared after each run: the error of the load, and where; status, exit code, source offset,
 * head, fuel left, the failed operation, counters, output, a scratch file, a directory, the tape.
 * Then again with the fuel given in small steps, which must come to the same. A witness that
 * knows nothing of ops says what tape, head and output are right.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "equal.h"
#include "../unit/tap.h"

#define JOBS_MAX 64
#define DIFFERENCES_MAX 3 /* reported by a process before it gives up */

/* What one process has counted, and where it is. In memory that all share. */
struct tally {
	uint64_t loaded, refused, stepped, witnessed, operated, differences;
	uint64_t statuses[BFK_STATUS_SIGNAL + 1];
	uint64_t at_len, at_ix;
	bool finished;
};

static struct bench benches[BENCHES_MAX];
static int n_benches;
static char engines[128] = "jit,interp";
static struct tally *tally;
static struct outcome reference, witness;
static uint64_t seed = 1, count = 1000000, only = -1ull, max_len = 6, jobs = 2;
static bool plant;
static const char *write_dir;
static const char *differing;

/* Sets what differs. Returns true, for the callers to return. */
static bool differ(const char *how)
{
	differing = how;
	return true;
}

static bool loads_differ(const struct test_case *c)
{
	const uint64_t *values = benches[n_benches - 1].outcome.values;
	uint32_t error, error_off;

	for (int i = n_benches; i--;) {
		bench_load(&benches[i], c);
		if (memcmp(benches[i].outcome.values, values, sizeof(reference.values)))
			return differ("engines load differently");
	}
	error = witness_check_brackets(c, &error_off);
	if (error != values[V_ERROR] || error_off != values[V_ERROR_OFF] ||
	    (int64_t)values[V_LOAD_ERR] != (error ? -ENOEXEC : 0))
		return differ("brackets are not what the witness sees");
	return false;
}

static bool witness_differs(const struct test_case *c)
{
	const struct outcome *o = &reference;

	if (witness_run(c, &witness) != WITNESS_ENDED)
		return false;
	tally->witnessed++;
	if (o->values[V_STATUS] != witness.values[V_STATUS])
		return differ("status is not the witness's");
	if (o->values[V_FUEL] < witness.values[V_FUEL])
		return differ("more fuel used than the text has passes");
	if (o->values[V_HEAD] != witness.values[V_HEAD])
		return differ("head is not the witness's");
	if (o->values[V_EXIT_CODE] != witness.values[V_EXIT_CODE])
		return differ("exit code is not the witness's");
	if (o->values[V_SYSOPS] != witness.values[V_SYSOPS])
		return differ("sysops are not the witness's");
	if (o->output.len != witness.output.len ||
	    memcmp(o->output.bytes, witness.output.bytes, o->output.len))
		return differ("output is not the witness's");
	if (memcmp(o->tape, witness.tape, TAPE_CELLS))
		return differ("tape is not the witness's");
	return false;
}

/*
 * Output is written when a run stops, too. So when it cannot be written, a run that is stopped
 * often learns of it earlier, and only that it does can be compared.
 */
static bool output_failed(const struct outcome *o)
{
	return o->values[V_STATUS] == BFK_STATUS_FAILED && o->values[V_FAIL_LETTER] == '.';
}

static bool stepped_differs(const struct outcome *stepped)
{
	if (output_failed(&reference))
		return !output_failed(stepped);
	return outcomes_differ(stepped, &reference);
}

static bool runs_differ(const struct test_case *c)
{
	static const uint32_t at_once;

	for (int i = n_benches; i--;) {
		bench_run(&benches[i], c, at_once);
		if (i == n_benches - 1)
			outcome_copy(&reference, &benches[i].outcome);
		else if (outcomes_differ(&benches[i].outcome, &reference))
			return differ(benches[i].name);
	}
	if (witness_differs(c))
		return true;
	for (int i = 0; i < 3 && c->steps[i] && !plant; i++) {
		for (int j = 0; j < n_benches; j++) {
			bench_run(&benches[j], c, c->steps[i]);
			tally->stepped++;
			if (stepped_differs(&benches[j].outcome))
				return differ(benches[j].name);
		}
	}
	return false;
}

static bool case_differs(const struct test_case *c)
{
	differing = NULL;
	if (loads_differ(c))
		return true;
	if (benches[0].outcome.values[V_LOAD_ERR]) {
		tally->refused++;
		return false;
	}
	tally->loaded++;
	if (runs_differ(c))
		return true;
	if (reference.values[V_STATUS] <= BFK_STATUS_SIGNAL)
		tally->statuses[reference.values[V_STATUS]]++;
	tally->operated += reference.values[V_SYSOPS] != 0;
	return false;
}

/* What each engine makes of it, @step units of fuel at a time. Returns whether any differ. */
static bool print_outcomes(const struct test_case *c, uint32_t step)
{
	bool any = false;

	for (int i = 0; i < n_benches; i++) {
		bench_load(&benches[i], c);
		bench_run(&benches[i], c, step);
		if (!outcomes_differ(&benches[i].outcome, &reference))
			continue;
		if (step)
			printf("#   with %u units of fuel at a time:\n", step);
		outcomes_print(&benches[i].outcome, benches[i].name, &reference,
			       benches[n_benches - 1].name);
		any = true;
	}
	return any;
}

static void report(struct test_case *c)
{
	printf("# a difference: %s\n", differing);
	minimise(c, case_differs);
	case_differs(c);
	if (differing)
		printf("# when made smaller: %s\n", differing);
	printf("# found with --seed %llu, %s program %llu of length %llu; smaller:\n",
	       (unsigned long long)seed, tally->at_len ? "short" : "random",
	       (unsigned long long)tally->at_ix, (unsigned long long)tally->at_len);
	case_print(c);
	for (int i = -1; i < 3; i++)
		if (print_outcomes(c, i < 0 ? 0 : c->steps[i]))
			break;
	fflush(stdout);
}

/* Runs one case. Returns whether this process should go on. */
static bool check(struct test_case *c)
{
	if (!case_differs(c))
		return true;
	report(c);
	return ++tally->differences < DIFFERENCES_MAX;
}

static void open_benches(void)
{
	char *rest = engines, *name;

	while ((name = strsep(&rest, ",")) && n_benches < BENCHES_MAX) {
		if (!bench_open(&benches[n_benches], name)) {
			printf("# engine %s: %s\n", name, strerror(errno));
			exit(2);
		}
		n_benches++;
	}
	if (plant)
		benches[0].planted = true;
}

static void work(uint64_t job)
{
	static struct test_case c;
	bool on = true;

	open_benches();
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
	for (int i = 0; i < n_benches; i++)
		bench_close(&benches[i]);
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

/* Starts the processes, waits, and adds up. Returns how many came to their end. */
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

static bool parse_options(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (!strcmp(argv[i], "--plant"))
			plant = true;
		else if (!strcmp(argv[i], "--engines"))
			snprintf(engines, sizeof(engines), "%s", argv[++i] ? value : "");
		else if (!strcmp(argv[i], "--write"))
			write_dir = value, i++;
		else if (!strcmp(argv[i], "--count"))
			count = strtoull(value, NULL, 0), i++;
		else if (!strcmp(argv[i], "--seed"))
			seed = strtoull(value, NULL, 0), i++;
		else if (!strcmp(argv[i], "--max-len"))
			max_len = strtoull(value, NULL, 0), i++;
		else if (!strcmp(argv[i], "--jobs"))
			jobs = strtoull(value, NULL, 0), i++;
		else if (!strcmp(argv[i], "--only"))
			only = strtoull(value, NULL, 0), i++;
		else
			return false;
	}
	if (only != -1ull)
		jobs = count = 1;
	return jobs && jobs <= JOBS_MAX;
}

int main(int argc, char **argv)
{
	struct rlimit limit = { FILE_MAX, FILE_MAX };
	struct tally sum = {};
	char names[sizeof(engines)];
	bool all_done;

	if (!parse_options(argc, argv)) {
		fprintf(stderr, "usage: equal [--engines A,B] [--count N] [--max-len N] [--seed S] "
				"[--only I] [--jobs N] [--plant] [--write DIR]\n");
		return 2;
	}
	if (write_dir)
		return !plain_write(write_dir, count, seed);
	strcpy(names, engines);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	all_done = run_jobs(&sum) == jobs;

	printf("# engines %s, seed %llu: %llu programs ran, %llu were refused; %llu ended, %llu quit, "
	       "%llu failed, %llu ran out of fuel; %llu did operations\n",
	       names, (unsigned long long)seed, (unsigned long long)sum.loaded,
	       (unsigned long long)sum.refused, (unsigned long long)sum.statuses[BFK_STATUS_END],
	       (unsigned long long)sum.statuses[BFK_STATUS_QUIT],
	       (unsigned long long)sum.statuses[BFK_STATUS_FAILED],
	       (unsigned long long)sum.statuses[BFK_STATUS_FUEL], (unsigned long long)sum.operated);
	tap(all_done, "%s: no process died", names);
	tap(!sum.differences && sum.loaded,
	    "%s: every program of up to %llu symbols and %llu random ones end alike, %llu in all",
	    names, (unsigned long long)max_len, (unsigned long long)count,
	    (unsigned long long)sum.loaded);
	if (only != -1ull)
		return tap_done();
	tap(!sum.differences && sum.stepped,
	    "%s: runs continued in small steps of fuel end alike, %llu of them", names,
	    (unsigned long long)sum.stepped);
	tap(!sum.differences && sum.witnessed > sum.loaded / 10,
	    "%s: tape, head and output are those of the witness, %llu times", names,
	    (unsigned long long)sum.witnessed);
	if (max_len > 1)
		tap(!sum.differences && sum.refused,
		    "%s: unbalanced programs are refused alike, "
		    "%llu of them",
		    names, (unsigned long long)sum.refused);
	if (count >= 1000)
		tap(sum.statuses[BFK_STATUS_END] && sum.statuses[BFK_STATUS_QUIT] &&
			    sum.statuses[BFK_STATUS_FUEL] && sum.operated > count / 10,
		    "%s: random programs end, quit, run out of fuel and do operations", names);
	return tap_done();
}
