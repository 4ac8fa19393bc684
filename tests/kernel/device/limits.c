// SPDX-License-Identifier: GPL-2.0-only
/* One user's share of common resources: text of the arena, memory; and what fdinfo reports. */
#include "leaks.h"
#include "bfk/limits.h"
#include <sched.h>
#include <sys/syscall.h>

static const uint32_t engines[] = { 0, BFK_LOAD_INTERP };

/* --- text ---------------------------------------------------------------------------------------- */

#define LARGE 20000 /* ops: about a fifth of a user's share */

/* Counts to LARGE / 2 mod 256 in the last cell, which shows whether it ran. Static storage. */
static const char *large_source(void)
{
	static char source[LARGE + 1];
	int i;

	for (i = 0; i < LARGE; i += 2)
		memcpy(source + i, i ? ">+" : "+>", 2);
	return source;
}

/* Loads @source; returns the length of its text, 0: it is interpreted. */
static uint32_t text_of(int fd, const char *source)
{
	struct bfk_load_args args = load_args(source, 0);

	EQUAL(dev_call(fd, BFK_LOAD, &args), 0);
	EQUAL(args.engine, args.text_len ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP);
	return (args.text_len + BFK_TEXT_GRANULE - 1) / BFK_TEXT_GRANULE * BFK_TEXT_GRANULE;
}

/* Changes the user of this thread only: the C library's setuid(2) changes all threads. */
static void become(uid_t uid)
{
	EQUAL(syscall(SYS_setresuid, uid, uid, uid), 0);
}

static void runs(int fd)
{
	struct bfk_run_args args = run_args(NULL, 0, UNLIMITED);

	EQUAL(dev_call(fd, BFK_RUN, &args), 0);
	EQUAL(args.status, BFK_STATUS_END);
	EQUAL(args.head, LARGE / 2);
}

#define N_FDS 40

/* Loads into @fds until one is interpreted; returns how many were compiled. */
static int fill_share(const int *fds)
{
	uint32_t all_len = 0, last_len = 0, len;
	int n = 0;

	while ((len = text_of(fds[n], large_source()))) {
		CHECK(++n < N_FDS);
		all_len += last_len = len;
	}
	CHECK(all_len <= BFK_TEXT_USER_LEN && all_len + last_len > BFK_TEXT_USER_LEN);
	return n;
}

static void open_all(int *fds)
{
	int i;

	for (i = 0; i < N_FDS; i++)
		fds[i] = dev_fd();
}

/* Runs @fn in a child as user @uid. */
static void as_user(uid_t uid, void (*fn)(const int *fds), const int *fds)
{
	pid_t pid = fork();

	if (!pid) {
		become(uid);
		fn(fds);
		_exit(0);
	}
	EQUAL(child_wait(pid, 5 * SOON), 0);
}

static void fills(const int *fds)
{
	int n = fill_share(fds);

	CHECK(n > 1);
	runs(fds[n]); /* the interpreted one */
	runs(fds[n - 1]);
}

static void is_interpreted(const int *fds)
{
	EQUAL(text_of(fds[0], large_source()), 0);
	runs(fds[0]);
}

/* While a program is loaded over another, both count. */
static void loads_over(const int *fds)
{
	EQUAL(text_of(fds[0], large_source()), 0);
	CHECK(text_of(fds[0], large_source()) > 0);
	runs(fds[0]);
	EQUAL(text_of(fds[N_FDS - 1], large_source()), 0);
	EQUAL(fd_load(fds[0], "", BFK_LOAD_INTERP), 0);
	CHECK(text_of(fds[N_FDS - 1], large_source()) > 0);
	runs(fds[N_FDS - 1]);
}

/* Capabilities in a user namespace have no effect here. */
static void is_bounded_as_root(const int *fds)
{
	EQUAL(unshare(CLONE_NEWUSER), 0);
	is_interpreted(fds);
}

static void share(void)
{
	int fds[N_FDS], others[N_FDS], i;
	uint32_t free_len;

	open_all(fds);
	open_all(others);
	free_len = dev_info(fds[0]).text_free_len;
	as_user(1001, fills, fds);
	as_user(1001, is_interpreted, others);
	as_user(1001, is_bounded_as_root, others);
	as_user(1002, fills, others);
	as_user(1001, loads_over, fds);
	CHECK(dev_info(fds[0]).text_free_len < free_len - BFK_TEXT_USER_LEN);
	for (i = 0; i < N_FDS; i++) {
		close(fds[i]);
		close(others[i]);
	}
	fds[0] = dev_fd();
	EQUAL(dev_info(fds[0]).text_free_len, free_len);
}

