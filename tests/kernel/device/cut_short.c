// SPDX-License-Identifier: GPL-2.0-only
/* Do operations lose or double a byte when signals cut them short? */
#include "spawn.h"

/*
 * A child that reads everything, sometimes slowly, and every 100 kB so late that the pipe is full
 * even if a slow kernel (KCSAN's is 50 times slower) fills it; exits with 0 if it read @want.
 */
static pid_t slow_reader(int fd, int other_end, const uint8_t *want, size_t len,
			 unsigned int nap_every)
{
	static uint8_t bytes[3001];
	size_t at = 0, reads = 0, rest_at = 0;
	ssize_t got;
	pid_t pid = fork();

	if (pid)
		return pid;
	close(other_end);
	signal(SIGALRM, SIG_IGN);
	while ((got = read(fd, bytes, 1 + (at * 7919) % sizeof(bytes))) > 0) {
		if (at + got > len || memcmp(bytes, want + at, got))
			_exit(1);
		at += got;
		if (at >= rest_at) {
			nap(50);
			rest_at = at + 100000;
		} else if (++reads % nap_every == 0) {
			nap(1);
		}
	}
	_exit(at == len ? 0 : 2);
}

/* A child that writes these bytes in small portions. */
static pid_t slow_writer(int fd, int other_end, const uint8_t *bytes, size_t len,
			 unsigned int nap_every)
{
	size_t at = 0, writes = 0;
	pid_t pid = fork();

	if (pid)
		return pid;
	close(other_end);
	while (at < len) {
		size_t portion = 1 + (at * 104729) % 5000;

		if (portion > len - at)
			portion = len - at;
		if (write(fd, bytes + at, portion) != (ssize_t)portion)
			_exit(1);
		at += portion;
		if (++writes % nap_every == 0)
			nap(1);
	}
	_exit(0);
}

/*
 * Runs @source once from slot 0 to slot 1 with constant SIGALRMs; the two children have the other
 * ends. Returns how often the run was stopped.
 */
static uint64_t stream_once(uint32_t engine, const char *source, struct frame frame,
			    const uint8_t *bytes, size_t len, bool from_pipe)
{
	struct dev dev = dev_open(engine);
	struct bfk_run_args args;
	pid_t reader, writer = 0;
	uint64_t stops = 0;
	int in[2], out[2], fds[2];

	pipe_make(out);
	EQUAL(fcntl(out[1], F_SETPIPE_SZ, 4096), 4096); /* soon full: it is waited for */
	reader = slow_reader(out[0], out[1], bytes, len, 3);
	if (from_pipe) {
		pipe_make(in);
		writer = slow_writer(in[1], in[0], bytes, len, 3);
		close(in[1]);
		fds[0] = in[0];
	} else {
		fds[0] = file_make(bytes, len);
	}
	fds[1] = out[1];
	dev_load(&dev, source);
	frame.go = source[0] == '%';
	tape_put(dev.tape, 0, &frame, 16);
	tick(1000);
	args = dev_run_on(&dev, fds, 2, &stops);
	tick(0);
	EQUAL(args.status, BFK_STATUS_END);
	EQUAL(args.fail_errno, 0);
	EQUAL(args.read_len, len);
	EQUAL(args.write_len, len);
	close(fds[0]);
	close(fds[1]);
	close(out[0]);
	EQUAL(child_wait(reader, 7 * SOON), 0);
	if (from_pipe)
		EQUAL(child_wait(writer, SOON), 0);
	dev_close(&dev);
	return stops;
}

/*
 * With each engine, until it was stopped @stops_min times: most signals come within a slice and do
 * not stop it.
 */
static void stream(const char *source, struct frame frame, size_t len, bool from_pipe,
		   uint64_t stops_min)
{
	uint8_t *bytes = malloc(len);
	uint64_t stops;
	size_t at;
	int i;

	note = source;
	fill(bytes, len, 9);
	for (at = 0; at < len; at++) /* no byte is 0, for ',[.,]' */
		bytes[at] += !bytes[at];
	for (i = 0; i < 2; i++) {
		for (stops = 0; stops < stops_min;)
			stops += stream_once(engines[i], source, frame, bytes, len, from_pipe);
	}
	free(bytes);
}

