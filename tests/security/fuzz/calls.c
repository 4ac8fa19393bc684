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
#include <sys/wait.h>
#include "tests/kernel/device/pass.h"
#include "tests/kernel/device/uring.h"
#include "tests/security/fuzz/input.h"

#define THREADS 3
#define FDS 4		/* instances */
#define LEN 96		/* bytes of a thread's sequence */
#define KEPT_MAX 400	/* sequences */
#define COVER (1 << 16) /* words of KCOV's buffer, and bits in reached */

#define KCOV_INIT_TRACE _IOR('c', 1, unsigned long)
#define KCOV_ENABLE _IO('c', 100)
#define KCOV_DISABLE _IO('c', 101)

struct sequence {
	uint8_t bytes[THREADS][LEN];
};

/* Shared by the threads. An fd may be closed, and become another file, at any time. */
static volatile int fds[FDS];
static uint8_t *tapes[FDS];
static int files[6], sockets[2];
static struct sequence sequence, kept[KEPT_MAX];
static uint32_t n_kept, n_sequences, n_new;
static uint64_t n_calls;
static uint8_t reached[COVER / 8];
static uint64_t *covers[THREADS];

/* --- coverage -------------------------------------------------------------------------------------------- */

static uint64_t *cover_open(void)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	uint64_t *cover;

	if (fd < 0 || ioctl(fd, KCOV_INIT_TRACE, COVER))
		return NULL;
	cover = mmap(NULL, COVER * 8, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (cover == MAP_FAILED || ioctl(fd, KCOV_ENABLE, 0))
		return NULL;
	return cover;
}

/* Records the code that a thread has reached; true: some of it is new. */
static bool cover_take(uint64_t *cover)
{
	uint64_t n = cover ? __atomic_load_n(&cover[0], __ATOMIC_RELAXED) : 0, i;
	bool is_new = false;

	for (i = 1; i <= n && i < COVER; i++) {
		uint32_t bit = cover[i] * 0x9e3779b97f4a7c15 >> 48;

		if (!(reached[bit / 8] >> bit % 8 & 1))
			is_new = true;
		reached[bit / 8] |= 1 << bit % 8;
	}
	if (cover)
		__atomic_store_n(&cover[0], 0, __ATOMIC_RELAXED);
	return is_new;
}

/* --- calls ------------------------------------------------------------------------------------------------- */

static const char *const sources[] = {
	"+[]",
	",[.,]",
	"%r[>>+<<%w>>-<<%r]",
	"+[>+]",
	"]",
	"%q",
	"+%u[%w+%o]",
	"+++.",
	"%a%h%e%n",
	"%x%l%z%t%y%c%g%p%i%m",
	"-[>-[>-[-]<-]<-]",
	"",
	"[",
	"%",
};

/* A pointer to @len good bytes, to fewer, or to nowhere. */
static uint64_t bad_pointer(uint8_t how, const void *good)
{
	static void *edge;

	if (!edge)
		edge = page_end(8);
	return how % 8 == 1 ? 0 :
	       how % 8 == 2 ? KERNEL_ADDR :
	       how % 8 == 3 ? (uintptr_t)edge :
			      (uintptr_t)good;
}

static long call_load(struct input *in, int fd)
{
	uint8_t what = take8(in), how = take8(in), i;
	struct bfk_load_args args = load_args(sources[what % 14], how % 64);
	struct bfk_op ops[12] = {};

	if (args.flags & BFK_LOAD_OPS) {
		for (i = 0; i < 11; i++) {
			ops[i].kind = take8(in) % 14;
			ops[i].val = what % 3 ? 'r' : take8(in);
			ops[i].off = take8(in) - 100;
			ops[i].match = take8(in) % 13;
		}
		args = ops_args(ops, 12, args.flags & ~(how & 128 ? 0 : BFK_LOAD_PLAIN));
	}
	args.flags &= ~(what & 64 ? 0 : BFK_LOAD_SEAL);
	args.source = bad_pointer(what >> 5, (void *)(uintptr_t)args.source);
	args.tape = bad_pointer(how >> 5, sources[0]);
	args.tape_len = how & 1 ? 4 : 0;
	return ioctl(fd, BFK_LOAD, &args);
}

static long call_run(struct input *in, int fd)
{
	uint8_t how = take8(in), i;
	struct bfk_run_args args = {};
	int list[6];

	for (i = 0; i < 6; i++)
		list[i] = how & 1 ? files[(i + how) % 6] : take8(in) % 16 == 3 ? fd : files[i];
	args = run_args(how & 2 ? list : NULL, how & 2 ? how % 7 : 0, how & 64 ? take8(in) : 20000);
	args.fds = bad_pointer(how & 4 ? take8(in) : 0, (void *)(uintptr_t)args.fds);
	args.flags = how % 32 == 16 ? how : how & 32 ? BFK_RUN_STOP_OPS : 0;
	return ioctl(fd, BFK_RUN, &args);
}

/* A call with any number and any size, of zeros or of garbage. */
static long call_raw(struct input *in, int fd)
{
	uint8_t how = take8(in);
	uint64_t garbage[40] = {};

	if (how & 1)
		memset(garbage, take8(in), sizeof(garbage));
	return ioctl(fd, _IOC(_IOC_READ | _IOC_WRITE, '%', how / 2 % 8, take8(in)),
		     bad_pointer(how >> 5, garbage));
}

