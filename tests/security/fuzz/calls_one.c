// SPDX-License-Identifier: GPL-2.0-only
/* One random call: any of those of bfk, with good and bad arguments, and what else can be done with a descriptor. */
#include <sys/wait.h>
#include "calls.h"
#include "tests/kernel/device/pass.h"
#include "tests/kernel/device/uring.h"

static const char *const sources[] = {
	"+[]",
	",[.,]",
	"%r[>>+<<%w>>-<<%r]",
	"+[>+]",
	"]",
	"%q",
	"+%u[%w+%o]",
	"+++.",
	"%a%h%e%n",
	"%x%l%z%t%y%c%g%p%i%m",
	"-[>-[>-[-]<-]<-]",
	"",
	"[",
	"%",
};

/* A pointer to @len good bytes, to fewer, or to nowhere. */
static uint64_t bad_pointer(uint8_t how, const void *good)
{
	static void *edge;

	if (!edge)
		edge = page_end(8);
	return how % 8 == 1 ? 0 :
	       how % 8 == 2 ? KERNEL_ADDR :
	       how % 8 == 3 ? (uintptr_t)edge :
			      (uintptr_t)good;
}

static long call_load(struct input *in, int fd)
{
	uint8_t what = take8(in), how = take8(in), i;
	struct bfk_load_args args = load_args(sources[what % 14], how % 64);
	struct bfk_op ops[12] = {};

	if (args.flags & BFK_LOAD_OPS) {
		for (i = 0; i < 11; i++) {
			ops[i].kind = take8(in) % 14;
			ops[i].val = what % 3 ? 'r' : take8(in);
			ops[i].off = take8(in) - 100;
			ops[i].match = take8(in) % 13;
		}
		args = ops_args(ops, 12, args.flags & ~(how & 128 ? 0 : BFK_LOAD_PLAIN));
	}
	args.flags &= ~(what & 64 ? 0 : BFK_LOAD_SEAL);
	args.source = bad_pointer(what >> 5, (void *)(uintptr_t)args.source);
	args.tape = bad_pointer(how >> 5, sources[0]);
	args.tape_len = how & 1 ? 4 : 0;
	return ioctl(fd, BFK_LOAD, &args);
}

static long call_run(struct input *in, int fd)
{
	uint8_t how = take8(in), i;
	struct bfk_run_args args = {};
	int list[6];

	for (i = 0; i < 6; i++)
		list[i] = how & 1 ? files[(i + how) % 6] : take8(in) % 16 == 3 ? fd : files[i];
	args = run_args(how & 2 ? list : NULL, how & 2 ? how % 7 : 0, how & 64 ? take8(in) : 20000);
	args.fds = bad_pointer(how & 4 ? take8(in) : 0, (void *)(uintptr_t)args.fds);
	args.flags = how % 32 == 16 ? how : how & 32 ? BFK_RUN_STOP_OPS : 0;
	return ioctl(fd, BFK_RUN, &args);
}

/* A call with any number and any size, of zeros or of garbage. */
static long call_raw(struct input *in, int fd)
{
	uint8_t how = take8(in);
	uint64_t garbage[40] = {};

	if (how & 1)
		memset(garbage, take8(in), sizeof(garbage));
	return ioctl(fd, _IOC(_IOC_READ | _IOC_WRITE, '%', how / 2 % 8, take8(in)),
		     bad_pointer(how >> 5, garbage));
}

/*
 * Calls through io_uring, in a ring that is closed without waiting: the kernel may still write to
 * the arguments later.
 */
