// SPDX-License-Identifier: GPL-2.0-only
/* Registers hold exactly what they should; and effects of ops that source cannot express. */
#include "ops.h"

/* --- registers --------------------------------------------------------------------------------- */

/* Appends "cell off + i = register 1 + i"; returns the new number of ops. */
static size_t put_regs(struct bfk_op *ops, size_t n, int off)
{
	int i;

	for (i = 0; i < 7; i++)
		ops[n++] = (struct bfk_op){ MUL, .val = 1, .src_reg = 1 + i, .off = off + i };
	return n;
}

/* Appends "register 1 + i = first + i". */
static size_t set_regs(struct bfk_op *ops, size_t n, uint8_t first)
{
	int i;

	for (i = 0; i < 7; i++)
		ops[n++] = (struct bfk_op){ SET, .val = first + i, .reg = 1 + i };
	return n;
}

/* Are the seven cells at @off the values of set_regs(first), or all 0? */
static void regs_are(const struct dev *dev, uint32_t off, int first, bool zero)
{
	int i;

	for (i = 0; i < 7; i++)
		EQUAL(dev->tape[off + i], zero ? 0 : (uint8_t)(first + i));
}

static void regs_start(void)
{
	struct bfk_op show[20], dirty[40];
	size_t n_show = put_regs(show, 0, 0), n_dirty = set_regs(dirty, 0, 0xa1);
	unsigned int i, round;

	show[n_show++] = (struct bfk_op){ END };
	dirty[n_dirty++] = (struct bfk_op){ LABEL };
	dirty[n_dirty] = (struct bfk_op){ NEXT, .reg = 1, .match = n_dirty - 1 };
	n_dirty = put_regs(dirty, n_dirty + 1, 0);
	dirty[n_dirty++] = (struct bfk_op){ END };
	for (round = 0; round < 20; round++) {
		for (i = 0; i < 2; i++) {
			struct dev dev = dev_open(engines[i]), other = dev_open(engines[round % 2]);

			dev_load_ops(&dev, show, n_show);
			memset(dev.tape, 0xee, 100);
			EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
			regs_are(&dev, 0, 0, true);
			dev_load_ops(&other, dirty, n_dirty); /* leaves the CPU's registers dirty */
			EQUAL(dev_run(&other, NULL, 0, 3).status, BFK_STATUS_FUEL);
			EQUAL(dev_reset(dev.fd, round & 2 ? BFK_RESET_KEEP_TAPE : 0), 0);
			memset(dev.tape, 0xee, 100);
			EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
			regs_are(&dev, 0, 0, true);

			/* Stops a run with its registers set, then loads again and resets. */
			dev_load_ops(&dev, dirty, n_dirty);
			EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
			if (round & 1)
				EQUAL(dev_reset(dev.fd, 0), 0);
			dev_load_ops(&dev, show, n_show);
			memset(dev.tape, 0xee, 100);
			EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
			regs_are(&dev, 0, 0, true);
			dev_close(&dev);
			dev_close(&other);
		}
	}
}

/* RESET of a program that has set its registers: they are 0 when it starts again. */
static void regs_reset(void)
{
	struct bfk_op ops[60];
	size_t n = put_regs(ops, 0, 0);
	unsigned int i, j;

	n = set_regs(ops, n, 0x51);
	n = put_regs(ops, n, 16);
	ops[n++] = (struct bfk_op){ END };
	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);

		dev_load_ops(&dev, ops, n);
		for (j = 0; j < 4; j++) {
			memset(dev.tape, 0xee, 100);
			EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
			regs_are(&dev, 0, 0, true);
			regs_are(&dev, 16, 0x51, false);
			EQUAL(dev_reset(dev.fd, j % 2), 0);
		}
		dev_close(&dev);
	}
}

