// SPDX-License-Identifier: GPL-2.0-only
/* Signals: every run can be stopped, continued and killed, and nothing is lost or done twice. */
#include "dev.h"
#include <sys/ptrace.h>

static const uint32_t engines[] = { 0, BFK_LOAD_INTERP };

#define COPY "%r[>>+<<%w>>-<<%r]"

/* Runs in the child until the run ends by itself; exits with its status. */
static void run_to_end(struct dev *dev, const int *fds, uint32_t n_fds)
{
	uint64_t stops = 0;

	_exit(dev_run_on(dev, fds, n_fds, &stops).status);
}

/* Starts a child whose run of @source has begun; it shares the tape. */
static pid_t spawn(struct dev *dev, const char *source, const int *fds, uint32_t n_fds)
{
	uint64_t n_before = runs_begun(dev->fd);
	pid_t pid;

	dev_load(dev, source);
	pid = fork();
	if (!pid)
		run_to_end(dev, fds, n_fds);
	CHECK(pid > 0);
	await_runs(dev->fd, n_before + 1);
	return pid;
}

static void handled(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct bfk_run_args args;

		tick(50000);
		dev_load(&dev, "+[]>+");
		args = dev_run(&dev, NULL, 0, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_SIGNAL);
		EQUAL(args.source_off, 2);
		CHECK(args.fuel < UNLIMITED);
		args = dev_run(&dev, NULL, 0, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_SIGNAL);
		dev.tape[0] = 0;
		do
			args = dev_run(&dev, NULL, 0, UNLIMITED);
		while (args.status == BFK_STATUS_SIGNAL);
		EQUAL(args.status, BFK_STATUS_END);
		EQUAL(dev.tape[1], 1);
		dev_close(&dev);
	}
}

static void fuel_adds_up(void)
{
	static const char body[] = "[>-[>-[>+>[-]<<-]<-]<-]";
	char source[100];
	int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct bfk_run_args args;
		uint64_t whole, used = 0, stops = 0;

		memset(source, '+', 40);
		strcpy(source + (i ? 12 : 40),
		       body); /* more than one slice, also when interpreted */
		dev_load(&dev, source);
		whole = UNLIMITED - dev_run(&dev, NULL, 0, UNLIMITED).fuel;
		tick(500);
		dev_load(&dev, source);
		do {
			args = dev_run(&dev, NULL, 0, UNLIMITED);
			used += UNLIMITED - args.fuel;
			stops++;
		} while (args.status == BFK_STATUS_SIGNAL);
		EQUAL(used, whole);
		tick(0);
		CHECK(stops > 1);
		dev_close(&dev);
	}
}

static void stop_cont(int stop_signal)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		pid_t pid = spawn(&dev, "+[]", NULL, 0);

		await_cell(dev.tape, 0);
		kill(pid, stop_signal);
		EQUAL(child_state(pid, 'T'), 'T');
		kill(pid, SIGCONT);
		EQUAL(child_state(pid, 'R'), 'R');
		nap(20);
		dev.tape[0] = 0;
		EQUAL(child_wait(pid, SOON), BFK_STATUS_END << 8);
		dev_close(&dev);
	}
}

static void sigstop(void)
{
	stop_cont(SIGSTOP);
}

/* Ctrl-Z; the group needs a parent in another group of the session, as under a shell. */
static void sigtstp(void)
{
	stop_cont(SIGTSTP);
}

static void traced(void)
{
	struct dev dev = dev_open(0);
	pid_t pid = spawn(&dev, "+[]", NULL, 0);
	int status;

	await_cell(dev.tape, 0);
	EQUAL(ptrace(PTRACE_SEIZE, pid, NULL, NULL), 0);
	EQUAL(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL), 0);
	EQUAL(waitpid(pid, &status, __WALL), pid);
	CHECK(WIFSTOPPED(status));
	EQUAL(ptrace(PTRACE_DETACH, pid, NULL, NULL), 0);
	nap(20);
	dev.tape[0] = 0;
	EQUAL(child_wait(pid, SOON), BFK_STATUS_END << 8);
}

