// SPDX-License-Identifier: GPL-2.0-only
/* bfkd: the listening socket. Interface: listen.h */
#include "listen.h"
#include "instances.h"
#include "log.h"
#include "options.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define BACKLOG 1024

static bool is_ours; /* made here, not by systemd */
static int handed_fd = -1;

/* A socket without a listener was left by a service that was killed. */
static bool is_stale(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool is_refused;
	struct stat stat;

	if (lstat(address->sun_path, &stat) || !S_ISSOCK(stat.st_mode)) {
		close(fd);
		return false; /* connecting to any other file is refused too */
	}
	is_refused = fd >= 0 && connect(fd, (const void *)address, sizeof(*address)) &&
		     errno == ECONNREFUSED;
	close(fd);
	return is_refused;
}

/* Anyone may connect: the policy decides what they get. */
static int make_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	err = bind(fd, (void *)&address, sizeof(address)) ? -errno : 0;
	if (err == -EADDRINUSE && is_stale(&address) && !unlink(path))
		err = bind(fd, (void *)&address, sizeof(address)) ? -errno : 0;
	if (!err && (chmod(path, 0666) || listen(fd, BACKLOG)))
		err = -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* A listening socket becomes ours; anything that is not a socket must be an instance. */
static bool take_over(int fd, const char *name)
{
	struct stat stat;

	if (fstat(fd, &stat) || !S_ISSOCK(stat.st_mode))
		return bfkd_instance_restore(fd, name);
	if (handed_fd < 0 && sd_is_socket(fd, AF_UNIX, SOCK_STREAM, 1) > 0 &&
	    !fcntl(fd, F_SETFL, O_NONBLOCK)) {
		handed_fd = fd;
		return true;
	}
	bfkd_log(3,
		 "systemd passes more than one socket, or one that is not a listening Unix stream socket");
	return false;
}

bool bfkd_take_over(void)
{
	char **names = NULL;
	int n = sd_listen_fds_with_names(1, &names), i;
	bool is_good = n >= 0;

	if (n < 0)
		bfkd_log(3, "cannot use the descriptors that systemd passes: %s", strerror(-n));
	for (i = 0; i < n && is_good; i++)
		is_good = take_over(SD_LISTEN_FDS_START + i, names[i]);
	for (i = 0; i < n; i++)
		free(names[i]);
	free(names);
	return is_good;
}

int bfkd_listen(void)
{
	int fd;

	if (handed_fd >= 0)
		return handed_fd;
	fd = make_socket(bfkd_settings.socket);
	is_ours = fd >= 0;
	if (fd < 0)
		bfkd_log(3, "%s: %s", bfkd_settings.socket, strerror(-fd));
	return fd < 0 ? -1 : fd;
}

void bfkd_unlisten(int fd)
{
	if (is_ours)
		unlink(bfkd_settings.socket);
	close(fd);
}
