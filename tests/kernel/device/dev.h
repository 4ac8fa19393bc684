/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the drivers of the device suite: cases, checks, and access to /dev/bfk by bare ioctls, so
 * that the ABI itself is tested, not libbfk.
 *
 * A driver is a list of cases. Each runs in its own process group with a time limit, between two
 * checks of the kernel's log, and prints one line of TAP. The first check that fails ends it.
 */
#ifndef BFK_TESTS_DEV_H
#define BFK_TESTS_DEV_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "bfk/uapi.h"
#include "jit/op.h"

#define TAPE_CELLS 65536u
#define UNLIMITED BFK_FUEL_UNLIMITED
#define KERNEL_ADDR 0xffff888000001000ull

/* x86-64 has machine code, also for 32-bit callers; other architectures interpret programs. */
#if defined(__x86_64__) || defined(__i386__)
#define IS_X86 true
#else
#define IS_X86 false
#endif

/* The engine that LOAD chooses for a program if there is room and it need not be interpreted. */
#define ENGINE (IS_X86 ? BFK_ENGINE_JIT : BFK_ENGINE_INTERP)
#define FEATURES ((IS_X86 ? BFK_FEATURE_JIT : 0) | BFK_FEATURE_URING | BFK_FEATURE_STOP_OPS)

/* --- cases and checks ------------------------------------------------------------------------ */

struct test {
	const char *name;
	void (*fn)(void);
	unsigned int seconds; /* enough on a quiet machine with a Debian kernel, 0: 20 */
	const char *todo;     /* why it may still fail */
	bool only_x86;	      /* it tests machine code, or x86 itself */
};

/* How many times slower than Debian's this kernel is: debug kernels check everything they do. */
static inline double slow(void)
{
	const char *text = getenv("BFK_TEST_SLOW");

	return text ? atof(text) : 1;
}

/* How many times longer everything may take on a busy machine. */
#define BUSY 20

/*
 * Seconds after which an immediate event has failed to happen: a limit for failures, not for slow
 * machines. Only waits for an event may use it, never waits that check that nothing happens.
 */
#define SOON (3.0 * BUSY * slow())

static const char *note = ""; /* the current step of a loop in a case; printed when a check fails */

static inline void fail(const char *file, int line, const char *format, ...)
{
	char text[400];
	va_list list;
	int len;

	len = snprintf(text, sizeof(text), "# %s:%d: ", file, line);
	va_start(list, format);
	len += vsnprintf(text + len, sizeof(text) - len, format, list);
	va_end(list);
	if (len > (int)sizeof(text) - 1)
		len = sizeof(text) - 1;
	len += snprintf(text + len, sizeof(text) - len, *note ? " (%s)\n" : "%s\n", note);
	if (len > (int)sizeof(text) - 1)
		len = sizeof(text) - 1;
	if (write(1, text, len) < 0)
		_exit(2);
	_exit(1);
}

#define CHECK(cond)                                                                     \
	do {                                                                            \
		if (!(cond))                                                            \
			fail(__FILE__, __LINE__, "false: %s (errno %d)", #cond, errno); \
	} while (0)

#define EQUAL(is, should)                                                                    \
	do {                                                                                 \
		long long is_ = (is), should_ = (should);                                    \
		if (is_ != should_)                                                          \
			fail(__FILE__, __LINE__, "%s is %lld, not %lld", #is, is_, should_); \
	} while (0)

static inline double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static inline void nap(unsigned int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&ts, &ts) && errno == EINTR)
		;
}

/* --- the kernel's log ------------------------------------------------------------------------ */

static int kmsg = -1;

/* Is this line of the log a complaint? The marker of a test is not one. */
static inline bool is_complaint(const char *line)
{
	static const char *const words[] = { "WARNING:",
					     "BUG:",
					     "Oops",
					     "general protection",
					     "unable to handle",
					     "Call Trace",
					     "rcu: ",
					     "soft lockup",
					     "hard LOCKUP",
					     "blocked for more",
					     "scheduling while atomic",
					     "sleeping function",
					     "KASAN",
					     "UBSAN" };
	size_t i;

	if (strstr(line, "bfk-test: case"))
		return false;
	/* The kernel has its own data races. */
	if (strstr(line, "KCSAN: ") && !strstr(line, "[bfk]"))
		return false;
	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(line, words[i]))
			return true;
	return false;
}

