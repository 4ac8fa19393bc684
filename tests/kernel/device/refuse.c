// SPDX-License-Identifier: GPL-2.0-only
/* Every request that /dev/bfk refuses, and the closest ones that it accepts. */
#include "dev.h"

static const unsigned long cmds[] = { BFK_INFO, BFK_LOAD, BFK_RUN, BFK_RESET, BFK_DUMP };
#define N_CMDS 5

/* A call with another struct size, as from a caller built with another header. */
static unsigned long resized(unsigned long cmd, unsigned int size)
{
	return _IOC(_IOC_DIR(cmd), _IOC_TYPE(cmd), _IOC_NR(cmd), size);
}

static int load(struct bfk_load_args args)
{
	int fd = dev_fd(), ret = dev_call(fd, BFK_LOAD, &args);

	close(fd);
	return ret;
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

static void load_flags(void)
{
	int bit;

	for (bit = 6; bit < 32; bit++)
		EQUAL(load(load_args("+", 1u << bit)), -EINVAL);
	EQUAL(load(load_args("+", ~0u)), -EINVAL);
}

static void load_eof_flags(void)
{
	EQUAL(load(load_args("+", BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP)), -EINVAL);
	EQUAL(load(load_args("+", BFK_LOAD_EOF_255)), 0);
	EQUAL(load(load_args("+", BFK_LOAD_EOF_KEEP)), 0);
}

static void load_ops_version(void)
{
	struct bfk_load_args args = load_args("+", 0);

	args.ops_version = BFK_OPS_VERSION;
	EQUAL(load(args), -EINVAL);
	args.ops_version = 0x80000000;
	EQUAL(load(args), -EINVAL);
	args.ops_version = 0;
	EQUAL(load(args), 0);
}

static void load_allowed(void)
{
	struct bfk_load_args args = load_args("+", 0);
	int bit;

	for (bit = 26; bit < 32; bit++) {
		args.allowed = 1u << bit;
		EQUAL(load(args), -EINVAL);
	}
	args.allowed = 0;
	EQUAL(load(args), 0);
}

static void load_source_pointer(void)
{
	struct bfk_load_args args = load_args("+", 0);
	char *edge = page_end(4);

	memcpy(edge, "++++", 4);
	args.source = 0;
	EQUAL(load(args), -EFAULT);
	args.source = KERNEL_ADDR;
	EQUAL(load(args), -EFAULT);
	args.source = ~0ull;
	EQUAL(load(args), -EFAULT);
	args.source = (uintptr_t)edge;
	args.source_len = 5;
	EQUAL(load(args), -EFAULT);
	args.source_len = 4;
	EQUAL(load(args), 0);
	args.source = 0;
	args.source_len = 0;
	EQUAL(load(args), 0);
}

static void load_tape_pointer(void)
{
	struct bfk_load_args args = load_args("+", 0);

	args.tape_len = 5;
	EQUAL(load(args), -EFAULT);
	args.tape = KERNEL_ADDR;
	EQUAL(load(args), -EFAULT);
	args.tape = (uintptr_t)page_end(4);
	EQUAL(load(args), -EFAULT);
	args.tape_len = 4;
	EQUAL(load(args), 0);
}

static void load_source_len(void)
{
	uint32_t max = 4u << 20;
	char *source = malloc(max + 1);
	struct bfk_load_args args = load_args("", 0);
	int fd = dev_fd();

	memset(source, 'x', max + 1);
	args.source = (uintptr_t)source;
	args.source_len = max + 1;
	EQUAL(dev_call(fd, BFK_LOAD, &args), -E2BIG);
	EQUAL(args.error, BFK_ERROR_TOO_LONG);
	EQUAL(args.error_off, max);
	args.source_len = ~0u;
	EQUAL(dev_call(fd, BFK_LOAD, &args), -E2BIG);
	args.source_len = max;
	EQUAL(dev_call(fd, BFK_LOAD, &args), 0);
	EQUAL(args.error, BFK_ERROR_NONE);
	EQUAL(args.n_ops, 1);
	EQUAL(dev_info(fd).source_max_len, max);
}

static void load_tape_len(void)
{
	struct bfk_load_args args = load_args("+", 0);
	static char tape[TAPE_CELLS + 1];

	args.tape = (uintptr_t)tape;
	args.tape_len = TAPE_CELLS + 1;
	EQUAL(load(args), -EINVAL);
	args.tape_len = ~0u;
	EQUAL(load(args), -EINVAL);
	args.tape_len = TAPE_CELLS;
	EQUAL(load(args), 0);
}

/* LOAD must return this errno, error and place. */
static void parse_error(const char *source, int err, uint32_t error, uint32_t error_off)
{
	struct bfk_load_args args = load_args(source, 0);
	int fd = dev_fd();

	note = source;
	EQUAL(dev_call(fd, BFK_LOAD, &args), -err);
	EQUAL(args.error, error);
	EQUAL(args.error_off, error_off);
	close(fd);
}

static void parse_unopened(void)
{
	parse_error("]", ENOEXEC, BFK_ERROR_UNOPENED, 0);
	parse_error("+[-] ]", ENOEXEC, BFK_ERROR_UNOPENED, 5);
	parse_error("[]][", ENOEXEC, BFK_ERROR_UNOPENED, 2);
}

static void parse_unclosed(void)
{
	parse_error("[", ENOEXEC, BFK_ERROR_UNCLOSED, 0);
	parse_error("+[+[[]", ENOEXEC, BFK_ERROR_UNCLOSED, 3);
}

static void parse_unknown(void)
{
	parse_error("+%", ENOSYS, BFK_ERROR_UNKNOWN_OP, 1);
	parse_error("%%r", ENOSYS, BFK_ERROR_UNKNOWN_OP, 0);
	parse_error("%R", ENOSYS, BFK_ERROR_UNKNOWN_OP, 0);
	parse_error("% r", ENOSYS, BFK_ERROR_UNKNOWN_OP, 0);
	parse_error("%K", ENOSYS, BFK_ERROR_UNKNOWN_OP, 0);
	parse_error("[%`]", ENOSYS, BFK_ERROR_UNKNOWN_OP, 1);
	parse_error("[%{]", ENOSYS, BFK_ERROR_UNKNOWN_OP, 1);
	parse_error("[%\xf2]", ENOSYS, BFK_ERROR_UNKNOWN_OP, 1);
	parse_error(">>[-]+%r [%K]%R", ENOSYS, BFK_ERROR_UNKNOWN_OP, 10);
	parse_error("%[]", ENOEXEC, BFK_ERROR_UNOPENED, 2); /* the '[' belongs to the '%' */
	parse_error("%[", ENOSYS, BFK_ERROR_UNKNOWN_OP, 0);
}

/* Operations are checked after the brackets. */
static void parse_order(void)
{
	struct bfk_load_args args = load_args("%K%r]", 0);
	int fd = dev_fd();

	args.allowed = 0;
	EQUAL(dev_call(fd, BFK_LOAD, &args), -ENOEXEC);
	EQUAL(args.error, BFK_ERROR_UNOPENED);
	EQUAL(args.error_off, 4);
	args.source_len = 4;
	EQUAL(dev_call(fd, BFK_LOAD, &args), -ENOSYS);
	EQUAL(args.error, BFK_ERROR_UNKNOWN_OP);
	EQUAL(args.error_off, 0);
	args.source += 2;
	args.source_len = 2;
	EQUAL(dev_call(fd, BFK_LOAD, &args), -EACCES);
	EQUAL(args.error, BFK_ERROR_DENIED_OP);
	EQUAL(args.error_off, 0);
	parse_error("[%K", ENOEXEC, BFK_ERROR_UNCLOSED, 0);
	parse_error("%K]", ENOEXEC, BFK_ERROR_UNOPENED, 2);
}

static void parse_denied(void)
{
	struct bfk_load_args args = load_args("+%r %w", 0);
	int fd = dev_fd();

	args.allowed = 1 << ('r' - 'a');
	EQUAL(dev_call(fd, BFK_LOAD, &args), -EACCES);
	EQUAL(args.error, BFK_ERROR_DENIED_OP);
	EQUAL(args.error_off, 4);
	args.allowed |= 1 << ('w' - 'a');
	EQUAL(dev_call(fd, BFK_LOAD, &args), 0);
	args.allowed = 0;
	args.flags = BFK_LOAD_PLAIN;
	EQUAL(dev_call(fd, BFK_LOAD, &args), 0);
}

static void parse_deep(void)
{
	enum { DEEP = 1000000 };
	char *source = calloc(1, 2 * DEEP + 2);

	memset(source, '[', DEEP);
	parse_error(source, ENOEXEC, BFK_ERROR_UNCLOSED, DEEP - 1);
	memset(source + DEEP, ']', DEEP - 1);
	parse_error(source, ENOEXEC, BFK_ERROR_UNCLOSED, 0);
	memset(source + DEEP, ']', DEEP + 1);
	parse_error(source, ENOEXEC, BFK_ERROR_UNOPENED, 2 * DEEP);
	parse_error(source + DEEP, ENOEXEC, BFK_ERROR_UNOPENED, 0);
}

static void failed_load_keeps(void)
{
	struct dev dev = dev_open(0);
	uint32_t free_len;

	dev_load(&dev, "+++[>+++[-]<-]");
	dev.tape[77] = 5;
	free_len = dev_info(dev.fd).text_free_len;
	EQUAL(fd_load(dev.fd, "]", 0), -ENOEXEC);
	EQUAL(fd_load(dev.fd, "+", 1u << 31), -EINVAL);
	EQUAL(fd_load(dev.fd, "%K", 0), -ENOSYS);
	EQUAL(dev.tape[77], 5);
	EQUAL(dev_info(dev.fd).text_free_len, free_len);
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_FUEL);
	EQUAL(fd_load(dev.fd, "[", 0), -ENOEXEC);
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_FUEL); /* continues */
	EQUAL(dev.tape[0], 2 - 1);
}

