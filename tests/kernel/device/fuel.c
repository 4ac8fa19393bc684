// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does fuel stop a run where bfk(7) says, on both engines alike, and does a run that continues
 * repeat nothing?
 */
#include "two.h"

/*
 * Without fuel nothing is done, wherever the run is stopped; but the run exists, and holds its
 * files.
 */
static void fuel_none(void)
{
	static uint8_t zeros[TAPE_CELLS];
	struct bfk_run_args args;
	int engine, i, ends[2];

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);

		pipe_make(ends);
		dev_load(&dev, "+.>+[]");
		for (i = 0; i < 3; i++) {
			args = dev_run(&dev, &ends[1], i ? 0 : 1, 0);
			EQUAL(args.status, BFK_STATUS_FUEL);
			EQUAL(args.fuel, 0);
			EQUAL(args.source_off, 0);
			EQUAL(args.head, 0);
			CHECK(!memcmp(dev.tape, zeros, TAPE_CELLS));
		}
		close(ends[1]);
		CHECK(is_quiet(ends[0]));
		dev_load(&dev, ">+[]");
		CHECK(is_hung_up(ends[0]));
		EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
		dev.tape[1] =
			0; /* unlike fuel 1, fuel 0 does not even notice that the loop is over */
		args = dev_run(&dev, NULL, 0, 0);
		EQUAL(args.status, BFK_STATUS_FUEL);
		EQUAL(args.source_off, 3);
		EQUAL(args.head, 1);
		EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
		dev_close(&dev);
	}
}

/* Stopped after the '[' to which the last unit paid the jump: at the first op of the body. */
static void fuel_stops_where(void)
{
	static const struct {
		const char *source;
		uint32_t stop_off, start, step;
	} loops[] = {
		{ "+[]", 2, 0, 0 },	 { "+[>>+<<]", 4, 0, 0 },	   { ">>>+[<+>]", 6, 3, 0 },
		{ "+[>+]", 3, 0, 1 },	 { "<+[<<+[-]+]", 5, 65535, -2u }, { "+[[-]+]", 2, 0, 0 },
		{ "+[>[>]<]", 3, 0, 0 },
	};
	struct bfk_run_args args;
	unsigned int engine, n, i;

	for (engine = 0; engine < 2; engine++) {
		for (i = 0; i < sizeof(loops) / sizeof(*loops); i++) {
			for (n = 1; n < 5; n++) {
				struct dev dev = dev_for(engine, 0);

				note = loops[i].source;
				dev_load(&dev, note);
				args = dev_run(&dev, NULL, 0, n);
				EQUAL(args.status, BFK_STATUS_FUEL);
				EQUAL(args.fuel, 0);
				EQUAL(args.source_off, loops[i].stop_off);
				EQUAL(args.head, (uint16_t)(loops[i].start + n * loops[i].step));
				dev_close(&dev);
			}
		}
	}
	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);

		dev_load(&dev, "+[]");
		EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
		dev.tape[0] = 0;
		args = dev_run(&dev, NULL, 0, 1);
		EQUAL(args.status, BFK_STATUS_END);
		EQUAL(args.fuel, 1);
		EQUAL(args.source_off, 3);
		dev_close(&dev);
	}
}

static void fuel_is_exact(void)
{
	static const char source[] = "+++++[>++++[>+++[>+[-]<-]<-]<-]";
	uint64_t all[2], used, fuel, calls;
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_run_args args;

		dev_load(&dev, "+++++[>+[-]<-]"); /* five rounds: four jumps back */
		args = dev_run(&dev, NULL, 0, 5);
		EQUAL(args.status, BFK_STATUS_END);
		EQUAL(args.fuel, 1);
		dev_load(&dev, "+++++[>+[-]<-]");
		args = dev_run(&dev, NULL, 0, 4);
		EQUAL(args.status, BFK_STATUS_FUEL);
		EQUAL(args.fuel, 0);
		EQUAL(dev.tape[0], 1);
		args = dev_run(&dev, NULL, 0, 9);
		EQUAL(args.status, BFK_STATUS_END);
		EQUAL(args.fuel, 9);
		dev_load(&dev, source);
		args = dev_run(&dev, NULL, 0, 1000000);
		all[engine] = 1000000 - args.fuel;
		dev_load(&dev, source);
		EQUAL(UNLIMITED - dev_run(&dev, NULL, 0, UNLIMITED).fuel, all[engine]);
		for (fuel = 1; fuel < 40; fuel += 6) { /* in portions it is the same */
			dev_load(&dev, source);
			used = calls = 0;
			do {
				args = dev_run(&dev, NULL, 0, fuel);
				used += fuel - args.fuel;
				calls++;
			} while (args.status == BFK_STATUS_FUEL);
			EQUAL(used, all[engine]);
			EQUAL(calls, used / fuel + 1);
		}
		dev_close(&dev);
	}
	EQUAL(all[0], 4 + 5 * 3 + 5 * 4 * 2);
	EQUAL(all[1], all[0]);
}