static inline void log_open(void)
{
	int fd = open("/proc/sys/kernel/printk_devkmsg", O_WRONLY | O_CLOEXEC);

	/* Otherwise the kernel drops lines written in quick succession, such as the marks of cases. */
	if (write(fd, "on\n", 3) != 3 && !geteuid())
		fprintf(stderr, "# the kernel's log is rate-limited\n");
	close(fd);
	kmsg = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	lseek(kmsg, 0, SEEK_END);
}

/* Writes one line, after its level; not by dprintf(3), which needs a seekable file. */
static inline void log_write(const char *level, const char *text)
{
	char line[300];
	int len = snprintf(line, sizeof(line), "%sbfk-test: %s\n", level, text);

	if (write(kmsg, line, len) != len)
		fprintf(stderr, "# cannot write to the kernel's log\n");
}

static inline void log_mark(const char *name)
{
	char text[200];

	snprintf(text, sizeof(text), "case %s", name);
	log_write("<6>", text);
}

/* Reads to the end of the log; false if there was a complaint, which it prints. */
static inline bool log_check(void)
{
	char line[1100];
	bool good = true, out_of_memory = false;
	ssize_t len;

	while ((len = read(kmsg, line, sizeof(line) - 1)) > 0 || (len < 0 && errno == EPIPE)) {
		line[len > 0 ? len : 0] = 0;
		/* The report of an out-of-memory kill, which some cases provoke, has a trace. */
		if (strstr(line, "invoked oom-killer"))
			out_of_memory = true;
		if (strstr(line, "Killed process") || strstr(line, "no killable process"))
			out_of_memory = false;
		if (is_complaint(line) && !(out_of_memory && strstr(line, "Call Trace"))) {
			printf("# kernel: %s", line);
			good = false;
		}
	}
	return good;
}

/* Runs one case; true if it passes. */
static inline bool run_case(const struct test *test)
{
	double end = now() + (test->seconds ? test->seconds : 20) * BUSY * slow();
	int status = -1;
	bool good;
	pid_t pid;

	log_mark(test->name);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		test->fn();
		_exit(0);
	}
	setpgid(pid, pid);
	while (!waitpid(pid, &status, WNOHANG)) {
		if (now() > end) {
			printf("# took too long\n");
			kill(-pid, SIGKILL);
			waitpid(pid, &status, 0);
			status = -1;
			break;
		}
		nap(1);
	}
	kill(-pid, SIGKILL); /* its remaining processes */
	if (status != -1 && WIFSIGNALED(status))
		printf("# killed by signal %d\n", WTERMSIG(status));
	good = !status;
	return log_check() && good;
}

/* driver [PART-OF-A-NAME]: TAP on stdout; exit status 0 if all pass, 2 if no case has such a name. */
static inline int run_cases(const struct test *tests, int n, int argc, char **argv)
{
	bool all = true, any = false;
	int i;

	signal(SIGPIPE, SIG_DFL);
	log_open();
	setvbuf(stdout, NULL, _IOFBF, 4096);
	printf("1..%d\n", n);
	for (i = 0; i < n; i++) {
		double start = now();
		bool good;

		if (argc > 1 && !strstr(tests[i].name, argv[1]))
			continue;
		any = true;
		if (tests[i].only_x86 && !IS_X86) {
			printf("ok %d %s # skip it tests x86 or its machine code\n", i + 1,
			       tests[i].name);
			continue;
		}
		good = run_case(&tests[i]);
		all &= good || tests[i].todo;
		printf("%sok %d %s", good || tests[i].todo ? "" : "not ", i + 1, tests[i].name);
		if (!good && tests[i].todo)
			printf(" # skip failed, as is allowed for now: %s", tests[i].todo);
		else if (now() - start > 2)
			printf(" # %.1f s", now() - start);
		printf("\n");
		fflush(stdout);
	}
	if (!any) {
		fprintf(stderr, "%s: no case has '%s' in its name\n", argv[0], argv[1]);
		return 2;
	}
	return !all;
}

#define CASES(tests)                                                                   \
	int main(int argc, char **argv)                                                \
	{                                                                              \
		return run_cases(tests, sizeof(tests) / sizeof(*(tests)), argc, argv); \
	}

/* --- the device ------------------------------------------------------------------------------ */

struct dev {
	int fd;
	uint8_t *tape;	/* mapped */
	uint32_t flags; /* added to those of the next dev_load() */
};