static void root_is_not_bounded(void)
{
	int fds[N_FDS], i;
	uint32_t all_len = 0;

	open_all(fds);
	for (i = 0; i < 8; i++)
		all_len += text_of(fds[i], large_source());
	CHECK(all_len > BFK_TEXT_USER_LEN);
}

struct loader {
	pthread_t thread;
	uid_t uid;
	int fds[3], n_interpreted;
};

/* Stays within the share, so that everything is compiled, whatever the others do. */
static void *loads(void *arg)
{
	struct loader *loader = arg;
	int i;

	become(loader->uid);
	for (i = 0; i < 24; i++) {
		int fd = loader->fds[i % 3];

		EQUAL(fd_load(fd, "", BFK_LOAD_INTERP), 0);
		loader->n_interpreted += !text_of(fd, large_source());
		runs(fd);
	}
	return NULL;
}

static void threads(void)
{
	struct loader loaders[3] = {};
	int i, j;

	for (i = 0; i < 3; i++) {
		loaders[i].uid = 2000 + i;
		for (j = 0; j < 3; j++)
			loaders[i].fds[j] = dev_fd();
		pthread_create(&loaders[i].thread, NULL, loads, &loaders[i]);
	}
	for (i = 0; i < 3; i++) {
		pthread_join(loaders[i].thread, NULL);
		EQUAL(loaders[i].n_interpreted, 0);
	}
}

/* --- memory -------------------------------------------------------------------------------------- */

#define GROUP "/sys/fs/cgroup/bfk-limits"

static long group_kib(void)
{
	return sum_of(GROUP "/memory.current", "") / 1024;
}