/* One host op with a frame and files with which it is skipped, fails or succeeds (@how). */
static void regs_host_one(uint32_t flags, struct bfk_op host, int how, bool set)
{
	static const uint8_t slots[] = { 0, 9, 2 };
	struct frame frame = { .go = how > 0, .slot = slots[how], .arg = 1, .cap = 4, .len = 3 };
	int fds[3] = { file_make("abc", 3), file_make("", 0), file_make("0123456789", 10) }, i;
	struct dev dev = dev_open(flags);
	struct bfk_op ops[60];
	size_t n = set ? set_regs(ops, 0, 0xb0) : 0;

	n = put_regs(ops, n, 100);
	ops[n++] = host;
	n = put_regs(ops, n, 200);
	ops[n++] = (struct bfk_op){ END };
	dev_load_ops(&dev, ops, n);
	memset(dev.tape + 100, 0xee, 200);
	tape_put(dev.tape, 0, &frame, sizeof(frame));
	EQUAL(dev_run(&dev, fds, 3, 1).status, BFK_STATUS_END);
	regs_are(&dev, 100, 0xb0, !set);
	regs_are(&dev, 200, 0xb0, !set);
	dev_close(&dev);
	for (i = 0; i < 3; i++)
		close(fds[i]);
}

/* After each host op, done, failed or skipped, registers are unchanged: set, or never used. */
static void regs_host(void)
{
	const char *letters = known_letters("q"); /* all that return */
	static char text[2];
	int i, how, set;
	const char *letter;

	note = text;
	for (i = 0; i < 2; i++) {
		for (set = 0; set < 2; set++) {
			for (letter = letters; *letter; letter++) {
				*text = *letter;
				for (how = 0; how < 3; how++)
					regs_host_one(engines[i],
						      (struct bfk_op){ SYS, .val = *letter }, how,
						      set);
			}
			regs_host_one(engines[i], (struct bfk_op){ IN, .off = 50 }, 0, set);
			regs_host_one(engines[i], (struct bfk_op){ OUT, .off = 50 }, 0, set);
		}
	}
}

/* Output written while the program runs, thousands of times, and input likewise. */
static void regs_many_host(void)
{
	struct bfk_op ops[60];
	static char in[20000];
	unsigned int i;

	memset(in, 'i', sizeof(in));
	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		int fds[2] = { file_make(in, sizeof(in)), file_make("", 0) };
		size_t n = set_regs(ops, 0, 0x31), at;

		ops[n++] = (struct bfk_op){ IN };
		at = n;
		ops[n++] = (struct bfk_op){ IF };
		ops[n++] = (struct bfk_op){ OUT };
		n = put_regs(ops, n, 30);
		ops[n++] = (struct bfk_op){ OUT, .off = 36 }; /* register 7 */
		ops[n++] = (struct bfk_op){ IN };
		ops[at].match = n;
		ops[n++] = (struct bfk_op){ NEXT, .match = at };
		n = put_regs(ops, n, 60);
		ops[n++] = (struct bfk_op){ END };
		dev_load_ops(&dev, ops, n);
		EQUAL(dev_run(&dev, fds, 2, UNLIMITED).write_len, 40000);
		regs_are(&dev, 30, 0x31, false);
		regs_are(&dev, 60, 0x31, false);
		EQUAL(pread(fds[1], in, 2, 39998), 2);
		EQUAL(in[0], 'i');
		EQUAL(in[1], 0x37);
		memset(in, 'i', sizeof(in));
		dev_close(&dev);
	}
}

/* A loop that rotates the registers, run without stops, in portions, and with signals. */
static size_t turn(struct bfk_op *ops)
{
	size_t n = set_regs(ops, 0, 1), at;
	int i;

	ops[n++] = (struct bfk_op){ LABEL };
	at = n - 1;
	ops[n++] = (struct bfk_op){ MUL, .val = 1, .off = 9, .src_reg = 1 };
	for (i = 1; i < 7; i++)
		ops[n++] = (struct bfk_op){ MUL, .val = 1, .reg = i, .src_reg = i + 1 };
	ops[n++] = (struct bfk_op){ MUL, .val = 3, .reg = 7, .src_off = 9 };
	ops[n++] = (struct bfk_op){ MULADD, .val = 1, .reg = 7, .src_reg = 2 };
	ops[n++] = (struct bfk_op){ ADD, .val = 255, .off = 10 };
	ops[n++] = (struct bfk_op){ NEXT, .off = 10, .match = at };
	ops[n++] = (struct bfk_op){ ADD, .val = 255, .off = 11 };
	ops[n++] = (struct bfk_op){ NEXT, .off = 11, .match = at };
	n = put_regs(ops, n, 20);
	ops[n++] = (struct bfk_op){ END };
	return n;
}

