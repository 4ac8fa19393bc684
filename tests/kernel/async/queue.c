// SPDX-License-Identifier: GPL-2.0-only
/*
 * libbfk's queue: the cases of queue_*.c, for each way to run a program. The name of this program
 * chooses the way:
 *
 *   queue-uring    the kernel's engine, over io_uring
 *   queue-threads  the kernel's engine, over threads, at the caller's request
 *   queue-denied   the same, because the kernel allows no io_uring: the administrator has switched
 *                  it off, or, before 6.6, which has no such switch, a seccomp filter denies it
 *   queue-interp-kernel  the kernel's interpreter, over io_uring
 *   queue-jit, queue-interp  the engines of this process
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include "clean.h"
#include "userspace/include/libbfk.h"
#include "parts.h"
#include "queue.h"

enum bfk_where where;
uint32_t queue_flags;
enum bfk_via via;

static const struct test *const tables[] = {
	queue_results, queue_calls, queue_cancels, queue_signals, queue_many, queue_processes,
};

static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return good;
}

#define SWITCH "/proc/sys/kernel/io_uring_disabled"
#define ALLOW_SECCOMP "/sys/module/bfk/parameters/allow_seccomp"

/* From here on io_uring_setup(2) fails with EPERM. */
static void deny(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(*filter), filter };

	if (put(SWITCH, "2"))
		return;
	CHECK(put(ALLOW_SECCOMP, "1"));
	EQUAL(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	EQUAL(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

static void allow(void)
{
	if (!put(SWITCH, "0"))
		CHECK(put(ALLOW_SECCOMP, "0"));
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		enum bfk_where where;
		uint32_t flags;
		enum bfk_via via;
	} ways[] = {
		{ "queue-uring", BFK_WHERE_KERNEL, 0, BFK_VIA_URING },
		{ "queue-interp-kernel", BFK_WHERE_KERNEL_INTERP, 0, BFK_VIA_URING },
		{ "queue-threads", BFK_WHERE_KERNEL, BFK_QUEUE_THREADS, BFK_VIA_THREAD },
		{ "queue-denied", BFK_WHERE_KERNEL, 0, BFK_VIA_THREAD },
		{ "queue-jit", BFK_WHERE_JIT, 0, BFK_VIA_THREAD },
		{ "queue-interp", BFK_WHERE_INTERP, 0, BFK_VIA_THREAD },
	};
	const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	bool is_denied = !strcmp(name, "queue-denied");
	static struct test tests[N_TESTS_MAX];
	int n_tests = tests_join(tests, tables, sizeof(tables) / sizeof(*tables));
	size_t i = 0;
	int status;

	while (strcmp(name, ways[i].name))
		CHECK(++i < sizeof(ways) / sizeof(*ways));
	where = ways[i].where;
	queue_flags = ways[i].flags;
	via = ways[i].via;
	if (is_denied)
		deny();
	status = (where < BFK_WHERE_JIT ? run_clean_cases : run_cases)(tests, n_tests, argc, argv);
	if (is_denied)
		allow();
	return status;
}
