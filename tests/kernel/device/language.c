// SPDX-License-Identifier: GPL-2.0-only
/* The language through the device: tape, head, input and output, fuel, resume, on both engines. */
#include "dev.h"

/* The two engines. */
struct engine {
	const char *name;
	uint32_t flags, engine;
};

static const struct engine engines[] = {
	{ "jit", 0, ENGINE },
	{ "interp", BFK_LOAD_INTERP, BFK_ENGINE_INTERP },
};

static struct dev dev_for(int engine, uint32_t flags)
{
	note = engines[engine].name;
	return dev_open(engines[engine].flags | flags);
}

static void initial_tape(void)
{
	static const char laid[] = "abc";
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_load_args args = load_args("+", dev.flags);

		memset(dev.tape, 0xee, TAPE_CELLS);
		args.tape = (uintptr_t)laid;
		args.tape_len = 3;
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(args.engine, engines[engine].engine);
		CHECK(!memcmp(dev.tape, "abc\0\0", 5));
		EQUAL(dev.tape[65535], 0);
		EQUAL(dev_run(&dev, NULL, 0, 1).engine, engines[engine].engine);
		CHECK(!memcmp(dev.tape, "bbc\0\0", 5));
		dev_close(&dev);
	}
}

static void reset_tape(void)
{
	struct dev dev = dev_open(0);

	dev_load(&dev, "+>++<");
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev_reset(dev.fd, BFK_RESET_KEEP_TAPE), 0);
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 2);
	EQUAL(dev.tape[1], 4);
	EQUAL(dev_reset(dev.fd, 0), 0);
	EQUAL(dev.tape[0] + dev.tape[1], 0);
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev.tape[1], 2);
}

static void reset_run(void)
{
	int ends[2];
	struct dev dev = dev_open(0);

	pipe_make(ends);
	dev_load(&dev, ">+[]");
	EQUAL(dev_run(&dev, &ends[1], 1, 5).status, BFK_STATUS_FUEL);
	close(ends[1]);
	EQUAL(dev_reset(dev.fd, BFK_RESET_KEEP_TAPE), 0);
	CHECK(is_hung_up(ends[0]));
	EQUAL(dev_run(&dev, NULL, 0, 1).head, 1); /* not 2: from the first op */
	EQUAL(dev.tape[1], 2);
}

static void end_of_input(void)
{
	static const uint32_t flags[] = { 0, BFK_LOAD_EOF_255, BFK_LOAD_EOF_KEEP };
	static const int want[] = { 0, 255, 7 };
	int engine, i;

	for (engine = 0; engine < 2; engine++) {
		for (i = 0; i < 3; i++) {
			struct dev dev = dev_for(engine, flags[i]);
			int in = file_make("x", 1);

			dev_load(&dev, "+++++++>+++++++<,>,>,");
			EQUAL(dev_run(&dev, &in, 1, 1).status, BFK_STATUS_END);
			EQUAL(dev.tape[0], 'x');
			EQUAL(dev.tape[1], want[i]);
			EQUAL(dev.tape[2], i == 2 ? 0 : want[i]);
			dev_close(&dev);
		}
	}
}

static void ring(void)
{
	static char far[65537];
	int engine;

	memset(far, '>', 65536);
	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);

		dev_load(&dev, ">>>");
		EQUAL(dev_run(&dev, NULL, 0, 1).head, 3);
		dev_load(&dev, "<+");
		EQUAL(dev_run(&dev, NULL, 0, 1).head, 65535);
		EQUAL(dev.tape[65535], 1);
		dev_load(&dev, far);
		EQUAL(dev_run(&dev, NULL, 0, 1).head, 0);
		dev_load(&dev, far + 1);
		EQUAL(dev_run(&dev, NULL, 0, 1).head, 65535);
		dev_load(&dev, "-[>-]"); /* once around: every cell except the first becomes 255 */
		memset(dev.tape, 1, TAPE_CELLS);
		dev.tape[0] = 2;
		EQUAL(dev_run(&dev, NULL, 0, 70000).status, BFK_STATUS_END);
		dev_load(&dev, "+[<+]"); /* every cell becomes 1, cell 0 wraps to 1 + 1 ... to 0 */
		memset(dev.tape, 254, TAPE_CELLS);
		EQUAL(dev_run(&dev, NULL, 0, UNLIMITED).head, 0);
		EQUAL(dev.tape[0], 0);
		EQUAL(dev.tape[1], 255);
		EQUAL(dev.tape[65535], 255);
		dev_close(&dev);
	}
}