/* The registers after @rounds of turn(). */
static void turned(uint8_t regs[7], unsigned int rounds)
{
	int i;

	for (i = 0; i < 7; i++)
		regs[i] = 1 + i;
	while (rounds--) {
		uint8_t first = regs[0];

		memmove(regs, regs + 1, 6);
		regs[6] = first * 3 + regs[1];
	}
}

static void regs_fuel(void)
{
	static const uint64_t fuels[] = { UNLIMITED, 1, 2, 7, 100 };
	struct bfk_op ops[60];
	size_t n = turn(ops);
	uint8_t want[7];
	unsigned int i, j;

	turned(want, 3 * 256);
	for (i = 0; i < 2; i++) {
		for (j = 0; j < 5; j++) {
			struct dev dev = dev_open(engines[i]);
			uint64_t used = 0, calls = 0;
			struct bfk_run_args run;

			dev_load_ops(&dev, ops, n);
			dev.tape[11] = 3;
			do {
				run = dev_run(&dev, NULL, 0, fuels[j]);
				used += fuels[j] - run.fuel;
				calls++;
			} while (run.status == BFK_STATUS_FUEL);
			EQUAL(run.status, BFK_STATUS_END);
			EQUAL(used, 3 * 256 - 1);
			EQUAL(calls, used / fuels[j] + 1);
			CHECK(!memcmp(dev.tape + 20, want, 7));
			dev_close(&dev);
		}
	}
}

/* The longer a program, the shorter its slices: labels make it longer. */
static void regs_signals(void)
{
	enum { LABELS = 20000 };
	static struct bfk_op ops[60 + LABELS];
	size_t n = turn(ops) - 1;
	uint64_t stops;
	unsigned int i;

	for (i = 0; i < LABELS; i++)
		ops[n++] = (struct bfk_op){ LABEL };
	ops[n++] = (struct bfk_op){ END };

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]), other = dev_open(engines[!i]);
		uint8_t want[7];
		struct bfk_op show[40];
		size_t n_show;

		/* The program that runs in between has other register values. */
		n_show = put_regs(show, 0, 0);
		n_show = set_regs(show, n_show, 0xc0);
		show[n_show++] = (struct bfk_op){ END };
		dev_load_ops(&other, show, n_show);
		dev_load_ops(&dev, ops, n);
		stops = 0;
		tick(300);
		while (stops < 20) {
			struct bfk_run_args run;

			EQUAL(dev_reset(dev.fd, 0), 0);
			run = dev_run(&dev, NULL, 0, UNLIMITED);
			while (run.status == BFK_STATUS_SIGNAL) {
				stops++;
				EQUAL(dev_reset(other.fd, 0), 0);
				memset(other.tape, 0xee, 7);
				dev_run(&other, NULL, 0, 1);
				run = dev_run(&dev, NULL, 0, UNLIMITED);
			}
			EQUAL(run.status, BFK_STATUS_END);
			turned(want, 256 * 256);
			CHECK(!memcmp(dev.tape + 20, want, 7));
		}
		tick(0);
		dev_close(&dev);
		dev_close(&other);
	}
}

