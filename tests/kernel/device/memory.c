// SPDX-License-Identifier: GPL-2.0-only
/* Shortages: of text arena, of memory, of descriptors. */
#include "group.h"
#include <sys/resource.h>

/* A program of about @len bytes of machine code that leaves @id in cell 1. */
static char *program_of(size_t len, unsigned int id)
{
	size_t n = len / 7, i; /* two adds to cells, of 4 and 3 bytes */
	char *source = malloc(6 * n + 300), *to = source;

	for (i = 0; i < n; i++, to += 6)
		memcpy(to, ">>+<<+", 6);
	memcpy(to, ">[-]", 4);
	memset(to + 4, '+', id % 256);
	to[4 + id % 256] = 0;
	return source;
}

static void check_run(struct dev *dev, unsigned int id)
{
	EQUAL(dev_run(dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev->tape[1], id % 256);
}

static uint32_t text_free(void)
{
	int fd = dev_fd();
	uint32_t len = dev_info(fd).text_free_len;

	close(fd);
	return len;
}

/* Fills the arena: every program runs correctly, the last ones on the interpreter. */
static void arena_full(void)
{
	uint32_t before = text_free(), n_jit = 0, n_interp = 0, i, n = 0;
	struct dev devs[200];

	while (n < 200 && n_interp < 3) {
		char *source = program_of(40000, n);
		struct bfk_load_args args = load_args(source, 0);

		devs[n] = dev_open(0);
		EQUAL(dev_call(devs[n].fd, BFK_LOAD, &args), 0);
		n_jit += args.engine == BFK_ENGINE_JIT;
		n_interp += args.engine == BFK_ENGINE_INTERP;
		EQUAL(!args.text_len, args.engine == BFK_ENGINE_INTERP);
		free(source);
		n++;
	}
	CHECK(n_jit > 5 && n_interp == 3);
	for (i = 0; i < n; i++) {
		check_run(&devs[i], i);
		EQUAL(dev_reset(devs[i].fd, 0), 0);
	}
	for (i = 0; i < n; i += 2) /* leave holes; the remaining ones still run */
		dev_close(&devs[i]);
	for (i = 1; i < n; i += 2)
		check_run(&devs[i], i);
	for (i = 1; i < n; i += 2)
		dev_close(&devs[i]);
	EQUAL(text_free(), before);
}

/*
 * Loads, runs and closes small programs in the gaps at random: each runs correctly, whatever is
 * next to it.
 */
static void arena_churn(void)
{
	uint32_t before = text_free(), round, i;
	struct dev devs[24] = {};
	unsigned int ids[24], seed = 3;

	for (i = 0; i < 24; i++)
		devs[i] = dev_open(0);
	for (round = 0; round < 400; round++) {
		char *source = program_of(50 + rand_r(&seed) % (round % 5 ? 2000 : 60000), round);

		i = rand_r(&seed) % 24;
		dev_load(&devs[i], source);
		free(source);
		ids[i] = round;
		check_run(&devs[i], round);
		EQUAL(dev_reset(devs[i].fd, 0), 0);
		i = rand_r(&seed) % 24;
		if (round > 200) {
			int err;
			struct bfk_run_args args = run_args(NULL, 0, 1);

			err = dev_call(devs[i].fd, BFK_RUN, &args);
			if (!err) {
				EQUAL(devs[i].tape[1], ids[i] % 256);
				EQUAL(dev_reset(devs[i].fd, 0), 0);
			} else {
				EQUAL(err, -ENOEXEC);
			}
		}
	}
	for (i = 0; i < 24; i++)
		dev_close(&devs[i]);
	EQUAL(text_free(), before);
}

/* Loading again frees the text of the previous program, even if the new one is not compiled. */
static void arena_reload(void)
{
	struct dev dev = dev_open(0);
	uint32_t before = dev_info(dev.fd).text_free_len;
	char *large = program_of(600000, 7);
	int i;

	for (i = 0; i < 4; i++) {
		dev_load(&dev, large);
		CHECK(dev_info(dev.fd).text_free_len < before);
		check_run(&dev, 7);
		EQUAL(fd_load(dev.fd, "[", 0), -ENOEXEC);
		dev_load(&dev, "+");
		EQUAL(dev_info(dev.fd).text_free_len, before - 256);
		EQUAL(fd_load(dev.fd, "+", BFK_LOAD_INTERP), 0);
		EQUAL(dev_info(dev.fd).text_free_len, before);
	}
}

/*
 * Runs @fn twice in a group with @max of memory: as a process that the out-of-memory killer may
 * kill, and as one that it may not, whose allocations then fail.
 */
static void confined(const char *max, void (*fn)(void))
{
	int may_kill;

	put_text("/proc/sys/kernel/printk", "3"); /* reports go only to the log */
	for (may_kill = 0; may_kill < 2; may_kill++) {
		pid_t pid = fork();
		int status;

		if (!pid) {
			if (!may_kill)
				put_text("/proc/self/oom_score_adj", "-1000");
			group_enter(max);
			fn();
			_exit(1);
		}
		status = child_wait(pid, 5 * SOON);
		if (may_kill)
			CHECK(status == 0 || status == SIGKILL);
		else
			EQUAL(status, 0);
		dir_remove(GROUP);
	}
	put_text("/proc/sys/kernel/printk", "5");
}

static char *huge_source;

static void load_huge(void)
{
	struct bfk_load_args args = { .source = (uintptr_t)huge_source,
				      .source_len = 4u << 20,
				      .allowed = BFK_ALLOW_ALL };

	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args), -ENOMEM);
	_exit(0);
}

