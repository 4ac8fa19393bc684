// SPDX-License-Identifier: GPL-2.0-only
/* Which ioctls does /dev/bfk not know, and which sizes and addresses of a struct does it accept? */
#include "dev.h"

static const unsigned long cmds[] = { BFK_INFO, BFK_LOAD, BFK_RUN, BFK_RESET, BFK_DUMP };
#define N_CMDS 5

/* A call with another struct size, as from a caller built with another header. */
static unsigned long resized(unsigned long cmd, unsigned int size)
{
	return _IOC(_IOC_DIR(cmd), _IOC_TYPE(cmd), _IOC_NR(cmd), size);
}

static void unknown_nr(void)
{
	char args[256] = {};
	int fd = dev_fd(), nr;

	for (nr = N_CMDS; nr < 256; nr++)
		EQUAL(dev_call(fd, _IOC(3, '%', nr, 8), args), -ENOTTY);
}

static void unknown_type(void)
{
	char args[256] = {};
	int fd = dev_fd(), i;

	for (i = 0; i < N_CMDS; i++) {
		EQUAL(dev_call(fd, _IOC(3, '&', i, 64), args), -ENOTTY);
		EQUAL(dev_call(fd, _IOC(3, 0, i, 64), args), -ENOTTY);
	}
	EQUAL(dev_call(fd, TCGETS, args), -ENOTTY);
}

static void wrong_direction(void)
{
	char args[256] = {};
	int fd = dev_fd(), i, dir;

	for (i = 0; i < N_CMDS; i++)
		for (dir = 0; dir < 3; dir++)
			EQUAL(dev_call(fd, _IOC(dir, '%', i, _IOC_SIZE(cmds[i])), args), -ENOTTY);
}

static void shorter(void)
{
	struct {
		struct bfk_info_args args;
	} info;
	struct bfk_load_args load = load_args("+", 0);
	struct bfk_run_args run = {};
	struct bfk_reset_args reset = { .reserved = 1 };
	struct bfk_dump_args dump;
	int fd = dev_fd();

	memset(&info, 0xee, sizeof(info));
	EQUAL(dev_call(fd, resized(BFK_INFO, 16), &info), 0);
	EQUAL(info.args.abi_version, 2);
	EQUAL(info.args.features, FEATURES);
	EQUAL(info.args.sysops, 0xeeeeeeee); /* beyond the caller's struct: not written */
	EQUAL(info.args.tape_cells, 0xeeeeeeee);
	EQUAL(dev_call(fd, resized(BFK_INFO, 0), NULL), 0);

	EQUAL(dev_call(fd, resized(BFK_RUN, 8), &run), -ENOEXEC);
	memset(&dump, 0, sizeof(dump));
	EQUAL(dev_call(fd, resized(BFK_DUMP, 4), &dump), -ENOEXEC);
	load.error_off = 0xeeeeeeee;
	EQUAL(dev_call(fd, resized(BFK_LOAD, 32), &load), 0);
	EQUAL(load.error_off, 0xeeeeeeee);
	EQUAL(dev_call(fd, resized(BFK_RUN, 8), &run), 0);
	EQUAL(dev_call(fd, resized(BFK_RESET, 4), &reset), 0);
	EQUAL(reset.reserved, 1);
}

static void longer_zero(void)
{
	union {
		struct bfk_load_args load;
		struct bfk_run_args run;
		char room[16000];
	} args;
	int fd = dev_fd();
	unsigned int i;

	for (i = 0; i < sizeof(args.room); i += 7999) {
		unsigned int len = _IOC_SIZE(cmds[1]) + 8 + (i ? 7000 : 0);

		memset(&args, 0, sizeof(args));
		EQUAL(dev_call(fd, resized(BFK_INFO, len), &args), 0);
		memset(&args, 0, sizeof(args));
		args.load = load_args("+", 0);
		EQUAL(dev_call(fd, resized(BFK_LOAD, len), &args), 0);
		memset(&args, 0, sizeof(args));
		EQUAL(dev_call(fd, resized(BFK_RUN, _IOC_SIZE(BFK_RUN) + 1), &args), 0);
		memset(&args, 0, sizeof(args));
		EQUAL(dev_call(fd, resized(BFK_DUMP, len), &args), IS_X86 ? 0 : -ENODATA);
		memset(&args, 0, sizeof(args));
		EQUAL(dev_call(fd, resized(BFK_RESET, sizeof(args)), &args), 0);
	}
}

static void longer_nonzero(void)
{
	char args[512];
	int fd = dev_fd(), i;

	for (i = 0; i < N_CMDS; i++) {
		unsigned int len = _IOC_SIZE(cmds[i]);

		memset(args, 0, sizeof(args));
		args[len] = 1;
		EQUAL(dev_call(fd, resized(cmds[i], len + 1), args), -E2BIG);
		args[len] = 0;
		args[len + 99] = 1;
		EQUAL(dev_call(fd, resized(cmds[i], len + 100), args), -E2BIG);
	}
}

static void args_pointers(void)
{
	int fd = dev_fd(), i;

	EQUAL(fd_load(fd, "+[]", 0), 0);
	for (i = 0; i < N_CMDS; i++) {
		EQUAL(dev_call(fd, cmds[i], NULL), -EFAULT);
		EQUAL(dev_call(fd, cmds[i], (void *)(uintptr_t)KERNEL_ADDR), -EFAULT);
		EQUAL(dev_call(fd, cmds[i], page_end(_IOC_SIZE(cmds[i]) - 1)), -EFAULT);
	}
}

static void args_read_only(void)
{
	char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = dev_fd(), i;

	EQUAL(fd_load(fd, "+", 0), 0);
	for (i = 0; i < N_CMDS; i++)
		EQUAL(dev_call(fd, cmds[i], page), -EFAULT);
}

static void no_read_write(void)
{
	char byte = 0;
	int fd = dev_fd();

	EQUAL(read(fd, &byte, 1), -1);
	EQUAL(errno, EINVAL);
	EQUAL(write(fd, &byte, 1), -1);
	EQUAL(errno, EINVAL);
	EQUAL(pread(fd, &byte, 1, 0), -1);
	EQUAL(pwrite(fd, &byte, 1, 0), -1);
}

static void mode_0600(void)
{
	struct stat stat_;

	EQUAL(stat("/dev/bfk", &stat_), 0);
	EQUAL(stat_.st_mode, S_IFCHR | 0600);
	EQUAL(stat_.st_uid + stat_.st_gid, 0);
	EQUAL(setresuid(1000, 1000, 1000), 0);
	EQUAL(open("/dev/bfk", O_RDWR), -1);
	EQUAL(errno, EACCES);
}

static const struct test tests[] = {
	{ "ioctl (unknown number) is ENOTTY", unknown_nr },
	{ "ioctl (unknown type) is ENOTTY", unknown_type },
	{ "ioctl (wrong direction) is ENOTTY", wrong_direction },
	{ "ioctl (shorter struct) works as if it were extended with zeros, and nothing beyond it is written",
	  shorter },
	{ "ioctl (longer struct with a zero tail) works", longer_zero },
	{ "ioctl (longer struct with a non-zero tail) is E2BIG", longer_nonzero },
	{ "ioctl (struct at NULL, at a kernel address, across the end of a mapping) is EFAULT",
	  args_pointers },
	{ "ioctl (struct in read-only memory) is EFAULT", args_read_only },
	{ "read and write on the device are EINVAL", no_read_write },
	{ "the node is root's, mode 0600", mode_0600 },
};

CASES(tests)
