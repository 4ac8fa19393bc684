// SPDX-License-Identifier: GPL-2.0-only
/* Are registers 0 when a program starts, and unchanged after each operation? */
#include "registers.h"

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

static const struct test tests[] = {
	{ "registers are 0 when a program starts, whatever ran before", regs_start },
	{ "registers are 0 after reset", regs_reset },
	{ "registers are unchanged after each host op, done, failed or skipped", regs_host, 60 },
	{ "registers are unchanged after thousands of host ops", regs_many_host },
};

CASES(tests)
