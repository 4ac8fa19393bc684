// SPDX-License-Identifier: GPL-2.0-only
/*
 * What does an operation that a signal has cut short do, if the tape changes before the run
 * continues? The rule is in bfk(7), "Operations that are continued".
 */
#include "four.h"

#define PIPE_LEN 4096 /* capacity of the pipes */
#define DATA_LEN 12288

static void pipe_small(int ends[2])
{
	pipe_make(ends);
	EQUAL(fcntl(ends[1], F_SETPIPE_SZ, PIPE_LEN), PIPE_LEN);
}

/* --- %w --------------------------------------------------------------------------------------- */

static uint8_t before[DATA_LEN], after[DATA_LEN];

/* A run of @source that has written PIPE_LEN of the 8,192 bytes in before[] to slot 0. */
static struct four stopped_write(enum bfk_where where, const char *source, const int *fds,
				 unsigned int n_fds)
{
	struct four four = four_make(where, source);

	fill(before, sizeof(before), 1);
	fill(after, sizeof(after), 2);
	lay(&four.dev, 0, (struct frame){ .len = 8192 }, before, 8192);
	EQUAL(four_stop(&four, fds, n_fds).write_len, PIPE_LEN);
	return four;
}

static void write_resized(enum bfk_where where, uint16_t len)
{
	size_t whole = len > PIPE_LEN ? len : PIPE_LEN;
	struct bfk_result result;
	struct taker taker;
	struct four four;
	int ends[2];

	pipe_small(ends);
	four = stopped_write(where, "%w", &ends[1], 1);
	lay(&four.dev, 0, (struct frame){ .len = len }, after, sizeof(after));
	close(ends[1]);
	taker_start(&taker, ends[0], 2 * DATA_LEN);
	result = four_end(&four);
	WORKS(laid(&four.dev, 0));
	EQUAL(laid(&four.dev, 0).len, len);
	EQUAL(result.write_len, whole);
	taker_finish(&taker);
	EQUAL(taker.len, whole);
	CHECK(!memcmp(taker.bytes, before, PIPE_LEN));
	CHECK(!memcmp(taker.bytes + PIPE_LEN, after + PIPE_LEN, whole - PIPE_LEN));
	bfk_destroy(four.bfk);
}

static void write_sizes(enum bfk_where where)
{
	static const uint16_t lens[] = { 0, 10, PIPE_LEN, PIPE_LEN + 1, 8192, DATA_LEN };
	size_t i;

	for (i = 0; i < sizeof(lens) / sizeof(*lens); i++)
		write_resized(where, lens[i]);
}

static void write_len(void)
{
	four_each(write_sizes);
}

/* Continues with another slot, which may be empty. */
static void write_other_slot(enum bfk_where where)
{
	uint8_t got[8192];
	struct four four;
	int fds[2], ends[2];

	pipe_small(ends);
	fds[0] = ends[1];
	fds[1] = file_make("", 0);
	four = stopped_write(where, "%w", fds, 2);
	four.dev.tape[2] = 1;
	EQUAL(four_end(&four).write_len, 8192);
	EQUAL(pread(fds[1], got, sizeof(got), 0), 8192 - PIPE_LEN);
	CHECK(!memcmp(got, before + PIPE_LEN, 8192 - PIPE_LEN));
	bfk_destroy(four.bfk);

	pipe_small(ends);
	four = stopped_write(where, "%w", &ends[1], 1);
	four.dev.tape[2] = 63;
	EQUAL(four_end(&four).write_len, PIPE_LEN);
	FAILS(laid(&four.dev, 0), EBADF);
	EQUAL(laid(&four.dev, 0).len, PIPE_LEN);
	bfk_destroy(four.bfk);
}

static void write_slot(void)
{
	four_each(write_other_slot);
}

static void write_skipped(enum bfk_where where)
{
	struct four four;
	int fds[2], ends[2];

	pipe_small(ends);
	fds[0] = ends[1];
	fds[1] = file_make("", 0);
	four = stopped_write(where, chain_at("ww", 0, 16384), fds, 2);
	tape_put(four.dev.tape, 16384, &(struct frame){ .go = 1, .slot = 1, .len = 5000 }, 16);
	four.dev.tape[0] = 0;
	EQUAL(four_end(&four).write_len, PIPE_LEN + 5000);
	WORKS(frame_get(four.dev.tape, 16384));
	EQUAL(lseek(fds[1], 0, SEEK_END), 5000);
	bfk_destroy(four.bfk);
}

