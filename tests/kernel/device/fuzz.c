// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random arrays of ops, each loaded twice, compiled and interpreted, run in portions, and compared
 * with an independent model (model.h): the result of LOAD, and after each RUN status, fuel, place,
 * head, counts, tape and output. Some runs stop at each operation on the way, which the model does
 * not need to know.
 *
 *   BFK_FUZZ_SECONDS   total time (12)      BFK_FUZZ_SEED   of the random numbers (1)
 *
 * Arguments: part of a case's name; then folders whose *.b and *.bf are mutated, instead of
 * tests/language/programs and examples.
 */
#include <sys/resource.h>
#include "leaks.h"
#include "real.h"
#include "trial.h"
#include "tests/harness/letters.h"

#define REAL_MAX 1500u /* maximum ops of a program to change */

static double seconds = 12;
static uint64_t first_seed = 1;
static char all_letters[27]; /* operations that always have the same result */

static struct generator generator_of(uint64_t seed, struct bfk_op *ops)
{
	struct generator g = { .state = seed * 0x9e3779b97f4a7c15ull + 1, .ops = ops };

	g.letters = seed % 8 ? "qrwkf" : all_letters;
	g.state += !g.state;
	next(&g);
	return g;
}

/* Opens the same file again, with the flags that a run needs. */
static int file_again(int fd, int flags)
{
	char path[40];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fd = open(path, flags | O_CLOEXEC);
	CHECK(fd >= 0);
	return fd;
}

static void begin(void)
{
	int i, in;

	letters_if(letter_is_settled, all_letters);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 2 * OUT_MAX, 2 * OUT_MAX });
	signal(SIGXFSZ, SIG_IGN);
	fill(input, IN_LEN, first_seed);
	for (i = 0; i < 2; i++) {
		in = file_make(input, IN_LEN);
		sides[i].dev = dev_open(0);
		sides[i].out = file_make("", 0);
		sides[i].fds[0] = file_again(in, O_RDONLY);
		sides[i].fds[1] = file_again(sides[i].out, O_WRONLY);
		close(in);
	}
	known = dev_info(sides[0].dev.fd).sysops;
}

/* The first kind of op that was done, or continued past, less than @least times; KINDS: none. */
static int rare(uint64_t least)
{
	int kind = 0;

	while (kind < KINDS && done[kind] >= least &&
	       (kind < NEXT || kind > IF8 || passed[kind] >= least))
		kind++;
	return kind;
}

/* Prints the totals, and checks that every kind of op was done. */
static void finish(uint64_t least)
{
	int kind = rare(least);

	printf("# %llu programs, %llu loaded, %llu ended, %llu left the model; %llu runs, %llu stops\n",
	       (unsigned long long)n_programs, (unsigned long long)n_loaded,
	       (unsigned long long)n_ended, (unsigned long long)n_outside,
	       (unsigned long long)n_runs, (unsigned long long)n_stops);
	fflush(stdout);
	CHECK(n_loaded > least && n_ended > n_loaded / 20 && n_ended < n_loaded);
	CHECK(n_outside < n_loaded / 4);
	CHECK(n_stops > least);
	if (kind < KINDS)
		fail(__FILE__, __LINE__, "%s is done %llu times, passed %llu", bfk_op_name(kind),
		     (unsigned long long)done[kind], (unsigned long long)passed[kind]);
}

/*
 * Tries programs from @make until @share of the time is over, and, on a busy machine, until every
 * kind of op was done; they leave nothing behind.
 */
static void many(double share, void (*make)(struct generator *g))
{
	static struct bfk_op ops[GENERATE_MAX + REAL_MAX];
	struct counts before = counts();
	uint64_t least = 5 * seconds * share / slow(); /* usually hundreds a second */
	double end = now() + seconds * share;
	const char *what;
	uint64_t seed;
	int i;

	begin();
	for (seed = first_seed;
	     now() < end || ((n_loaded <= least || n_stops <= least || rare(least) < KINDS) &&
			     now() < end + 10 * SOON);
	     seed++) {
		struct generator g = generator_of(seed, ops);

		make(&g);
		try(&g, seed);
	}
	for (i = 0; i < 2; i++) {
		dev_close(&sides[i].dev);
		close(sides[i].out);
		close(sides[i].fds[0]);
		close(sides[i].fds[1]);
	}
	finish(least);
	what = leaked(&before);
	if (what)
		fail(__FILE__, __LINE__, "leaked: %s", what);
}

static void made_up(void)
{
	many(0.5, generate);
}

static struct real *reals;

/* Takes one of the real programs, compiled, and changes parts of it. */
static void take_real(struct generator *g)
{
	struct real *real;

	do
		real = &reals[below(g, real_count(reals))];
	while (real->n_ops > REAL_MAX);
	memcpy(g->ops, real->ops, real->n_ops * sizeof(*real->ops));
	g->n = real->n_ops;
}

static void make_changed(struct generator *g)
{
	take_real(g);
	change(g);
}

static void make_damaged(struct generator *g)
{
	if (one_in(g, 2))
		generate(g);
	else
		take_real(g);
	damage(g);
}

static void changed(void)
{
	reals = real_read(folders, ALLOWED);
	many(0.3, make_changed);
}

static void damaged(void)
{
	reals = real_read(folders, ALLOWED);
	many(0.2, make_damaged);
}

/* Replaces one op of the compiled program: is the difference detected? Many ops have no effect. */
static void noticed(void)
{
	static struct bfk_op ops[GENERATE_MAX];
	uint32_t n_spoilt = 0, n_noticed = 0, seed;
	int status;
	pid_t pid;

	begin();
	for (seed = 1; seed <= 150; seed++) {
		struct generator g = generator_of(seed, ops);

		generate(&g);
		spoilt_ix = seed % 2 ? ~0u : below(&g, g.n < 15 ? g.n : 15);
		if (spoilt_ix < g.n && ops[spoilt_ix].kind < MOVE)
			continue;
		pid = fork();
		if (!pid) {
			dup2(open("/dev/null", O_WRONLY), 1);
			try(&g, seed);
			_exit(0);
		}
		status = child_wait(pid, SOON);
		CHECK(status == 0 || (status == 1 << 8 && seed % 2 == 0));
		n_spoilt += seed % 2 == 0;
		n_noticed += status != 0;
	}
	if (n_spoilt < 20 || n_noticed * 5 < n_spoilt)
		fail(__FILE__, __LINE__, "%u of %u detected", n_noticed, n_spoilt);
}

static struct test tests[] = {
	{ "random ops do the same compiled, interpreted and in the model", made_up },
	{ "ops of real programs (changed) do the same compiled, interpreted and in the model",
	  changed },
	{ "ops (with random bits and bytes changed) load or are refused alike, and do the same",
	  damaged },
	{ "a different op in one of them is detected", noticed },
};
#define N_TESTS (sizeof(tests) / sizeof(*tests))

int main(int argc, char **argv)
{
	const char *text = getenv("BFK_FUZZ_SECONDS");
	unsigned int i;

	seconds = text ? atof(text) : seconds;
	text = getenv("BFK_FUZZ_SEED");
	first_seed = text ? strtoull(text, NULL, 0) : first_seed;
	for (i = 0; i < N_TESTS; i++)
		tests[i].seconds = seconds + 60;
	if (argc > 2)
		folders = argv + 2;
	return run_cases(tests, N_TESTS, argc, argv);
}
