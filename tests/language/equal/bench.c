// SPDX-License-Identifier: GPL-2.0
/* An engine with its own files: loads a case, runs it, and records the outcome. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "equal.h"
#include "userspace/include/libbfk-audit.h"

bool bench_open(struct bench *bench, const char *name)
{
	memset(bench, 0, sizeof(*bench));
	for (int where = BFK_WHERE_KERNEL; where <= BFK_WHERE_INTERP; where++) {
		bench->name = bfk_where_name(where);
		if (strcmp(bench->name, name))
			continue;
		bench->is_local = where >= BFK_WHERE_JIT;
		errno = -bfk_create(&bench->bfk, where);
		return !errno && !bfk_tape(bench->bfk, &bench->tape) && files_open(&bench->files);
	}
	errno = EINVAL;
	return false;
}

void bench_close(struct bench *bench)
{
	files_close(&bench->files);
	bfk_destroy(bench->bfk);
}

static uint32_t load_flags(const struct bench *bench, const struct test_case *c)
{
	bool is_wrong = bench->has_wrong_flag && !(c->flags & BFK_LOAD_EOF_KEEP);

	return is_wrong ? c->flags ^ BFK_LOAD_EOF_255 : c->flags;
}

/* 1 + offset at which the auditor refuses the machine code; 0: accepted, or there is none. */
static uint64_t refused_at(struct bench *bench)
{
	struct bfk_listing listing;
	struct bfk_verdict verdict;
	int err = bfk_dump(bench->bfk, &listing);

	if (err)
		return 0;
	err = bfk_audit(listing.text, listing.text_len, listing.ops, listing.n_ops, listing.entry,
			&verdict);
	if (err)
		printf("# audit: 0x%zx: %s\n", verdict.off,
		       verdict.why ? verdict.why : strerror(-err));
	bfk_listing_free(&listing);
	return err ? verdict.off + 1 : 0;
}

static void take_load(struct bench *bench, int err, const struct bfk_result *result)
{
	uint64_t *values = bench->outcome.values;

	memset(values, 0, sizeof(bench->outcome.values));
	values[V_LOAD_ERR] = err;
	values[V_ERROR] = result->error;
	values[V_ERROR_OFF] = result->error_off;
	values[V_N_OPS] = err ? 0 : result->n_ops;
	values[V_REFUSED] = err || result->engine != BFK_ENGINE_JIT ? 0 : refused_at(bench);
}

/* Loads the source. */
void bench_load(struct bench *bench, const struct test_case *c)
{
	struct bfk_result result = {};
	int err = bfk_load(bench->bfk, c->source, c->source_len, load_flags(bench, c),
			   BFK_ALLOW_ALL, &result);

	take_load(bench, err, &result);
}

/* Loads ops that a compiler made from the source. */
void bench_load_ops(struct bench *bench, const struct test_case *c, const struct program *program)
{
	struct bfk_result result = {};
	int err = bfk_load_ops(bench->bfk, program->ops, program->n_ops,
			       load_flags(bench, c) & ~BFK_LOAD_PLAIN, BFK_ALLOW_ALL, &result);

	take_load(bench, err, &result);
}

static void take_result(struct bench *bench, const struct test_case *c,
			const struct bfk_result *result)
{
	struct outcome *o = &bench->outcome;

	o->values[V_STATUS] = result->status;
	o->values[V_EXIT_CODE] = result->exit_code;
	o->values[V_SOURCE_OFF] = result->source_off;
	o->values[V_HEAD] = result->head;
	o->values[V_FAIL_OFF] = result->fail_off;
	o->values[V_FAIL_ERRNO] = result->fail_errno;
	o->values[V_FAIL_LETTER] = result->fail_letter;
	o->values[V_SYSOPS] = result->sysops;
	o->values[V_READ_LEN] = result->read_len;
	o->values[V_WRITE_LEN] = result->write_len;
	files_take(&bench->files, c, o);
	memcpy(o->tape, bench->tape, TAPE_CELLS);
}

/*
 * Runs the loaded program, which is @program, from its start, with @fuel in all: in one RUN, or
 * in steps of @step units. @flags: BFK_RUN_*.
 */
void bench_run(struct bench *bench, const struct test_case *c, const struct program *program,
	       uint64_t fuel, uint64_t step, uint32_t flags)
{
	int fds[N_FDS], err = bfk_reset(bench->bfk, 0);
	unsigned int n_fds = files_list(&bench->files, c, fds);
	struct event_log *log = &bench->outcome.log;
	struct bfk_result result = {};
	uint64_t left = fuel, n_stops = 0, now;
	bool is_stopped = true, stops = flags & BFK_RUN_STOP_OPS;

	files_reset(&bench->files, c);
	case_fill_tape(c, bench->tape);
	log->is_kept = bench->is_local;
	log->n = 0;
	host_watch(log, program);
	while (!err && is_stopped) {
		now = step && step < left ? step : left;
		err = bfk_run(bench->bfk, fds, n_fds, now, flags, &result);
		n_fds = 0;
		left -= now - result.fuel_left;
		n_stops += result.status == BFK_STATUS_OP;
		/* Give up on a run that keeps stopping at the same operation. */
		is_stopped = left && result.status >= BFK_STATUS_FUEL &&
			     n_stops <= result.sysops + 1;
		flags = bench->loses_stops ? 0 : flags;
	}
	bench->outcome.values[V_RUN_ERR] = err;
	bench->outcome.values[V_FUEL] = left;
	bench->outcome.values[V_UNTOLD] = stops ? result.sysops - n_stops : 0;
	take_result(bench, c, &result);
}