/* Copies the line of /proc/self/fdinfo/FD that starts with "@field:" to @text. */
static inline void fdinfo_get(int fd, const char *field, char *text, size_t len)
{
	char path[40], line[200];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	CHECK(file);
	*text = 0;
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, field, strlen(field)) && !strncmp(line + strlen(field), ":\t", 2))
			snprintf(text, len, "%.*s", (int)len - 1, line + strlen(field) + 2);
	fclose(file);
}

static inline uint64_t runs_begun(int fd)
{
	char text[40];

	fdinfo_get(fd, "runs", text, sizeof(text));
	return strtoull(text, NULL, 10);
}

/* Waits until @n runs of an instance have begun (have their files), even if they are over. */
static inline void await_runs(int fd, uint64_t n)
{
	double end = now() + SOON;

	while (runs_begun(fd) < n) {
		CHECK(now() < end);
		nap(1);
	}
}

/* Waits until a call holds the instance. */
static inline void await_busy(int fd)
{
	double end = now() + SOON;
	char text[40];

	for (;;) {
		fdinfo_get(fd, "state", text, sizeof(text));
		if (!strncmp(text, "running", 7))
			return;
		CHECK(now() < end);
		nap(1);
	}
}

/* Waits until a program has changed this cell from @old. */
static inline void await_cell(const uint8_t *cell, uint8_t old)
{
	double end = now() + SOON;

	while (*(const volatile uint8_t *)cell == old) {
		CHECK(now() < end);
		nap(1);
	}
}

/* Returns 0 or more, or -errno. */
static inline int dev_call(int fd, unsigned long cmd, void *args)
{
	int ret = ioctl(fd, cmd, args);

	return ret < 0 ? -errno : ret;
}

/* Bytes of a page; arm64 also has larger ones. */
static inline size_t page_len(void)
{
	return sysconf(_SC_PAGESIZE);
}

