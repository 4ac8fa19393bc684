// SPDX-License-Identifier: GPL-2.0-only
/* bfkd: the socket people knock at. Interface: bfkd.h */
#include "bfkd.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define BACKLOG 1024

static bool is_ours; /* made here, and not by systemd */

/* A socket that nobody listens at is left from a service that was killed. */
static bool is_stale(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool is_refused;
	struct stat stat;

	if (lstat(address->sun_path, &stat) || !S_ISSOCK(stat.st_mode)) {
		close(fd);
		return false; /* connecting to any other file is refused, too */
	}
	is_refused = fd >= 0 && connect(fd, (const void *)address, sizeof(*address)) &&
		     errno == ECONNREFUSED;
	close(fd);
	return is_refused;
}

/* Anyone may connect: it is for the policy to say what they get. */
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

int bfkd_listen(void)
{
	int n = sd_listen_fds(1), fd;

	if (n > 0) {
		if (n == 1 && sd_is_socket(SD_LISTEN_FDS_START, AF_UNIX, SOCK_STREAM, 1) > 0 &&
		    !fcntl(SD_LISTEN_FDS_START, F_SETFL, O_NONBLOCK))
			return SD_LISTEN_FDS_START;
		bfkd_log(3, "what systemd handed over is not one listening Unix stream socket");
		return -1;
	}
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