static void plain(void)
{
	struct dev dev = dev_open(BFK_LOAD_PLAIN);

	dev_load(&dev, "%r+%%k+%");
	EQUAL(dev_run(&dev, NULL, 0, 1).sysops, 0);
	EQUAL(dev.tape[0], 2);
}

static void shebang(void)
{
	struct dev dev = dev_open(0);

	dev_load(&dev, "#!/usr/bin/bfk + [ %\n++");
	EQUAL(dev_run(&dev, NULL, 0, 1).source_off, 23);
	EQUAL(dev.tape[0], 2);
	dev_load(&dev, "#!+++");
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 0);
	dev_load(&dev, "+\n#!+\n+");
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 3);
}

static void empty_program(void)
{
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_run_args args;

		dev_load(&dev, "");
		args = dev_run(&dev, NULL, 0, 77);
		EQUAL(args.status, BFK_STATUS_END);
		EQUAL(args.fuel, 77);
		EQUAL(args.source_off, 0);
	}
}

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

static void output_empty_slot(void)
{
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_run_args args;

		dev_load(&dev, "++>.>++");
		args = dev_run(&dev, NULL, 0, 1);
		EQUAL(args.status, BFK_STATUS_FAILED);
		EQUAL(args.fail_letter, '.');
		EQUAL(args.fail_errno, EBADF);
		dev_load(&dev, "+>>,+");
		args = dev_run(&dev, NULL, 0, 1);
		EQUAL(args.status, BFK_STATUS_FAILED);
		EQUAL(args.fail_letter, ',');
		EQUAL(args.fail_errno, EBADF);
		EQUAL(args.fail_off, 3);
		EQUAL(args.source_off, 3);
		EQUAL(args.head, 2);
		EQUAL(dev.tape[2], 0);
		dev_load(&dev, ".%m+%m"); /* the first %m is skipped, and writes nothing */
		args = dev_run(&dev, NULL, 0, 1);
		EQUAL(args.status, BFK_STATUS_FAILED);
		EQUAL(args.fail_letter, '.');
		EQUAL(args.fail_off, 4);
		dev_close(&dev);
	}
}

static void output_order(void)
{
	int engine, fds[2];
	char text[100] = {};

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);

		fds[0] = -1;
		fds[1] = file_make("", 0);
		dev_load(&dev, "[.>]<[<]>>>>>>>>>>>>>>>%w>>>>>>>>>>>>>>>>.>.");
		memset(dev.tape, 'A', 12);
		tape_put(dev.tape, 12, "\0\0", 2);
		tape_put(dev.tape, 14, &(struct frame){ .go = 1, .slot = 1, .len = 3 }, 16);
		tape_put(dev.tape, 30, "mid", 3);
		EQUAL(dev_run(&dev, fds, 2, UNLIMITED).status, BFK_STATUS_END);
		pread(fds[1], text, sizeof(text), 0);
		note = text;
		CHECK(!strcmp(text, "AAAAAAAAAAAAmidmi"));
		dev_close(&dev);
	}
}

static void output_long(void)
{
	int engine, fds[2] = { -1, -1 }, i;
	static uint8_t text[30000];

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);

		fds[1] = file_make("", 0);
		dev_load(&dev, "[.>]");
		for (i = 0; i < 20000; i++)
			dev.tape[i] = 1 + i % 255;
		EQUAL(dev_run(&dev, fds, 2, UNLIMITED).write_len, 20000);
		EQUAL(pread(fds[1], text, sizeof(text), 0), 20000);
		CHECK(!memcmp(text, dev.tape, 20000));
		dev_close(&dev);
	}
}

static void output_before_stop(void)
{
	int engine, ends[2], fds[2] = { -1, -1 };
	char byte = 0;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);

		EQUAL(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
		fds[1] = ends[1];
		dev_load(&dev, "+.>+[]");
		EQUAL(dev_run(&dev, fds, 2, 3).status, BFK_STATUS_FUEL);
		EQUAL(read(ends[0], &byte, 1), 1);
		EQUAL(byte, 1);
		EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
		EQUAL(read(ends[0], &byte, 1), -1);
		dev_close(&dev);
	}
}

static void read_ahead_first(void)
{
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		int in = file_make("Xabcdef", 7);

		dev_load(&dev,
			 ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>,<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<%r");
		tape_put(dev.tape, 0, &(struct frame){ .go = 1, .cap = 4 }, 16);
		EQUAL(dev_run(&dev, &in, 1, 1).status, BFK_STATUS_END);
		EQUAL(dev.tape[32], 'X');
		EQUAL(frame_get(dev.tape, 0).len, 4);
		CHECK(!memcmp(dev.tape + 16, "abcd", 4));
		dev_close(&dev);
	}
}

