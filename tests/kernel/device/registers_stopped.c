// SPDX-License-Identifier: GPL-2.0-only
/* Are registers unchanged when a run that was stopped continues? */
#include "registers.h"

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

static const struct test tests[] = {
	{ "registers (stopped by fuel) are unchanged when the run continues", regs_fuel },
	{ "registers (stopped by signals, others running in between) are unchanged", regs_signals,
	  60 },
	{ "registers (interrupted while blocked, others running in between) are unchanged",
	  regs_blocked },
};

CASES(tests)
