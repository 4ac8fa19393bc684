// SPDX-License-Identifier: GPL-2.0-only
/* Can the mapping give away pages of the tape? Everything that would pin them must fail. */
#include "ext4.h"
#include "group.h"
#include "mapped.h"
#include "uring.h"
#include <linux/futex.h>
#include <netinet/in.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>

static void by_vmsplice(void)
{
	struct iovec iov = { NULL, 4096 };
	int ends[2];

	open_tape();
	pipe_make(ends);
	iov.iov_base = dev.tape;
	REFUSED(vmsplice(ends[1], &iov, 1, 0), EFAULT);
	REFUSED(vmsplice(ends[1], &iov, 1, SPLICE_F_GIFT), EFAULT);
	EQUAL(write(ends[1], "copy", 4), 4);
	EQUAL(vmsplice(ends[0], &iov, 1, 0), 4);
	CHECK(!memcmp(dev.tape, "copy", 4));
}

static void by_process_vm(void)
{
	char text[8] = "copied";
	struct iovec local = { text, sizeof(text) }, remote = { NULL, sizeof(text) };

	open_tape();
	remote.iov_base = dev.tape;
	REFUSED(process_vm_readv(getpid(), &local, 1, &remote, 1, 0), EFAULT);
	REFUSED(process_vm_writev(getpid(), &local, 1, &remote, 1, 0), EFAULT);
	CHECK(!memcmp(dev.tape, "tape", 4) && !strcmp(text, "copied"));
}

/* A file without holes: the kernel reads holes without the device. */
static void put_blocks(const char *path)
{
	static char blocks[8192] = "from the device";
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	EQUAL(write(fd, blocks, sizeof(blocks)), sizeof(blocks));
	EQUAL(fsync(fd), 0);
	close(fd);
}

static void by_direct_io(void)
{
	int fd;

	open_tape();
	ext4_mount();
	fd = open("/mnt/bfk-direct", O_RDWR | O_CREAT | O_TRUNC | O_DIRECT | O_CLOEXEC, 0600);
	CHECK(fd >= 0);
	put_blocks("/mnt/bfk-direct");
	REFUSED(pread(fd, dev.tape, 4096, 0), EFAULT);
	REFUSED(pwrite(fd, dev.tape, 4096, 0), EFAULT);
	unlink("/mnt/bfk-direct");
}

static void by_io_uring(void)
{
	struct uring ring = uring_open(0);
	struct iovec iov = { NULL, TAPE_CELLS };

	open_tape();
	iov.iov_base = dev.tape;
	REFUSED(syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_BUFFERS, &iov, 1), EFAULT);
}

static void by_zerocopy(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;
	int peer = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(address);

	open_tape();
	EQUAL(bind(peer, (void *)&address, len), 0);
	EQUAL(getsockname(peer, (void *)&address, &len), 0);
	EQUAL(connect(fd, (void *)&address, sizeof(address)), 0);
	EQUAL(send(fd, dev.tape, 4096, 0), 4096);
	EQUAL(setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)), 0);
	REFUSED(send(fd, dev.tape, 4096, MSG_ZEROCOPY), EFAULT);
}

/* A child that stops, with the tape mapped. */
static pid_t tracee(void)
{
	pid_t pid = fork();

	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(0);
	}
	EQUAL(waitpid(pid, NULL, WUNTRACED), pid);
	return pid;
}

static void by_debugger(void)
{
	char path[40], text[4];
	pid_t pid;
	int fd;

	open_tape();
	pid = tracee();
	REFUSED(ptrace(PTRACE_PEEKDATA, pid, dev.tape, NULL), EIO);
	REFUSED(ptrace(PTRACE_POKEDATA, pid, dev.tape, NULL), EIO);
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	CHECK(fd >= 0);
	REFUSED(pread(fd, text, 4, (uintptr_t)dev.tape), EIO);
	REFUSED(pwrite(fd, text, 4, (uintptr_t)dev.tape), EIO);
	EQUAL(dev.tape[0], 't');
	kill(pid, SIGKILL);
}

static long futex(void *at, int op)
{
	/* It does not wait: the value on the tape is not 1. */
	return syscall(SYS_futex, at, op, 1, NULL, NULL, 0);
}

static void by_futex(void)
{
	open_tape();
	REFUSED(futex(dev.tape, FUTEX_WAIT), EFAULT);
	REFUSED(futex(dev.tape, FUTEX_WAKE), EFAULT);
	REFUSED(futex(dev.tape, FUTEX_WAIT_PRIVATE), EAGAIN);
	EQUAL(futex(dev.tape, FUTEX_WAKE_PRIVATE), 0);
}

/* --- memory comes back ---------------------------------------------------------------------------- */

#define N_INSTANCES 600 /* 64 KiB each: more than twice the limit of the group */

/* Opens one instance after another, and tries to leave pages of each one's tape in a pipe. */
static void take_all(void)
{
	struct iovec iov = { NULL, TAPE_CELLS };
	int ends[2], i;

	EQUAL(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 4096, 4096 }), 0);
	for (i = 0; i < N_INSTANCES; i++) {
		open_tape();
		pipe_make(ends);
		iov.iov_base = dev.tape;
		vmsplice(ends[1], &iov, 1, SPLICE_F_NONBLOCK);
		dev_close(&dev);
	}
	_exit(0);
}

/* Without memory, the group's calls fail; nothing is killed. */
static void memory_comes_back(void)
{
	pid_t pid;
	int status;

	put_text("/proc/sys/kernel/printk", "3"); /* reports go only to the log */
	pid = fork();
	if (!pid) {
		put_text("/proc/self/oom_score_adj", "-1000");
		group_enter("16M");
		take_all();
	}
	status = child_wait(pid, 5 * SOON);
	put_text("/proc/sys/kernel/printk", "5");
	EQUAL(status, 0);
	dir_remove(GROUP);
}

static const struct test tests[] = {
	{ "vmsplice (the tape, to a pipe) is EFAULT, and from a pipe it copies", by_vmsplice },
	{ "process_vm_readv and process_vm_writev (the tape) are EFAULT", by_process_vm },
	{ "read and write (O_DIRECT, the tape) are EFAULT", by_direct_io, 60 },
	{ "io_uring_register (the tape as a buffer) is EFAULT", by_io_uring },
	{ "send (MSG_ZEROCOPY, the tape) is EFAULT, without the flag it works", by_zerocopy },
	{ "ptrace and /proc/PID/mem (the tape) are EIO", by_debugger },
	{ "futex (on the tape, shared) is EFAULT, a private one works", by_futex },
	{ "closing 600 instances (vmsplice tried on each) frees their memory", memory_comes_back,
	  40 },
};

CASES(tests)
