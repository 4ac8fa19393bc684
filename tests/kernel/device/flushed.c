// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is each byte of '.' written to slot 1 exactly once, if a signal stops the run after some of them
 * are written, and operations that are skipped, wait or are cut short come next?
 */
#include "four.h"
#include <termios.h>

#define OUT_LEN 4000 /* bytes of '.': less than the buffer */
#define PAD 0x55     /* fills a sink; the program never writes it */
#define HOUR_NS 3600000000000ull
#define FIRST 4096u /* cell of the turn counter; the first frame follows */

/*
 * A program that writes the cells from 0 with '.', then loops: fuel 1 stops it before the first
 * operation of the second turn, with OUT_LEN bytes in the buffer. Cell FIRST counts the turns.
 */
static const char *program(const char *body)
{
	static char source[20000];
	char *to = source;
	int i;

	for (i = 0; i < OUT_LEN; i++)
		to = stpcpy(to, ".>");
	memset(to, '>', FIRST - OUT_LEN);
	to += FIRST - OUT_LEN;
	sprintf(to, "++[->%s<]", body);
	return source;
}

static void lay_bytes(struct four *four)
{
	uint8_t bytes[OUT_LEN];
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = i % 251 % PAD + 1; /* no PAD */
	tape_put(four->dev.tape, 0, bytes, sizeof(bytes));
}

/* Writes the frame of the operation in the loop, which is at FIRST + 1. */
static void lay_frame(struct four *four, struct frame frame)
{
	tape_put(four->dev.tape, FIRST + 1, &frame, sizeof(frame));
}

/* Reads at most @len bytes from a non-blocking descriptor. */
static size_t take(int fd, uint8_t *bytes, size_t len)
{
	size_t at = 0;
	ssize_t got;

	while (at < len && (got = read(fd, bytes + at, len - at)) > 0)
		at += got;
	return at;
}

/* --- sinks ------------------------------------------------------------------------------------ */

struct sink {
	int in, out; /* the end that the program writes to, and the reading end */
};

/* The two ends of a terminal; a write takes what there is room for. */
static struct sink pty_make(void)
{
	struct sink sink = { .out = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC) };
	struct termios raw;

	CHECK(sink.out >= 0);
	EQUAL(unlockpt(sink.out), 0);
	sink.in = open(ptsname(sink.out), O_RDWR | O_NOCTTY | O_CLOEXEC);
	CHECK(sink.in >= 0);
	EQUAL(tcgetattr(sink.in, &raw), 0);
	cfmakeraw(&raw);
	EQUAL(tcsetattr(sink.in, TCSANOW, &raw), 0);
	return sink;
}

/* A pipe takes a write of less than a page whole, or not at all. */
static struct sink pipe_sink(void)
{
	int ends[2];

	pipe_make(ends);
	return (struct sink){ .in = ends[1], .out = ends[0] };
}

/* Fills it until no more fits: a terminal passes bytes on with some delay. */
static void sink_fill(struct sink *sink)
{
	static uint8_t bytes[1024];
	int refused = 0;

	memset(bytes, PAD, sizeof(bytes));
	fcntl(sink->in, F_SETFL, O_NONBLOCK);
	fcntl(sink->out, F_SETFL, O_NONBLOCK);
	while (refused < 10) {
		refused = write(sink->in, bytes, sizeof(bytes)) > 0 ? 0 : refused + 1;
		if (refused)
			nap(2);
	}
	fcntl(sink->in, F_SETFL, 0);
}

/* The output must be PAD and then, exactly once, the bytes of the program. */
static void sink_check(struct sink *sink, const struct four *four, uint8_t *bytes, size_t len)
{
	size_t n_pad = 0;
	uint64_t idle = 0;

	/* A terminal passes bytes on with some delay. */
	while (idle < 50) {
		size_t got = take(sink->out, bytes + len, 1 << 20);

		len += got;
		idle = got ? 0 : idle + 1;
		nap(2);
	}
	while (n_pad < len && bytes[n_pad] == PAD)
		n_pad++;
	EQUAL(len - n_pad, OUT_LEN);
	CHECK(!memcmp(bytes + n_pad, four->dev.tape, OUT_LEN));
}

static void sink_close(struct sink *sink)
{
	close(sink->in);
	close(sink->out);
}