/*
 * Calls through io_uring, in a ring that is closed without waiting: the kernel may still write to
 * the arguments later.
 */
static long call_uring(struct input *in, int fd)
{
	static const unsigned int cmds[] = { BFK_INFO, BFK_RUN, BFK_RESET, BFK_DUMP };
	struct io_uring_params params = {};
	/* One for each command: DUMP would take a RUN's arguments as addresses to write to. */
	static struct bfk_run_args all_args[4];
	int ring = syscall(SYS_io_uring_setup, 2, &params);
	uint8_t how = take8(in);
	struct bfk_run_args *args = &all_args[how % 4];
	struct io_uring_sqe *sqes;
	uint32_t *sq;

	if (ring < 0)
		return -1;
	*args = cmds[how % 4] == BFK_RUN ? run_args(files, take8(in) % 5, 500) :
					   run_args(NULL, 0, 0);
	sqes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	sq = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	if (sqes != MAP_FAILED && sq != MAP_FAILED) {
		sqes[0] = uring_call(fd, cmds[how % 4], args);
		sqes[0].flags = how & 16 ? IOSQE_ASYNC : 0;
		sq[params.sq_off.array / 4] = 0;
		__atomic_store_n(&sq[params.sq_off.tail / 4], 1, __ATOMIC_RELEASE);
		syscall(SYS_io_uring_enter, ring, 1, how & 32 ? 1 : 0,
			how & 32 ? IORING_ENTER_GETEVENTS : 0, NULL, 0);
	}
	munmap(sqes, 4096);
	munmap(sq, 4096);
	return close(ring);
}

/* Sends the descriptor to a socket, and perhaps receives it again. */
static void pass_on(struct input *in, int fd)
{
	fd_send(sockets[0], fd, MSG_DONTWAIT);
	if (take8(in) % 2)
		close(fd_receive(sockets[1], MSG_DONTWAIT));
}

static long in_child(struct input *in, int fd)
{
	uint8_t how = take8(in);
	pid_t pid = fork();

	if (!pid) {
		struct bfk_run_args args = run_args(NULL, 0, 100);

		ioctl(fd, how & 1 ? BFK_RUN : BFK_RESET, &args);
		_exit(0);
	}
	return pid > 0 && waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

/* Maps any part of a tape for a moment, or an invalid range. */
static void map_some(uint8_t what, uint8_t which, int fd)
{
	size_t len = 4096 * (what / 24 + 1);
	void *map = mmap(NULL, len, PROT_READ | (what & 2), what & 1 ? MAP_SHARED : MAP_PRIVATE, fd,
			 which << 12);

	if (map != MAP_FAILED)
		munmap(map, len);
}

static void one_call(struct input *in)
{
	uint8_t what = take8(in), which = take8(in) % FDS;
	struct bfk_dump_args dump = {};
	struct bfk_reset_args reset = { .flags = what >> 7 };
	int fd = fds[which];

	__atomic_fetch_add(&n_calls, 1, __ATOMIC_RELAXED);
	switch (what % 24) {
	case 0 ... 4:
		call_load(in, fd);
		break;
	case 5 ... 10:
		call_run(in, fd);
		break;
	case 11:
		ioctl(fd, BFK_RESET, &reset);
		break;
	case 12:
		dump = (struct bfk_dump_args){ bad_pointer(what >> 5, tapes[0]),
					       bad_pointer(what >> 4, tapes[1]), 100, 2 };
		ioctl(fd, BFK_DUMP, &dump);
		break;
	case 13 ... 14:
		call_raw(in, fd);
		break;
	case 15:
		call_uring(in, fd);
		break;
	case 16:
		pass_on(in, fd);
		break;
	case 17:
		in_child(in, fd);
		break;
	case 18:
		close(dup(fd));
		break;
	case 19: /* replace it by another instance */
		fd = open("/dev/bfk", O_RDWR | O_CLOEXEC);
		dup2(fd, fds[which]);
		close(fd);
		break;
	case 20:
		map_some(what, which, fd);
		break;
	case 21: /* write a random frame to the tape */
		for (fd = 0; fd < 20; fd++)
			tapes[which][fd] = take8(in);
		tapes[which][0] = 1;
		break;
	case 22:
		madvise(tapes[which], 4096, take8(in) % 26);
		break;
	default: {
		struct pollfd pollfd = { .fd = fd };
		char text[600];

		snprintf(text, sizeof(text), "/proc/self/fdinfo/%d", fd);
		fd = open(text, O_RDONLY | O_CLOEXEC);
		poll(&pollfd, 1, 0);
		if (read(fd, text, sizeof(text)) < 0)
			poll(&pollfd, 1, 0);
		close(fd);
	}
	}
}

static void *make_calls(void *arg)
{
	uintptr_t thread = (uintptr_t)arg;
	struct input in = { sequence.bytes[thread], LEN };

	covers[thread] = cover_open();
	while (in.left)
		one_call(&in);
	return NULL;
}

/* --- sequences --------------------------------------------------------------------------------------------- */

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
