// SPDX-License-Identifier: GPL-2.0-only
/* The files a program is handed: --slot, --dir and the arguments behind FILE. Interface: slots.h */
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

/* Slots 0, 1 and 2 are standard input, output and error, as far as those are open. */
void cli_slots_init(struct cli_slots *slots)
{
	size_t i;

	for (i = 0; i < N_SLOTS; i++)
		slots->fds[i] = i <= STDERR_FILENO && fcntl(i, F_GETFD) >= 0 ? (int)i : -1;
}

/* "N=...": sets @slot, and returns what is behind the '='; NULL, and says so, if it is not that. */
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
	if (slots->fds[slot] > STDERR_FILENO)
		close(slots->fds[slot]);
	slots->fds[slot] = fd;
}

/* Takes ":MODE" off the end of @path, if there is one. */
static const struct mode *cut_mode(char *path)
{
	char *colon = strrchr(path, ':');
	const struct mode *mode = colon ? find_mode(colon + 1) : NULL;

	if (mode)
		*colon = 0;
	return mode ? mode : &modes[0];
}

static int assign(struct cli_slots *slots, size_t slot, char *path, const char *mode_name)
{
	const struct mode *mode = mode_name ? find_mode(mode_name) : cut_mode(path);
	int fd = open(path, mode->flags | O_CLOEXEC | O_NOCTTY, 0666);

	if (fd < 0) {
		cli_say("slot %zu: %s: %s", slot, path, strerror(errno));
		return CLI_FAILED;
	}
	set_slot(slots, slot, fd);
	return CLI_OK;
}

/* "N=PATH[:MODE]"; with @mode not NULL "N=PATH", and all behind the '=' is the path. */
int cli_slots_assign(struct cli_slots *slots, const char *spec, const char *mode)
{
	const char *behind;
	size_t slot;
	char *path;
	int status;

	behind = parse_slot(spec, "PATH", &slot);
	if (!behind) {
		cli_hint("N=PATH[:MODE], MODE one of r (read), w (write anew), a (append), rw, d "
			 "(directory)");
		return CLI_USAGE;
	}
	path = strdup(behind);
	if (!path) {
		cli_say("%s", strerror(ENOMEM));
		return CLI_FAILED;
	}
	status = assign(slots, slot, path, mode);
	free(path);
	return status;
}

/* "N=WHERE" of --listen or --connect. */
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

/* Is there a socket among them? Then its peer's leaving is for the program to see, as EPIPE. */
bool cli_slots_have_socket(const struct cli_slots *slots)
{
	struct stat stat;
	size_t i;

	for (i = 0; i < N_SLOTS; i++)
		if (slots->fds[i] >= 0 && !fstat(slots->fds[i], &stat) && S_ISSOCK(stat.st_mode))
			return true;
	return false;
}