/*
 * Returns a run of program(@body) that fuel has stopped, and that a signal has stopped again in the
 * write of its output to @sink: part of that is written, if the sink takes parts. @bytes has the
 * *len bytes read so far.
 */
static struct four stopped(enum bfk_where where, const char *body, struct sink *sink, int other,
			   uint8_t *bytes, size_t *len)
{
	bool is_pty = isatty(sink->in);
	size_t room = is_pty ? 1500 : 0;
	struct bfk_result result;
	struct waker waker;
	struct four four;

	for (;;) {
		int fds[3] = { -1, sink->in, other };

		four = four_make(where, program(body));
		lay_bytes(&four);
		sink_fill(sink);
		*len = take(sink->out, bytes, room);
		nap(20);
		waker_start(&waker);
		result = four_run(&four, fds, 3, 1);
		waker_stop(&waker);
		if (is_pty ? result.write_len > 0 && result.write_len < OUT_LEN :
			     result.status == BFK_STATUS_SIGNAL)
			break;
		/* There was too little room, or too much. */
		room += 500;
		CHECK(is_pty && room < 20000);
		bfk_destroy(four.bfk);
		sink_close(sink);
		*sink = pty_make();
	}
	EQUAL(result.status, BFK_STATUS_SIGNAL);
	EQUAL(four.dev.tape[FIRST], 1);
	return four;
}

/* --- cases ------------------------------------------------------------------------------------ */

static uint8_t bytes[4 << 20];

static void skipped_with(enum bfk_where where, struct sink sink)
{
	struct four four;
	size_t len;

	four = stopped(where, "%m", &sink, -1, bytes, &len);
	len += take(sink.out, bytes + len, 1 << 20);
	lay_frame(&four, (struct frame){});
	EQUAL(four_end(&four).write_len, OUT_LEN);
	sink_check(&sink, &four, bytes, len);
	sink_close(&sink);
	bfk_destroy(four.bfk);
}

static void skipped_pty(enum bfk_where where)
{
	skipped_with(where, pty_make());
}

static void skipped_pipe(enum bfk_where where)
{
	skipped_with(where, pipe_sink());
}

static void skipped(void)
{
	four_each(skipped_pty);
}

static void skipped_to_pipe(void)
{
	four_each(skipped_pipe);
}

/*
 * The operation in the loop first waits for the sink, then by itself; it is stopped both times,
 * and at last its go is set to 0.
 */
static void waiting_with(enum bfk_where where, struct sink sink, const char *body,
			 struct frame frame)
{
	size_t len, more_len;
	struct four four;
	int ends[2];

	pipe_make(ends);
	four = stopped(where, body, &sink, ends[1], bytes, &len);
	lay_frame(&four, frame);
	four_stop(&four, NULL, 0);
	/* Now there is room for everything; a terminal takes a moment to notice. */
	do {
		more_len = take(sink.out, bytes + len, 1 << 20);
		len += more_len;
		nap(10);
	} while (more_len);
	four_stop(&four, NULL, 0);
	EQUAL(four.dev.tape[FIRST], 0);
	lay_frame(&four, (struct frame){});
	four_end(&four);
	sink_check(&sink, &four, bytes, len);
	sink_close(&sink);
	close(ends[0]);
	close(ends[1]);
	bfk_destroy(four.bfk);
}

static void waiting_each(enum bfk_where where)
{
	const struct frame nap = { .go = 1, .off = HOUR_NS };
	const struct frame write = { .go = 1, .slot = 2, .len = 60000 };

	waiting_with(where, pty_make(), "%n", nap);
	waiting_with(where, pipe_sink(), "%n", nap);
	waiting_with(where, pty_make(), "%e", nap);
	waiting_with(where, pty_make(), "%w%w", write);
	waiting_with(where, pipe_sink(), "%w%w", write);
}

static void waiting(void)
{
	four_each(waiting_each);
}

static const struct test tests[] = {
	{ "'.' (pty nearly full, signal in the last write, then an operation with go 0) writes once",
	  skipped, 60 },
	{ "'.' (pipe full, signal in the last write, then an operation with go 0) writes once",
	  skipped_to_pipe, 60 },
	{ "'.' (signal in the last write, then %n, %e or %w stopped and skipped) writes once",
	  waiting, 120 },
};

FOUR_CASES(tests)
