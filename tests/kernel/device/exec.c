// SPDX-License-Identifier: GPL-2.0-only
/* Who owns a stopped run after exec? */
#include "owner.h"

/* What exec starts here is this driver: "continue FD" exits with the result of RUN. */
static int continued(const char *fd)
{
	return -run(atoi(fd), NULL, 0, 3);
}

static void exec_continue(int fd)
{
	char number[20];

	snprintf(number, sizeof(number), "%d", fd);
	execl("/proc/self/exe", "exec", "continue", number, NULL);
	_exit(99);
}

static void exec_inherits(void)
{
	struct dev dev = dev_open(0);
	pid_t pid = fork();

	if (!pid) { /* the owner of the run */
		fcntl(dev.fd, F_SETFD, 0);
		stopped_run(&dev);
		exec_continue(dev.fd);
	}
	EQUAL(child_wait(pid, SOON), 0);
	EQUAL(run(dev.fd, NULL, 0, 3), -EBADFD); /* it has exited */
}

static void exec_in_child(void)
{
	struct dev dev = dev_open(0);
	int end = stopped_run(&dev);
	pid_t pid;

	fcntl(dev.fd, F_SETFD, 0);
	pid = fork();
	if (!pid)
		exec_continue(dev.fd);
	EQUAL(child_wait(pid, SOON), EPERM << 8);
	CHECK(is_quiet(end));
	EQUAL(dev_run(&dev, NULL, 0, 3).status, BFK_STATUS_FUEL);
}

static void exec_closes(void)
{
	struct dev dev = dev_open(0);
	int ends[2];
	pid_t pid;

	pipe_make(ends);
	dev_load(&dev, "+[]");
	pid = fork();
	if (!pid) {
		close(ends[0]);
		dev_run(&dev, &ends[1], 1, 3);
		execl("/bin/sleep", "sleep", "10", NULL); /* every descriptor is close-on-exec */
	}
	close(ends[1]);
	CHECK(is_hung_up(ends[0]));
	kill(pid, SIGKILL);
	EQUAL(run(dev.fd, NULL, 0, 3), -EBADFD);
}

static const struct test tests[] = {
	{ "exec (descriptor kept, own run) continues it", exec_inherits },
	{ "exec (descriptor kept, in a child) cannot continue the parent's run", exec_in_child },
	{ "exec (closes the descriptor) ends the run", exec_closes },
};

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "continue"))
		return continued(argv[2]);
	return run_cases(tests, sizeof(tests) / sizeof(*tests), argc, argv);
}
