// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a run check for signals before each call into a file, whatever the file returned before? The
 * program sends the signal itself, by a write to a pipe whose reader gets SIGIO (O_ASYNC). So the
 * signal is pending from a certain place of the program on, and nothing depends on time.
 */
#include "ops.h"

#define AWAY \
	40 /* cells from the frame of the %w that sends the signal to the cell of ',' and '.' */

static const char away[] = ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>";
static const char back[] = "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<";

/* Returns the writing end of a pipe; a write to it sends this thread @signo. */
static int signal_pipe(int signo)
{
	int ends[2];

	handle(SIGIO);
	pipe_make(ends);
	EQUAL(fcntl(ends[0], F_SETOWN, getpid()), 0);
	EQUAL(fcntl(ends[0], F_SETSIG, signo), 0);
	EQUAL(fcntl(ends[0], F_SETFL, O_ASYNC), 0);
	return ends[1];
}

/* Writes the frame that sends the signal: one byte to slot 2. */
static void lay_signal(struct dev *dev)
{
	lay(dev, 0, (struct frame){ .slot = 2, .len = 1 }, "!", 1);
}

/* --- ',' -------------------------------------------------------------------------------------- */

static int at_end(void)
{
	return file_make("", 0);
}

/* A file whose reads return one byte each. */
static int single_bytes(void)
{
	int ends[2], i;

	EQUAL(pipe2(ends, O_CLOEXEC | O_DIRECT), 0);
	for (i = 0; i < 10; i++)
		EQUAL(write(ends[1], "x", 1), 1);
	return ends[0];
}

/* A non-blocking pipe with nothing to read. */
static int failing(void)
{
	int ends[2];

	EQUAL(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	return ends[0];
}

static const struct source {
	const char *name;
	int (*make)(void);
	bool read_before; /* does the program read once before the signal? */
	uint32_t status;  /* of the run after it is continued */
	uint8_t cell;	  /* value read last */
	uint64_t read_len;
} sources[] = {
	{ "at its end, for the first time", at_end, false, BFK_STATUS_END, 255, 0 },
	{ "at its end, again", at_end, true, BFK_STATUS_END, 255, 0 },
	{ "one byte at a time", single_bytes, true, BFK_STATUS_END, 'x', 2 },
	{ "an error", failing, false, BFK_STATUS_FAILED, 0, 0 },
};

static void comma_once(const struct source *source, uint32_t engine)
{
	struct dev dev = dev_open(engine | BFK_LOAD_EOF_255);
	int fds[3] = { source->make(), -1, signal_pipe(SIGIO) };
	char text[400];
	struct bfk_run_args args;

	note = source->name;
	snprintf(text, sizeof(text), "%s%s%s%%w%s,", away, source->read_before ? "," : "", back,
		 away);
	dev_load(&dev, text);
	lay_signal(&dev);
	args = dev_run(&dev, fds, 3, UNLIMITED);
	EQUAL(args.status, BFK_STATUS_SIGNAL);
	EQUAL(args.source_off, strlen(text) - 1);
	EQUAL(args.sysops, 1);
	EQUAL(args.read_len, source->read_len / 2);
	args = dev_run(&dev, NULL, 0, UNLIMITED);
	EQUAL(args.status, source->status);
	EQUAL(args.read_len, source->read_len);
	EQUAL(dev.tape[AWAY], source->cell);
	dev_close(&dev);
}

static void comma(void)
{
	size_t i;

	for (i = 0; i < 2 * sizeof(sources) / sizeof(*sources); i++)
		comma_once(&sources[i / 2], engines[i % 2]);
}

/* --- '.' -------------------------------------------------------------------------------------- */

/* "%w", and then @n times '.' of the byte next to its data. */
static const char *signal_and_put(int n)
{
	static char text[10000];
	char *to = stpcpy(stpcpy(text, "%w"), away);

	memset(to, '.', n);
	to[n] = 0;
	return text;
}

/* Stops where the buffer is full; RUN still writes the buffer before it returns. */
static void dot(void)
{
	int i;

	for (i = 0; i < 4; i++) {
		struct dev dev = dev_open(engines[i % 2]);
		int file = file_make("", 0), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
		int fds[3] = { -1, i / 2 ? file : null, signal_pipe(SIGIO) };
		struct bfk_run_args args;

		note = i / 2 ? "a file" : "/dev/null";
		dev_load(&dev, signal_and_put(4097));
		lay_signal(&dev);
		args = dev_run(&dev, fds, 3, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_SIGNAL);
		EQUAL(args.source_off, 2 + AWAY + 4096);
		EQUAL(args.write_len, 1 + 4096);
		args = dev_run(&dev, NULL, 0, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_END);
		EQUAL(args.write_len, 1 + 4097);
		EQUAL(lseek(file, 0, SEEK_END), i / 2 ? 4097 : 0);
		dev_close(&dev);
	}
}

/* A signal before the end or an operation, in a loop, or where fuel ends: no output is lost. */
static void offered(void)
{
	static const struct {
		const char *after;
		uint64_t fuel;
	} ends[] = { { "", UNLIMITED }, { ">%m", UNLIMITED }, { "+[]", UNLIMITED }, { "+[]", 1 } };
	char text[200];
	int i;

	for (i = 0; i < 8; i++) {
		struct dev dev = dev_open(engines[i % 2]);
		int fds[3] = { -1, file_make("", 0), signal_pipe(SIGIO) };
		struct bfk_run_args args;

		note = ends[i / 2].after;
		snprintf(text, sizeof(text), "%%w%s...%s", away, note);
		dev_load(&dev, text);
		lay_signal(&dev);
		dev.tape[AWAY + 1] = 1;
		args = dev_run(&dev, fds, 3, ends[i / 2].fuel);
		EQUAL(args.write_len, 1 + 3);
		EQUAL(lseek(fds[1], 0, SEEK_END), 3);
		if (i / 2 == 1)
			EQUAL(args.status, BFK_STATUS_SIGNAL);
		dev_close(&dev);
	}
}

/* A full pipe does not accept the output: it is kept, and written once when there is room. */
static void kept(void)
{
	static char bytes[65536];
	int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		int ends[2], fds[3] = { -1, -1, signal_pipe(SIGIO) };
		struct bfk_run_args args;

		pipe_make(ends);
		fds[1] = ends[1];
		EQUAL(write(ends[1], bytes, sizeof(bytes)), sizeof(bytes));
		dev_load(&dev, signal_and_put(3));
		lay_signal(&dev);
		dev.tape[AWAY] = 'k';
		args = dev_run(&dev, fds, 3, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_SIGNAL);
		EQUAL(args.write_len, 1);
		EQUAL(read(ends[0], bytes, sizeof(bytes)), sizeof(bytes));
		CHECK(is_quiet(ends[0]));
		args = dev_run(&dev, NULL, 0, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_END);
		EQUAL(args.write_len, 1 + 3);
		EQUAL(read(ends[0], bytes, sizeof(bytes)), 3);
		CHECK(!memcmp(bytes, "kkk", 3));
		dev_close(&dev);
	}
}

