// SPDX-License-Identifier: GPL-2.0-only
/* The files that a program is given: --slot, --dir and the arguments after FILE. Interface: slots.h */
#include "slots.h"
#include "cli.h"
#include "say.h"
#include "sockets.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define N_SLOTS (sizeof(((struct cli_slots *)0)->fds) / sizeof(int))

struct mode {
	const char *name;
	int flags;
};

static const struct mode modes[] = {
	{ "r", O_RDONLY },
	{ "w", O_WRONLY | O_CREAT | O_TRUNC },
	{ "a", O_WRONLY | O_CREAT | O_APPEND },
	{ "rw", O_RDWR | O_CREAT },
	{ "d", O_RDONLY | O_DIRECTORY },
};

static const struct mode *find_mode(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		if (!strcmp(name, modes[i].name))
			return &modes[i];
	return NULL;
}

/* Slots 0, 1 and 2 are standard input, output and error, if these are open. */
void cli_slots_init(struct cli_slots *slots)
{
	size_t i;

	*slots = (struct cli_slots){};
	for (i = 0; i < N_SLOTS; i++)
		slots->fds[i] = i <= STDERR_FILENO && fcntl(i, F_GETFD) >= 0 ? (int)i : -1;
}

/* Parses "N=...": sets @slot, and returns what follows the '='. NULL, with a message: it is not that. */
static const char *parse_slot(const char *spec, const char *what, size_t *slot)
{
	char *end;

	*slot = strtoul(spec, &end, 10);
	if (*spec >= '0' && *spec <= '9' && *end == '=' && *slot < N_SLOTS)
		return end + 1;
	cli_say("'%s' is not N=%s with a slot N from 0 to %zu", spec, what, N_SLOTS - 1);
	return NULL;
}

static void set_slot(struct cli_slots *slots, size_t slot, int fd)
{
	slots->unmarked[slot] = NULL;
	if (slots->fds[slot] > STDERR_FILENO)
		close(slots->fds[slot]);
	slots->fds[slot] = fd;
}

/* Cuts ":MODE" off the end of @path. NULL: there is none. */
static const struct mode *cut_mode(char *path)
{
	char *colon = strrchr(path, ':');
	const struct mode *mode = colon ? find_mode(colon + 1) : NULL;

	if (mode)
		*colon = 0;
	return mode;
}

/* If a file without a mode does not exist, it was perhaps meant to be written, but not in slot 0. */
static void say_not_open(size_t slot, const char *path, bool has_mode, int err)
{
	cli_say("slot %zu: %s: %s", slot, path, strerror(err));
	if (!has_mode && slot && err == ENOENT)
		cli_hint("without a mode a file is opened for reading; for writing: %zu=%s:w", slot,
			 path);
}

static int assign(struct cli_slots *slots, size_t slot, char *path, const struct mode *mode)
{
	int flags = mode ? mode->flags : O_RDONLY;
	int fd = open(path, flags | O_CLOEXEC | O_NOCTTY, 0666);

	if (fd < 0) {
		say_not_open(slot, path, mode, errno);
		return CLI_FAILED;
	}
	set_slot(slots, slot, fd);
	return CLI_OK;
}

/* Opens "N=PATH[:MODE]". If @mode is not NULL, everything after the '=' is the path. */
int cli_slots_assign(struct cli_slots *slots, const char *spec, const char *mode)
{
	const struct mode *found;
	const char *rest;
	size_t slot;
	char *path;
	int status;

	rest = parse_slot(spec, "PATH", &slot);
	if (!rest) {
		cli_hint("N=PATH[:MODE]; MODE is r (read), w (create or empty), a (append), rw, "
			 "or d (directory)");
		return CLI_USAGE;
	}
	path = strdup(rest);
	if (!path) {
		cli_say("%s", strerror(ENOMEM));
		return CLI_FAILED;
	}
	found = mode ? find_mode(mode) : cut_mode(path);
	status = assign(slots, slot, path, found);
	if (!status && !found)
		slots->unmarked[slot] = rest;
	free(path);
	return status;
}

/* Opens the socket that "N=WHERE" of --listen or --connect names. */
int cli_slots_socket(struct cli_slots *slots, const char *spec, bool is_listening)
{
	const char *where;
	size_t slot;
	int fd, status;

	where = parse_slot(spec, "WHERE", &slot);
	if (!where)
		return CLI_USAGE;
	status = cli_socket(where, is_listening, slot, &fd);
	if (!status)
		set_slot(slots, slot, fd);
	return status;
}

/* Is there a socket among them? If so, a peer that is gone is EPIPE for the program, not SIGPIPE. */
bool cli_slots_have_socket(const struct cli_slots *slots)
{
	struct stat stat;
	size_t i;

	for (i = 0; i < N_SLOTS; i++)
		if (slots->fds[i] >= 0 && !fstat(slots->fds[i], &stat) && S_ISSOCK(stat.st_mode))
			return true;
	return false;
}
