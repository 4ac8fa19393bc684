// SPDX-License-Identifier: GPL-2.0-only
/* What do DUMP and INFO report, and to whom? */
#include "dev.h"

static void dump_unprivileged(void)
{
	struct bfk_dump_args args = {};
	int fd = dev_fd();

	EQUAL(fd_load(fd, "+", 0), 0);
	EQUAL(dev_call(fd, BFK_DUMP, &args), IS_X86 ? 0 : -ENODATA);
	EQUAL(setresuid(1000, 1000, 1000), 0);
	memset(&args, 0, sizeof(args));
	EQUAL(dev_call(fd, BFK_DUMP, &args), -EPERM);
	EQUAL(args.entry[0], 0);
	EQUAL(args.text_len, 0);
}

static void dump_without_program(void)
{
	struct bfk_dump_args args = {};

	EQUAL(dev_call(dev_fd(), BFK_DUMP, &args), -ENOEXEC);
}

static void dump_interpreted(void)
{
	struct bfk_dump_args args = {};
	int fd = dev_fd();

	EQUAL(fd_load(fd, "+", BFK_LOAD_INTERP), 0);
	EQUAL(dev_call(fd, BFK_DUMP, &args), -ENODATA);
}

static void dump_room(void)
{
	static const unsigned char add[] = { 0x80, 0x03, 0x03 }; /* add byte [rbx], 3 */
	unsigned char text[4096];
	struct bfk_load_args load = load_args("+++[>,.%r<-]", 0);
	struct bfk_dump_args args = {};
	int fd = dev_fd();
	uint32_t i;

	EQUAL(dev_call(fd, BFK_LOAD, &load), 0);
	EQUAL(dev_call(fd, BFK_DUMP, &args), 0);
	EQUAL(args.text_len, load.text_len);
	EQUAL(args.n_ops, load.n_ops);
	memset(text, 0xee, sizeof(text));
	args.text = (uintptr_t)text;
	args.text_len = 6;
	args.n_ops = 0;
	EQUAL(dev_call(fd, BFK_DUMP, &args), 0);
	EQUAL(args.text_len, load.text_len);
	CHECK(!memcmp(text, add, 3));
	EQUAL(text[6], 0xee);
	args.text_len = sizeof(text);
	EQUAL(dev_call(fd, BFK_DUMP, &args), 0);
	for (i = load.text_len; i < sizeof(text); i++)
		EQUAL(text[i], 0xee);
}

static void dump_pointers(void)
{
	struct bfk_dump_args args = { .text_len = 4096, .n_ops = 4096 };
	int fd = dev_fd();

	EQUAL(fd_load(fd, "+++[>,.%r<-]", 0), 0);
	args.text = KERNEL_ADDR;
	EQUAL(dev_call(fd, BFK_DUMP, &args), -EFAULT);
	memset(&args, 0, sizeof(args));
	args.text = (uintptr_t)page_end(3);
	args.text_len = 4096;
	EQUAL(dev_call(fd, BFK_DUMP, &args), -EFAULT);
	memset(&args, 0, sizeof(args));
	args.ops = (uintptr_t)page_end(3);
	args.n_ops = 4096;
	EQUAL(dev_call(fd, BFK_DUMP, &args), -EFAULT);
}

static void info_says(void)
{
	const char *letters = known_letters("");
	int fd = dev_fd(), i;
	struct bfk_info_args info = dev_info(fd);

	EQUAL(info.abi_version, 2);
	EQUAL(info.ops_version, 1);
	EQUAL(info.features, FEATURES);
	for (i = 0; i < 32; i++) {
		char source[3] = { '%', 'a' + i };
		bool known = i < 26 && strchr(letters, 'a' + i);

		note = source;
		EQUAL(info.sysops >> i & 1, known);
		EQUAL(fd_load(fd, source, 0), known ? 0 : -ENOSYS);
	}
	note = "";
	EQUAL(info.tape_cells, TAPE_CELLS);
	EQUAL(info.slots, 64);
	EQUAL(info.source_max_len, 4 << 20);
	EQUAL(info.ops_max, (4 << 20) + 1);
	EQUAL(info.text_len, IS_X86 ? 1 << 20 : 0);
	CHECK(info.text_len >= info.text_free_len && IS_X86 == !!info.text_free_len);
	EQUAL(info.reserved, 0);
}

static void info_garbage(void)
{
	int fd = dev_fd();
	struct bfk_info_args want = dev_info(fd), info;

	memset(&info, 0xff, sizeof(info));
	EQUAL(dev_call(fd, BFK_INFO, &info), 0);
	CHECK(!memcmp(&info, &want, sizeof(info)));
}

static const struct test tests[] = {
	{ "dump (without CAP_SYS_ADMIN) is EPERM and reveals nothing", dump_unprivileged },
	{ "dump (no program) is ENOEXEC", dump_without_program },
	{ "dump (interpreted program) is ENODATA", dump_interpreted },
	{ "dump (room too small) writes what fits and reports the full size", dump_room,
	  .only_x86 = true },
	{ "dump (bad pointers) is EFAULT", dump_pointers, .only_x86 = true },
	{ "info reports exactly the operations that load, and the limits", info_says },
	{ "info (a struct of garbage) ignores its content", info_garbage },
};

CASES(tests)