/* An array of ops in untouched memory: only the kernel's copy exceeds the limit. */
static void load_huge_ops(void)
{
	uint32_t n = (4u << 20) + 1;
	struct bfk_op *ops =
		mmap(NULL, n * sizeof(*ops), PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct bfk_load_args args = ops_args(ops, n, 0);

	EQUAL(dev_call(dev_fd(), BFK_LOAD, &args), -ENOMEM);
	_exit(0);
}

static void memory_for_ops(void)
{
	uint32_t before = text_free();

	confined("8M", load_huge_ops);
	EQUAL(text_free(), before);
}

static void memory_for_load(void)
{
	uint32_t before = text_free();

	huge_source =
		mmap(NULL, 4u << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memset(huge_source, '+', 4u << 20);
	confined("8M", load_huge);
	EQUAL(text_free(), before);
}

static void open_many(void)
{
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 4096, 4096 });
	while (open("/dev/bfk", O_RDWR) >= 0)
		;
	EQUAL(errno, ENOMEM);
	_exit(0);
}

static void memory_for_open(void)
{
	struct dev dev;

	confined("6M", open_many);
	dev = dev_open(0);
	dev_load(&dev, "+++");
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
}

static void load_rounds(void)
{
	static char source[300000];
	int i, fd;

	memset(source, '.', sizeof(source) - 1);
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 4096, 4096 });
	for (i = 0; i < 4000; i++) {
		fd = open("/dev/bfk", O_RDWR);
		if (fd < 0)
			break;
		if (fd_load(fd, source, i % 2 ? BFK_LOAD_INTERP : 0))
			break;
	}
	EQUAL(errno, ENOMEM);
	_exit(0);
}

static void memory_for_programs(void)
{
	uint32_t before = text_free();
	double end;

	confined("40M", load_rounds);
	end = now() + SOON;
	while (text_free() != before && now() < end)
		nap(5);
	EQUAL(text_free(), before);
}

static void descriptors(void)
{
	int fds[300], n = 0, i;

	setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 256, 256 });
	while ((fds[n] = open("/dev/bfk", O_RDWR | O_CLOEXEC)) >= 0)
		n++;
	EQUAL(errno, EMFILE);
	CHECK(n > 200);
	for (i = 0; i < n; i++)
		EQUAL(fd_load(fds[i], "+", 0), 0);
	for (i = 0; i < n; i++)
		close(fds[i]);
	close(dev_fd());
}

static void address_space(void)
{
	int fd = dev_fd();

	setrlimit(RLIMIT_AS, &(struct rlimit){ 1, 1 });
	CHECK(mmap(NULL, TAPE_CELLS, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED);
	EQUAL(errno, ENOMEM);
	EQUAL(fd_load(fd, "+", 0), 0);
}

static const struct test tests[] = {
	{ "load (arena full) is interpreted, everything runs correctly, and all text is freed",
	  arena_full, .only_x86 = true },
	{ "load (programs come and go at random) leaves the others intact", arena_churn, 40 },
	{ "load (again) frees the text of the previous program", arena_reload, .only_x86 = true },
	{ "load (4 MiB of source in a group of 8 MiB) is ENOMEM, and logs nothing", memory_for_load,
	  30 },
	{ "load (80 MiB of ops in a group of 8 MiB) is ENOMEM, and logs nothing", memory_for_ops,
	  30 },
	{ "open (in a group of 6 MiB) is ENOMEM", memory_for_open, 30 },
	{ "load (large programs in a group of 40 MiB) is ENOMEM, and text is freed",
	  memory_for_programs, 30 },
	{ "open (256 descriptors) is EMFILE, and all of them work", descriptors },
	{ "mmap (address space used up) is ENOMEM, and load works", address_space },
};

CASES(tests)
