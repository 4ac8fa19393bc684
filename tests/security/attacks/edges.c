// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attacks on edge cases: displacements and jumps of the encoder, the seam of the ring, and the
 * moment between the check of a frame and its use.
 */
#include <stddef.h>
#include "tests/kernel/device/ops.h"

/* --- displacements -------------------------------------------------------------------------------- */

/* Values around each length that a displacement can have, and the ends of the ring. */
static const int offs[] = { -128,  -127,  -1,	  0,	  1,	127,  128,   129,
			    130,   -129,  -130,	  255,	  256,	-255, -256,  -257,
			    32767, 32766, -32767, -32768, 4095, 4096, -4096, -4097 };

/* Each op on the cell at @off from @head, and the expected values of that cell and of head + 1. */
static void displaced(struct dev *dev, uint16_t head, int16_t off)
{
	const struct bfk_op ops[] = {
		{ MOVE, .off = (int16_t)head },
		{ SET, .val = 7, .off = off },
		{ ADD, .val = 250, .off = off },
		{ MUL, .val = 1, .reg = 3, .src_off = off },
		{ MULADD, .val = 3, .off = off, .src_off = off },
		{ MULADD, .val = 1, .off = 1, .src_reg = 3 },
		{ IF, .off = off, .match = 8 },
		{ MULADD, .val = 0xff, .off = 1, .src_off = off },
		{ LABEL },
		{ END },
	};
	uint8_t want[TAPE_CELLS] = {};
	uint16_t place = head + off, next = head + 1;

	want[place] = (uint8_t)(7 + 250) * 4;
	want[next] += 1; /* register 3 */
	want[next] -= want[place];
	dev_load_ops(dev, ops, sizeof(ops) / sizeof(*ops));
	EQUAL(dev_run(dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
	CHECK(!memcmp(dev->tape, want, TAPE_CELLS));
}

static void displacements(void)
{
	static const uint16_t heads[] = { 0, 1, 127, 128, 32768, 65407, 65408, 65535 };
	static char text[60];
	size_t i, j, k;

	note = text;
	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);

		for (j = 0; j < sizeof(offs) / sizeof(*offs); j++)
			for (k = 0; k < sizeof(heads) / sizeof(*heads); k++) {
				if ((uint16_t)offs[j] == 1) /* both are the same cell */
					continue;
				snprintf(text, sizeof(text), "off %d, head %u", offs[j], heads[k]);
				displaced(&dev, heads[k], offs[j]);
			}
		dev_close(&dev);
	}
}

