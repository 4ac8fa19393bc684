/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A driver is a table of cases. Each runs in its own process group with a time limit, between two
 * checks of the kernel's log, and prints one line of TAP. The first check that fails ends it.
 */
#ifndef BFK_TESTS_CASES_H
#define BFK_TESTS_CASES_H

#include <signal.h>
#include <sys/wait.h>
#include "kmsg.h"

/* x86-64 has machine code, also for 32-bit callers; other architectures interpret programs. */
#if defined(__x86_64__) || defined(__i386__)
#define IS_X86 true
#else
#define IS_X86 false
#endif

struct test {
	const char *name;
	void (*fn)(void);
	unsigned int seconds; /* enough on a quiet machine with a Debian kernel, 0: 20 */
	const char *todo;     /* why it may still fail */
	bool only_x86;	      /* it tests machine code, or x86 itself */
};

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

#endif