static void frozen(void)
{
	static const char group[] = "/sys/fs/cgroup/bfk-frozen";
	static const char *const sources[] = { "+[]", "%r>[]" };
	char path[100], text[100] = "";
	int i, ends[2];

	pipe_make(ends);
	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(0);
		double end;
		pid_t pid;

		CHECK(!mkdir(group, 0755) || errno == EEXIST);
		dev_load(&dev, sources[i]);
		dev.tape[0] = 1;
		pid = fork();
		if (!pid)
			run_to_end(&dev, ends, 1);
		snprintf(path, sizeof(path), "%s/cgroup.procs", group);
		snprintf(text, sizeof(text), "%d", pid);
		put_text(path, text);
		await_runs(dev.fd, 1);
		if (!i)
			await_cell(dev.tape, 1);
		snprintf(path, sizeof(path), "%s/cgroup.freeze", group);
		put_text(path, "1");
		for (end = now() + SOON; now() < end && !strstr(text, "frozen 1"); nap(5)) {
			char events[100];
			int fd;

			snprintf(events, sizeof(events), "%s/cgroup.events", group);
			fd = open(events, O_RDONLY | O_CLOEXEC);
			text[read(fd, text, sizeof(text) - 1)] = 0;
			close(fd);
		}
		CHECK(strstr(text, "frozen 1"));
		put_text(path, "0");
		if (i)
			EQUAL(write(ends[1], "x", 1), 1);
		else
			dev.tape[0] = 0;
		EQUAL(child_wait(pid, SOON), BFK_STATUS_END << 8);
		dir_remove(group);
		dev_close(&dev);
	}
}

static void kill_loops(void)
{
	static const char *const loops[] = { "+[]",
					     "+[>+<]",
					     "+[[-]+]",
					     "+[>+]",
					     "-[<-]",
					     "+[>[-]+[<]>]",
					     "+[>>>>+<<<<%m[-]+]",
					     "+[%r[-]+]" };
	int i, j;

	for (i = 0; i < 8; i++) {
		for (j = 0; j < 2; j++) {
			struct dev dev = dev_open(engines[j]);
			pid_t pid = spawn(&dev, loops[i], NULL, 0);

			note = loops[i];
			if (i == 3 || i == 4) /* these would end after one round */
				memset(dev.tape, 1, TAPE_CELLS);
			nap(20);
			kill(pid, SIGKILL);
			CHECK(child_wait(pid, SOON) != -1);
			dev_close(&dev);
		}
	}
}

static void terminate(void)
{
	struct dev dev = dev_open(0);
	pid_t pid = spawn(&dev, "+[]", NULL, 0);

	nap(20);
	kill(pid, SIGTERM);
	EQUAL(WTERMSIG(child_wait(pid, SOON)), SIGTERM);
	signal(SIGTERM, SIG_IGN); /* the case for `timeout -k` */
	pid = spawn(&dev, "+[]", NULL, 0);
	nap(20);
	kill(pid, SIGTERM);
	EQUAL(child_wait(pid, 0.3), -1);
	kill(pid, SIGKILL);
	EQUAL(WTERMSIG(child_wait(pid, SOON)), SIGKILL);
}

/* Programs that block on fds 0 (an end of an empty pipe) or 1 (of a full one). */
static const struct {
	const char *name, *source;
	struct frame frame;
} blockers[] = {
	{ "%r", "%r", { .go = 1 } },
	{ "%w", "%w", { .go = 1, .slot = 1, .len = 1 } },
	{ ",", ",", {} },
	{ ".", "[.]", { .go = 1 } },
	{ "%x", "%x", { .go = 1, .slot = 2, .arg = 1 } },
	{ "%o", "%o", { .go = 1, .slot = 3, .len = 8 } },
	{ ". at the end", "+.", {} },
};

static void block_files(int fds[4], int *feed, int *drain)
{
	static char bytes[65536];
	int ends[2];

	pipe_make(ends);
	fds[0] = ends[0];
	*feed = ends[1];
	pipe_make(ends);
	fds[1] = ends[1];
	*drain = ends[0];
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	while (write(fds[1], bytes, sizeof(bytes)) > 0)
		;
	fcntl(fds[1], F_SETFL, 0);
	fds[2] = file_make(bytes, 100);
	mkfifo("/tmp/bfk-fifo", 0600);
	fds[3] = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void block_load(struct dev *dev, int i)
{
	note = blockers[i].name;
	dev_load(dev, blockers[i].source);
	tape_put(dev->tape, 0, &blockers[i].frame, 16);
	tape_put(dev->tape, 16, "bfk-fifo", 8);
}

static void kill_blocked(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(blockers) / sizeof(*blockers); i++) {
		struct dev dev = dev_open(engines[i % 2]);
		int fds[4], feed, drain;
		pid_t pid;

		block_files(fds, &feed, &drain);
		block_load(&dev, i);
		pid = fork();
		if (!pid)
			run_to_end(&dev, fds, 4);
		await_blocked(pid);
		kill(pid, SIGKILL);
		EQUAL(WTERMSIG(child_wait(pid, SOON)), SIGKILL);
		dev_close(&dev);
	}
}

