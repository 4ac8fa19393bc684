// SPDX-License-Identifier: GPL-2.0-only
/* Does fdinfo report the files in the slots of a run, also while they change? */
#include "fdinfo.h"

/* Each file that a run holds, by its number, flags and path; none before and after the run. */
static void tells_slots(void)
{
	char path[] = "/tmp/a b\nslot:\t9 0 \\", line[200];
	int file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	struct dev dev = dev_open(0);
	int ends[2];

	CHECK(file >= 0);
	pipe_make(ends);
	dev_load(&dev, "+[]");
	EQUAL(strlen(told(dev.fd).slots), 0);
	EQUAL(dev_run(&dev, (int[]){ file, -1, ends[1] }, 3, 1).status, BFK_STATUS_FUEL);
	snprintf(line, sizeof(line),
		 "slot:\t0 0%o /tmp/a b\\012slot:\t9 0 \\134\nslot:\t2 0%o pipe:[",
		 fcntl(file, F_GETFL), fcntl(ends[1], F_GETFL));
	EQUAL(strncmp(told(dev.fd).slots, line, strlen(line)), 0);
	EQUAL(dev_reset(dev.fd, 0), 0);
	EQUAL(strlen(told(dev.fd).slots), 0);
	unlink(path);
}

/*
 * A run opens and closes a file all the time, which is deleted all the time. Without slots_lock the
 * reader uses what is freed, and the debug kernel crashes.
 */
static void tells_slots_while_changing(void)
{
	static const char dir[] = "/tmp", path[] = "/tmp/bfk-limits";
	char opens[400] = "[>>>++++<<<%o", *end = opens + strlen(opens), name[100];
	int seen[2] = {}, dir_fd = open(dir, O_RDONLY | O_CLOEXEC), slot, flags;
	struct dev dev = dev_open(0);
	const char *line;
	pid_t pid;

	memset(end, '>', 32);
	memcpy(end + 32, "%c", 2);
	memset(end + 34, '<', 32);
	memcpy(end + 66, "]", 2);
	dev_load(&dev, opens);
	dev.tape[0] = 1; /* go of %o, whose arg is O_CREAT each time */
	dev.tape[2] = 3;
	dev.tape[6] = strlen(path) - strlen(dir) - 1;
	memcpy(dev.tape + 16, path + strlen(dir) + 1, dev.tape[6]);
	dev.tape[32] = 1; /* go of %c */
	pid = fork();
	if (!pid)
		_exit(dev_run(&dev, (int[]){ -1, -1, -1, dir_fd }, 4, UNLIMITED).status);
	while (seen[0] < 2000 || seen[1] < 2000) {
		struct told is = told(dev.fd);

		for (line = is.slots; *line; line = strchr(line, '\n') + 1) {
			EQUAL(sscanf(line, "slot:\t%d 0%o %99s", &slot, &flags, name), 3);
			EQUAL(strcmp(name, slot ? dir : path), 0);
			seen[!slot]++;
		}
		unlink(path);
		CHECK(waitpid(pid, NULL, WNOHANG) == 0);
	}
	kill(pid, SIGKILL);
	EQUAL(child_wait(pid, SOON), SIGKILL);
	unlink(path);
	close(dir_fd);
}

static const struct test tests[] = {
	{ "fdinfo (files in slots) reports number, flags and path of each", tells_slots },
	{ "fdinfo (files opened, closed and deleted meanwhile) reports the path of each",
	  tells_slots_while_changing },
};

CASES(tests)