static void in_group(const char *max, void (*fn)(void))
{
	pid_t pid;
	int status;

	put_text("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	CHECK(!mkdir(GROUP, 0755) || errno == EEXIST);
	put_text(GROUP "/memory.max", max);
	pid = fork();
	if (!pid) {
		put_text(GROUP "/cgroup.procs", "0");
		fn();
		_exit(0);
	}
	status = child_wait(pid, 5 * SOON);
	dir_remove(GROUP);
	EQUAL(status, 0);
}

#define SLACK_KIB 600 /* what the kernel charges early or uncharges late */

static void charges(void)
{
	static char source[1u << 20];
	struct bfk_load_args args = { .source = (uintptr_t)source,
				      .source_len = sizeof(source),
				      .flags = BFK_LOAD_INTERP,
				      .allowed = BFK_ALLOW_ALL };
	int fds[100], i;
	long before, grown;
	double end;

	for (i = 0; i < (int)sizeof(source); i++)
		source[i] = i % 2 ? '.' : '>';
	close(dev_fd());
	before = group_kib();
	for (i = 0; i < 100; i++)
		fds[i] = dev_fd();
	grown = group_kib() - before;
	CHECK(grown >= 100 * 64 - SLACK_KIB);
	EQUAL(dev_call(fds[0], BFK_LOAD, &args), 0);
	CHECK(group_kib() - before - grown >=
	      (long)(args.n_ops * sizeof(struct bfk_op) / 1024) - SLACK_KIB);
	for (i = 0; i < 100; i++)
		close(fds[i]);
	end = now() + SOON;
	while (group_kib() - before >= SLACK_KIB && now() < end)
		nap(5);
	CHECK(group_kib() - before < SLACK_KIB);
}

static void charged(void)
{
	in_group("200M", charges);
}

/* Opens as many instances with programs as memory allows; then outside the group. */
static void opens_until_none(void)
{
	int n = 0, fd;

	put_text("/proc/self/oom_score_adj", "-1000"); /* refuse, do not kill */
	while ((fd = open("/dev/bfk", O_RDWR | O_CLOEXEC)) >= 0 && n < 1000)
		n += !fd_load(fd, "+[]", 0);
	EQUAL(errno, ENOMEM);
	CHECK(n > 20 && n < 1000);
	put_text("/sys/fs/cgroup/cgroup.procs", "0"); /* leave the group */
	fd = dev_fd();
	CHECK(!text_of(fd, large_source()) == !IS_X86);
	runs(fd);
}

static void used_up(void)
{
	put_text("/proc/sys/kernel/printk", "3"); /* reports go only to the log */
	in_group("10M", opens_until_none);
	put_text("/proc/sys/kernel/printk", "5");
}

/* --- fdinfo -------------------------------------------------------------------------------------- */

struct told {
	char state[10];
	unsigned int sealed, ops, text, tape;
	unsigned long long runs, sysops, fuel, fuel_left;
	long refs;
	unsigned int program, allowed;
	char slots[400]; /* the lines of slots */
};

/* Reads our fields, which come one a line, in this order, after those that every file has. */
static struct told told(int fd)
{
	char path[40], text[1000] = {}, *ours;
	struct told told;
	int file, end = 0;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(read(file, text, sizeof(text) - 1) > 0);
	close(file);
	ours = strstr(text, "state:");
	CHECK(ours);
	EQUAL(sscanf(ours,
		     "state:\t%9s\nsealed:\t%u\nops:\t%u\ntext:\t%u\ntape:\t%u\nruns:\t%llu\n"
		     "sysops:\t%llu\nfuel:\t%llu\nfuel_left:\t%llu\nrefs:\t%ld\n"
		     "program:\t%8x\nallowed:\t0x%7x\n%n",
		     told.state, &told.sealed, &told.ops, &told.text, &told.tape, &told.runs,
		     &told.sysops, &told.fuel, &told.fuel_left, &told.refs, &told.program,
		     &told.allowed, &end),
	      12);
	snprintf(told.slots, sizeof(told.slots), "%s", ours + end);
	return told;
}

static void tells(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct bfk_load_args args = load_args("%m%m++++[-]+[]", engines[i] | BFK_LOAD_SEAL);
		struct dev dev = dev_open(engines[i]);
		struct told is = told(dev.fd);

		EQUAL(strcmp(is.state, "empty"), 0);
		EQUAL(is.sealed + is.ops + is.text + is.runs + is.sysops + is.fuel, 0);
		EQUAL(is.tape, 65536);
		EQUAL(is.refs, 2); /* the descriptor and the mapping */
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		is = told(dev.fd);
		EQUAL(strcmp(is.state, "ready"), 0);
		EQUAL(is.sealed, 1);
		EQUAL(is.ops, args.n_ops);
		EQUAL(is.text, args.text_len);
		EQUAL(!is.text, i || !IS_X86);

		dev.tape[0] =
			1; /* the first %m fails, with no such clock, and the second is skipped */
		dev.tape[3] = 99;
		EQUAL(dev_run(&dev, NULL, 0, 13).status, BFK_STATUS_FUEL);
		is = told(dev.fd);
		EQUAL(strcmp(is.state, "stopped"), 0);
		EQUAL(is.runs, 1);
		EQUAL(is.sysops, 1);
		EQUAL(is.fuel, 13);
		EQUAL(is.fuel_left, 0);
		EQUAL(dev_run(&dev, NULL, 0, 7).status, BFK_STATUS_FUEL);
		EQUAL(told(dev.fd).runs, 1); /* still the same run */
		EQUAL(told(dev.fd).fuel, 20);

		EQUAL(dev_reset(dev.fd, 0), 0);
		EQUAL(strcmp(told(dev.fd).state, "ready"), 0);
		EQUAL(told(dev.fd).fuel, 20); /* the total of all runs */
		EQUAL(dev_run(&dev, (int[]){ 0 }, 1, 5).status, BFK_STATUS_FUEL);
		EQUAL(told(dev.fd).runs, 2);
		EQUAL(told(dev.fd).fuel, 25);
		dev.tape[0] = 0;
		EQUAL(dev_run(&dev, NULL, 0, 5).status, BFK_STATUS_END);
		EQUAL(strcmp(told(dev.fd).state, "over"), 0);
		EQUAL(dup(dev.fd) >= 0, 1);
		EQUAL(told(dev.fd).refs, 3);
		EQUAL(dev_reset(dev.fd, 0), 0);
		EQUAL(dev_call(dev.fd, BFK_RUN, &(struct bfk_run_args){ .fds = 1, .n_fds = 1 }),
		      -EFAULT);
		EQUAL(told(dev.fd).runs, 2); /* refused, so not started */
	}
}

/* During one run, numbers grow and the state is right. */
static void tells_while_running(void)
{
	struct dev dev = dev_open(0);
	struct told before, is;
	double end = now() + SOON;
	pid_t pid;
	int i;

	dev_load(&dev, "+[>%m<]");
	dev.tape[1] = 1;
	pid = fork();
	if (!pid)
		_exit(dev_run(&dev, NULL, 0, UNLIMITED).status);
	do
		before = told(dev.fd);
	while (!before.sysops && now() < end);
	for (i = 0; i < 300; i++) {
		is = told(dev.fd);
		EQUAL(strcmp(is.state, "running"), 0);
		EQUAL(is.runs, 1);
		CHECK(is.sysops >= before.sysops && is.fuel >= before.fuel);
		before = is;
	}
	while (told(dev.fd).fuel == before.fuel && now() < end)
		nap(1);
	CHECK(told(dev.fd).fuel > before.fuel);
	kill(pid, SIGKILL);
	EQUAL(child_wait(pid, SOON), SIGKILL);
	EQUAL(strcmp(told(dev.fd).state, "over"), 0); /* its process has exited */
}