static long call_uring(struct input *in, int fd)
{
	static const unsigned int cmds[] = { BFK_INFO, BFK_RUN, BFK_RESET, BFK_DUMP };
	struct io_uring_params params = {};
	/* One for each command: DUMP would take a RUN's arguments as addresses to write to. */
	static struct bfk_run_args all_args[4];
	int ring = syscall(SYS_io_uring_setup, 2, &params);
	uint8_t how = take8(in);
	struct bfk_run_args *args = &all_args[how % 4];
	struct io_uring_sqe *sqes;
	uint32_t *sq;

	if (ring < 0)
		return -1;
	*args = cmds[how % 4] == BFK_RUN ? run_args(files, take8(in) % 5, 500) :
					   run_args(NULL, 0, 0);
	sqes = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	sq = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	if (sqes != MAP_FAILED && sq != MAP_FAILED) {
		sqes[0] = uring_call(fd, cmds[how % 4], args);
		sqes[0].flags = how & 16 ? IOSQE_ASYNC : 0;
		sq[params.sq_off.array / 4] = 0;
		__atomic_store_n(&sq[params.sq_off.tail / 4], 1, __ATOMIC_RELEASE);
		syscall(SYS_io_uring_enter, ring, 1, how & 32 ? 1 : 0,
			how & 32 ? IORING_ENTER_GETEVENTS : 0, NULL, 0);
	}
	munmap(sqes, 4096);
	munmap(sq, 4096);
	return close(ring);
}

/* Sends the descriptor to a socket, and perhaps receives it again. */
static void pass_on(struct input *in, int fd)
{
	fd_send(sockets[0], fd, MSG_DONTWAIT);
	if (take8(in) % 2)
		close(fd_receive(sockets[1], MSG_DONTWAIT));
}

static long in_child(struct input *in, int fd)
{
	uint8_t how = take8(in);
	pid_t pid = fork();

	if (!pid) {
		struct bfk_run_args args = run_args(NULL, 0, 100);

		ioctl(fd, how & 1 ? BFK_RUN : BFK_RESET, &args);
		_exit(0);
	}
	return pid > 0 && waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

/* Maps any part of a tape for a moment, or an invalid range. */
static void map_some(uint8_t what, uint8_t which, int fd)
{
	size_t len = 4096 * (what / 24 + 1);
	void *map = mmap(NULL, len, PROT_READ | (what & 2), what & 1 ? MAP_SHARED : MAP_PRIVATE, fd,
			 which << 12);

	if (map != MAP_FAILED)
		munmap(map, len);
}

void one_call(struct input *in)
{
	uint8_t what = take8(in), which = take8(in) % FDS;
	struct bfk_dump_args dump = {};
	struct bfk_reset_args reset = { .flags = what >> 7 };
	int fd = fds[which];

	__atomic_fetch_add(&n_calls, 1, __ATOMIC_RELAXED);
	switch (what % 24) {
	case 0 ... 4:
		call_load(in, fd);
		break;
	case 5 ... 10:
		call_run(in, fd);
		break;
	case 11:
		ioctl(fd, BFK_RESET, &reset);
		break;
	case 12:
		dump = (struct bfk_dump_args){ bad_pointer(what >> 5, tapes[0]),
					       bad_pointer(what >> 4, tapes[1]), 100, 2 };
		ioctl(fd, BFK_DUMP, &dump);
		break;
	case 13 ... 14:
		call_raw(in, fd);
		break;
	case 15:
		call_uring(in, fd);
		break;
	case 16:
		pass_on(in, fd);
		break;
	case 17:
		in_child(in, fd);
		break;
	case 18:
		close(dup(fd));
		break;
	case 19: /* replace it by another instance */
		fd = open("/dev/bfk", O_RDWR | O_CLOEXEC);
		dup2(fd, fds[which]);
		close(fd);
		break;
	case 20:
		map_some(what, which, fd);
		break;
	case 21: /* write a random frame to the tape */
		for (fd = 0; fd < 20; fd++)
			tapes[which][fd] = take8(in);
		tapes[which][0] = 1;
		break;
	case 22:
		madvise(tapes[which], 4096, take8(in) % 26);
		break;
	default: {
		struct pollfd pollfd = { .fd = fd };
		char text[600];

		snprintf(text, sizeof(text), "/proc/self/fdinfo/%d", fd);
		fd = open(text, O_RDONLY | O_CLOEXEC);
		poll(&pollfd, 1, 0);
		if (read(fd, text, sizeof(text)) < 0)
			poll(&pollfd, 1, 0);
		close(fd);
	}
	}
}
