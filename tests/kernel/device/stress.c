// SPDX-License-Identifier: GPL-2.0-only
/* Do many threads, with random calls or each with its own program, do any harm? */
#include "generate.h"
#include <sys/resource.h>
#include "tests/harness/letters.h"

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
	{ "eight threads with random calls on three instances do no harm", stress, 30 },
	{ "threads that load and run all the time each run their own program", publish_race, 30 },
};

CASES(tests)
