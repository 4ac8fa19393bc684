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
#include "generate.h"
#include "leaks.h"
#include "model.h"
#include "real.h"
#include "tests/harness/letters.h"

#define IN_LEN 9000u
#define OUT_MAX (8u << 20) /* bytes of output that the model keeps; files may be twice as long */
#define REAL_MAX 1500u	   /* maximum ops of a program to change */

static double seconds = 12;
static uint64_t first_seed = 1;
static char all_letters[27]; /* operations that always have the same result */

/* Operations whose results depend on more than the program and its files are denied. */
#define ALLOWED (BFK_ALLOW_ALL & ~(1u << ('m' - 'a')) & ~(1u << ('u' - 'a')))

/* An engine of the kernel. Its runs get read-only and write-only descriptors, unlike the test's. */
struct side {
	struct dev dev;
	int out, fds[2];
	struct bfk_run_args run;
};

static struct side sides[2];
static struct model model;
static uint8_t input[IN_LEN];
static uint32_t known;
static uint64_t n_programs, n_loaded, n_runs, n_stops, n_ended, n_outside, done[KINDS],
	passed[KINDS];

/* --- one program ------------------------------------------------------------------------------- */

/* Everything needed to reproduce a failure. */
struct trial {
	uint64_t seed;
	const struct bfk_op *ops;
	uint32_t n, flags, in_len;
};

static void print_trial(const struct trial *trial)
{
	uint32_t i;

	dprintf(1, "# seed %llu, flags 0x%x, %u bytes of input, %u ops:\n",
		(unsigned long long)trial->seed, trial->flags, trial->in_len, trial->n);
	for (i = 0; i < trial->n && i < 300; i++) {
		struct bfk_op op = trial->ops[i];

		dprintf(1, "# %3u %-6s val %3d reg %d src_reg %d off %6d src_off %6d match %u\n", i,
			bfk_op_name(op.kind), op.val, op.reg, op.src_reg, op.off, op.src_off,
			op.match);
	}
}

