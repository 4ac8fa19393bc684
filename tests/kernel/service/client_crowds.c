// SPDX-License-Identifier: GPL-2.0-only
/* Many connections, and those that vanish, never read, or send nothing. */
#include "client.h"

/* @n connections of a user that policy refuses: each gets its reply before sending anything. */
void refused(int n)
{
	int fd, instance_fd;

	for (; n; n--) {
		fd = dial();
		if (receive(fd, &instance_fd) != EACCES)
			die("no refusal");
		close(fd);
	}
}

void vanish(int n)
{
	struct service_request good = request();
	int fd;

	for (; n; n--) {
		fd = dial();
		put(fd, &good, sizeof(good));
		put(fd, hello, HELLO_LEN);
		close(fd);
	}
}

/* @n connections at a time: all have begun before the first ends. */
void many(int n)
{
	struct service_request good = request();
	int *fds = calloc(n, sizeof(*fds)), i, err, instance_fd;

	for (i = 0; i < n; i++) {
		fds[i] = dial();
		put(fds[i], &good, sizeof(good));
	}
	for (i = 0; i < n; i++)
		put(fds[i], hello, HELLO_LEN);
	for (i = 0; i < n; i++) {
		err = receive(fds[i], &instance_fd);
		if (err)
			die("client %d: %d", i, err);
		close(fds[i]);
	}
	free(fds); /* the instances are closed at exit */
}

/* Always asks for more than it may have, and never reads a reply, until it is killed. */
void flood(int n)
{
	static char source[60000];
	struct service_request from = request();
	int *fds = calloc(n, sizeof(*fds)), i;
	unsigned int turn;

	from.source_len = sizeof(source);
	from.passes = BFK_LEVEL_2;
	for (i = 0; i < n; i++)
		fds[i] = -1;
	printf("flooding\n");
	fflush(stdout);
	for (turn = 0;; turn++) {
		memset(source, "+>-<."[turn % 5], sizeof(source));
		memcpy(source, &turn, sizeof(turn)); /* every source is different */
		i = turn % n;
		close(fds[i]);
		fds[i] = dial();
		send(fds[i], &from, sizeof(from), MSG_NOSIGNAL);
		send(fds[i], source, sizeof(source), MSG_NOSIGNAL);
	}
}

/* Prints "connected", and then how the service ends the connection. */
void idle(int unused)
{
	int fd = dial(), instance_fd;

	(void)unused;
	printf("connected\n");
	fflush(stdout);
	if (receive(fd, &instance_fd) != -1)
		die("a reply to nothing");
}