static void stream_write(void)
{
	stream(COPY, (struct frame){ .cap = 65520 }, 600000, false, 20);
}

static void stream_read_write(void)
{
	stream(COPY, (struct frame){ .cap = 3000 }, 300000, true, 20);
}

static void stream_bytes(void)
{
	stream(",[.,]", (struct frame){}, 400000, true, 5);
}

static void stream_move(void)
{
	stream("%x", (struct frame){ .arg = 1 }, 1000000, false, 20);
}

static void move_stopped(void)
{
	size_t len = 30 << 20;
	uint8_t *bytes = malloc(len), *got = malloc(len + 1);
	struct dev dev = dev_open(0);
	struct bfk_run_args args;
	uint64_t stops = 0;
	int fds[2];

	fill(bytes, len, 10);
	fds[0] = file_make(bytes, len);
	fds[1] = file_make("", 0);
	dev_load(&dev, "%x");
	lay(&dev, 0, (struct frame){ .arg = 1 }, NULL, 0);
	tick(2000);
	args = dev_run_on(&dev, fds, 2, &stops);
	EQUAL(args.status, BFK_STATUS_END);
	EQUAL(args.sysops, 1);
	EQUAL(laid(&dev, 0).off, len);
	CHECK(stops > 0);
	EQUAL(pread(fds[1], got, len + 1, 0), len);
	CHECK(!memcmp(bytes, got, len));
}

/* A %w cut short, whose go is then set to 0; the next %w writes all its own data. */
static void switched_off(void)
{
	static const uint8_t bytes[8192] = { 1 };
	struct bfk_run_args args;
	uint64_t stops = 0;
	int ends[2], fds[2];
	struct dev dev;
	int i;

	for (i = 0; i < 2; i++) {
		pipe_make(ends);
		CHECK(fcntl(ends[1], F_SETPIPE_SZ, 4096) == 4096);
		fds[0] = ends[1];
		fds[1] = file_make("", 0);
		dev = dev_open(engines[i]);
		dev_load(&dev, chain_at("ww", 0, 16384));
		tape_put(dev.tape, 0, &(struct frame){ .go = 1, .len = 8192 }, 16);
		tape_put(dev.tape, 16, bytes, 8192);
		tape_put(dev.tape, 16384, &(struct frame){ .go = 1, .slot = 1, .len = 5000 }, 16);
		tick(200000);
		args = dev_run(&dev, fds, 2, UNLIMITED);
		while (args.status == BFK_STATUS_SIGNAL && !args.write_len)
			args = dev_run(&dev, NULL, 0, UNLIMITED);
		tick(0);
		EQUAL(args.status, BFK_STATUS_SIGNAL);
		EQUAL(args.write_len, 4096); /* cut short, not just begun */
		dev.tape[0] = 0;
		EQUAL(dev_run_on(&dev, NULL, 0, &stops).status, BFK_STATUS_END);
		WORKS(frame_get(dev.tape, 16384));
		EQUAL(lseek(fds[1], 0, SEEK_END), 5000);
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "%w (large, slow pipe, a signal every millisecond) loses and doubles nothing",
	  stream_write, 40 },
	{ "%r and %w (slow pipes, a signal every millisecond) lose and double nothing",
	  stream_read_write, 40 },
	{ "',' and '.' (slow pipes, a signal every millisecond) lose and double nothing",
	  stream_bytes, 40 },
	{ "%x (slow pipe, a signal every millisecond) loses and doubles nothing", stream_move, 40 },
	{ "%x (long, stopped by signals) moves everything", move_stopped },
	{ "%w (cut short by a signal, go then set to 0) does not affect the next one",
	  switched_off },
};

CASES(tests)
