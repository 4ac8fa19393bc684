// SPDX-License-Identifier: GPL-2.0-only
/* Attacks on the rights that come with a descriptor, and on what outputs reveal. */
#include <sched.h>
#include <sys/prctl.h>
#include "tests/kernel/device/dev.h"

#define USER 1000 /* an unprivileged user */

/* --- rights ---------------------------------------------------------------------------------------- */

#define SECRET "/tmp/secret"

static void become(uid_t uid)
{
	EQUAL(setresgid(uid, uid, uid), 0);
	EQUAL(setresuid(uid, uid, uid), 0);
}

/* Copies this program to a set-uid file of root; there, main() calls do_set_uid(). */
static void make_set_uid(const char *path)
{
	char command[300];

	snprintf(command, sizeof(command), "cp /proc/%d/exe %s && chown 0 %s && chmod 4755 %s",
		 getpid(), path, path, path);
	EQUAL(system(command), 0);
}

/* As root, with a descriptor passed to it: returns the result of RUN. */
static int do_set_uid(int fd)
{
	struct bfk_run_args args = run_args(NULL, 0, UNLIMITED);

	return geteuid() ? 100 : -dev_call(fd, BFK_RUN, &args);
}

/* Runs @path in a child; returns its result. */
static int ask_set_uid(const char *path, int fd)
{
	char text[12];
	pid_t pid = fork();
	int status;

	snprintf(text, sizeof(text), "%d", fd);
	if (!pid) {
		execl(path, path, "set-uid", text, NULL);
		_exit(101);
	}
	status = child_wait(pid, 2 * SOON);
	CHECK(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/*
 * The run of an unprivileged process stops before %o of a file that the process may not read. A
 * set-uid child that calls RUN does not open the file for it, and the process cannot either.
 */
static void set_uid_child(void)
{
	static const char path[] = "/tmp/bfk-set-uid";
	struct dev dev = dev_open(0);
	int dir;

	mkdir(SECRET, 0755);
	close(open(SECRET "/key", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	make_set_uid(path);
	EQUAL(fcntl(dev.fd, F_SETFD, 0), 0);
	become(USER);
	dir = open(SECRET, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	CHECK(dir >= 0);
	dev_load(&dev, "%o");
	lay_text(&dev, 0, (struct frame){}, "key");
	EQUAL(dev_run(&dev, &dir, 1, 0).status, BFK_STATUS_FUEL);
	EQUAL(ask_set_uid(path, dev.fd), EPERM);
	EQUAL(dev_run(&dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
	FAILS(laid(&dev, 0), EACCES);
}

static void map_root(void)
{
	char line[40];
	uid_t uid = geteuid();
	int fd;

	EQUAL(unshare(CLONE_NEWUSER), 0);
	fd = open("/proc/self/setgroups", O_WRONLY | O_CLOEXEC);
	EQUAL(write(fd, "deny", 4), 4);
	close(fd);
	fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
	snprintf(line, sizeof(line), "0 %d 1", uid);
	EQUAL(write(fd, line, strlen(line)), strlen(line));
	close(fd);
}

/* Loads about 35 KB of text: 5,000 ops on distant cells, 7 bytes each. */
static uint32_t load_much(int fd)
{
	static struct bfk_op ops[5000];
	struct bfk_load_args args = ops_args(ops, 5000, 0);
	int i;

	for (i = 0; i < 4999; i++)
		ops[i] = (struct bfk_op){ BFK_OP_ADD, .val = 1, .off = 1000 + i };
	EQUAL(dev_call(fd, BFK_LOAD, &args), 0);
	return args.text_len;
}

/* Root of a user namespace is an ordinary user outside it: for DUMP and for its share of text. */
static void user_namespace(void)
{
	struct bfk_dump_args dump = {};
	uint32_t all_len = 0, len;
	int fds[20], i;

	for (i = 0; i < 20; i++)
		fds[i] = dev_fd();
	prctl(PR_SET_DUMPABLE, 1);
	become(USER);
	prctl(PR_SET_DUMPABLE, 1); /* makes /proc/self/uid_map writable */
	map_root();
	EQUAL(geteuid(), 0);
	EQUAL(fd_load(fds[0], "+", 0), 0);
	EQUAL(dev_call(fds[0], BFK_DUMP, &dump), -EPERM);
	EQUAL(open("/dev/bfk", O_RDWR | O_CLOEXEC), -1);
	EQUAL(errno, EACCES);
	for (i = 0; i < 20 && (len = load_much(fds[i])); i++)
		all_len += len;
	if (IS_X86)
		CHECK(i > 2 && i < 20 && all_len <= 1 << 18);
	else
		EQUAL(all_len, 0);
}

/* --- what outputs reveal --------------------------------------------------------------------------- */

/* Does it contain an address of the kernel, at any byte? */
static bool has_address(const void *from, size_t len)
{
	const uint8_t *byte = from;
	uint64_t value;
	size_t i;

	for (i = 0; i + 8 <= len; i++) {
		memcpy(&value, byte + i, 8);
		if (value >> 40 >= 0xffff80 && value < ~0ull - 0xffff)
			return true;
	}
	return false;
}

static void no_address_in(int fd, const char *path)
{
	char text[4096];
	ssize_t len = read(fd, text, sizeof(text) - 1), i;

	CHECK(len > 0);
	text[len] = 0;
	for (i = 0; i + 16 <= len; i++)
		if (strspn(text + i, "0123456789abcdef") >= 16 && !strncmp(text + i, "ffff", 4))
			fail(__FILE__, __LINE__, "an address in %s: %.16s", path, text + i);
	close(fd);
}

/* Every call, the whole tape and fdinfo, for an unprivileged user. */
static void addresses(void)
{
	static const char source[] = "+++[>+<-]%i%m%q,.%r%w%x]";
	struct bfk_dump_args dump = {}, same = {};
	struct dev dev = dev_open(0);
	struct bfk_load_args load;
	struct bfk_run_args run;
	struct bfk_info_args info;
	char path[40];
	size_t len;

	become(USER);
	prctl(PR_SET_DUMPABLE, 1);
	info = dev_info(dev.fd);
	CHECK(!has_address(&info, sizeof(info)));
	for (len = 0; len < sizeof(source); len++) { /* the last one is refused */
		load = load_args(source, 0);
		load.source_len = len;
		dev_call(dev.fd, BFK_LOAD, &load);
		load.source = load.allowed = 0;
		CHECK(!has_address(&load, sizeof(load)));
		dev.tape[0] = 1;
		run = run_args(NULL, 0, 100);
		dev_call(dev.fd, BFK_RUN, &run);
		CHECK(!has_address(&run, sizeof(run)));
		CHECK(!has_address(dev.tape, TAPE_CELLS));
		EQUAL(dev_call(dev.fd, BFK_DUMP, &dump), -EPERM);
		CHECK(!memcmp(&dump, &same, sizeof(dump)));
	}
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", dev.fd);
	no_address_in(open(path, O_RDONLY | O_CLOEXEC), path);
}

static const struct test tests[] = {
	{ "set-uid child inheriting the descriptor", set_uid_child },
	{ "user namespaces give no capability", user_namespace },
	{ "kernel addresses leaking to the unprivileged", addresses },
};

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "set-uid"))
		return do_set_uid(atoi(argv[2]));
	return run_cases(tests, sizeof(tests) / sizeof(*tests), argc, argv);
}
