// SPDX-License-Identifier: GPL-2.0-only
/* Are many runs in flight at once, and can several threads submit to one queue and wait for it? */
#include <sys/resource.h>
#include "queue.h"

/* Each run has its own worker or thread, so programs that only compute block nobody. */
static void loops_and_another(void)
{
	struct bfk_queue *queue = queue_make(5);
	struct bfk_completion completion;
	struct bfk *bfk[5];
	int i;

	for (i = 0; i < 5; i++) {
		bfk[i] = make(i < 4 ? "+[]" : "++");
		submit(queue, bfk[i], NULL, 0);
	}
	/* It shares the processors with the loops. */
	EQUAL(bfk_wait(queue, SOON_NS, &completion), 0);
	CHECK(completion.bfk == bfk[4]);
	bfk_queue_destroy(queue);
	for (i = 0; i < 5; i++)
		bfk_destroy(bfk[i]);
}

#define N_MANY 256

/* A byte passes through all of them: the last one first, so none can end unless all run. */
static void many(void)
{
	struct bfk_queue *queue = queue_make(N_MANY);
	struct rlimit limit = { 4096, 4096 };
	int first[2], ends[2], to, i;
	struct bfk *bfk[N_MANY];
	uint8_t byte = 3;

	EQUAL(setrlimit(RLIMIT_NOFILE, &limit), 0);
	pipe_make(first);
	to = first[1];
	for (i = 0; i < N_MANY; i++) {
		bfk[i] = make(",++.");
		pipe_make(ends);
		submit(queue, bfk[i], (int[]){ ends[0], to }, 2);
		close(ends[0]);
		close(to);
		to = ends[1];
	}
	CHECK(is_quiet(first[0]));
	EQUAL(write(to, &byte, 1), 1);
	for (i = 0; i < N_MANY; i++)
		ended(queue, BFK_STATUS_END);
	EQUAL(read(first[0], &byte, 1), 1);
	EQUAL(byte, (uint8_t)(3 + 2 * N_MANY));
	for (i = 0; i < N_MANY; i++)
		bfk_destroy(bfk[i]);
	bfk_queue_destroy(queue);
}

struct worker {
	struct bfk_queue *queue;
	pthread_t thread;
	struct bfk *bfk;
	uint32_t flags; /* BFK_RUN_* */
	int n_fetched;
};

#define N_WORKERS 4
#define N_TURNS 20

/* Each thread has an instance and waits until some thread has fetched its completion. */
struct turn {
	struct bfk *bfk;
	int is_over;
};

static void *turns(void *arg)
{
	struct worker *worker = arg;
	struct turn turn = { .bfk = worker->bfk };
	struct bfk_completion completion;
	int i;

	for (i = 0; i < N_TURNS; i++) {
		EQUAL(bfk_reset(turn.bfk, 0), 0);
		turn.is_over = 0;
		EQUAL(bfk_submit(worker->queue, turn.bfk, NULL, 0, UNLIMITED, 0, &turn), 0);
		while (!__atomic_load_n(&turn.is_over, __ATOMIC_ACQUIRE)) {
			if (bfk_wait(worker->queue, 2000000, &completion))
				continue;
			CHECK(completion.result.status == BFK_STATUS_END);
			worker->n_fetched++;
			__atomic_store_n(&((struct turn *)completion.user_data)->is_over, 1,
					 __ATOMIC_RELEASE);
		}
	}
	return NULL;
}

static void from_threads(void)
{
	struct bfk_queue *queue = queue_make(N_WORKERS);
	struct worker workers[N_WORKERS];
	int i, n_fetched = 0;

	for (i = 0; i < N_WORKERS; i++) {
		workers[i] = (struct worker){ .queue = queue, .bfk = make("++++[>+++<-]") };
		EQUAL(pthread_create(&workers[i].thread, NULL, turns, &workers[i]), 0);
	}
	for (i = 0; i < N_WORKERS; i++) {
		pthread_join(workers[i].thread, NULL);
		n_fetched += workers[i].n_fetched;
		bfk_destroy(workers[i].bfk);
	}
	EQUAL(n_fetched, N_WORKERS * N_TURNS);
	bfk_queue_destroy(queue);
}

#define N_WAITERS 8
#define N_ROUNDS 50

static void *wait_main(void *arg)
{
	struct worker *worker = arg;
	struct bfk_completion completion;
	int err = bfk_wait(worker->queue, -1, &completion);

	CHECK(!err || err == -ENOENT);
	worker->n_fetched = !err;
	return NULL;
}

/* On one processor the first that is woken is gone again before the others look. */
static void waiters_without_a_run(void)
{
	struct bfk_queue *queue = queue_make(1);
	struct bfk *bfk = make(",");
	struct worker workers[N_WAITERS];
	int round, i, n_fetched, ends[2];
	cpu_set_t all, one;

	EQUAL(sched_getaffinity(0, sizeof(all), &all), 0);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	EQUAL(sched_setaffinity(0, sizeof(one), &one), 0);
	for (round = 0; round < N_ROUNDS; round++) {
		pipe_make(ends);
		EQUAL(bfk_reset(bfk, 0), 0);
		submit(queue, bfk, ends, 1);
		for (i = 0; i < N_WAITERS; i++) {
			workers[i] = (struct worker){ .queue = queue };
			EQUAL(pthread_create(&workers[i].thread, NULL, wait_main, &workers[i]), 0);
		}
		nap(2);
		close(ends[1]);
		n_fetched = 0;
		for (i = 0; i < N_WAITERS; i++) {
			pthread_join(workers[i].thread, NULL);
			n_fetched += workers[i].n_fetched;
		}
		EQUAL(n_fetched, 1);
		close(ends[0]);
	}
	EQUAL(sched_setaffinity(0, sizeof(all), &all), 0);
	bfk_destroy(bfk);
	bfk_queue_destroy(queue);
}

static void *submit_main(void *arg)
{
	struct worker *worker = arg;

	EQUAL(bfk_submit(worker->queue, worker->bfk, NULL, 0, UNLIMITED, worker->flags, worker->bfk),
	      0);
	await_begun(worker->bfk);
	return NULL;
}

/* io_uring stops a thread's requests when that thread ends; the run must keep its flags. */
static void submitter_ends_with(uint32_t flags, uint32_t status)
{
	struct bfk_queue *queue = queue_make(1);
	struct worker worker = { .queue = queue, .bfk = make("+[]>+%i"), .flags = flags };
	struct bfk_completion completion;

	EQUAL(pthread_create(&worker.thread, NULL, submit_main, &worker), 0);
	pthread_join(worker.thread, NULL);
	CHECK(is_in_flight(queue));
	tape_of(worker.bfk)[0] = 0;
	EQUAL(bfk_wait(queue, SOON_NS, &completion), 0);
	EQUAL(completion.result.status, status);
	EQUAL(tape_of(worker.bfk)[1], 1);
	bfk_queue_destroy(queue);
	bfk_destroy(worker.bfk);
}

static void submitter_ends(void)
{
	submitter_ends_with(0, BFK_STATUS_END);
	submitter_ends_with(BFK_RUN_STOP_OPS, BFK_STATUS_OP);
}

const struct test queue_many[] = {
	{ "four endless loops do not block a fifth program", loops_and_another },
	{ "256 runs that wait for each other are in flight at once", many, 60 },
	{ "several threads submit to one queue and wait for it", from_threads },
	{ "threads that wait (one of them fetched the last completion) all return",
	  waiters_without_a_run },
	{ "a run continues after the thread that submitted it has ended", submitter_ends },
	{},
};