static void sealed(void)
{
	struct dev dev = dev_open(0);

	EQUAL(fd_load(dev.fd, "]", BFK_LOAD_SEAL), -ENOEXEC);
	EQUAL(fd_load(dev.fd, "++", BFK_LOAD_SEAL), 0);
	EQUAL(fd_load(dev.fd, "+++", 0), -EPERM);
	EQUAL(fd_load(dev.fd, "+++", BFK_LOAD_SEAL), -EPERM);
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 2);
	EQUAL(dev_reset(dev.fd, 0), 0);
	EQUAL(dev_run(&dev, NULL, 0, 1).status, BFK_STATUS_END);
	EQUAL(dev.tape[0], 2);
}

static int run(int fd, const int *fds, uint32_t n_fds)
{
	struct bfk_run_args args = run_args(fds, n_fds, 10);

	return dev_call(fd, BFK_RUN, &args);
}

static void run_flags(void)
{
	int fd = dev_fd(), bit;

	EQUAL(fd_load(fd, "+", 0), 0);
	for (bit = 0; bit < 32; bit++) {
		struct bfk_run_args args = { .flags = 1u << bit };
		bool is_known = args.flags & BFK_RUN_STOP_OPS;

		EQUAL(dev_call(fd, BFK_RUN, &args), is_known ? 0 : -EINVAL);
		EQUAL(args.flags, 1u << bit);
	}
	EQUAL(run(fd, NULL, 0), 0);
}