/* A run interrupted while blocked in IN, OUT, %r or %w, and then continued. */
static void regs_blocked(void)
{
	static const char *const hosts[] = { ",", ".", "r", "w" };
	static char bytes[65536];
	struct bfk_op ops[60];
	unsigned int i, j, k;

	handle(SIGALRM);
	for (i = 0; i < 2; i++) {
		for (j = 0; j < 4; j++) {
			struct dev dev = dev_open(engines[i]), other = dev_open(engines[i]);
			struct itimerspec spec = { {}, { 0, 30000000 } };
			struct frame frame = { .go = 1, .slot = j == 3, .cap = 1, .len = 1 };
			int feed[2], drain[2], fds[2];
			struct bfk_run_args run;
			timer_t timer;
			size_t n;

			note = hosts[j];
			pipe_make(feed);
			pipe_make(drain);
			fds[0] = feed[0];
			fds[1] = drain[1];
			fcntl(drain[1], F_SETFL, O_NONBLOCK);
			while (write(drain[1], bytes, sizeof(bytes)) > 0)
				;
			fcntl(drain[1], F_SETFL, 0);

			n = set_regs(ops, 0, 0xd0);
			ops[n++] = j == 0 ? (struct bfk_op){ IN, .off = 90 } :
				   j == 1 ? (struct bfk_op){ OUT, .off = 90 } :
					    (struct bfk_op){ SYS, .val = *hosts[j] };
			if (j == 1) /* must first write the output of OUT */
				ops[n++] = (struct bfk_op){ IN, .off = 91 };
			n = put_regs(ops, n, 100);
			ops[n++] = (struct bfk_op){ END };
			dev_load_ops(&dev, ops, n);
			tape_put(dev.tape, 0, &frame, 16);
			EQUAL(timer_create(CLOCK_MONOTONIC, NULL, &timer), 0);
			for (k = 0; k < 3; k++) {
				EQUAL(timer_settime(timer, 0, &spec, NULL), 0);
				run = dev_run(&dev, fds, k ? 0 : 2, UNLIMITED);
				EQUAL(run.status, BFK_STATUS_SIGNAL);
				EQUAL(dev.tape[100], 0); /* not written yet */
				n = set_regs(ops, 0, 0x11 * k);
				n = put_regs(ops, n, 0);
				ops[n++] = (struct bfk_op){ END };
				dev_load_ops(&other, ops, n);
				EQUAL(dev_run(&other, NULL, 0, 1).status, BFK_STATUS_END);
				regs_are(&other, 0, 0x11 * k, false);
			}
			EQUAL(write(feed[1], "Z", 1), 1);
			EQUAL(read(drain[0], bytes, 65536), 65536);
			EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
			regs_are(&dev, 100, 0xd0, false);
			if (j == 0)
				EQUAL(dev.tape[90], 'Z');
			timer_delete(timer);
			dev_close(&dev);
			dev_close(&other);
			close(feed[0]);
			close(feed[1]);
			close(drain[0]);
			close(drain[1]);
		}
	}
}

/* --- what the ops do ---------------------------------------------------------------------------- */

/* place (+)= source * val, and then a test of the place. */
static void multiply_one(struct dev *dev, uint8_t kind, uint8_t reg, uint8_t src_reg, bool same,
			 uint8_t val)
{
	int16_t off = -3, src_off = same ? off : 200;
	struct bfk_op ops[] = {
		{ SET, .val = 0xb5, .reg = reg, .off = off },
		{ SET, .val = 0x4e, .reg = src_reg, .off = src_off },
		{ kind, val, reg, src_reg, off, src_off },
		{ IF, .reg = reg, .off = off, .match = 5 },
		{ ADD, .val = 1, .off = 10 }, /* not 0 */
		{ LABEL },
		{ MUL, .val = 1, .src_reg = reg, .src_off = off },
		{ MUL, .val = 1, .off = 1, .src_reg = src_reg, .src_off = src_off },
		{ END },
	};
	uint8_t want = (kind == MUL ? 0 : same ? 0x4e : 0xb5) + 0x4e * val;
	static char text[60];

	note = text;
	snprintf(text, sizeof(text), "kind %d reg %d src_reg %d val %d", kind, reg, src_reg, val);
	dev_load_ops(dev, ops, 9);
	EQUAL(dev_run(dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev->tape[0], want);
	EQUAL(dev->tape[1], same ? want : 0x4e);
	EQUAL(dev->tape[10], want != 0);
}

static void multiply(void)
{
	static const uint8_t vals[] = { 0, 1, 2, 3, 0x7f, 0x80, 0x81, 0xfe, 0xff };
	unsigned int engine, i;
	uint8_t kind, reg;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_open(engines[engine]);

		for (kind = MULADD; kind <= MUL; kind++) {
			for (i = 0; i < sizeof(vals); i++) {
				multiply_one(&dev, kind, 0, 0, false, vals[i]);
				multiply_one(&dev, kind, 0, 0, true, vals[i]);
				for (reg = 1; reg < 8; reg++) {
					multiply_one(&dev, kind, reg, 0, false, vals[i]);
					multiply_one(&dev, kind, 0, reg, false, vals[i]);
					multiply_one(&dev, kind, reg, reg % 7 + 1, false, vals[i]);
					multiply_one(&dev, kind, reg, reg, true, vals[i]);
				}
			}
		}
		dev_close(&dev);
	}
}

