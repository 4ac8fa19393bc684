/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers that try one program on all four engines, through libbfk. */
#ifndef BFK_TESTS_ENGINES_H
#define BFK_TESTS_ENGINES_H

#include "dev.h"
#include "userspace/include/libbfk.h"

#define N_ENGINES (IS_X86 ? 4 : 3)

/* The last one needs machine code. */
static const enum bfk_where wheres[] = { BFK_WHERE_KERNEL, BFK_WHERE_KERNEL_INTERP,
					 BFK_WHERE_INTERP, BFK_WHERE_JIT };

static inline bool is_kernel(enum bfk_where where)
{
	return where == BFK_WHERE_KERNEL || where == BFK_WHERE_KERNEL_INTERP;
}

/* A program on one engine, ready to run. */
struct engine {
	struct bfk *bfk;
	uint8_t *tape;
};

static inline struct engine engine_load(enum bfk_where where, const char *source)
{
	struct engine engine;
	struct bfk_result result;

	EQUAL(bfk_create(&engine.bfk, where), 0);
	EQUAL(bfk_load(engine.bfk, source, strlen(source), 0, BFK_ALLOW_ALL, &result), 0);
	EQUAL(bfk_tape(engine.bfk, &engine.tape), 0);
	return engine;
}

/* lay() for an engine. */
static inline void engine_lay(struct engine *engine, uint32_t ix, struct frame frame,
			      const void *data, uint32_t len)
{
	frame.go = 1;
	tape_put(engine->tape, ix * STEP, &frame, sizeof(frame));
	tape_put(engine->tape, ix * STEP + sizeof(frame), data, len);
}

/* Runs to the end, continuing after signals. */
static inline struct bfk_result engine_run(struct engine *engine, const int *fds, uint32_t n_fds)
{
	struct bfk_result result;

	EQUAL(bfk_run(engine->bfk, fds, n_fds, UNLIMITED, 0, &result), 0);
	while (result.status == BFK_STATUS_SIGNAL)
		EQUAL(bfk_run(engine->bfk, NULL, 0, UNLIMITED, 0, &result), 0);
	return result;
}

static inline struct frame engine_frame(const struct engine *engine, uint32_t ix)
{
	return frame_get(engine->tape, ix * STEP);
}

/* Prepares one operation; data is @text, and so is len unless the frame has one. */
static inline struct engine engine_begin(enum bfk_where where, char letter, struct frame frame,
					 const char *text)
{
	struct engine engine = engine_load(where, chain((char[]){ letter, 0 }));

	frame.len = frame.len ? frame.len : strlen(text);
	engine_lay(&engine, 0, frame, text, strlen(text));
	return engine;
}

/* Does it, and returns its frame. */
static inline struct frame engine_end(struct engine *engine, const int *fds, uint32_t n_fds)
{
	struct frame frame;

	engine_run(engine, fds, n_fds);
	frame = engine_frame(engine, 0);
	bfk_destroy(engine->bfk);
	return frame;
}

/* Prepares and does one operation. */
static inline struct frame engine_op(enum bfk_where where, char letter, struct frame frame,
				     const char *text, const int *fds, uint32_t n_fds)
{
	struct engine engine = engine_begin(where, letter, frame, text);

	return engine_end(&engine, fds, n_fds);
}

static inline void on_each(void (*fn)(enum bfk_where where))
{
	int i;

	for (i = 0; i < N_ENGINES; i++) {
		note = bfk_where_name(wheres[i]);
		fn(wheres[i]);
	}
}

#endif