/* The largest program, with a jump from its end to its start, and distant cells. */
static void largest(void)
{
	size_t n = 150000, i; /* 7 bytes each: nearly fills the arena */
	struct bfk_op *ops = calloc(n, sizeof(*ops));
	struct bfk_load_args args;
	struct dev dev = dev_open(0);
	uint32_t len;

	CHECK(ops);
	for (; n; n -= 64) {
		ops[0] = (struct bfk_op){ SET, .val = 3, .off = 0 };
		ops[1] = (struct bfk_op){ IF, .match = n - 2 };
		for (i = 2; i < n - 3; i++)
			ops[i] = (struct bfk_op){ ADD, .val = 1, .off = -129 - (int)(i % 32000) };
		ops[n - 3] = (struct bfk_op){ ADD, .val = 0xff };
		ops[n - 2] = (struct bfk_op){ NEXT, .match = 1 };
		ops[n - 1] = (struct bfk_op){ END };
		args = ops_args(ops, n, 0);
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		if (args.engine == BFK_ENGINE_JIT)
			break;
	}
	len = args.text_len;
	CHECK(len > 1000000 && len <= 1 << 20);
	EQUAL(dev_run(&dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
	for (i = 2; i < 32002; i++) {
		uint32_t often = 3 * ((n - 3 - i + 31999) / 32000);

		EQUAL(dev.tape[(uint16_t)(-129 - (int)(i % 32000))], (uint8_t)often);
	}
	free(ops);
}

/* --- frames ---------------------------------------------------------------------------------------- */

#define N_CELLS_DEVS 40

/*
 * With an unlucky map, the largest frame at the last cell ends in the last page that an instance
 * maps. So this makes many instances, and allocates ops with different numbers of pages between
 * their maps.
 */
static void last_cells(void)
{
	static char source[230000];
	struct frame frame = { .go = 1, .cap = 65520 };
	struct dev devs[N_CELLS_DEVS];
	int i, len;

	for (i = 0; i < N_CELLS_DEVS; i++) {
		len = 215000 + 205 * i; /* the ops are too large for kmalloc() */
		memset(source, ' ', len);
		strcpy(source + len, "<%u");
		devs[i] = dev_open(engines[i % 2]);
		dev_load(&devs[i], source);
		tape_put(devs[i].tape, 65535, &frame, sizeof(frame));
		EQUAL(dev_run(&devs[i], NULL, 0, UNLIMITED).status, BFK_STATUS_END);
		EQUAL(frame_get(devs[i].tape, 65535).len, 65520);
	}
	for (i = 0; i < N_CELLS_DEVS; i++)
		dev_close(&devs[i]);
}

static volatile bool is_over;

/* Holds the position of a file, except for moments. */
static void *write_long(void *arg)
{
	size_t len = 64 << 20;
	char *much = calloc(1, len);
	const int *fd = arg;

	CHECK(much);
	while (!is_over) {
		EQUAL(write(*fd, much, len), len);
		lseek(*fd, 0, SEEK_SET);
	}
	return NULL;
}

/*
 * A %w waits for the position of a file that another thread keeps writing to; meanwhile its frame
 * changes to name a file that is not open for writing. Tries again if that was too early or too
 * late, or if %w did not have to wait.
 */
static void slot_changed(void)
{
	char path[] = "/tmp/bfk-victim.XXXXXX", was[5] = {};
	struct dev dev = dev_open(0);
	int victim = mkstemp(path), fds[2];
	bool waited = false;
	pthread_t thread;
	uint64_t len;
	double start;
	pid_t pid;

	EQUAL(write(victim, "safe", 4), 4);
	fds[0] = file_make("", 0);
	fds[1] = open(path, O_RDONLY | O_CLOEXEC);
	dev_load(&dev, chain("w"));
	EQUAL(pthread_create(&thread, NULL, write_long, &fds[0]), 0);
	nap(100);
	while (!waited) {
		EQUAL(dev_reset(dev.fd, 0), 0); /* ends the run of the last try */
		lay_text(&dev, 0, (struct frame){}, "evil");
		dev.tape[100] = 0;
		pid = fork();
		if (!pid) { /* the child shares the tape, and rewrites it while the run waits */
			nap(10);
			dev.tape[2] = 1;
			dev.tape[100] = 1;
			_exit(0);
		}
		start = now();
		len = dev_run(&dev, fds, 2, UNLIMITED).write_len;
		waited = len == 4 && now() - start > 0.02 && dev.tape[100];
		EQUAL(child_wait(pid, SOON), 0);
		EQUAL(pread(victim, was, 5, 0), 4);
		CHECK(!strcmp(was, "safe"));
	}
	is_over = true;
}

/* Endless loops of every shape that has almost no body: fuel stops them. */
static void endless_scans(void)
{
	static const char *const sources[] = { "[>]", "[<]",  "[>>]", "[>>>>>>>><]",
					       "[]",  "[><]", "[[>]]" };
	static uint8_t ones[TAPE_CELLS];
	size_t i, j;

	memset(ones, 1, sizeof(ones));
	for (i = 0; i < 2; i++)
		for (j = 0; j < sizeof(sources) / sizeof(*sources); j++) {
			struct dev dev = dev_open(engines[i]);
			struct bfk_load_args args = load_args(sources[j], engines[i]);

			note = sources[j];
			args.tape = (uintptr_t)ones;
			args.tape_len = TAPE_CELLS;
			EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
			EQUAL(dev_run(&dev, NULL, 0, 100000).status, BFK_STATUS_FUEL);
			dev_close(&dev);
		}
}

static const struct test tests[] = {
	{ "displacement at 127, 128, their negatives and the ring's ends, on both engines",
	  displacements },
	{ "displacement at the largest program", largest, 60, .only_x86 = true },
	{ "frame at the last cell of many instances", last_cells },
	{ "an endless scan stops when its fuel is used up", endless_scans },
	{ "slot changed after it was checked, while the write waits for the position",
	  slot_changed },
};

CASES(tests)
