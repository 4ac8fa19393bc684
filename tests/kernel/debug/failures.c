// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation of every call fails once: a call is repeated with its first allocation failing,
 * its second, and so on, until it makes fewer. Each time the call must return an error or succeed
 * without the memory, the instance must stay usable, and a failed call must release what it held.
 * On the debug kernel, in the guest.
 */
#include "scene.h"

/* --- the calls: all of the device, and RUN with every operation ---------------------------------- */

#define NEW { .slot = DIRECTORY, .arg = 6 }, "sub/new"

static const struct subject calls[] = {
	{ "open", .call = call_open },
	{ "mmap", .call = call_mmap },
	{ "fdinfo", .call = call_fdinfo, .source = "+[]", .started = true },
	{ "close, a run is stopped", NULL, NEW, .call = call_close, .source = "%o[]",
	  .started = true },
};

static const struct subject requests[] = {
	{ "INFO", .call = call_info },
	{ "LOAD", .call = call_load, .data = "+[-]>,.%o%w" },
	{ "LOAD over another", .call = call_load, .source = "+[]", .data = "+[-]>,.%o%w" },
	{ "LOAD, a run is stopped", .call = call_load, .source = "+[]", .started = true,
	  .data = "+" },
	{ "LOAD to interpret", .call = call_load, .data = ",.", .flags = BFK_LOAD_INTERP },
	{ "LOAD of ops", .call = call_load_ops },
	{ "LOAD of 300 kB", .call = call_load_large },
	{ "RESET, a run is stopped", NULL, NEW, .call = call_reset, .source = "%o[]",
	  .started = true },
	{ "DUMP", .call = call_dump, .source = "+[]" },
	{ "RUN", .call = call_run, .source = "+[-]" },
	{ "RUN, interpreted", .call = call_run, .source = "+[-]", .flags = BFK_LOAD_INTERP },
	{ "RUN of , and .", .call = call_run, .source = ",.,.,.,." },
	{ "RUN of %o%c",
	  "oc",
	  { .slot = DIRECTORY, .arg = 6 },
	  "new",
	  { .slot = N_FILES },
	  .call = call_run },
};

#define EIGHT "\x05\0\x05\0\x05\0\x05\0\x05\0\x05\0\x05\0\x05\0"

static const struct subject operations[] = {
	{ "%a", "a", { .slot = LISTENER }, .call = call_run },
	{ "%c of a file", "c", { .slot = DATA }, .call = call_run },
	{ "%c of a socket", "c", { .slot = SOCKET }, .call = call_run },
	{ "%e of 1", "e", { .len = 2 }, "\0\0", .call = call_run },
	{ "%e of 40", "e", { .len = 80 }, EIGHT EIGHT EIGHT EIGHT EIGHT, .call = call_run },
	{ "%g", "g", { .slot = DATA, .off = 4 }, .call = call_run },
	{ "%h", "h", { .slot = SOCKET, .arg = 2 }, .call = call_run },
	{ "%i", "i", {}, .call = call_run },
	{ "%l", "l", { .slot = DATA, .off = 4 }, .call = call_run },
	{ "%m", "m", { .arg = 1 }, .call = call_run },
	{ "%n", "n", { .off = 100000 }, .call = call_run },
	{ "%o of an old file", "o", { .slot = DIRECTORY, .arg = 2 }, "sub/old", .call = call_run },
	{ "%o of a new file", "o", { .slot = DIRECTORY, .arg = 6 }, "sub/new", .call = call_run },
	{ "%p far beyond the end", "p", { .slot = DATA, .off = 1 << 20 }, "new", .call = call_run },
	{ "%q", "q", {}, .call = call_run },
	{ "%r of a file", "r", { .slot = DATA }, .call = call_run },
	{ "%r of a pipe", "r", { .slot = PIPE_OUT }, .call = call_run },
	{ "%r of a socket", "r", { .slot = SOCKET }, .call = call_run },
	{ "%t to less", "t", { .slot = DATA, .off = 3 }, .call = call_run },
	{ "%t to more", "t", { .slot = DATA, .off = 30000 }, .call = call_run },
	{ "%u", "u", { .cap = 30 }, .call = call_run },
	{ "%w to a file", "w", { .slot = TARGET }, "some text", .call = call_run },
	{ "%w to a pipe", "w", { .slot = PIPE_IN }, "some text", .call = call_run },
	{ "%w to a socket", "w", { .slot = SOCKET }, "some text", .call = call_run },
	{ "%x to a file", "x", { .slot = DATA, .arg = TARGET }, .call = call_run },
	{ "%x to a pipe", "x", { .slot = DATA, .arg = PIPE_IN }, .call = call_run },
	{ "%x to a socket", "x", { .slot = DATA, .arg = SOCKET }, .call = call_run },
	{ "%y", "y", { .slot = DATA }, .call = call_run },
	{ "%z", "z", { .slot = DATA }, .call = call_run },
};

