// SPDX-License-Identifier: GPL-2.0-only
/* Is what a program does to files visible and counted as the same work by system calls is? */
#include "works.h"

/* A program that does the work. Static storage. */
static const char *source_of(const struct work *work)
{
	static char source[BUFFER_LEN + 10];

	if (work->letter != ',' && work->letter != '.')
		return chain((char[]){ work->letter, 0 });
	memset(source, work->letter, work->repeat);
	source[work->repeat] = 0;
	return source;
}

static struct seen seen_of(const struct work *work, struct engine *engine)
{
	struct place place = place_make();
	struct seen seen = {};
	int own_len;

	own_len = io_add(place.io, -1, seen.io);
	if (engine)
		engine_run(engine, place.fds, N_SLOTS);
	else
		work->plain(place.fds);
	io_add(place.io, 1, seen.io);
	seen.io[0] -= own_len;
	seen.io[2] -= 1;
	read_inotify(place.inotify, &seen);
	read_fanotify(place.fanotify, &seen);
	place_drop(&place);
	return seen;
}

static struct seen seen_on(const struct work *work, enum bfk_where where)
{
	struct engine engine = engine_load(where, source_of(work));
	struct frame frame = work->frame;
	struct seen seen;

	if (work->letter != ',' && work->letter != '.') {
		frame.len = work->letter == 'e' ? 2 : strlen(work->text);
		engine_lay(&engine, 0, frame, work->text, frame.len);
	}
	seen = seen_of(work, &engine);
	bfk_destroy(engine.bfk);
	return seen;
}

/* Prints a difference; returns 1 if there is one. */
static int differs(const char *work, const char *what, uint64_t is, uint64_t should,
		   const char *how)
{
	char format[80];

	if (is == should)
		return 0;
	snprintf(format, sizeof(format), "# %%s: %%s is %s, not %s\n", how, how);
	printf(format, work, what, is, should);
	fflush(stdout);
	return 1;
}

static int compare(const struct work *work, const struct seen *is, const struct seen *should)
{
	int n = 0, i;

	for (i = 0; i < N_COUNTERS; i++)
		n += differs(work->name, counters[i], is->io[i], should->io[i], "%lld");
	for (i = 0; i < N_WATCHED; i++)
		n += differs(work->name, watched[i], is->inotify[i], should->inotify[i], "0x%llx");
	return n + differs(work->name, "fanotify", is->fanotify, should->fanotify, "0x%llx");
}

static void all_on(enum bfk_where where)
{
	int n = 0;
	size_t i;

	for (i = 0; i < N_WORKS; i++) {
		struct seen should, is;

		if (!sockets_know() && works[i].of_socket && where >= BFK_WHERE_JIT)
			continue;
		should = seen_of(&works[i], NULL);
		is = seen_on(&works[i], where);
		n += compare(&works[i], &is, &should);
	}
	EQUAL(n, 0);
}

static void kernel(void)
{
	all_on(BFK_WHERE_KERNEL);
}

static void kernel_interp(void)
{
	all_on(BFK_WHERE_KERNEL_INTERP);
}

static void jit(void)
{
	all_on(BFK_WHERE_JIT);
}

static void interp(void)
{
	all_on(BFK_WHERE_INTERP);
}

/* --- the suite itself ---------------------------------------------------------------------------- */

/* A new operation must be tested here too. */
static void all_listed(void)
{
	char letter;
	size_t i;

	for (letter = 'a'; letter <= 'z'; letter++) {
		if (!bfk_sysop(letter))
			continue;
		for (i = 0; i < N_WORKS && works[i].letter != letter; i++)
			;
		if (i == N_WORKS)
			fail(__FILE__, __LINE__, "%%%c is not in the table of works", letter);
	}
}

/* Different work must compare as different. */
static void differences_show(void)
{
	struct seen reads = seen_of(&works[0], NULL), nothing = { 0 };
	int i;

	for (i = 0; i < N_COUNTERS; i++)
		EQUAL(reads.io[i], i == 0 ? 100 : i == 2);
	EQUAL(reads.inotify[0], IN_ACCESS);
	EQUAL(reads.inotify[N_WATCHED - 1], IN_ACCESS);
	EQUAL(reads.fanotify, FAN_ACCESS);
	EQUAL(compare(&works[0], &reads, &reads), 0);
	EQUAL(compare(&works[0], &reads, &nothing), 5);
}

static const struct test tests[] = {
	{ "every operation of the table is tested here", all_listed },
	{ "a read without notification differs in counters and in events", differences_show },
	{ "each operation (kernel) is visible and counted like the system call", kernel, 60 },
	{ "each operation (kernel-interp) is visible and counted like the system call",
	  kernel_interp, 60 },
	{ "each operation (jit) is visible and counted like the system call", jit, 60,
	  .only_x86 = true },
	{ "each operation (interp) is visible and counted like the system call", interp, 60 },
};

CASES(tests)