/* The output of a program that moves @in from slot 0 to slot 1, and the results. */
struct outcome {
	char out[32768];
	uint8_t tape[TAPE_CELLS];
	struct bfk_run_args args;
	uint64_t used, out_len, calls;
};

static void outcome_of(struct outcome *outcome, int engine, const char *source, struct frame frame,
		       const char *in, size_t in_len, uint64_t fuel)
{
	struct dev dev = dev_for(engine, 0);
	int fds[3] = { file_make(in, in_len), file_make("", 0),
		       open("/tmp", O_RDONLY | O_DIRECTORY) };

	memset(outcome, 0, sizeof(*outcome));
	dev_load(&dev, source);
	lay(&dev, 0, frame, NULL, 0);
	outcome->args = dev_run(&dev, fds, 3, fuel);
	outcome->used = fuel - outcome->args.fuel;
	while (outcome->args.status == BFK_STATUS_FUEL) {
		outcome->calls++;
		outcome->args = dev_run(&dev, NULL, 0, fuel);
		outcome->used += fuel - outcome->args.fuel;
	}
	outcome->args.fuel = 0;
	outcome->out_len = pread(fds[1], outcome->out, sizeof(outcome->out), 0);
	memcpy(outcome->tape, dev.tape, TAPE_CELLS);
	dev_close(&dev);
	close(fds[0]);
	close(fds[1]);
	close(fds[2]);
}

static void resume_repeats_nothing(void)
{
	static const struct {
		const char *source;
		struct frame frame;
		uint64_t calls_min;
	} programs[] = {
		{ ",[.,]", {}, 3000 },
		{ ",[>+++[<.>>,.[[-]]<-]<,]", {}, 3000 },
		{ "%r[>>+<<%w>>-<<%r]", { .cap = 3 }, 1900 },
		{ "%r[>>+<<%w%w>>>>>>>>>>>>>>>>..<<<<<<<<<<<<<<<<>>-<<%r]", { .cap = 7 }, 0 },
		{ "%r[>>+<<%p>>>>>>>>+++<<<<<<<<%w>>-<<%r]", { .cap = 5 }, 0 },
	};
	static struct outcome whole[2], pieces;
	static char in[6001];
	unsigned int i;
	int engine;

	for (i = 0; i < 6000; i++)
		in[i] = 1 + i * 7 % 250;
	for (i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		for (engine = 0; engine < 2; engine++) {
			uint64_t fuel;

			outcome_of(&whole[engine], engine, programs[i].source, programs[i].frame,
				   in, 6000, 100000);
			note = programs[i].source;
			EQUAL(whole[engine].calls, 0);
			CHECK(whole[engine].out_len >= 1500);
			for (fuel = 1; fuel < 4; fuel += 2) {
				outcome_of(&pieces, engine, programs[i].source, programs[i].frame,
					   in, 6000, fuel);
				note = programs[i].source;
				if (fuel == 1)
					CHECK(pieces.calls >= programs[i].calls_min);
				EQUAL(pieces.calls, pieces.used / fuel);
				EQUAL(pieces.out_len, whole[engine].out_len);
				CHECK(!memcmp(pieces.out, whole[engine].out, sizeof(pieces.out)));
				CHECK(!memcmp(pieces.tape, whole[engine].tape, TAPE_CELLS));
				EQUAL(pieces.used, whole[engine].used);
				EQUAL(pieces.args.sysops, whole[engine].args.sysops);
				EQUAL(pieces.args.read_len, whole[engine].args.read_len);
				EQUAL(pieces.args.write_len, whole[engine].args.write_len);
				EQUAL(pieces.args.head, whole[engine].args.head);
			}
		}
		EQUAL(whole[0].used, whole[1].used);
		EQUAL(whole[0].args.sysops, whole[1].args.sysops);
		CHECK(!memcmp(whole[0].out, whole[1].out, sizeof(whole[0].out)));
		CHECK(!memcmp(whole[0].tape, whole[1].tape, TAPE_CELLS));
	}
}

static void counters(void)
{
	struct outcome outcome;
	static char in[100];

	memset(in, 'a', sizeof(in));
	outcome_of(&outcome, 0, "%r[>>+<<%w>>-<<%r]", (struct frame){ .cap = 30 }, in, 100,
		   UNLIMITED);
	EQUAL(outcome.args.sysops, 4 + 4 + 1);
	EQUAL(outcome.args.read_len, 100);
	EQUAL(outcome.args.write_len, 100);
	EQUAL(outcome.used, 3);
	EQUAL(outcome.args.fail_errno, 0);
}

static const struct test tests[] = {
	{ "run (no fuel) does nothing, wherever the run is stopped", fuel_none },
	{ "run (fuel used up) stops after the '[', with the last jump back made and paid",
	  fuel_stops_where },
	{ "fuel is one for each jump back, in one run or in portions, on both engines alike",
	  fuel_is_exact },
	{ "run (stopped thousands of times) has the same output, tape, fuel and counts as without stops",
	  resume_repeats_nothing, 60 },
	{ "run counts operations and bytes", counters },
};

CASES(tests)
