// SPDX-License-Identifier: GPL-2.0-only
/* Does a stack trace of a run that waits in a file continue above the generated code? */
#include "ops.h"

/* The stack of a sleeping process, as the kernel sees it; static storage. */
static const char *stack_of(pid_t pid)
{
	static char text[8192];
	char path[40];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stack", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0);
	len = read(fd, text, sizeof(text) - 1);
	CHECK(len > 0);
	text[len] = 0;
	close(fd);
	return text;
}

/* @names must be in this order, each on its own line. */
static void has_callers(const char *stack, const char *const *names)
{
	const char *at = stack;

	for (; *names; names++) {
		at = strstr(at, *names);
		if (!at)
			fail(__FILE__, __LINE__, "no %s, or not in its place: %s", *names, stack);
		at = strchr(at, '\n');
	}
}

/* Programs that wait on slot 0, an end of an empty pipe, or slot 1, of a full one. */
static const struct {
	const char *source;
	struct frame frame;
} waits[] = {
	{ ",", {} },
	{ "++++[>%r<]", {} },
	{ "%w", { .slot = 1, .len = 1 } },
	{ "%n", { .off = 3600000000000ull } },
};

static void traced_with(uint32_t engine, const char *enters)
{
	static char bytes[65536];
	unsigned int i;

	for (i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
		const char *const names[] = { "bfk_host+", enters, "bfk_run+", "sys_ioctl", NULL };
		struct dev dev = dev_open(engine);
		int fds[2], ends[2];
		pid_t pid;

		note = waits[i].source;
		pipe_make(ends);
		fds[0] = ends[0];
		pipe_make(ends);
		fds[1] = ends[1];
		EQUAL(write(ends[1], bytes, sizeof(bytes)), sizeof(bytes));
		dev_load(&dev, waits[i].source);
		lay(&dev, 0, waits[i].frame, NULL, 0);
		dev.tape[1] = 1;
		pid = fork();
		if (!pid)
			_exit(dev_run(&dev, fds, 2, UNLIMITED).status);
		EQUAL(child_state(pid, 'S'), 'S');
		has_callers(stack_of(pid), names);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		dev_close(&dev);
	}
}

static void compiled(void)
{
	traced_with(0, "bfk_enter+");
}

static void interpreted(void)
{
	traced_with(BFK_LOAD_INTERP, "bfk_interp+");
}

static const struct test tests[] = {
	{ "the stack of a compiled run that waits in a file shows its callers", compiled,
	  .only_x86 = true },
	{ "the stack of an interpreted run that waits in a file shows its callers", interpreted },
};

CASES(tests)
