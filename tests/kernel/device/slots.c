// SPDX-License-Identifier: GPL-2.0-only
/* When are the files in slots closed: by %c, and at the end of a run? */
#include "open.h"
#include <netinet/in.h>
#include <sys/un.h>

static void close_slot(void)
{
	int ends[2], i;

	for (i = 0; i < 2; i++) {
		pipe_make(ends);
		dev = dev_open(i ? BFK_LOAD_INTERP : 0);
		dev_load(&dev, "%c%c[-]+[]");
		lay(&dev, 0, (struct frame){}, NULL, 0);
		EQUAL(dev_run(&dev, &ends[1], 1, 1).status, BFK_STATUS_FUEL);
		close(ends[1]);
		CHECK(is_hung_up(ends[0])); /* while the run continues */
		dev_close(&dev);
	}
	dev = dev_open(0);
	dev_load(&dev, chain("cc"));
	lay(&dev, 0, (struct frame){}, NULL, 0);
	lay(&dev, 1, (struct frame){}, NULL, 0);
	dev_run(&dev, ends, 1, 1);
	WORKS(laid(&dev, 0));
	FAILS(laid(&dev, 1), EBADF);
	EQUAL(fcntl(ends[0], F_GETFD), FD_CLOEXEC); /* the caller's descriptor stays open */
}

static void close_after_output(void)
{
	int fds[2] = { -1, file_make("", 0) };

	dev = dev_open(0);
	dev_load(&dev, ".>%c>>>>>>>>>>>>>>>>>>>.");
	dev.tape[0] = 'x';
	tape_put(dev.tape, 1, &(struct frame){ .go = 1, .slot = 1 }, 16);
	EQUAL(dev_run(&dev, fds, 2, 1).fail_errno, EBADF); /* from the last '.' */
	EQUAL(frame_get(dev.tape, 1).go, 1);
	CHECK(holds(fds[1], "x"));
}

static void close_drops_read_ahead(void)
{
	int fds[2] = { file_make("abc", 3), open("/etc", O_RDONLY | O_DIRECTORY) };

	dev = dev_open(0);
	dev_load(&dev, ",>%c>>>>>>>>>>>>>>>>>%o>>>>>>>>>>>>>>>>>>>>>>>>,");
	tape_put(dev.tape, 1, &(struct frame){ .go = 1, .slot = 0 }, 16);
	tape_put(dev.tape, 18, &(struct frame){ .go = 1, .slot = 1, .len = 6 }, 16);
	tape_put(dev.tape, 34, "passwd", 6);
	EQUAL(dev_run(&dev, fds, 2, 1).fail_errno, 0);
	EQUAL(frame_get(dev.tape, 18).arg, 0);
	EQUAL(dev.tape[42], 'r'); /* from "root", not the 'b' read ahead */
}

static void closed_at_end(void)
{
	static const char *const ends_of_run[] = { "", "%q", "+[]" };
	const char *path = dir_make();
	int dir = open(path, O_RDONLY | O_DIRECTORY), fifo, i;
	static char source[2 * STEP];

	mkfifoat(dir, "fifo", 0600);
	for (i = 0; i < 3; i++) {
		note = ends_of_run[i];
		dev = dev_open(0);
		strcat(strcpy(source, chain("o")), ends_of_run[i]);
		dev_load(&dev, source);
		lay_text(&dev, 0, (struct frame){ .arg = R | NONBLOCK }, "fifo");
		dev.tape[STEP] = i == 1;
		dev_run(&dev, &dir, 1, 3);
		WORKS(laid(&dev, 0));
		fifo = openat(dir, "fifo", O_WRONLY | O_NONBLOCK);
		if (i == 2) { /* only stopped: the run still holds it */
			CHECK(fifo >= 0);
			close(dev.fd);
			CHECK(is_broken(fifo));
		} else {
			EQUAL(fifo, -1);
			EQUAL(errno, ENXIO);
		}
		close(dev.fd);
	}
}

/* Value of a field of this instance's fdinfo. */
static long long fdinfo_of(int fd, const char *field)
{
	char path[64], line[200];
	long long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "r");
	CHECK(file);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, field, strlen(field)))
			value = strtoll(line + strlen(field), NULL, 10);
	fclose(file);
	return value;
}