static void failure_reported(void)
{
	struct dev dev = dev_open(0);
	struct bfk_run_args args;

	dev_load(&dev, "x%r");
	dev.tape[0] = 1;
	dev.tape[2] = 5;
	args = dev_run(&dev, NULL, 0, 1);
	EQUAL(args.status, BFK_STATUS_END);
	EQUAL(args.fail_errno, EBADF);
	EQUAL(args.fail_letter, 'r');
	EQUAL(args.fail_off, 1);
	EQUAL(args.sysops, 1);
	dev_load(&dev, "%r+%m"); /* a later success clears the failure */
	dev.tape[0] = 1;
	dev.tape[2] = 5;
	args = dev_run(&dev, NULL, 0, 1);
	EQUAL(args.fail_errno, 0);
	EQUAL(args.fail_letter, 0);
	EQUAL(args.sysops, 2);
	dev_load(&dev, "%r%w"); /* a skipped operation does not */
	dev.tape[0] = 1;
	dev.tape[2] = 5;
	args = dev_run(&dev, NULL, 0, 1);
	EQUAL(args.fail_errno, EBADF);
	EQUAL(args.fail_letter, 'r');
	EQUAL(args.sysops, 1);
}

static void skipped(void)
{
	const char *letters = known_letters("");
	char source[3] = "%";
	const char *letter;
	int engine, file = file_make("abc", 3), fds[2] = { file, file };

	for (engine = 0; engine < 2; engine++) {
		for (letter = letters; *letter; letter++) {
			struct dev dev = dev_for(engine, 0);
			struct frame frame = { .arg = 1, .cap = 9, .len = 3, .off = 1 }, after;
			struct bfk_run_args args;

			source[1] = *letter;
			note = source;
			dev_load(&dev, source);
			tape_put(dev.tape, 0, &frame, sizeof(frame));
			args = dev_run(&dev, fds, 2, 1);
			EQUAL(args.status, BFK_STATUS_END);
			EQUAL(args.sysops, 0);
			after = frame_get(dev.tape, 0);
			CHECK(!memcmp(&frame, &after, sizeof(frame)));
			EQUAL(dev.tape[16], 0);
			dev_close(&dev);
		}
	}
}

static void quit(void)
{
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_run_args args;

		dev_load(&dev, "+>>>+++++++<<<%q>+");
		args = dev_run(&dev, NULL, 0, 1);
		EQUAL(args.status, BFK_STATUS_QUIT);
		EQUAL(args.exit_code, 7);
		EQUAL(args.source_off, 14);
		EQUAL(dev.tape[1], 0);
		dev_close(&dev);
	}
}

static void quit_writes_output(void)
{
	struct dev dev = dev_open(0);
	int fds[2] = { -1, file_make("", 0) };
	char byte = 0;

	dev_load(&dev, "+.%q.");
	EQUAL(dev_run(&dev, fds, 2, 1).status, BFK_STATUS_QUIT);
	EQUAL(pread(fds[1], &byte, 1, 0), 1);
	EQUAL(byte, 1);
	EQUAL(pread(fds[1], &byte, 1, 1), 0);
}

static void large_program(void)
{
	static const char unit[] = "+>+<[-]>[-]<";
	size_t n = (4u << 20) / 12, i;
	char *source = malloc(n * 12 + 9);
	int engine;

	for (i = 0; i < n; i++)
		memcpy(source + 12 * i, unit, 12);
	memcpy(source + 12 * n, "+++", 4);
	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_load_args args = load_args(source, dev.flags);

		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(args.engine, BFK_ENGINE_INTERP); /* it does not fit into the arena */
		EQUAL(args.text_len, 0);
		CHECK(args.n_ops > n * 3);
		EQUAL(dev_run(&dev, NULL, 0, 1).engine, BFK_ENGINE_INTERP);
		EQUAL(dev.tape[0], 3);
		EQUAL(dev.tape[1], 0);
		dev_close(&dev);
	}
}

