/* SPDX-License-Identifier: GPL-2.0-only */
/* One program, on both engines and on the model; compared after LOAD and after each RUN. */
#ifndef BFK_TESTS_TRIAL_H
#define BFK_TESTS_TRIAL_H

#include "generate.h"
#include "model.h"
#include "userspace/include/libbfk.h"

#define IN_LEN 9000u
#define OUT_MAX (8u << 20) /* bytes of output that the model keeps; files may be twice as long */

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

/* Everything needed to reproduce a failure. */
struct trial {
	uint64_t seed;
	const struct bfk_op *ops;
	uint32_t n, flags, in_len;
};

static inline void print_trial(const struct trial *trial)
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

static inline void same_cells(const struct trial *trial, const uint8_t *is, const uint8_t *should)
{
	uint32_t cell = 0;

	if (!memcmp(is, should, TAPE_CELLS))
		return;
	while (is[cell] == should[cell])
		cell++;
	print_trial(trial);
	fail(__FILE__, __LINE__, "cell %u is %d, not %d", cell, is[cell], should[cell]);
}

static inline void same_runs(const struct trial *trial, const struct bfk_run_args *is,
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

static inline void same_output(const struct trial *trial, const struct side *side,
			       const uint8_t *out, size_t len)
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
static inline void same_outputs(const struct trial *trial)
{
	uint8_t *out = malloc(2 * OUT_MAX);
	ssize_t len = pread(sides[1].out, out, 2 * OUT_MAX, 0);

	CHECK(len >= 0);
	same_output(trial, &sides[0], out, len);
	free(out);
}

static uint32_t spoilt_ix = ~0u; /* an op that is different in the compiled program only */

static inline int load_one(int i, const struct trial *trial, struct bfk_load_args *args)
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
static inline bool load_all(const struct trial *trial)
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
static inline void set_up(struct generator *g, const struct trial *trial)
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
static inline struct bfk_run_args run_one(const struct trial *trial, struct side *side,
					  uint64_t fuel, bool first, uint32_t flags)
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
static inline bool run_all(const struct trial *trial, uint64_t fuel, bool first, uint32_t flags)
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
static inline void add_up(void)
{
	int kind;

	for (kind = 0; kind < KINDS; kind++) {
		done[kind] += model.done[kind];
		passed[kind] += model.passed[kind];
	}
	n_outside += model.outside;
}

/* Loads and runs g->ops. */
static inline void try(struct generator *g, uint64_t seed)
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

#endif