/* IF8 with @mask on eight cells from @at, where those of @zeros are 0 and the others @full. */
static void eight_cells_run(struct dev *dev, uint16_t at, uint8_t mask, uint8_t zeros, uint8_t full)
{
	uint16_t flag = at + 100;
	int i;

	EQUAL(dev_reset(dev->fd, BFK_RESET_KEEP_TAPE), 0);
	dev->tape[flag] = 0;
	for (i = 0; i < 8; i++)
		dev->tape[(uint16_t)(at + i)] = zeros >> i & 1 ? 0 : full;
	EQUAL(dev_run(dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev->tape[flag], !(mask & zeros));
}

/* Every mask, with each cell 0 in turn, none, some and all, across the seam and away from it. */
static void eight_cells(void)
{
	static const uint16_t at[] = { 65532, 0, 5, 32767, 65529 };
	static const uint8_t fulls[] = { 1, 0x7f, 0x80, 0x81, 0xff };
	unsigned int engine, mask, i, j;

	for (engine = 0; engine < 2; engine++) {
		for (mask = 0; mask < 256; mask++) {
			struct dev dev = dev_open(engines[engine]);
			uint16_t cell = at[mask % 5];
			bool move = mask & 1; /* otherwise an offset, to the same cells */
			struct bfk_op ops[] = {
				{ MOVE, .off = move ? (int16_t)cell : 0 },
				{ IF8, .val = mask, .off = move ? 0 : (int16_t)cell, .match = 3 },
				{ SET, .val = 1, .off = move ? 100 : (int16_t)(cell + 100) },
				{ LABEL },
				{ END },
			};

			dev_load_ops(&dev, ops, 5);
			for (i = 0; i < 5; i++) {
				for (j = 0; j < 8; j++)
					eight_cells_run(&dev, cell, mask, 1 << j, fulls[i]);
				eight_cells_run(&dev, cell, mask, 0, fulls[i]);
				eight_cells_run(&dev, cell, mask, 0xff, fulls[i]);
				eight_cells_run(&dev, cell, mask, ~mask, fulls[i]);
				eight_cells_run(&dev, cell, mask, 0x35, fulls[i]);
			}
			dev_close(&dev);
		}
	}
}

/*
 * The farthest cells from everywhere are on the ring, and moves of any distance stay on it. Four of
 * the farthest moves would leave the whole mapping, wherever the aligned copy is in it.
 */
static void far_cells(void)
{
	static const int16_t offs[] = { 32767, -32768, -32767, 128, 127, -128, -129, 1, -1 };
	static const uint8_t zeros[TAPE_CELLS];
	unsigned int engine, i, j;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_open(engines[engine]);

		for (i = 0; i < 9; i++) {
			for (j = 0; j < 9; j++) {
				struct bfk_op ops[] = {
					{ MOVE, .off = offs[i] },	   { MOVE, .off = offs[i] },
					{ MOVE, .off = offs[i] },	   { MOVE, .off = offs[i] },
					{ ADD, .val = 9, .off = offs[j] }, { END },
				};
				uint16_t head = 4 * offs[i], cell = head + offs[j];

				dev_load_ops(&dev, ops, sizeof(ops) / sizeof(*ops));
				EQUAL(dev_run(&dev, NULL, 0, 1).head, head);
				EQUAL(dev.tape[cell], 9);
				dev.tape[cell] = 0;
				CHECK(!memcmp(dev.tape, zeros, TAPE_CELLS));
			}
		}
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "registers are 0 when a program starts, whatever ran before", regs_start },
	{ "registers are 0 after reset", regs_reset },
	{ "registers are unchanged after each host op, done, failed or skipped", regs_host, 60 },
	{ "registers are unchanged after thousands of host ops", regs_many_host },
	{ "registers (stopped by fuel) are unchanged when the run continues", regs_fuel },
	{ "registers (stopped by signals, others running in between) are unchanged", regs_signals,
	  60 },
	{ "registers (interrupted while blocked, others running in between) are unchanged",
	  regs_blocked },
	{ "muladd and mul work on cells and registers, and the following test is right", multiply,
	  60 },
	{ "if8 tests the cells of its mask, also across the seam", eight_cells, 60 },
	{ "the farthest cells and moves stay on the ring", far_cells },
};

CASES(tests)
