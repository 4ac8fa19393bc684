// SPDX-License-Identifier: GPL-2.0-only
/* Several threads on one instance, on its tape, and on the text arena. */
#include "generate.h"
#include <sys/resource.h>
#include <sys/syscall.h>
#include "tests/harness/letters.h"

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

/* --- a descriptor that is closed all the time ---------------------------------------------------- */

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

/* --- stress: random calls by many threads on a few instances ---------------------------------- */

#define N_INSTANCES 3

static volatile int instances[N_INSTANCES];
static uint8_t *tapes[N_INSTANCES];
static volatile bool stress_over;
static int stress_files[4];
static char stress_letters[27];
static uint64_t n_done;

static const char *const stress_sources[] = {
	"+[]",
	"+[>+]",
	",[.,]",
	"%r[>>+<<%w>>-<<%r]",
	"-[>-[>-[-]<-]<-]",
	"]",
	"%q",
	"+++>%u[%w+%o]",
	"+[>%r>%w>%o>%c>%g>%p>%l>%x>%t>%z+<<<<<<<<<<]",
	"+[>%k>%d>%f>%s+<<<<]",
};

/* Loads random ops, some of them invalid. */
static int stress_ops(int fd, struct generator *g)
{
	struct bfk_load_args args;

	generate(g);
	if (one_in(g, 4))
		damage(g);
	args = ops_args(g->ops, g->n, one_in(g, 3) ? BFK_LOAD_INTERP : 0);
	return dev_call(fd, BFK_LOAD, &args);
}