/* CRC-32 as gzip computes it. */
static uint32_t crc_of(const void *bytes, size_t len)
{
	const uint8_t *byte = bytes;
	uint32_t crc = ~0u;
	int bit;

	while (len--) {
		crc ^= *byte++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* What is loaded: the same ops have the same CRC-32 on both engines, others have another. */
static void tells_the_program(void)
{
	struct bfk_op ops[] = { { .kind = BFK_OP_ADD, .val = 3 },
				{ .kind = BFK_OP_SYS, .val = 'm', .source_off = 3 },
				{ .kind = BFK_OP_END, .source_off = 5 } };
	int i;

	for (i = 0; i < 2; i++) {
		struct bfk_load_args args = load_args("+++%m", engines[i]);
		struct dev dev = dev_open(0);

		EQUAL(told(dev.fd).program, 0);
		EQUAL(told(dev.fd).allowed, 0);
		args.allowed = 1u << ('m' - 'a') | 1;
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(told(dev.fd).program, crc_of(ops, sizeof(ops)));
		EQUAL(told(dev.fd).allowed, 1u << ('m' - 'a') | 1);
		ops[0].val++;
		args = load_args((void *)ops, engines[i] | BFK_LOAD_OPS);
		args.source_len = sizeof(ops);
		args.ops_version = BFK_OPS_VERSION;
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		EQUAL(told(dev.fd).program, crc_of(ops, sizeof(ops)));
		EQUAL(told(dev.fd).allowed, BFK_ALLOW_ALL);
		args.allowed = 0;
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), -EACCES);
		EQUAL(told(dev.fd).program, crc_of(ops, sizeof(ops)));
		ops[0].val--;
		close(dev.fd);
	}
}

/* Each file that a run holds, by its number, flags and path; none before and after the run. */
static void tells_slots(void)
{
	char path[] = "/tmp/a b\nslot:\t9 0 \\", line[200];
	int file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	struct dev dev = dev_open(0);
	int ends[2];

	CHECK(file >= 0);
	pipe_make(ends);
	dev_load(&dev, "+[]");
	EQUAL(strlen(told(dev.fd).slots), 0);
	EQUAL(dev_run(&dev, (int[]){ file, -1, ends[1] }, 3, 1).status, BFK_STATUS_FUEL);
	snprintf(line, sizeof(line),
		 "slot:\t0 0%o /tmp/a b\\012slot:\t9 0 \\134\nslot:\t2 0%o pipe:[",
		 fcntl(file, F_GETFL), fcntl(ends[1], F_GETFL));
	EQUAL(strncmp(told(dev.fd).slots, line, strlen(line)), 0);
	EQUAL(dev_reset(dev.fd, 0), 0);
	EQUAL(strlen(told(dev.fd).slots), 0);
	unlink(path);
}

/*
 * A run opens and closes a file all the time, which is deleted all the time. Without slots_lock the
 * reader uses what is freed, and the debug kernel crashes.
 */
static void tells_slots_while_changing(void)
{
	static const char dir[] = "/tmp", path[] = "/tmp/bfk-limits";
	char opens[400] = "[>>>++++<<<%o", *end = opens + strlen(opens), name[100];
	int seen[2] = {}, dir_fd = open(dir, O_RDONLY | O_CLOEXEC), slot, flags;
	struct dev dev = dev_open(0);
	const char *line;
	pid_t pid;

	memset(end, '>', 32);
	memcpy(end + 32, "%c", 2);
	memset(end + 34, '<', 32);
	memcpy(end + 66, "]", 2);
	dev_load(&dev, opens);
	dev.tape[0] = 1; /* go of %o, whose arg is O_CREAT each time */
	dev.tape[2] = 3;
	dev.tape[6] = strlen(path) - strlen(dir) - 1;
	memcpy(dev.tape + 16, path + strlen(dir) + 1, dev.tape[6]);
	dev.tape[32] = 1; /* go of %c */
	pid = fork();
	if (!pid)
		_exit(dev_run(&dev, (int[]){ -1, -1, -1, dir_fd }, 4, UNLIMITED).status);
	while (seen[0] < 2000 || seen[1] < 2000) {
		struct told is = told(dev.fd);

		for (line = is.slots; *line; line = strchr(line, '\n') + 1) {
			EQUAL(sscanf(line, "slot:\t%d 0%o %99s", &slot, &flags, name), 3);
			EQUAL(strcmp(name, slot ? dir : path), 0);
			seen[!slot]++;
		}
		unlink(path);
		CHECK(waitpid(pid, NULL, WNOHANG) == 0);
	}
	kill(pid, SIGKILL);
	EQUAL(child_wait(pid, SOON), SIGKILL);
	unlink(path);
	close(dir_fd);
}