/* Number of open files of the whole system. */
static long files_open(void)
{
	FILE *file = fopen("/proc/sys/fs/file-nr", "r");
	long n;

	CHECK(file && fscanf(file, "%ld", &n) == 1);
	fclose(file);
	return n;
}

static void *run_for_ever(void *fd)
{
	dev_run(&dev, fd, 1, UNLIMITED);
	return NULL;
}

/* A program opens and closes a file, and two directories on its path, for ever. */
static void closed_meanwhile(void)
{
	const char *path = dir_make();
	long before;
	pthread_t thread;
	int dir = open(path, O_RDONLY | O_DIRECTORY);

	mkdirat(dir, "a", 0777);
	mkdirat(dir, "a/b", 0777);
	put_file(path, "a/b/f", "here");
	dev = dev_open(0);
	dev_load(&dev, "+[%o>>+<<%c>>->[-]<<<]");
	lay_text(&dev, 0, (struct frame){ .arg = R }, "a/b/f");
	before = files_open();
	EQUAL(pthread_create(&thread, NULL, run_for_ever, &dir), 0);
	while (fdinfo_of(dev.fd, "sysops:") < 4000) /* 6,000 files have been opened */
		CHECK(files_open() < before + 600);
}

/* A run accepts and closes a connection, and then spins. */
static void accepted_closed(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "" };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(address);
	pthread_t thread;

	EQUAL(bind(listener, (void *)&address, sizeof(sa_family_t)), 0);
	EQUAL(getsockname(listener, (void *)&address, &len), 0);
	EQUAL(listen(listener, 1), 0);
	dev = dev_open(0);
	dev_load(&dev, "%a>>+<<%c[]");
	lay(&dev, 0, (struct frame){}, NULL, 0);
	EQUAL(pthread_create(&thread, NULL, run_for_ever, &listener), 0);
	EQUAL(connect(peer, (void *)&address, len), 0);
	CHECK(is_hung_up(peer));
	while (fdinfo_of(dev.fd, "sysops:") < 2) /* it continues, and counts the close */
		nap(1);
}

/* Closing this connection waits for a peer that never reads, until SIGKILL ends the wait. */
static void lingering_killed(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), peer, small = 2048;
	struct linger linger = { 1, 1000 };
	socklen_t len = sizeof(address);
	pid_t pid;

	EQUAL(setsockopt(listener, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	EQUAL(bind(listener, (void *)&address, len), 0);
	EQUAL(getsockname(listener, (void *)&address, &len), 0);
	EQUAL(listen(listener, 1), 0);
	dev = dev_open(0);
	dev_load(&dev, "%a>>+<<%w%c");
	lay(&dev, 0, (struct frame){ .len = 65520 }, NULL, 0);
	pid = fork();
	if (!pid) {
		dev_run(&dev, &listener, 1, UNLIMITED);
		_exit(0);
	}
	peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	EQUAL(setsockopt(peer, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)), 0);
	EQUAL(connect(peer, (void *)&address, len), 0);
	EQUAL(child_wait(pid, 0.5), -1); /* it lingers */
	kill(pid, SIGKILL);
	EQUAL(child_wait(pid, SOON), SIGKILL);
}

static void opened_lock_released(void)
{
	struct dev other;
	int fd = tmp_open("bfk-count", O_RDWR | O_CREAT), i;

	(void)fd;
	dev = other = dev_open(0);
	for (i = 0; i < 200; i++) { /* far more than there are slots */
		int dir = open("/tmp", O_RDONLY | O_DIRECTORY);

		WORKS(open_then(dir, "bfk-count", R, 'z', ""));
		close(dir);
	}
}

static const struct test tests[] = {
	{ "%c empties a passed slot at once, and is EBADF on an empty one", close_slot },
	{ "%c (slot 1) first writes what '.' has buffered", close_after_output },
	{ "%c (slot 0) drops what ',' has read ahead", close_drops_read_ahead },
	{ "files opened by the program are closed when it ends, quits or is released",
	  closed_at_end },
	{ "%o and %c (in an endless run) hold no more files than are open", closed_meanwhile },
	{ "%a and %c (in an endless run) close at once, as the peer sees", accepted_closed },
	{ "%c (a lingering connection) ends at SIGKILL", lingering_killed },
	{ "%o (200 runs) leaves no file open", opened_lock_released },
};

CASES(tests)