static void write_go(void)
{
	four_each(write_skipped);
}

/* --- %x --------------------------------------------------------------------------------------- */

#define SOURCE_LEN (3u << 20)

/* A run of "%x%x" that has moved part of slot 0 to slot 1, a pipe; *moved_len is how much. */
static struct four stopped_move(enum bfk_where where, int fds[3], int *drain, uint64_t *moved_len)
{
	static uint8_t bytes[SOURCE_LEN];
	struct four four = four_make(where, chain("xx"));
	int ends[2];

	fill(bytes, sizeof(bytes), 3);
	fds[0] = file_make(bytes, sizeof(bytes));
	fds[2] = file_make(bytes, sizeof(bytes));
	pipe_make(ends);
	fds[1] = ends[1];
	*drain = ends[0];
	lay(&four.dev, 0, (struct frame){ .arg = 1, .off = 2 << 20 }, NULL, 0);
	*moved_len = four_stop(&four, fds, 3).write_len;
	CHECK(*moved_len > 1000 && *moved_len < 1 << 20);
	return four;
}

/*
 * Continues it with @frame, which moves @rest more bytes, or, if @rest is SOURCE_LEN, all of the
 * source.
 */
static void move_on(enum bfk_where where, struct frame frame, uint64_t rest)
{
	uint64_t moved_len, whole;
	struct bfk_result result;
	struct taker taker;
	struct four four;
	int fds[3], drain;

	four = stopped_move(where, fds, &drain, &moved_len);
	if (frame.off > 10)
		frame.off += moved_len;
	lay(&four.dev, 0, frame, NULL, 0);
	close(fds[1]);
	taker_start(&taker, drain, 2 * SOURCE_LEN);
	result = four_end(&four);
	taker_finish(&taker);
	whole = rest == SOURCE_LEN ? SOURCE_LEN : moved_len + rest;
	EQUAL(taker.len, whole);
	EQUAL(result.write_len, whole);
	EQUAL(result.read_len, whole);
	WORKS(laid(&four.dev, 0));
	EQUAL(laid(&four.dev, 0).off, whole);
	EQUAL(lseek(fds[0], 0, SEEK_CUR), frame.slot ? moved_len : whole);
	EQUAL(lseek(fds[2], 0, SEEK_CUR), frame.slot ? rest : 0);
	bfk_destroy(four.bfk);
	close(fds[0]);
	close(fds[2]);
	free(taker.bytes);
}

static void move_frames(enum bfk_where where)
{
	move_on(where, (struct frame){ .arg = 1, .off = 10 }, 0);
	move_on(where, (struct frame){ .arg = 1, .off = 1 }, 0);
	move_on(where, (struct frame){ .arg = 1, .off = 70000 }, 70000);
	move_on(where, (struct frame){ .arg = 1, .off = 0 }, SOURCE_LEN);
	move_on(where, (struct frame){ .slot = 2, .arg = 1, .off = 50000 }, 50000);
}

static void move_off(void)
{
	four_each(move_frames);
}

static void move_skipped(enum bfk_where where)
{
	uint64_t moved_len;
	struct taker taker;
	struct four four;
	int fds[3], drain;

	four = stopped_move(where, fds, &drain, &moved_len);
	lay(&four.dev, 1, (struct frame){ .slot = 2, .arg = 1, .off = 100000 }, NULL, 0);
	four.dev.tape[0] = 0;
	close(fds[1]);
	taker_start(&taker, drain, 2 * SOURCE_LEN);
	EQUAL(four_end(&four).write_len, moved_len + 100000);
	taker_finish(&taker);
	EQUAL(taker.len, moved_len + 100000);
	EQUAL(laid(&four.dev, 1).off, 100000);
	bfk_destroy(four.bfk);
	close(fds[0]);
	close(fds[2]);
	free(taker.bytes);
}

static void move_go(void)
{
	four_each(move_skipped);
}

static const struct test tests[] = {
	{ "%w (cut short, len changed) writes only what the new len adds", write_len, 60 },
	{ "%w (cut short, slot changed) writes the rest there, or reports how much was written",
	  write_slot },
	{ "%w (cut short, go set to 0) is dropped, and the next one writes all its data", write_go },
	{ "%x (cut short, off or slot changed) moves only what the new off adds", move_off, 60 },
	{ "%x (cut short, go set to 0) is dropped, and the next one moves all its bytes", move_go },
};

FOUR_CASES(tests)
