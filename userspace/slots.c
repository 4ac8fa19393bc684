// SPDX-License-Identifier: GPL-2.0-only
/* The files a program is handed: --slot, --dir and the arguments behind FILE. Interface: cli.h */
#include "cli.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
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

static int say_bad_spec(const char *spec)
{
	cli_say("'%s' is not N=PATH with a slot N from 0 to %zu", spec, N_SLOTS - 1);
	cli_hint(
		"N=PATH[:MODE], MODE one of r (read), w (write anew), a (append), rw, d (directory)");
	return CLI_USAGE;
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
	if (slots->fds[slot] > STDERR_FILENO)
		close(slots->fds[slot]);
	slots->fds[slot] = fd;
	return CLI_OK;
}

/* "N=PATH[:MODE]"; with @mode not NULL "N=PATH", and all behind the '=' is the path. */
int cli_slots_assign(struct cli_slots *slots, const char *spec, const char *mode)
{
	unsigned long slot;
	char *end, *path;
	int status;

	slot = strtoul(spec, &end, 10);
	if (*spec < '0' || *spec > '9' || *end != '=' || slot >= N_SLOTS)
		return say_bad_spec(spec);
	path = strdup(end + 1);
	if (!path) {
		cli_say("%s", strerror(ENOMEM));
		return CLI_FAILED;
	}
	status = assign(slots, slot, path, mode);
	free(path);
	return status;
}