static int fault;		/* fail-nth of the thread that makes the calls */
static unsigned int n_injected; /* in all */

/* --- the sweep ----------------------------------------------------------------------------------- */

/*
 * Does this errno mean that there was no memory? Sockets return ENFILE and ENOBUFS, a new file on
 * tmpfs ENOSPC; in a chain of operations, EBADF is for the slot that the one before could not fill.
 */
static bool is_shortage(const struct subject *subject, int err)
{
	bool is_chain = subject->letters && strlen(subject->letters) > 1;

	return err == -ENOMEM || err == -ENFILE || err == -ENOBUFS || err == -ENOSPC ||
	       (err == -EBADF && is_chain);
}

static void sweep(const struct subject *subject)
{
	unsigned int nth, n_memory = 0, n_fault = 0;
	bool injected = true;
	struct scene scene;
	int ret;

	for (nth = 1; injected; nth++) {
		scene = scene_open(subject);
		fault_arm(fault, nth);
		ret = subject->call(&scene, subject);
		injected = fault_disarm(fault);
		n_memory += is_shortage(subject, ret);
		n_fault += ret == -EFAULT;
		if (ret < 0 && !(injected && (is_shortage(subject, ret) || ret == -EFAULT)))
			fail(__FILE__, __LINE__, "%s, failure %u: %d", subject->name, nth, ret);
		scene_close(&scene);
	}
	n_injected += nth - 2;
	printf("# %s: %u failures: %u no memory, %u EFAULT, %u done without\n", subject->name,
	       nth - 2, n_memory, n_fault, nth - 2 - n_memory - n_fault);
	fflush(stdout);
}

#define N_OF(array) ((int)(sizeof(array) / sizeof(*(array))))

static void sweep_all(const struct subject *subjects, int n)
{
	int i;

	for (i = 0; i < n; i++)
		sweep(&subjects[i]);
}

static void set_up(void)
{
	mkdir("/tmp/failures", 0700);
	mkdir("/tmp/failures/sub", 0700);
	close(open("/tmp/failures/sub/old", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	faults_set_up();
}

/* Sweeps in this thread, and compares what exists at the end with what existed before. */
static void sweep_here(const struct subject *subjects, int n, unsigned int at_least)
{
	struct counts before;
	const char *what;

	set_up();
	fault = fault_open(getpid());
	scene_close(&(struct scene[]){
		scene_open(subjects) }[0]); /* what the first time allocates stays */
	before = counts();
	sweep_all(subjects, n);
	what = leaked(&before);
	if (what)
		fail(__FILE__, __LINE__, "leaked: %s", what);
	CHECK(n_injected >= at_least);
}

static void sweep_calls(void)
{
	sweep_here(calls, N_OF(calls), 30);
}

static void sweep_requests(void)
{
	sweep_here(requests, N_OF(requests), 30);
}

static void sweep_operations(void)
{
	sweep_here(operations, N_OF(operations), 30);
}

/* Returns the only worker of the ring, which stays when idle. */
static int worker(void)
{
	char path[60], name[20] = "";
	struct dirent *entry;
	int fd, tid = 0;
	DIR *dir = opendir("/proc/self/task");

	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/self/task/%.20s/comm", entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0 && read(fd, name, sizeof(name) - 1) > 0 && !strncmp(name, "iou-wrk", 7))
			tid = atoi(entry->d_name);
		close(fd);
	}
	closedir(dir);
	CHECK(tid);
	return tid;
}

static void sweep_worker(void)
{
	struct uring ring = uring_open(0);
	struct bfk_info_args info = {};
	struct dev dev = dev_open(0);

	set_up();
	uring = &ring;
	EQUAL(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_IOWQ_MAX_WORKERS,
		      (unsigned int[]){ 1, 1 }, 2),
	      0);
	EQUAL(make_call(dev.fd, BFK_INFO, &info), 0);
	fault = fault_open(worker());
	sweep_all(requests, N_OF(requests));
	sweep_all(operations, N_OF(operations));
	CHECK(n_injected >= 30);
}

static const struct test tests[] = {
	{ "open, mmap, close (each allocation fails once) report it and leak nothing", sweep_calls,
	  60 },
	{ "requests (each allocation fails once) report it and leak nothing", sweep_requests, 120 },
	{ "operations (each allocation fails once) report it and leak nothing", sweep_operations,
	  120 },
	{ "requests and operations (the same on a worker of io_uring) report it", sweep_worker,
	  240 },
};

CASES(tests)
