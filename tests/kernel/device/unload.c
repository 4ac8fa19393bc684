// SPDX-License-Identifier: GPL-2.0-only
/* Does an instance in use keep the module loaded, and do instances leave nothing behind? */
#include "owner.h"
#include "leaks.h"

/* --- the module --------------------------------------------------------------------------------- */

static void rmmod_refused(void)
{
	struct dev dev = dev_open(0);
	pid_t pid;

	EQUAL(syscall(SYS_delete_module, "bfk", O_NONBLOCK), -1);
	EQUAL(errno, EWOULDBLOCK);
	dev_load(&dev, "+[]");
	pid = fork();
	if (!pid) {
		dev_run(&dev, NULL, 0, UNLIMITED);
		_exit(0);
	}
	close(dev.fd);
	munmap(dev.tape, TAPE_CELLS);
	EQUAL(child_state(pid, 'R'), 'R');
	EQUAL(syscall(SYS_delete_module, "bfk", O_NONBLOCK), -1);
	EQUAL(errno, EWOULDBLOCK);
	kill(pid, SIGKILL);
	child_wait(pid, SOON);

	dev = dev_open(0); /* only mapped */
	close(dev.fd);
	EQUAL(syscall(SYS_delete_module, "bfk", O_NONBLOCK), -1);
	EQUAL(errno, EWOULDBLOCK);
}

/* --- leaks -------------------------------------------------------------------------------------- */

static void use_once(int i)
{
	static const char *const sources[] = { "+[]", "+%q", ".", "]", "%o" };
	struct dev dev = dev_open(i & 8 ? BFK_LOAD_INTERP : 0);
	static int dir;

	if (!dir)
		dir = open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd_load(dev.fd, "+++[>+++.[-]<-]", 0);
	fd_load(dev.fd, sources[i % 5], dev.flags);
	tape_put(dev.tape, 0, &(struct frame){ .go = 1, .len = 6 }, 16);
	tape_put(dev.tape, 16, "passwd", 6);
	run(dev.fd, &dir, 1, 2);
	if (i & 4)
		dev_reset(dev.fd, 0);
	if (i & 2)
		run(dev.fd, &dir, 1, 2);
	dev_close(&dev);
}

static void leaks(void)
{
	struct counts before;
	const char *what;
	int i;

	for (i = 0; i < 100; i++)
		use_once(i);
	nap(200);
	before = counts();
	for (i = 0; i < 2000; i++)
		use_once(i);
	what = leaked(&before);
	if (what)
		fail(__FILE__, __LINE__, "leaked: %s", what);
}

static void leaks_noticed(void)
{
	struct counts before = counts();
	int fd = dev_fd(), ends[2], i;
	static char bytes[65536];

	leak_patience = 0.2; /* these leaks do not go away */
	EQUAL(strcmp(leaked(&before) ?: "", "module references"), 0);
	before.refcount++;
	EQUAL(strcmp(leaked(&before) ?: "", "vmalloc areas"), 0);
	before = counts();
	CHECK(!leaked(&before));
	EQUAL(fd_load(fd, "+++[>+++.[-]<-]", 0), 0);
	EQUAL(strcmp(leaked(&before) ?: "", IS_X86 ? "text" : ""), 0);
	before = counts();
	for (i = 0; i < 400; i++)
		CHECK(dup(open("/etc/passwd", O_RDONLY)) >= 0);
	EQUAL(strcmp(leaked(&before) ?: "", "open files"), 0);
	before = counts();
	for (i = 0; i < 30; i++) { /* 2 MB of kernel pages */
		pipe_make(ends);
		EQUAL(write(ends[1], bytes, sizeof(bytes)), sizeof(bytes));
	}
	EQUAL(strcmp(leaked(&before) ?: "", memory_is_counted() ? "memory" : ""), 0);
}

static const struct test tests[] = {
	{ "rmmod (instance open, running or only mapped) is EWOULDBLOCK", rmmod_refused },
	{ "2,000 instances opened, loaded, run and closed leave nothing behind", leaks, 60 },
	{ "the leak check detects an instance, its text, open files, and memory", leaks_noticed },
};

CASES(tests)