/* SIGKILL: nothing more is written. */
static void killed(void)
{
	int i, status;
	pid_t pid;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		int ends[2];
		char byte;

		pipe_make(ends);
		dev_load(&dev, signal_and_put(4097));
		lay_signal(&dev);
		pid = fork();
		if (!pid) {
			int fds[3] = { -1, ends[1], signal_pipe(SIGKILL) };

			dev_run(&dev, fds, 3, UNLIMITED);
			_exit(0);
		}
		EQUAL(waitpid(pid, &status, 0), pid);
		EQUAL(status, SIGKILL);
		close(ends[1]);
		EQUAL(read(ends[0], &byte, 1), 0);
		dev_close(&dev);
	}
}

/* --- operations ------------------------------------------------------------------------------- */

/* Each operation stops before any effect, with its frame unchanged; then it reads the frame. */
static void operations(void)
{
	const char *letters = known_letters("");
	int i;

	for (i = 0; i < 2 * (int)strlen(letters); i++) {
		struct dev dev = dev_open(engines[i % 2]);
		const char chained[] = { 'w', letters[i / 2], 0 };
		int fds[3] = { file_make("text", 4), -1, signal_pipe(SIGIO) };
		struct frame frame = { .go = 1, .err = 77, .cap = 3, .len = 2, .off = 1 }, then;
		struct bfk_run_args args;

		note = chained + 1;
		dev_load(&dev, chain(chained));
		lay_signal(&dev);
		lay(&dev, 1, frame, "ab", 2);
		args = dev_run(&dev, fds, 3, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_SIGNAL);
		EQUAL(args.sysops, 1);
		then = laid(&dev, 1);
		CHECK(!memcmp(&then, &frame, sizeof(frame)));
		EQUAL(lseek(fds[0], 0, SEEK_CUR), 0);
		EQUAL(lseek(fds[0], 0, SEEK_END), 4);
		dev.tape[STEP] = i % 2;
		args = dev_run(&dev, NULL, 0, UNLIMITED);
		EQUAL(args.status, note[0] == 'q' && i % 2 ? BFK_STATUS_QUIT : BFK_STATUS_END);
		EQUAL(args.sysops, 1 + i % 2);
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "',' (signal pending, source at its end, short or failing) stops before it reads", comma },
	{ "'.' (signal pending, buffer full, fast sink) stops, and what is buffered is written",
	  dot },
	{ "run (signal pending, output buffered) has written it when it returns", offered },
	{ "run (signal pending, output buffered for a full pipe) keeps it, and writes it once",
	  kept },
	{ "run (SIGKILL pending, output buffered) writes nothing more", killed },
	{ "each operation (signal pending) stops before it does anything, and then reads its frame again",
	  operations },
};

CASES(tests)