static void run_without_program(void)
{
	int fd = dev_fd();

	EQUAL(run(fd, NULL, 0), -ENOEXEC);
	EQUAL(fd_load(fd, "[", 0), -ENOEXEC);
	EQUAL(run(fd, NULL, 0), -ENOEXEC);
}

static void run_after_end(void)
{
	static const char *const ends[] = { "+", "+%q", ".>>,", "," };
	unsigned int i;

	for (i = 0; i < 4; i++) {
		int fd = dev_fd();

		note = ends[i];
		EQUAL(fd_load(fd, ends[i], 0), 0);
		EQUAL(run(fd, NULL, 0), 0);
		EQUAL(run(fd, NULL, 0), -EBADFD);
		EQUAL(run(fd, NULL, 0), -EBADFD);
		EQUAL(dev_reset(fd, 0), 0);
		EQUAL(run(fd, NULL, 0), 0);
		close(fd);
	}
}

static void run_fds_again(void)
{
	int fd = dev_fd(), one = 1;

	EQUAL(fd_load(fd, "+[]", 0), 0);
	EQUAL(run(fd, NULL, 0), 0);
	EQUAL(run(fd, &one, 1), -EINVAL);
	EQUAL(run(fd, NULL, 65), -EINVAL);
	EQUAL(run(fd, NULL, 0), 0);
}