/* @len bytes that end at an unmapped page. */
static inline void *page_end(size_t len)
{
	size_t room = (len + page_len() - 1) / page_len() * page_len();
	char *page = mmap(NULL, room + page_len(), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(page != MAP_FAILED);
	munmap(page + room, page_len());
	return page + room - len;
}

static inline int dev_fd(void)
{
	int fd = open("/dev/bfk", O_RDWR | O_CLOEXEC);

	CHECK(fd >= 0);
	return fd;
}

static inline struct dev dev_open(uint32_t flags)
{
	struct dev dev = { .fd = dev_fd(), .flags = flags };

	dev.tape = mmap(NULL, TAPE_CELLS, PROT_READ | PROT_WRITE, MAP_SHARED, dev.fd, 0);
	CHECK(dev.tape != MAP_FAILED);
	return dev;
}

static inline void dev_close(struct dev *dev)
{
	munmap(dev->tape, TAPE_CELLS);
	close(dev->fd);
}

static inline struct bfk_load_args load_args(const char *source, uint32_t flags)
{
	return (struct bfk_load_args){
		.source = (uintptr_t)source,
		.source_len = strlen(source),
		.flags = flags,
		.allowed = BFK_ALLOW_ALL,
	};
}

static inline struct bfk_load_args ops_args(const struct bfk_op *ops, size_t n_ops, uint32_t flags)
{
	return (struct bfk_load_args){
		.source = (uintptr_t)ops,
		.source_len = n_ops * sizeof(*ops),
		.flags = flags | BFK_LOAD_OPS,
		.allowed = BFK_ALLOW_ALL,
		.ops_version = BFK_OPS_VERSION,
	};
}

static inline int fd_load(int fd, const char *source, uint32_t flags)
{
	struct bfk_load_args args = load_args(source, flags);

	return dev_call(fd, BFK_LOAD, &args);
}

static inline void dev_load(struct dev *dev, const char *source)
{
	EQUAL(fd_load(dev->fd, source, dev->flags), 0);
}

static inline void dev_load_ops(struct dev *dev, const struct bfk_op *ops, size_t n_ops)
{
	struct bfk_load_args args = ops_args(ops, n_ops, dev->flags);

	EQUAL(dev_call(dev->fd, BFK_LOAD, &args), 0);
}

static inline struct bfk_run_args run_args(const int *fds, uint32_t n_fds, uint64_t fuel)
{
	return (struct bfk_run_args){ .fds = (uintptr_t)fds, .n_fds = n_fds, .fuel = fuel };
}

static inline struct bfk_run_args dev_run(struct dev *dev, const int *fds, uint32_t n_fds,
					  uint64_t fuel)
{
	struct bfk_run_args args = run_args(fds, n_fds, fuel);

	EQUAL(dev_call(dev->fd, BFK_RUN, &args), 0);
	return args;
}

/* Continues after signals until something else stops the run. */
static inline struct bfk_run_args dev_run_on(struct dev *dev, const int *fds, uint32_t n_fds,
					     uint64_t *stops)
{
	struct bfk_run_args args = dev_run(dev, fds, n_fds, UNLIMITED);

	while (args.status == BFK_STATUS_SIGNAL) {
		++*stops;
		args = dev_run(dev, NULL, 0, UNLIMITED);
	}
	return args;
}

static inline int dev_reset(int fd, uint32_t flags)
{
	struct bfk_reset_args args = { .flags = flags };

	return dev_call(fd, BFK_RESET, &args);
}

static inline struct bfk_info_args dev_info(int fd)
{
	struct bfk_info_args args = {};

	EQUAL(dev_call(fd, BFK_INFO, &args), 0);
	return args;
}

/* The letters of the kernel's operations except those in @without. Static storage. */
static inline const char *known_letters(const char *without)
{
	uint32_t known, i;
	static char letters[27];
	char *to = letters;
	int fd = dev_fd();

	known = dev_info(fd).sysops;
	close(fd);
	for (i = 0; i < 26; i++)
		if (known >> i & 1 && !strchr(without, 'a' + i))
			*to++ = 'a' + i;
	*to = 0;
	CHECK(to - letters > 12);
	return letters;
}

/* --- frames ---------------------------------------------------------------------------------- */

struct frame {
	uint8_t go, err, slot, arg;
	uint16_t cap, len;
	uint64_t off;
} __attribute__((packed));

_Static_assert(sizeof(struct frame) == 16, "as on the tape");

/* Copies to and from the ring, across its seam. */
static inline void tape_put(uint8_t *tape, uint32_t cell, const void *from, uint32_t len)
{
	while (len--)
		tape[cell++ % TAPE_CELLS] = *(const uint8_t *)from++;
}

static inline void tape_get(const uint8_t *tape, uint32_t cell, void *to, uint32_t len)
{
	while (len--)
		*(uint8_t *)to++ = tape[cell++ % TAPE_CELLS];
}

static inline struct frame frame_get(const uint8_t *tape, uint32_t cell)
{
	struct frame frame;

	tape_get(tape, cell, &frame, sizeof(frame));
	return frame;
}

/* A program that does one operation every @step cells, starting at cell @first. Static storage. */
static inline const char *chain_at(const char *letters, uint32_t first, uint32_t step)
{
	static char source[TAPE_CELLS * 4];
	char *to = source;

	memset(to, '>', first);
	for (to += first; *letters; letters++) {
		*to++ = '%';
		*to++ = *letters;
		memset(to, '>', step);
		to += step;
	}
	*to = 0;
	return source;
}

#define STEP 4096u /* cells between the frames of a chain */

static inline const char *chain(const char *letters)
{
	return chain_at(letters, 0, STEP);
}

/* Writes the @ix-th frame of a chain, followed by its data. */
static inline void lay(struct dev *dev, uint32_t ix, struct frame frame, const void *data,
		       uint32_t len)
{
	frame.go = 1;
	tape_put(dev->tape, ix * STEP, &frame, sizeof(frame));
	tape_put(dev->tape, ix * STEP + sizeof(frame), data, len);
}

/* The same for text. */
static inline void lay_text(struct dev *dev, uint32_t ix, struct frame frame, const char *text)
{
	frame.len = strlen(text);
	lay(dev, ix, frame, text, frame.len);
}

static inline struct frame laid(const struct dev *dev, uint32_t ix)
{
	return frame_get(dev->tape, ix * STEP);
}

/* Does one operation on a fresh tape; returns its frame. The data is at dev->tape + 16. */
static inline struct frame op(struct dev *dev, char letter, struct frame frame, const void *data,
			      uint32_t len, const int *fds, uint32_t n_fds)
{
	const char letters[2] = { letter, 0 };

	dev_load(dev, chain(letters));
	lay(dev, 0, frame, data, len);
	EQUAL(dev_run(dev, fds, n_fds, UNLIMITED).status, BFK_STATUS_END);
	return laid(dev, 0);
}

#define FAILS(frame_, errno_)                                                                    \
	do {                                                                                     \
		struct frame f_ = (frame_);                                                      \
		if (f_.go || f_.err != (errno_))                                                 \
			fail(__FILE__, __LINE__, "%s: go %d err %d, not err %d", #frame_, f_.go, \
			     f_.err, errno_);                                                    \
	} while (0)

#define WORKS(frame_)                                                                         \
	do {                                                                                  \
		struct frame f_ = (frame_);                                                   \
		if (f_.go != 1 || f_.err)                                                     \
			fail(__FILE__, __LINE__, "%s: go %d err %d", #frame_, f_.go, f_.err); \
	} while (0)

/* --- files and processes --------------------------------------------------------------------- */

static inline void pipe_make(int ends[2])
{
	EQUAL(pipe2(ends, O_CLOEXEC), 0);
}

/* An unlinked file on /tmp (tmpfs) holding @len bytes, at position 0. */
static inline int file_make(const void *data, size_t len)
{
	char path[] = "/tmp/bfk-test.XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);

	CHECK(fd >= 0);
	unlink(path);
	EQUAL(pwrite(fd, data, len, 0), len);
	return fd;
}

/* Waits until every other end of this pipe or socket is closed; false if that does not happen. */
static inline bool is_hung_up(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	char byte;

	return poll(&pollfd, 1, 1000 * SOON) == 1 && read(fd, &byte, 1) == 0;
}

/* Does it stay open, with nothing to read? */
static inline bool is_quiet(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return poll(&pollfd, 1, 20 * slow()) == 0;
}

/* Has the last reader of this pipe closed it? */
static inline bool is_broken(int fd)
{
	struct pollfd pollfd = { .fd = fd };

	return poll(&pollfd, 1, 1000 * SOON) == 1 && pollfd.revents & POLLERR;
}

/* Waits up to @seconds for the child to end; returns its status, -1 if it does not end. */
static inline int child_wait(pid_t pid, double seconds)
{
	double end = now() + seconds;
	int status;

	while (now() < end) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		nap(2);
	}
	return -1;
}

/* Returns the letter of /proc/PID/stat (R S D T Z), after waiting for it to be @want. */
static inline char child_state(pid_t pid, char want)
{
	char path[40], text[200], state = '?';
	double end = now() + SOON;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	while (state != want && now() < end) {
		file = fopen(path, "re");
		if (file && fgets(text, sizeof(text), file))
			sscanf(strrchr(text, ')') + 2, "%c", &state);
		if (file)
			fclose(file);
		nap(2);
	}
	return state;
}

/* Waits until the child is asleep in ioctl(2), in an operation of a run. */
static inline void await_blocked(pid_t pid)
{
	char path[40], text[200];
	double end = now() + SOON;
	int fd, len, n_seen = 0;

	snprintf(path, sizeof(path), "/proc/%d/syscall", pid);
	while (n_seen < 3) { /* on its way there it may briefly wait for something else */
		CHECK(now() < end);
		nap(5);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		CHECK(fd >= 0);
		len = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[len > 0 ? len : 0] = 0;
		n_seen = strtol(text, NULL, 10) == SYS_ioctl ? n_seen + 1 : 0;
	}
}

/* Removes a folder; a cgroup only after its last process has left. */
static inline void dir_remove(const char *path)
{
	double end = now() + SOON;

	while (rmdir(path)) {
		CHECK(errno == EBUSY && now() < end);
		nap(5);
	}
}

/* Fills with bytes that do not repeat soon, from a seed. */
static inline void fill(void *to, size_t len, uint32_t seed)
{
	uint8_t *byte = to;

	for (seed = seed * 2654435761u + 1; len--; *byte++ = seed >> 24)
		seed = seed * 1664525 + 1013904223;
}

static void on_signal(int signo)
{
	(void)signo;
}

/* Installs a handler that does nothing, without SA_RESTART. */
static inline void handle(int signo)
{
	sigaction(signo, &(struct sigaction){ .sa_handler = on_signal }, NULL);
}

/* SIGALRM every @us microseconds; 0: stop. */
static inline void tick(unsigned int us)
{
	struct timespec period = { us / 1000000, us % 1000000 * 1000L };
	struct itimerspec spec = { period, period };
	static timer_t timer;
	static bool made;

	handle(SIGALRM);
	if (!made)
		EQUAL(timer_create(CLOCK_MONOTONIC, NULL, &timer), 0);
	made = true;
	EQUAL(timer_settime(timer, 0, &spec, NULL), 0);
}

#endif