/* Fuel as it is at an operation that waits, in the middle of a slice. */
static void tells_in_a_slice(void)
{
	double end = now() + SOON;
	struct told is;
	pid_t pid;
	int i;

	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);

		dev_load(&dev, "+++++[>+<-]>>%m>>>>>>>>>>>>>>>>%n");
		dev.tape[2] = 1;
		dev.tape[2 + 3] = CLOCK_MONOTONIC;
		dev.tape[18] = 1;
		memset(dev.tape + 18 + 8, 255, 8);
		pid = fork();
		if (!pid)
			_exit(dev_run(&dev, NULL, 0, 1000).status);
		do
			is = told(dev.fd);
		while (is.fuel_left != 996 && now() < end);
		EQUAL(is.fuel_left, 996);
		while (!is.sysops && now() < end)
			is = told(dev.fd);
		EQUAL(is.sysops, 1);
		EQUAL(is.fuel, 0); /* the slice is not over */
		EQUAL(is.fuel_left, 996);
		EQUAL(strcmp(is.state, "running"), 0);
		kill(pid, SIGKILL);
		EQUAL(child_wait(pid, SOON), SIGKILL);
		close(dev.fd);
	}
}

struct changer {
	int fd;
	bool is_over;
};

static void *changes(void *arg)
{
	struct changer *changer = arg;
	struct bfk_run_args args;

	while (!__atomic_load_n(&changer->is_over, __ATOMIC_RELAXED)) {
		fd_load(changer->fd, "+", 0);
		args = run_args(NULL, 0, 1);
		dev_call(changer->fd, BFK_RUN, &args);
		fd_load(changer->fd, large_source(), BFK_LOAD_INTERP);
	}
	return NULL;
}

/* fdinfo takes no lock: values may be from different moments, but each is valid. */
static void tells_while_changing(void)
{
	struct changer changer = { .fd = dev_fd() };
	int i, n[2], fd = dev_fd();
	pthread_t thread;

	fd_load(fd, "+", 0);
	n[0] = told(fd).ops;
	fd_load(fd, large_source(), BFK_LOAD_INTERP);
	n[1] = told(fd).ops;
	pthread_create(&thread, NULL, changes, &changer);
	for (i = 0; i < 1000 || told(changer.fd).runs <= 3; i++) {
		struct told is = told(changer.fd);

		CHECK(!is.ops || (int)is.ops == n[0] || (int)is.ops == n[1]);
		CHECK(is.text < 4096 && is.tape == 65536 && !is.sealed);
		CHECK(!strcmp(is.state, "empty") || !strcmp(is.state, "ready") ||
		      !strcmp(is.state, "running") || !strcmp(is.state, "over") ||
		      !strcmp(is.state, "stopped"));
	}
	__atomic_store_n(&changer.is_over, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

static const struct test tests[] = {
	{ "load (the user's share of the arena used up) is interpreted, others' programs are compiled",
	  share, 40, .only_x86 = true },
	{ "load (root) has no share", root_is_not_bounded, .only_x86 = true },
	{ "load (three users at once, each within the share) is always compiled", threads, 40,
	  .only_x86 = true },
	{ "open and load are charged to the caller's memory cgroup, and uncharged", charged },
	{ "open (no memory left in the group) is ENOMEM, and outside everything works", used_up,
	  40 },
	{ "fdinfo reports program, text, tape, runs, operations, fuel, state and references",
	  tells },
	{ "fdinfo (during a run) reports its progress", tells_while_running },
	{ "fdinfo (at an operation that waits) reports the fuel left there", tells_in_a_slice },
	{ "fdinfo reports the CRC-32 of the program's ops and the operations it may contain",
	  tells_the_program },
	{ "fdinfo (files in slots) reports number, flags and path of each", tells_slots },
	{ "fdinfo (files opened, closed and deleted meanwhile) reports the path of each",
	  tells_slots_while_changing },
	{ "fdinfo (programs loaded and run meanwhile) can be read", tells_while_changing },
};

CASES(tests)
