// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The client of bfkd: gets an instance from it.
 *
 * Interface: libbfk.h
 * Invariants:
 * 1. bfkd sends one reply and at most one descriptor, which is closed on every error.
 */
#include "userspace/engine/engine.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "service.h"

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	do
		err = connect(fd, (void *)&address, sizeof(address)) ? -errno : 0;
	while (err == -EINTR);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* A closed connection is no error here: the reply may already be there and give the reason. */
static int send_all(int fd, const void *bytes, size_t len)
{
	ssize_t ret;

	for (; len; len -= ret, bytes = (const char *)bytes + ret) {
		do
			ret = send(fd, bytes, len, MSG_NOSIGNAL);
		while (ret < 0 && errno == EINTR);
		if (ret < 0)
			return errno == EPIPE || errno == ECONNRESET ? 0 : -errno;
	}
	return 0;
}

/* Receives some of the rest of the reply, and the descriptor if it comes with that. */
static ssize_t receive_some(int fd, struct iovec rest, int *instance_fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr message = { .msg_iov = &rest,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header;
	ssize_t ret;

	do
		ret = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return -errno;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS) {
		if (*instance_fd >= 0)
			close(*instance_fd);
		memcpy(instance_fd, CMSG_DATA(header), sizeof(int));
	}
	return ret;
}

static int receive_reply(int fd, struct service_reply *reply, int *instance_fd)
{
	size_t have_len = 0;
	ssize_t ret;

	while (have_len < sizeof(*reply)) {
		struct iovec rest = { (char *)reply + have_len, sizeof(*reply) - have_len };

		ret = receive_some(fd, rest, instance_fd);
		if (ret <= 0)
			return ret ? ret : -ECONNRESET;
		have_len += ret;
	}
	if (reply->magic != SERVICE_MAGIC || reply->version != SERVICE_VERSION)
		return -EPROTO;
	return !reply->err && *instance_fd < 0 ? -EPROTO : -(int)reply->err;
}

static int ask(int fd, const struct bfk_service *service, const void *source, size_t source_len,
	       struct service_reply *reply, int *instance_fd)
{
	struct service_request request = { .magic = SERVICE_MAGIC,
					   .version = SERVICE_VERSION,
					   .flags = service->flags,
					   .passes = service->passes,
					   .allowed = service->allowed,
					   .source_len = source_len,
					   .tape_len = service->tape_len };
	int err = send_all(fd, &request, sizeof(request));

	if (!err)
		err = send_all(fd, source, source_len);
	if (!err)
		err = send_all(fd, service->tape, service->tape_len);
	return err ? err : receive_reply(fd, reply, instance_fd);
}

/* A newer caller may use a field that this library does not know: refuse it, never ignore it. */
static bool has_reserved(const struct bfk_service *service)
{
	size_t i;

	for (i = 0; i < sizeof(service->reserved) / sizeof(*service->reserved); i++)
		if (service->reserved[i])
			return true;
	return false;
}

int bfk_open_service(struct bfk **bfk, struct bfk_service *service, const void *source,
		     size_t source_len, struct bfk_result *result)
{
	struct service_reply reply = {};
	int instance_fd = -1, err, fd;

	*bfk = NULL;
	*result = (struct bfk_result){};
	*service->message = 0;
	if (has_reserved(service))
		return -EINVAL;
	if (source_len > UINT32_MAX || service->tape_len > UINT32_MAX)
		return -E2BIG;
	fd = connect_to(service->socket ? service->socket : SERVICE_SOCKET);
	if (fd < 0)
		return fd;
	err = ask(fd, service, source, source_len, &reply, &instance_fd);
	close(fd);
	*result = (struct bfk_result){ .error = reply.error,
				       .error_off = reply.error_off,
				       .engine = reply.engine,
				       .n_ops = reply.n_ops,
				       .text_len = reply.text_len };
	memcpy(service->message, reply.message, sizeof(reply.message));
	service->message[sizeof(reply.message) - 1] = 0;
	if (!err)
		err = bfk_adopt(bfk, instance_fd);
	if (!err)
		(*bfk)->last = *result;
	if (err && instance_fd >= 0)
		close(instance_fd);
	return err;
}
