// SPDX-License-Identifier: GPL-2.0-only
/* What may other threads do to an instance while one of them runs it? */
#include "generate.h"

/* A thread in RUN, and its result. */
struct runner {
	struct dev *dev;
	const int *fds;
	uint32_t n_fds;
	struct bfk_run_args args;
	int ret;
	pid_t tid;
	volatile bool back;
	pthread_t thread;
};

static void *runner_main(void *arg)
{
	struct runner *runner = arg;

	runner->tid = gettid();
	runner->args = run_args(runner->fds, runner->n_fds, UNLIMITED);
	runner->ret = dev_call(runner->dev->fd, BFK_RUN, &runner->args);
	runner->back = true;
	return NULL;
}

static void runner_start(struct runner *runner)
{
	uint64_t n_before = runs_begun(runner->dev->fd);
	char state[40];

	fdinfo_get(runner->dev->fd, "state", state, sizeof(state));
	EQUAL(pthread_create(&runner->thread, NULL, runner_main, runner), 0);
	if (strncmp(state, "stopped", 7)) /* a continued run has begun already */
		await_runs(runner->dev->fd, n_before + 1);
	await_busy(runner->dev->fd);
	CHECK(!runner->back);
}

static void runner_join(struct runner *runner)
{
	double end = now() + SOON;

	while (!runner->back) {
		CHECK(now() < end);
		nap(1);
	}
	pthread_join(runner->thread, NULL);
}

static void busy(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct runner runner = { .dev = &dev };
		struct bfk_run_args run = {};
		struct bfk_dump_args dump = {};

		dev_load(&dev, "+[]");
		runner_start(&runner);
		EQUAL(fd_load(dev.fd, "+", 0), -EBUSY);
		EQUAL(dev_call(dev.fd, BFK_RUN, &run), -EBUSY);
		EQUAL(dev_reset(dev.fd, 0), -EBUSY);
		EQUAL(dev_call(dev.fd, BFK_DUMP, &dump), -EBUSY);
		EQUAL(dev_info(dev.fd).tape_cells, TAPE_CELLS);
		dev.tape[0] = 0;
		runner_join(&runner);
		EQUAL(runner.ret, 0);
		EQUAL(runner.args.status, BFK_STATUS_END);
		EQUAL(fd_load(dev.fd, "+", 0), 0);
		dev_close(&dev);
	}
}

static void busy_blocked(void)
{
	struct dev dev = dev_open(0);
	struct runner runner = { .dev = &dev, .n_fds = 1 };
	int ends[2];

	pipe_make(ends);
	runner.fds = ends;
	dev_load(&dev, ",");
	runner_start(&runner);
	EQUAL(dev_reset(dev.fd, 0), -EBUSY);
	EQUAL(write(ends[1], "x", 1), 1);
	runner_join(&runner);
	EQUAL(dev.tape[0], 'x');
}

static void continued_by_another_thread(void)
{
	struct dev dev = dev_open(0);
	struct runner runner = { .dev = &dev };

	dev_load(&dev, "+[]");
	EQUAL(dev_run(&dev, NULL, 0, 5).status, BFK_STATUS_FUEL);
	runner_start(&runner);
	dev.tape[0] = 0;
	runner_join(&runner);
	EQUAL(runner.args.status, BFK_STATUS_END);
}

static void closed_while_running(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);
		struct runner runner = { .dev = &dev, .n_fds = 1 };
		struct bfk_run_args args = {};
		int ends[2], copy = dup(dev.fd);

		handle(SIGUSR1);
		pipe_make(ends);
		runner.fds = &ends[1];
		dev_load(&dev, "+[]");
		runner_start(&runner);
		close(ends[1]);
		close(copy); /* any descriptor of it */
		nap(20);
		CHECK(!runner.back);
		EQUAL(tgkill(getpid(), runner.tid, SIGUSR1), 0);
		runner_join(&runner);
		EQUAL(runner.ret, 0);
		CHECK(is_hung_up(ends[0]));
		EQUAL(dev_call(dev.fd, BFK_RUN, &args), -EBADFD);
		EQUAL(dev_reset(dev.fd, 0), 0);
		dev_close(&dev);
	}
}

static void last_closed_while_running(void)
{
	struct dev dev = dev_open(0);
	struct runner runner = { .dev = &dev, .n_fds = 1 };
	int ends[2];

	handle(SIGUSR1);
	pipe_make(ends);
	runner.fds = &ends[1];
	dev_load(&dev, "+[]");
	runner_start(&runner);
	close(ends[1]);
	close(dev.fd);
	tgkill(getpid(), runner.tid, SIGUSR1);
	runner_join(&runner);
	CHECK(is_hung_up(ends[0]));
}

/* A passed descriptor is closed, or replaced, during the run: the run keeps its file. */
static void files_replaced_while_running(void)
{
	struct dev dev = dev_open(0);
	struct runner runner = { .dev = &dev, .n_fds = 2 };
	int fds[2], ends[2], other[2];
	char text[4] = {};

	pipe_make(ends);
	pipe_make(other);
	fds[0] = -1;
	fds[1] = dup(ends[1]);
	runner.fds = fds;
	dev_load(&dev, "+[]>>+.");
	runner_start(&runner);
	dup2(other[1], fds[1]);
	close(ends[1]);
	dev.tape[0] = 0;
	runner_join(&runner);
	EQUAL(runner.args.status, BFK_STATUS_END);
	EQUAL(read(ends[0], text, 4), 1);
	EQUAL(text[0], 1);
	CHECK(is_hung_up(ends[0]));
}

static volatile bool closing_over;

static void *close_copies(void *dev)
{
	while (!closing_over)
		close(dup(((struct dev *)dev)->fd));
	return NULL;
}

/* After its process closes a descriptor, a run is over, and never becomes another process's. */
static void closed_between_runs(void)
{
	struct dev dev = dev_open(0);
	int n_over = 0, n_stopped = 0, ret, i;
	pthread_t threads[3];
	double end = now() + 3;

	dev_load(&dev, "+[]");
	for (i = 0; i < 3; i++)
		EQUAL(pthread_create(&threads[i], NULL, close_copies, &dev), 0);
	while (now() < end || n_stopped <= 100 || n_over <= 100) {
		struct bfk_run_args args = run_args(NULL, 0, 1);

		ret = dev_call(dev.fd, BFK_RUN, &args);
		CHECK(!ret || ret == -EBUSY || ret == -EBADFD);
		n_stopped += !ret;
		n_over += ret == -EBADFD && !dev_reset(dev.fd, 0);
	}
	closing_over = true;
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	dev_close(&dev);
}

static const struct test tests[] = {
	{ "load, run, reset, dump (during a run) are EBUSY, info is not", busy },
	{ "reset (a run blocked in ',') is EBUSY, and the run gets its data", busy_blocked },
	{ "run (stopped) can be continued by another thread of the process",
	  continued_by_another_thread },
	{ "close (a copy of the descriptor, during a run in another thread) ends the run after that RUN",
	  closed_while_running },
	{ "close (the only descriptor, during a run in another thread) frees everything after that RUN",
	  last_closed_while_running },
	{ "a passed descriptor replaced meanwhile changes nothing for the run",
	  files_replaced_while_running },
	{ "close (of copies, all the time) leaves a run busy or over, and never another process's",
	  closed_between_runs },
};

CASES(tests)