#define SAME(trial, is, should)                                                              \
	do {                                                                                 \
		long long is_ = (is), should_ = (should);                                    \
		if (is_ != should_) {                                                        \
			print_trial(trial);                                                  \
			fail(__FILE__, __LINE__, "%s is %lld, not %lld", #is, is_, should_); \
		}                                                                            \
	} while (0)

static void same_cells(const struct trial *trial, const uint8_t *is, const uint8_t *should)
{
	uint32_t cell = 0;

	if (!memcmp(is, should, TAPE_CELLS))
		return;
	while (is[cell] == should[cell])
		cell++;
	print_trial(trial);
	fail(__FILE__, __LINE__, "cell %u is %d, not %d", cell, is[cell], should[cell]);
}

static void same_runs(const struct trial *trial, const struct bfk_run_args *is,
		      const struct bfk_run_args *should)
{
	SAME(trial, is->status, should->status);
	SAME(trial, is->source_off, should->source_off);
	SAME(trial, is->head, should->head);
	SAME(trial, is->fuel, should->fuel);
	SAME(trial, is->exit_code, should->exit_code);
	SAME(trial, is->sysops, should->sysops);
	SAME(trial, is->read_len, should->read_len);
	SAME(trial, is->write_len, should->write_len);
	SAME(trial, is->fail_off, should->fail_off);
	SAME(trial, is->fail_errno, should->fail_errno);
	SAME(trial, is->fail_letter, should->fail_letter);
}

static void same_output(const struct trial *trial, const struct side *side, const uint8_t *out,
			size_t len)
{
	static uint8_t bytes[1 << 16];
	struct stat stat_;
	size_t at, n;

	EQUAL(fstat(side->out, &stat_), 0);
	SAME(trial, stat_.st_size, len);
	for (at = 0; at < len; at += n) {
		n = len - at < sizeof(bytes) ? len - at : sizeof(bytes);
		EQUAL(pread(side->out, bytes, n, at), n);
		SAME(trial, memcmp(bytes, out + at, n), 0);
	}
}

/* Compares the output of both engines, when the model does not know it. */
static void same_outputs(const struct trial *trial)
{
	uint8_t *out = malloc(2 * OUT_MAX);
	ssize_t len = pread(sides[1].out, out, 2 * OUT_MAX, 0);

	CHECK(len >= 0);
	same_output(trial, &sides[0], out, len);
	free(out);
}

static uint32_t spoilt_ix = ~0u; /* an op that is different in the compiled program only */

static int load_one(int i, const struct trial *trial, struct bfk_load_args *args)
{
	struct bfk_op *ops = malloc(trial->n * sizeof(*ops));
	int err;

	memcpy(ops, trial->ops, trial->n * sizeof(*ops));
	if (!i && spoilt_ix < trial->n) {
		ops[spoilt_ix].val++;
		ops[spoilt_ix].off++;
	}
	*args = ops_args(ops, trial->n, trial->flags | (i ? BFK_LOAD_INTERP : 0));
	args->allowed = ALLOWED;
	err = dev_call(sides[i].dev.fd, BFK_LOAD, args);
	free(ops);
	return err;
}

/* Does LOAD have the same result everywhere? Returns whether it succeeds. */
static bool load_all(const struct trial *trial)
{
	uint32_t error, error_off, i;
	int err = model_load(trial->ops, trial->n, known, ALLOWED, &error, &error_off);

	for (i = 0; i < 2; i++) {
		struct bfk_load_args args;

		SAME(trial, load_one(i, trial, &args), err);
		SAME(trial, args.error, error);
		SAME(trial, args.error_off, error_off);
		if (!err) {
			SAME(trial, args.n_ops, trial->n);
			SAME(trial, args.engine, i ? BFK_ENGINE_INTERP : ENGINE);
		}
	}
	return !err;
}

/* Sets input, output and cells for the start. */
static void set_up(struct generator *g, const struct trial *trial)
{
	uint32_t n = one_in(g, 20) ? TAPE_CELLS : one_in(g, 4) ? 0 : 100, i;

	model_start(&model, trial->ops, trial->flags, input + IN_LEN - trial->in_len,
		    trial->in_len);
	for (i = 0; i < n; i++)
		model.cells[(uint16_t)(i - n / 2)] = one_in(g, 2) ? next(g) : below(g, 3);
	if (n && one_in(g, 3)) /* a frame for operations of the model */
		tape_put(model.cells, below(g, 40) - 20,
			 &(struct frame){ .go = 1,
					  .slot = below(g, 3),
					  .cap = below(g, 50),
					  .len = below(g, 50) },
			 16);
	for (i = 0; i < 2; i++) {
		memcpy(sides[i].dev.tape, model.cells, TAPE_CELLS);
		EQUAL(lseek(sides[i].fds[0], -(off_t)trial->in_len, SEEK_END),
		      IN_LEN - trial->in_len);
		EQUAL(ftruncate(sides[i].out, 0), 0);
		EQUAL(lseek(sides[i].fds[1], 0, SEEK_SET), 0);
	}
}

/* RUN; with BFK_RUN_STOP_OPS it continues from each stop: one for each operation that it does. */
static struct bfk_run_args run_one(const struct trial *trial, struct side *side, uint64_t fuel,
				   bool first, uint32_t flags)
{
	struct bfk_run_args run = run_args(side->fds, first ? 2 : 0, fuel);
	uint64_t sysops = first ? 0 : side->run.sysops;

	run.flags = flags;
	EQUAL(dev_call(side->dev.fd, BFK_RUN, &run), 0);
	for (; run.status == BFK_STATUS_OP; n_stops++) {
		SAME(trial, run.sysops, sysops++);
		EQUAL(dev_call(side->dev.fd, BFK_RUN, &run), 0);
	}
	if (flags)
		SAME(trial, run.sysops, sysops);
	return run;
}

/* One RUN everywhere, or one with stops. Returns whether the run can be continued. */
static bool run_all(const struct trial *trial, uint64_t fuel, bool first, uint32_t flags)
{
	uint32_t i;

	for (i = 0; i < 2; i++) {
		sides[i].run = run_one(trial, &sides[i], fuel, first, flags);
		SAME(trial, sides[i].run.engine, i ? BFK_ENGINE_INTERP : ENGINE);
	}
	n_runs++;
	if (!model.outside)
		model_run(&model, fuel);
	model.outside |= model.out_len > OUT_MAX;
	if (model.outside) {
		same_runs(trial, &sides[0].run, &sides[1].run);
		same_cells(trial, sides[0].dev.tape, sides[1].dev.tape);
	}
	for (i = 0; i < 2 && !model.outside; i++) {
		same_runs(trial, &sides[i].run, &model.run);
		same_cells(trial, sides[i].dev.tape, model.cells);
	}
	return sides[0].run.status == BFK_STATUS_FUEL;
}

/* Adds up how often this trial did each kind of op. */
static void add_up(void)
{
	int kind;

	for (kind = 0; kind < KINDS; kind++) {
		done[kind] += model.done[kind];
		passed[kind] += model.passed[kind];
	}
	n_outside += model.outside;
}

/* Loads and runs g->ops. */
static void try(struct generator *g, uint64_t seed)
{
	static const uint32_t eofs[] = { 0, BFK_LOAD_EOF_255, BFK_LOAD_EOF_KEEP };
	struct trial trial = { seed, g->ops, g->n, .flags = eofs[below(g, 3)] };
	uint32_t portions = 1 + below(g, 6), i;

	trial.in_len = one_in(g, 3) ? below(g, 10) : one_in(g, 3) ? below(g, IN_LEN) : 0;
	n_programs++;
	if (!load_all(&trial))
		return;
	n_loaded++;
	set_up(g, &trial);
	for (i = 0; i < portions; i++) {
		uint32_t fuel = one_in(g, 2) ? below(g, 4) : below(g, one_in(g, 3) ? 300 : 30);

		if (!run_all(&trial, fuel, !i, one_in(g, 3) ? BFK_RUN_STOP_OPS : 0))
			break;
	}
	n_ended += i < portions;
	add_up();
	if (model.outside)
		return same_outputs(&trial);
	for (i = 0; i < 2; i++)
		same_output(&trial, &sides[i], model.out, model.out_len);
}

/* --- many trials ---------------------------------------------------------------------------- */

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
