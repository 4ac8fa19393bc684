// SPDX-License-Identifier: GPL-2.0-only
/*
 * Does a RUN that is left stopped cost the same, however many descriptors its caller has? The cost
 * is a number of function calls, counted by function tracing (tracefs), not time.
 */
#include <sys/mount.h>
#include <sys/resource.h>
#include "ops.h"
#include "uring.h"

#define TRACING "/sys/kernel/tracing/"
#define FEW 10
#define MANY 20000

static void put(const char *file, int flags, const char *text)
{
	char path[100];
	int fd;

	snprintf(path, sizeof(path), TRACING "%s", file);
	note = file;
	fd = open(path, O_WRONLY | O_CLOEXEC | flags);
	CHECK(fd >= 0);
	EQUAL(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/*
 * Functions of the module, and functions that look up descriptors, except those that interrupts
 * call.
 */
static const char *const filters[] = { ":mod:bfk",    "*iterate_fd*", "*fget*",
				       "*lookup_fd*", "fput",	      "filp_*" };

static void tracing_init(void)
{
	size_t i;

	CHECK(!mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL) || errno == EBUSY);
	put("tracing_on", 0, "0");
	put("set_ftrace_filter", O_TRUNC, "\n");
	for (i = 0; i < sizeof(filters) / sizeof(*filters); i++)
		put("set_ftrace_filter", O_APPEND, filters[i]);
	put("buffer_size_kb", 0, "16384");
	put("current_tracer", 0, "function");
}

static void tracing_exit(void)
{
	put("tracing_on", 0, "0");
	put("current_tracer", 0, "nop");
	put("set_ftrace_filter", O_TRUNC, "\n");
	put("tracing_on", 0, "1"); /* as it is at boot, for other tests that trace */
}

/* Number of lines of the trace that contain one of these. */
static int lines_with(const char *name, const char *other)
{
	FILE *file = fopen(TRACING "trace", "re");
	char line[300];
	int n = 0;

	CHECK(file);
	while (fgets(line, sizeof(line), file))
		n += line[0] != '#' && (strstr(line, name) || strstr(line, other));
	fclose(file);
	return n;
}

static void one_run(struct dev *dev, const int *fds, bool by_uring)
{
	struct bfk_run_args args = run_args(fds, 1, 3);
	struct uring ring;

	if (!by_uring) {
		EQUAL(dev_call(dev->fd, BFK_RUN, &args), 0);
	} else {
		ring = uring_open(0);
		uring_submit(&ring, uring_call(dev->fd, BFK_RUN, &args));
		EQUAL(uring_result(&ring), 0);
		close(ring.fd);
	}
	EQUAL(args.status, BFK_STATUS_FUEL);
}

/* Number of calls that this process makes for a RUN that fuel stops and leaves stopped. */
static int calls_of_run(struct dev *dev, const int *fds, bool by_uring)
{
	char thread[40], worker[40];
	int n;

	snprintf(thread, sizeof(thread), "-%d ", getpid());
	snprintf(worker, sizeof(worker), "iou-wrk-%d-", getpid());
	EQUAL(dev_reset(dev->fd, 0), 0);
	put("trace", O_TRUNC, "\n");
	put("tracing_on", 0, "1");
	one_run(dev, fds, by_uring);
	put("tracing_on", 0, "0");
	n = lines_with(thread, worker);
	CHECK(lines_with("bfk_run", "bfk_run") > 0);
	return n;
}

/* Opens @n more descriptors. */
static void have_descriptors(int n)
{
	struct rlimit limit = { n + 100, n + 100 };
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	EQUAL(setrlimit(RLIMIT_NOFILE, &limit), 0);
	while (n--)
		CHECK(fcntl(fd, F_DUPFD_CLOEXEC, 0) >= 0);
}

/* An instance with the highest descriptor, where a search ends. */
static struct dev highest(void)
{
	struct dev dev = dev_open(0);

	dev_load(&dev, "+[]");
	return dev;
}

/* Another process, which shares the instance, exits. */
static void close_elsewhere(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	EQUAL(waitpid(pid, NULL, 0), pid);
}

static void counted(bool by_uring)
{
	int fds[1] = { file_make("", 0) }, few, many, again;
	struct dev dev = highest();

	have_descriptors(FEW);
	tracing_init();
	few = calls_of_run(&dev, fds, by_uring);
	have_descriptors(MANY);
	dev = highest();
	many = calls_of_run(&dev, fds, by_uring);
	close_elsewhere();
	calls_of_run(&dev, fds, by_uring); /* after a close, one RUN may search, but only one */
	again = calls_of_run(&dev, fds, by_uring);
	tracing_exit();
	note = "calls";
	CHECK(few > 3 && many > 3 && again > 3);
	/* Sometimes other work of this process is traced too. */
	if (many > few + FEW || again > few + FEW)
		fail(__FILE__, __LINE__, "%d with few descriptors, %d and %d with many", few, many,
		     again);
}

static void by_ioctl(void)
{
	counted(false);
}

static void by_uring(void)
{
	counted(true);
}

static const struct test tests[] = {
	{ "run (left stopped, caller has 20,000 descriptors) calls no more functions than with ten",
	  by_ioctl, 120 },
	{ "run (left stopped, by io_uring, with 20,000) calls no more functions than with ten",
	  by_uring, 120 },
};

CASES(tests)
