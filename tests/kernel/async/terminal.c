// SPDX-License-Identifier: GPL-2.0-only
/*
 * terminal TEXT SIGNAL COMMAND [ARGUMENT]... - runs a command whose standard output is a terminal. When that
 * shows TEXT, sends the command SIGNAL, a number. Prints all output, and on a line of its own the signal that
 * ended the command.
 */
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOON_S 300 /* limit for output that never comes, enough for a busy machine */

static void die(const char *what)
{
	fprintf(stderr, "terminal: %s\n", what);
	exit(1);
}

static pid_t start(char **command, int *terminal)
{
	int theirs;
	pid_t pid;

	if (openpty(terminal, &theirs, NULL, NULL, NULL))
		die("no terminal");
	pid = fork();
	if (pid) {
		close(theirs);
		return pid;
	}
	close(*terminal);
	dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
	dup2(theirs, STDOUT_FILENO);
	close(theirs);
	execv(*command, command);
	_exit(127);
}

/* Reads until @text has come; NULL: to the end, where read(2) fails or returns 0. */
static void take_until(int terminal, char *seen, size_t room, const char *text)
{
	size_t len = strlen(seen);
	ssize_t ret;

	while (!text || !strstr(seen, text)) {
		ret = read(terminal, seen + len, room - len - 1);
		if (ret <= 0 && text)
			die("closed before TEXT came");
		if (ret <= 0)
			return;
		len += ret;
		seen[len] = 0;
	}
}

int main(int argc, char **argv)
{
	static char seen[1 << 20];
	int terminal, status;
	pid_t pid;

	if (argc < 4)
		die("usage");
	alarm(SOON_S);
	pid = start(argv + 3, &terminal);
	take_until(terminal, seen, sizeof(seen), argv[1]);
	kill(pid, atoi(argv[2]));
	take_until(terminal, seen, sizeof(seen), NULL);
	if (waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
		die("it had ended already");
	printf("%s\n%d\n", seen, WTERMSIG(status));
	return 0;
}
