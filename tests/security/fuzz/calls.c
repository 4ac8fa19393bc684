// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random calls of /dev/bfk, in the guest: three threads make sequences of them at once on
 * descriptors that they share, with signals in between. A sequence is a string of bytes; one that
 * reaches new code (by KCOV, if the kernel has it) is kept, and others are made from it. A kernel
 * complaint, a leak or a hang is a failure.
 *
 *   BFK_FUZZ_SECONDS   time limit (4)      BFK_FUZZ_SEED   of the random numbers (1)
 */
#include <sys/resource.h>
#include "calls.h"

#define THREADS 3
#define LEN 96	     /* bytes of a thread's sequence */
#define KEPT_MAX 400 /* sequences */

struct sequence {
	uint8_t bytes[THREADS][LEN];
};

volatile int fds[FDS];
uint8_t *tapes[FDS];
int files[6], sockets[2];
uint64_t n_calls;
static struct sequence sequence, kept[KEPT_MAX];
static uint32_t n_kept, n_sequences, n_new;
static uint64_t *covers[THREADS];

static void *make_calls(void *arg)
{
	uintptr_t thread = (uintptr_t)arg;
	struct input in = { sequence.bytes[thread], LEN };

	covers[thread] = cover_open();
	while (in.left)
		one_call(&in);
	return NULL;
}

static uint32_t next(uint32_t n)
{
	static uint64_t state;

	if (!state)
		state = getenv("BFK_FUZZ_SEED") ? strtoull(getenv("BFK_FUZZ_SEED"), NULL, 0) : 1;
	state = state * 6364136223846793005 + 1442695040888963407;
	return (state >> 33) % n;
}

/* Makes a new sequence, or changes some bytes of one that was kept. */
static void make_sequence(void)
{
	uint8_t *bytes = &sequence.bytes[0][0];
	uint32_t i, n = n_kept && next(4) ? 1 + next(20) : sizeof(sequence);

	if (n < sizeof(sequence))
		sequence = kept[next(n_kept)];
	for (i = 0; i < n; i++)
		bytes[n < sizeof(sequence) ? next(sizeof(sequence)) : i] = next(256);
}

static void open_all(void)
{
	int i;

	for (i = 0; i < FDS; i++) {
		struct dev dev = dev_open(0);

		fds[i] = dev.fd;
		tapes[i] = dev.tape;
	}
	files[0] = file_make("some input for the calls\n", 25);
	files[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
	files[2] = open(mkdtemp((char[]){ "/tmp/bfk-calls.XXXXXX" }), O_RDONLY | O_CLOEXEC);
	pipe_make(&files[3]);
	EQUAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets), 0);
	files[5] = sockets[0];
}

/* Runs one sequence in its own process, so that changes to its descriptors end with it. */
static void run_sequence(void)
{
	pthread_t threads[THREADS];
	uintptr_t i;
	int round;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGBUS, SIG_DFL); /* from a page that madvise() removed from a mapping */
	handle(SIGUSR1);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 1 << 20, 1 << 20 });
	open_all();
	for (i = 0; i < THREADS; i++)
		EQUAL(pthread_create(&threads[i], NULL, make_calls, (void *)i), 0);
	for (i = 0; i < THREADS; i++)
		for (round = 0; pthread_tryjoin_np(threads[i], NULL) && round < 500; round++) {
			nap(1);
			for (uintptr_t j = i; j < THREADS; j++)
				pthread_kill(threads[j], SIGUSR1);
		}
}

struct shared {
	uint64_t n_calls;
	uint8_t reached[COVER / 8];
	bool is_new;
};

#define BLOCKED (9 * slow()) /* seconds after which a sequence is killed */

static void calls(void)
{
	const char *seconds = getenv("BFK_FUZZ_SECONDS");
	double end = now() + (seconds ? atof(seconds) : 4);
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool has_cover = access("/sys/kernel/debug/kcov", R_OK) == 0;

	CHECK(shared != MAP_FAILED);
	/* On a busy machine, run longer, until there is a result. */
	while (now() < end || (n_sequences < 6 && now() < end + 10 * SOON)) {
		int status;
		pid_t pid;

		make_sequence();
		shared->is_new = false;
		pid = fork();
		if (!pid) {
			memcpy(reached, shared->reached, sizeof(reached));
			run_sequence();
			for (int i = 0; i < THREADS; i++)
				shared->is_new |= cover_take(covers[i]);
			memcpy(shared->reached, reached, sizeof(reached));
			shared->n_calls += n_calls;
			_exit(0);
		}
		status = child_wait(pid, BLOCKED);
		if (status == -1) { /* blocked: SIGKILL must end it */
			kill(pid, SIGKILL);
			status = child_wait(pid, 3 * SOON);
		}
		/* Touching a page of the tape that madvise() removed from the mapping is a SIGBUS. */
		if (status && status != SIGKILL && status != SIGBUS)
			fail(__FILE__, __LINE__, "sequence %u ended with %d", n_sequences, status);
		n_sequences++;
		if (shared->is_new) {
			kept[n_kept < KEPT_MAX ? n_kept++ : next(KEPT_MAX)] = sequence;
			n_new++;
		}
	}
	printf("# %u sequences, %llu calls%s", n_sequences, (unsigned long long)shared->n_calls,
	       has_cover ? ", " : ", without KCOV\n");
	if (has_cover)
		printf("%u of them reached something new\n", n_new);
	fflush(stdout);
	CHECK(n_sequences >= 6 && shared->n_calls > 100);
	CHECK(n_new || !has_cover); /* else bfk.ko is not instrumented */
}

static const struct test tests[] = {
	{ "random calls by three threads at once do no harm", calls, 100000 },
};

CASES(tests)