static void *stress_main(void *arg)
{
	unsigned int seed = (uintptr_t)arg;
	struct bfk_op ops[GENERATE_MAX];
	struct generator g = { .state = seed, .ops = ops, .letters = stress_letters };

	while (!stress_over) {
		int i = rand_r(&seed) % N_INSTANCES, fd = instances[i], ret = 0;
		struct bfk_run_args run =
			run_args(stress_files, rand_r(&seed) % 5, rand_r(&seed) % 1000);
		struct bfk_dump_args dump = {};
		struct bfk_info_args info = {};

		switch (rand_r(&seed) % 16) {
		case 0:
		case 1:
			ret = fd_load(fd, stress_sources[rand_r(&seed) % 10], rand_r(&seed) % 16);
			break;
		case 2:
			ret = stress_ops(fd, &g);
			break;
		case 3 ... 8:
			if (rand_r(&seed) % 2)
				run.n_fds = 0;
			ret = dev_call(fd, BFK_RUN, &run);
			break;
		case 9:
		case 10:
			ret = dev_reset(fd, rand_r(&seed) % 2);
			break;
		case 11:
			ret = dev_call(fd, BFK_DUMP, &dump);
			break;
		case 12:
			ret = dev_call(fd, BFK_INFO, &info);
			break;
		case 13:
			close(dup(fd));
			break;
		case 14:
			tapes[i][rand_r(&seed) % 64] = rand_r(&seed);
			break;
		default: /* replace it by another instance */
			fd = open("/dev/bfk", O_RDWR | O_CLOEXEC);
			if (fd >= 0) {
				dup2(fd, instances[i]);
				close(fd);
			}
		}
		if (ret < 0 && ret != -EBUSY && ret != -EBADF && ret != -EBADFD && ret != -EINVAL &&
		    ret != -ENOEXEC && ret != -ENODATA && ret != -ENOSYS)
			fail(__FILE__, __LINE__, "a call returns %d", ret);
		__atomic_fetch_add(&n_done, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void stress(void)
{
	double end = now() + 6;
	pthread_t threads[8];
	uintptr_t i;

	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1 << 20, 1 << 20 });
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	handle(SIGUSR1);
	letters_if(letter_is_prompt, stress_letters);
	stress_files[0] = file_make("some input\n", 11);
	stress_files[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
	stress_files[2] = open(mkdtemp((char[]){ "/tmp/bfk-stress.XXXXXX" }), O_RDONLY | O_CLOEXEC);
	stress_files[3] = file_make("", 0);
	for (i = 0; i < N_INSTANCES; i++) {
		struct dev dev = dev_open(0);

		instances[i] = dev.fd;
		tapes[i] = dev.tape;
	}
	for (i = 0; i < 8; i++)
		EQUAL(pthread_create(&threads[i], NULL, stress_main, (void *)(i + 1)), 0);
	while (now() < end || __atomic_load_n(&n_done, __ATOMIC_RELAXED) <= 2000) {
		nap(5);
		for (i = 0; i < 8; i++)
			pthread_kill(threads[i], SIGUSR1);
	}
	stress_over = true;
	for (i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < N_INSTANCES; i++) { /* they still work */
		struct dev dev = { .fd = instances[i] };

		dev_load(&dev, "+++");
		EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	}
}

/* --- a tape that is rewritten while operations use it ------------------------------------------- */

static volatile bool hammer_over;

static void *hammer(void *arg)
{
	static const char *const paths[] = { "../canary", "link",	 "link/canary",
					     "inside",	  "/tmp/canary", "d/../../canary",
					     "d/inside",  "..",		 ".",
					     "" };
	struct dev *dev = arg;
	unsigned int seed = 5;

	while (!hammer_over) {
		uint32_t i, at = 0;
		const char *path = paths[rand_r(&seed) % 10];

		dev->tape[at] = 1;
		dev->tape[at + 2] = rand_r(&seed) % 8 ? rand_r(&seed) % 6 : rand_r(&seed);
		dev->tape[at + 3] = rand_r(&seed);
		for (i = 4; i < 8; i++)
			dev->tape[at + i] = rand_r(&seed) % 3 ? rand_r(&seed) % 12 * (i % 2 == 0) :
								rand_r(&seed);
		for (i = 8; i < 16; i++)
			dev->tape[at + i] = i < 10	       ? rand_r(&seed) :
					    rand_r(&seed) % 16 ? 0 :
								 rand_r(&seed);
		memcpy(dev->tape + at + 16, path, strlen(path) + 1);
		dev->tape[at + 6] = strlen(path) + rand_r(&seed) % 2;
		dev->tape[at + 7] = 0;
	}
	return NULL;
}

static void hammered(void)
{
	static const char *const sources[] = {
		"+[%r%w%g%o%x%z%t%l%p%y%o%r%w%x%p[-]+]",
		"+[%o%r%w%p%c%o%x%t%c%l%r%z%y%g%c[-]+]",
	};
	const char *path = mkdtemp((char[]){ "/tmp/bfk-hammer.XXXXXX" });
	struct dev devs[2] = { dev_open(0), dev_open(BFK_LOAD_INTERP) };
	char name[100], text[100] = {};
	int canary, fds[5], i, errs[256] = {}, n_errs = 0, jail;
	pthread_t threads[2];
	double end = now() + 5;
	uint64_t sysops = 0;
	ssize_t len;

	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1 << 20, 1 << 20 });
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	CHECK(path);
	CHECK(!chdir(path));
	canary = open("canary", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	EQUAL(write(canary, "alive", 5), 5);
	mkdir("jail", 0777);
	jail = open("jail", O_RDONLY | O_CLOEXEC);
	mkdirat(jail, "d", 0777);
	EQUAL(symlinkat("..", jail, "link"), 0);
	fds[0] = open("canary", O_RDONLY | O_CLOEXEC); /* read-only */
	fds[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
	fds[2] = jail;
	fds[3] = open("scratch", O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	fds[4] = jail;
	for (i = 0; i < 2; i++) {
		dev_load(&devs[i], sources[i]);
		pthread_create(&threads[i], NULL, hammer, &devs[i]);
	}
	while (now() < end || sysops <= 1000 || n_errs < 3 ||
	       !errs[0]) { /* until the tape has changed enough */
		for (i = 0; i < 2; i++) {
			struct bfk_run_args args = dev_run(&devs[i], fds, 5, 2 + 2 * i);

			sysops += args.sysops;
			CHECK(args.fail_errno < 134);
			n_errs += !errs[args.fail_errno];
			errs[args.fail_errno]++;
			EQUAL(dev_reset(devs[i].fd, BFK_RESET_KEEP_TAPE), 0);
		}
	}
	hammer_over = true;
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	len = pread(canary, text, sizeof(text), 0);
	CHECK(len == 5 && !memcmp(text, "alive", 5));
	CHECK(unlink("canary") == 0 && unlink("scratch") == 0);
	CHECK(!renameat(jail, "link", jail, "gone") || errno == ENOENT);
	snprintf(name, sizeof(name), "rm -rf jail && test -z \"$(ls -A)\"");
	EQUAL(system(name), 0); /* nothing was made outside the jail */
}

/* --- publish and execute on all CPUs ------------------------------------------------------------ */

static volatile bool publish_over;

static void *publish(void *arg)
{
	unsigned int id = (uintptr_t)arg, round;
	struct dev dev = dev_open(0);

	for (round = 0; !publish_over; round++) {
		char source[400];
		unsigned int n = 1 + (round * 37 + id * 11) % 200, i;

		for (i = 0; i < n; i++)
			source[i] = '+';
		strcpy(source + n, id % 2 ? ">++[<+>-[-]]" : "[>+>+<[-]<-]>");
		dev_load(&dev, source);
		EQUAL(dev_run(&dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
		if (id % 2)
			EQUAL(dev.tape[0], n + 1);
		else
			EQUAL(dev.tape[2], n);
		__atomic_fetch_add(&n_done, 1, __ATOMIC_RELAXED);
	}
	dev_close(&dev);
	return NULL;
}

static void publish_race(void)
{
	double end = now() + 3;
	pthread_t threads[6];
	uintptr_t i;

	for (i = 0; i < 6; i++)
		pthread_create(&threads[i], NULL, publish, (void *)i);
	while (now() < end || __atomic_load_n(&n_done, __ATOMIC_RELAXED) <= 200)
		nap(5);
	publish_over = true;
	for (i = 0; i < 6; i++)
		pthread_join(threads[i], NULL);
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
	{ "eight threads with random calls on three instances do no harm", stress, 30 },
	{ "a tape rewritten while operations use it reaches no other file", hammered, 30 },
	{ "threads that load and run all the time each run their own program", publish_race, 30 },
};

CASES(tests)