static void run_many_fds(void)
{
	int fd = dev_fd(), fds[65], i;

	for (i = 0; i < 65; i++)
		fds[i] = 1;
	EQUAL(fd_load(fd, "+", 0), 0);
	EQUAL(run(fd, fds, 65), -EINVAL);
	EQUAL(run(fd, fds, ~0u), -EINVAL);
	EQUAL(run(fd, fds, 64), 0);
}

static void run_fds_pointer(void)
{
	int fd = dev_fd(), *fds = page_end(4);

	*fds = 1;
	EQUAL(fd_load(fd, "+", 0), 0);
	EQUAL(run(fd, NULL, 1), -EFAULT);
	EQUAL(run(fd, (int *)(uintptr_t)KERNEL_ADDR, 1), -EFAULT);
	EQUAL(run(fd, fds, 2), -EFAULT);
	EQUAL(run(fd, fds, 1), 0);
}

static void run_bad_fd(void)
{
	static const int bad[] = { -2, 9999, 0x7fffffff, -0x7fffffff - 1 };
	int fd = dev_fd(), i;

	EQUAL(fd_load(fd, "+", 0), 0);
	for (i = 0; i < 4; i++)
		EQUAL(run(fd, &bad[i], 1), -EBADF);
	EQUAL(run(fd, (int[]){ -1, -1 }, 2), 0);
}

static void run_path_fd(void)
{
	int fd = dev_fd(), path = open("/tmp", O_PATH);

	EQUAL(fd_load(fd, "+", 0), 0);
	EQUAL(run(fd, &path, 1), -EBADF);
}

static void run_instance_fd(void)
{
	int fd = dev_fd(), other = dev_fd(), copy = dup(fd);

	EQUAL(fd_load(fd, "+", 0), 0);
	EQUAL(run(fd, &fd, 1), -EINVAL);
	EQUAL(run(fd, &copy, 1), -EINVAL);
	EQUAL(run(fd, &other, 1), -EINVAL);
	EQUAL(run(fd, NULL, 0), 0);
}

static void run_refused_holds_nothing(void)
{
	int fd = dev_fd(), ends[2], files[3];

	pipe_make(ends);
	EQUAL(fd_load(fd, "+[]", 0), 0);
	files[0] = files[1] = ends[1];
	files[2] = 9999;
	EQUAL(run(fd, files, 3), -EBADF);
	files[2] = fd;
	EQUAL(run(fd, files, 3), -EINVAL);
	close(ends[1]);
	CHECK(is_hung_up(ends[0]));
	EQUAL(run(fd, NULL, 0), 0);
}

static void reset_flags(void)
{
	int fd = dev_fd(), bit;

	for (bit = 1; bit < 32; bit++)
		EQUAL(dev_reset(fd, 1u << bit), -EINVAL);
	EQUAL(dev_reset(fd, BFK_RESET_KEEP_TAPE), 0);
}

