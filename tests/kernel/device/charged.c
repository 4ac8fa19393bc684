// SPDX-License-Identifier: GPL-2.0-only
/* Is the memory of instances and programs charged to the caller's memory cgroup? */
#include "large_source.h"

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

static const struct test tests[] = {
	{ "open and load are charged to the caller's memory cgroup, and uncharged", charged },
	{ "open (no memory left in the group) is ENOMEM, and outside everything works", used_up,
	  40 },
};

CASES(tests)