/* A signal ends the wait, nothing has moved, and the next RUN does the operation. */
static void resume_blocked(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(blockers) / sizeof(*blockers); i++) {
		struct dev dev = dev_open(engines[i % 2]);
		struct bfk_run_args args;
		static char bytes[70000];
		int fds[4], feed, drain, fifo;

		block_files(fds, &feed, &drain);
		block_load(&dev, i);
		tick(60000);
		args = dev_run(&dev, fds, 4, UNLIMITED);
		tick(0);
		EQUAL(args.status, BFK_STATUS_SIGNAL);
		EQUAL(args.sysops, 0);
		EQUAL(args.read_len + args.write_len, 0);
		if (i == 3)
			dev.tape[0] = 0;
		EQUAL(write(feed, "Z", 1), 1);
		EQUAL(read(drain, bytes, 65536), 65536);
		fifo = open("/tmp/bfk-fifo", O_RDWR);
		args = dev_run(&dev, NULL, 0, UNLIMITED);
		EQUAL(args.status, BFK_STATUS_END);
		if (i == 0)
			EQUAL(dev.tape[16], 'Z');
		if (i == 2)
			EQUAL(dev.tape[0], 'Z');
		if (i == 1 || i == 3 || i == 6)
			CHECK(read(drain, bytes, 65536) == (i == 3 ? 4097 : 1) || i == 3);
		if (i == 4)
			EQUAL(read(drain, bytes, 65536), 100);
		close(fifo);
		dev_close(&dev);
	}
}

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

/* 6.1 only moves from regular files; later kernels also move from /dev/zero, endlessly. */
static void move_endless(void)
{
	int fds[2] = { open("/dev/zero", O_RDONLY | O_CLOEXEC),
		       open("/dev/null", O_WRONLY | O_CLOEXEC) };
	struct dev dev = dev_open(0);
	int status;
	pid_t pid;

	dev_load(&dev, "%x");
	lay(&dev, 0, (struct frame){ .arg = 1 }, NULL, 0);
	pid = fork();
	if (!pid)
		run_to_end(&dev, fds, 2);
	nap(100);
	kill(pid, SIGKILL);
	status = child_wait(pid, SOON);
	CHECK(status == SIGKILL || (!status && laid(&dev, 0).err == EINVAL));
}

/* More programs that never yield than CPUs, with the watchdogs set to seconds. */
static void every_cpu(void)
{
	int n = 2 * sysconf(_SC_NPROCESSORS_ONLN), i, ticks = 0;
	double end;
	pid_t pids[64];

	put_text("/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout", "3");
	put_text("/proc/sys/kernel/watchdog_thresh", "1");
	for (i = 0; i < n; i++) {
		struct dev dev = dev_open(engines[i % 2]);

		pids[i] = spawn(&dev, "+[]", NULL, 0);
	}
	for (end = now() + 8; now() < end || ticks <= 20; ticks++) {
		double start = now();
		char state[10];
		int fd = open("/proc/loadavg", O_RDONLY);

		EQUAL(read(fd, state, 4), 4);
		close(fd);
		nap(10);
		CHECK(now() - start < SOON);
	}
	for (i = 0; i < n; i++) {
		kill(pids[i], SIGKILL);
		CHECK(child_wait(pids[i], 2 * SOON) != -1);
	}
	put_text("/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout", "21");
	put_text("/proc/sys/kernel/watchdog_thresh", "10");
}

/* A short loop around the largest body must not run long between two checks for signals. */
static void large_body(void)
{
	static char source[2000000];
	size_t n = 400000, i;
	int j;

	source[0] = '+';
	source[1] = '[';
	for (i = 0; i < n; i++)
		memcpy(source + 2 + 4 * i, ">+>-", 4);
	memset(source + 2 + 4 * n, '<', 1);
	memcpy(source + 3 + 4 * n, "[-]+]", 6);
	for (j = 0; j < 2; j++) {
		struct dev dev = dev_open(engines[j]);
		pid_t pid = spawn(&dev, source, NULL, 0);

		nap(100);
		kill(pid, SIGKILL);
		CHECK(child_wait(pid, SOON) != -1);
		dev_close(&dev);
	}
}

static const struct test tests[] = {
	{ "run (handled signal) returns with its status, and can be continued", handled },
	{ "run (stopped by signals) uses as much fuel as without stops", fuel_adds_up },
	{ "run (SIGSTOP) is soon in state T, and continues after SIGCONT", sigstop },
	{ "run (SIGTSTP) is soon in state T, and continues after SIGCONT", sigtstp },
	{ "run (traced) stops for the tracer, and continues", traced },
	{ "run (cgroup frozen) soon freezes, looping or blocked, and continues", frozen },
	{ "run (SIGKILL in a tight loop of any kind) dies soon", kill_loops },
	{ "run (SIGTERM) dies soon, or, if the signal is ignored, by SIGKILL", terminate },
	{ "run (SIGKILL while blocked in each operation that can block) dies soon", kill_blocked },
	{ "run (signal while blocked in each operation) moves nothing, and gets its data when continued",
	  resume_blocked },
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
	{ "%x (endless source) is refused, or dies soon after SIGKILL", move_endless },
	{ "programs that loop on every CPU leave the machine responsive", every_cpu, 60 },
	{ "run (loop with a body of 1.6 MB) dies soon after SIGKILL", large_body, 40 },
};

CASES(tests)