static void reset_reserved(void)
{
	struct bfk_reset_args args = { .reserved = 1 };

	EQUAL(dev_call(dev_fd(), BFK_RESET, &args), -EINVAL);
}

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
		EQUAL(load(load_args(source, 0)), known ? 0 : -ENOSYS);
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

/* mmap of the device; returns 0 or -errno, and then nothing is mapped. */
static int map(size_t len, int prot, int flags, off_t off)
{
	int fd = dev_fd();
	void *at = mmap(NULL, len, prot, flags, fd, off);
	int err = at == MAP_FAILED ? -errno : 0;

	if (!err)
		munmap(at, len);
	close(fd);
	return err;
}

#define RW (PROT_READ | PROT_WRITE)

static void mmap_private(void)
{
	EQUAL(map(TAPE_CELLS, RW, MAP_PRIVATE, 0), -EINVAL);
	EQUAL(map(TAPE_CELLS, PROT_READ, MAP_PRIVATE, 0), -EINVAL);
}

/* What a process executes from its own mapping is its own business, as with any of its memory. */
static void mmap_exec(void)
{
#ifdef __aarch64__
	static const uint32_t code[] = { 0x52800540, 0xd65f03c0 }; /* mov w0, #42; ret */
#else
	static const uint8_t code[] = { 0xb8, 42, 0, 0, 0, 0xc3 }; /* mov eax, 42; ret */
#endif
	struct dev dev = dev_open(0);
	void *map = mmap(NULL, TAPE_CELLS, PROT_READ | PROT_EXEC, MAP_SHARED, dev.fd, 0);

	CHECK(map != MAP_FAILED);
	memcpy(dev.tape, code, sizeof(code));
	__builtin___clear_cache((char *)dev.tape, (char *)dev.tape + sizeof(code));
	EQUAL(((int (*)(void))map)(), 42);
	EQUAL(mprotect(dev.tape, TAPE_CELLS, PROT_READ | PROT_EXEC), 0);
	EQUAL(((int (*)(void))dev.tape)(), 42);
}

static void mmap_range(void)
{
	EQUAL(map(TAPE_CELLS + 1, RW, MAP_SHARED, 0), -ENXIO);
	EQUAL(map(TAPE_CELLS * 16, RW, MAP_SHARED, 0), -ENXIO);
	EQUAL(map(TAPE_CELLS, RW, MAP_SHARED, page_len()), -ENXIO);
	EQUAL(map(4096, RW, MAP_SHARED, TAPE_CELLS), -ENXIO);
	EQUAL(map(page_len(), RW, MAP_SHARED, TAPE_CELLS - page_len()), 0);
	EQUAL(map(0, RW, MAP_SHARED, 0), -EINVAL);
}

static void mmap_part(void)
{
	struct dev dev = dev_open(0);
	size_t page = page_len(), at = page + 904;
	uint8_t *part = mmap(NULL, 2 * page, RW, MAP_SHARED, dev.fd, 2 * page);
	uint8_t *end = mmap(NULL, page, PROT_READ, MAP_SHARED, dev.fd, TAPE_CELLS - page);

	CHECK(part != MAP_FAILED && end != MAP_FAILED);
	dev_load(&dev, "<+++");
	dev_run(&dev, NULL, 0, 1);
	EQUAL(end[page - 1], 3);
	part[at] = 9;
	EQUAL(dev.tape[2 * page + at], 9);
	munmap(dev.tape + page, page);
	munmap(part, page);
	EQUAL(part[at], 9);
	EQUAL(dev.tape[2 * page + at], 9);
}

static void mmap_after_close(void)
{
	struct dev dev = dev_open(0);
	int i;

	dev_load(&dev, "+++");
	dev_run(&dev, NULL, 0, 1);
	close(dev.fd);
	EQUAL(dev.tape[0], 3);
	memset(dev.tape, 7, TAPE_CELLS);
	for (i = 0; i < 20; i++) { /* other instances get other pages */
		struct dev other = dev_open(0);

		EQUAL(other.tape[0] + other.tape[65535], 0);
		memset(other.tape, i + 100, TAPE_CELLS);
		dev_close(&other);
	}
	EQUAL(dev.tape[0], 7);
	EQUAL(dev.tape[65535], 7);
}

