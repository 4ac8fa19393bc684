// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attacks that no other driver makes: on the encoder's edges, on rights that go with a descriptor, on
 * what outputs may tell. attacks.txt lists all there are, and where they are made.
 */
#include <limits.h>
#include <sched.h>
#include <sys/prctl.h>
#include "tests/device/ops.h"

#define USER 1000 /* an unprivileged user */

/* --- displacements -------------------------------------------------------------------------------- */

/* Around each length a displacement can have, and the ends of the ring. */
static const int offs[] = { -128,  -127,  -1,	  0,	  1,	127,  128,   129,
			    130,   -129,  -130,	  255,	  256,	-255, -256,  -257,
			    32767, 32766, -32767, -32768, 4095, 4096, -4096, -4097 };

/* Each op on a place, by way of @off from @head, and what must then lie there and at the head + 1. */
static void displaced(struct dev *dev, uint16_t head, int16_t off)
{
	const struct bfk_op ops[] = {
		{ MOVE, .off = (int16_t)head },
		{ SET, .val = 7, .off = off },
		{ ADD, .val = 250, .off = off },
		{ MUL, .val = 1, .reg = 3, .src_off = off },
		{ MULADD, .val = 3, .off = off, .src_off = off },
		{ MULADD, .val = 1, .off = 1, .src_reg = 3 },
		{ IF, .off = off, .match = 8 },
		{ MULADD, .val = 0xff, .off = 1, .src_off = off },
		{ LABEL },
		{ END },
	};
	uint8_t want[TAPE_CELLS] = {};
	uint16_t place = head + off, next = head + 1;

	want[place] = (uint8_t)(7 + 250) * 4;
	want[next] += 1; /* register 3 */
	want[next] -= want[place];
	dev_load_ops(dev, ops, sizeof(ops) / sizeof(*ops));
	EQUAL(dev_run(dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
	CHECK(!memcmp(dev->tape, want, TAPE_CELLS));
}

static void displacements(void)
{
	static const uint16_t heads[] = { 0, 1, 127, 128, 32768, 65407, 65408, 65535 };
	static char text[60];
	size_t i, j, k;

	note = text;
	for (i = 0; i < 2; i++) {
		struct dev dev = dev_open(engines[i]);

		for (j = 0; j < sizeof(offs) / sizeof(*offs); j++)
			for (k = 0; k < sizeof(heads) / sizeof(*heads); k++) {
				if ((uint16_t)offs[j] == 1) /* both places are the same cell */
					continue;
				snprintf(text, sizeof(text), "off %d, head %u", offs[j], heads[k]);
				displaced(&dev, heads[k], offs[j]);
			}
		dev_close(&dev);
	}
}

/* A program as large as there may be, with a jump from its end to its start and places far off. */
static void largest(void)
{
	size_t n = 150000, i; /* of 7 bytes each: the arena has room for all but the last few */
	struct bfk_op *ops = calloc(n, sizeof(*ops));
	struct bfk_load_args args;
	struct dev dev = dev_open(0);
	uint32_t len;

	CHECK(ops);
	for (; n; n -= 64) {
		ops[0] = (struct bfk_op){ SET, .val = 3, .off = 0 };
		ops[1] = (struct bfk_op){ IF, .match = n - 2 };
		for (i = 2; i < n - 3; i++)
			ops[i] = (struct bfk_op){ ADD, .val = 1, .off = -129 - (int)(i % 32000) };
		ops[n - 3] = (struct bfk_op){ ADD, .val = 0xff };
		ops[n - 2] = (struct bfk_op){ NEXT, .match = 1 };
		ops[n - 1] = (struct bfk_op){ END };
		args = ops_args(ops, n, 0);
		EQUAL(dev_call(dev.fd, BFK_LOAD, &args), 0);
		if (args.engine == BFK_ENGINE_JIT)
			break;
	}
	len = args.text_len;
	CHECK(len > 1000000 && len <= 1 << 20);
	EQUAL(dev_run(&dev, NULL, 0, UNLIMITED).status, BFK_STATUS_END);
	for (i = 2; i < 32002; i++) {
		uint32_t often = 3 * ((n - 3 - i + 31999) / 32000);

		EQUAL(dev.tape[(uint16_t)(-129 - (int)(i % 32000))], (uint8_t)often);
	}
	free(ops);
}

/* --- rights ---------------------------------------------------------------------------------------- */

#define SECRET "/tmp/secret"

static void become(uid_t uid)
{
	EQUAL(setresgid(uid, uid, uid), 0);
	EQUAL(setresuid(uid, uid, uid), 0);
}

/* This program as a file that is root's and set-uid; in it, main() calls do_set_uid(). */
static void make_set_uid(const char *path)
{
	char command[300];

	snprintf(command, sizeof(command), "cp /proc/%d/exe %s && chown 0 %s && chmod 4755 %s",
		 getpid(), path, path, path);
	EQUAL(system(command), 0);
}

/* As root, with a descriptor it was given: what does RUN say? */
static int do_set_uid(int fd)
{
	struct bfk_run_args args = run_args(NULL, 0, UNLIMITED);

	return geteuid() ? 100 : -dev_call(fd, BFK_RUN, &args);
}

/* A child that executes @path; what it says. */
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
	status = child_wait(pid, 5);
	CHECK(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/*
 * A run of an unprivileged process is stopped in front of %o of what it may not read. A set-uid child
 * that is made to RUN it does not open that for it, and it cannot itself.
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

/* Of text: 5,000 ops on cells far off, 7 bytes each. */
static uint32_t load_much(int fd)
{
	static struct bfk_op ops[5000];
	struct bfk_load_args args = ops_args(ops, 5000, 0);
	int i;

	for (i = 0; i < 4999; i++)
		ops[i] = (struct bfk_op){ ADD, .val = 1, .off = 1000 + i };
	EQUAL(dev_call(fd, BFK_LOAD, &args), 0);
	return args.text_len;
}

/* Root of a user namespace is nobody outside of it: neither for DUMP nor for its share of text. */
static void user_namespace(void)
{
	struct bfk_dump_args dump = {};
	uint32_t all_len = 0, len;
	int fds[20], i;

	for (i = 0; i < 20; i++)
		fds[i] = dev_fd();
	prctl(PR_SET_DUMPABLE, 1);
	become(USER);
	prctl(PR_SET_DUMPABLE, 1); /* for /proc/self/uid_map to be ours */
	map_root();
	EQUAL(geteuid(), 0);
	EQUAL(fd_load(fds[0], "+", 0), 0);
	EQUAL(dev_call(fds[0], BFK_DUMP, &dump), -EPERM);
	EQUAL(open("/dev/bfk", O_RDWR | O_CLOEXEC), -1);
	EQUAL(errno, EACCES);
	for (i = 0; i < 20 && (len = load_much(fds[i])); i++)
		all_len += len;
	CHECK(i > 2 && i < 20 && all_len <= 1 << 18);
}

/* --- what outputs tell ----------------------------------------------------------------------------- */

/* Does any place in it look like an address of the kernel? Looked for at each byte. */
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

/* All that can be called, all of the tape and fdinfo, for one who is nobody. */
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
	for (len = 0; len < sizeof(source); len++) { /* the last is refused */
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
	{ "displacement at 127, 128, their negatives and the ring's ends, on both engines",
	  displacements },
	{ "displacement at the largest program", largest, 60 },
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