/* As deep as a source can be: only the arena is too small for it. */
static void million_deep(void)
{
	static const uint32_t depths[] = { 1000000, 2097149 };
	unsigned int engine, i;

	for (engine = 0; engine < 2; engine++) {
		for (i = 0; i < 2; i++) {
			size_t depth = depths[i], len = 2 * depth + 6;
			char *source = calloc(1, len + 1);
			struct dev dev = dev_for(engine, 0);
			struct bfk_load_args args;
			struct bfk_run_args run;

			memset(source, '[', len / 2);
			memcpy(source, "++", 2);
			memcpy(source + 2 + depth, ">+<-", 4);
			memset(source + 6 + depth, ']', depth);
			args = load_args(source, dev.flags);
			EQUAL(args.source_len, len);
			EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
			EQUAL(args.engine, BFK_ENGINE_INTERP);
			EQUAL(args.n_ops, 2 * depth + 4);
			run = dev_run(&dev, NULL, 0, 9);
			EQUAL(run.status, BFK_STATUS_END);
			EQUAL(run.fuel, 8);
			EQUAL(run.source_off, len);
			EQUAL(dev.tape[0], 0);
			EQUAL(dev.tape[1], 2);
			EQUAL(dev_reset(dev.fd, 0), 0);
			dev.tape[0] = 254; /* with the "++" it is 0: one jump over all of it */
			EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
			EQUAL(dev.tape[1], 0);
			dev_close(&dev);
			free(source);
		}
	}
}

/* As deep as the arena has room for; each loop is on its own cell, and jumps back once. */
static void deep(void)
{
	enum { DEEP = 12000 };
	static char source[DEEP * 5 + 1];
	int engine, i;

	for (i = 0; i < DEEP; i++) {
		memcpy(source + 2 * i, "[>", 2);
		memcpy(source + 2 * DEEP + 3 * i, "<-]", 3);
	}
	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);
		struct bfk_load_args args = load_args(source, dev.flags);
		struct bfk_run_args run;

		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(args.engine, engines[engine].engine);
		EQUAL(args.n_ops, 3 * (DEEP - 1) + 1 + 1); /* the innermost is a SET */
		memset(dev.tape, 2, TAPE_CELLS);
		run = dev_run(&dev, NULL, 0, DEEP + 7);
		EQUAL(run.status, BFK_STATUS_END);
		EQUAL(run.fuel, 8);
		EQUAL(run.head, 0);
		for (i = 0; i < (int)TAPE_CELLS; i++)
			if (dev.tape[i] != (i < DEEP ? 0 : 2))
				fail(__FILE__, __LINE__, "cell %d is %d", i, dev.tape[i]);
		dev_close(&dev);
	}
}

static void tape_between_calls(void)
{
	int engine;

	for (engine = 0; engine < 2; engine++) {
		struct dev dev = dev_for(engine, 0);

		dev_load(&dev, "+[>+<]>>+");
		EQUAL(dev_run(&dev, NULL, 0, 9).status, BFK_STATUS_FUEL);
		EQUAL(dev.tape[1], 9);
		dev.tape[0] = 0;
		dev.tape[1] = 100;
		EQUAL(dev_run(&dev, NULL, 0, 9).status, BFK_STATUS_END);
		EQUAL(dev.tape[1], 101); /* the run was at the start of the body */
		EQUAL(dev.tape[2], 1);
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "load fills the tape with the given cells and then zeros", initial_tape },
	{ "reset zeroes the tape unless BFK_RESET_KEEP_TAPE is set", reset_tape },
	{ "reset (stopped run) starts over and releases the files", reset_run },
	{ "',' (end of input) stores 0, 255 or nothing by load flag", end_of_input },
	{ "the tape is a ring for the head and for cells", ring },
	{ "load (plain) treats '%' as a comment", plain },
	{ "load (first line starts with #!) skips only that line", shebang },
	{ "an empty program ends at once", empty_program },
	{ "run (no fuel) does nothing, wherever the run is stopped", fuel_none },
	{ "run (fuel used up) stops after the '[', with the last jump back made and paid",
	  fuel_stops_where },
	{ "fuel is one for each jump back, in one run or in portions, on both engines alike",
	  fuel_is_exact },
	{ "run (stopped thousands of times) has the same output, tape, fuel and counts as without stops",
	  resume_repeats_nothing, 60 },
	{ "run counts operations and bytes", counters },
	{ "',' and '.' (empty slot) fail the run and report the place", output_empty_slot },
	{ "'.' and %w to one slot keep their order", output_order },
	{ "'.' (more than its buffer) loses nothing", output_long },
	{ "'.' is written before the RUN of a stopped run returns", output_before_stop },
	{ "%r (slot 0) first gets what ',' has read ahead", read_ahead_first },
	{ "run reports the last operation if it failed, and its place", failure_reported },
	{ "every operation (go is 0) does nothing and is not counted", skipped },
	{ "%q ends the run with its status", quit },
	{ "%q writes what '.' has buffered", quit_writes_output },
	{ "load (program larger than the arena) is interpreted correctly", large_program },
	{ "load (one and two million brackets deep) runs correctly", million_deep, 60 },
	{ "load (as deep as the arena has room for) runs, compiled and interpreted", deep },
	{ "the caller may change the tape between two RUNs", tape_between_calls },
};

CASES(tests)