static void mmap_fork(void)
{
	struct dev dev = dev_open(0);
	pid_t pid = fork();

	if (!pid) {
		dev.tape[9] = 42;
		_exit(0);
	}
	EQUAL(child_wait(pid, SOON), 0);
	EQUAL(dev.tape[9], 42);
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
	{ "load (unknown flag) is EINVAL", load_flags },
	{ "load (both end-of-file flags) is EINVAL", load_eof_flags },
	{ "load (source with a version of ops) is EINVAL", load_ops_version },
	{ "load (allowed bits beyond z) is EINVAL", load_allowed },
	{ "load (bad source pointer) is EFAULT", load_source_pointer },
	{ "load (bad tape pointer) is EFAULT", load_tape_pointer },
	{ "load (source of 4 MiB and a byte) is E2BIG", load_source_len },
	{ "load (tape of more than 65,536 cells) is EINVAL", load_tape_len },
	{ "load (extra ']') is ENOEXEC and reports the place", parse_unopened },
	{ "load (extra '[') is ENOEXEC and reports the innermost", parse_unclosed },
	{ "load (unknown operation) is ENOSYS and reports the place", parse_unknown },
	{ "load (denied operation) is EACCES and reports the place", parse_denied },
	{ "load (bad brackets and operations) reports the brackets first", parse_order },
	{ "load (a million brackets, one too many) is ENOEXEC and reports the place", parse_deep },
	{ "load (refused) leaves program, tape and run unchanged", failed_load_keeps },
	{ "load (sealed) is EPERM, and a refused load seals nothing", sealed },
	{ "run (unknown flag) is EINVAL", run_flags },
	{ "run (no program) is ENOEXEC", run_without_program },
	{ "run (ended, quit or failed) is EBADFD until reset", run_after_end },
	{ "run (files passed when continuing) is EINVAL", run_fds_again },
	{ "run (more than 64 files) is EINVAL", run_many_fds },
	{ "run (bad pointer to files) is EFAULT", run_fds_pointer },
	{ "run (descriptor that is not open) is EBADF", run_bad_fd },
	{ "run (O_PATH descriptor) is EBADF", run_path_fd },
	{ "run (an instance among the files, its own or another) is EINVAL", run_instance_fd },
	{ "run (refused) holds none of the files and can be tried again",
	  run_refused_holds_nothing },
	{ "reset (unknown flag) is EINVAL", reset_flags },
	{ "reset (reserved not zero) is EINVAL", reset_reserved },
	{ "dump (without CAP_SYS_ADMIN) is EPERM and reveals nothing", dump_unprivileged },
	{ "dump (no program) is ENOEXEC", dump_without_program },
	{ "dump (interpreted program) is ENODATA", dump_interpreted },
	{ "dump (room too small) writes what fits and reports the full size", dump_room,
	  .only_x86 = true },
	{ "dump (bad pointers) is EFAULT", dump_pointers, .only_x86 = true },
	{ "info reports exactly the operations that load, and the limits", info_says },
	{ "info (a struct of garbage) ignores its content", info_garbage },
	{ "mmap (private) is EINVAL", mmap_private },
	{ "mmap (executable) is a mapping like any other", mmap_exec },
	{ "mmap (beyond the tape, by length or offset) is ENXIO", mmap_range },
	{ "mmap (part of the tape) shows that part", mmap_part },
	{ "mmap stays valid after close, and nobody else gets its pages", mmap_after_close },
	{ "mmap is inherited by fork and stays the tape", mmap_fork },
	{ "read and write on the device are EINVAL", no_read_write },
	{ "the node is root's, mode 0600", mode_0600 },
};

CASES(tests)
