// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The client of bfkd: gets an instance from it.
 *
 * Interface: libbfk.h
 * Invariants:
 * 1. bfkd sends one reply and at most one descriptor, which is closed on every error.
 * 2. With a time limit, nothing waits beyond it: the socket is non-blocking, and only poll(2)
 *    waits.
 */
#include "userspace/engine/engine.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "service.h"
#include "userspace/engine/clock.h"

#define NS_PER_MS 1000000
#define RETRY_MS 20 /* between tries while the service's backlog is full: no event reports room */

/*
 * struct connection - a connection to the service
 * @fd: the socket
 * @end_ns: the deadline, in ns of CLOCK_MONOTONIC; 0: none
 */
struct connection {
	int fd;
	int64_t end_ns;
};

/*
 * Waits for @events, at most @max_ms unless that is negative. Returns 0; -ETIME after the deadline;
 * -errno.
 */
static int await(const struct connection *connection, short events, int max_ms)
{
	struct pollfd pollfd = { .fd = connection->fd, .events = events };
	int64_t rest_ms = max_ms;

	if (connection->end_ns) {
		/* Part of a millisecond counts as a whole one. */
		rest_ms =
			(connection->end_ns - (int64_t)bfk_clock_ns() + NS_PER_MS - 1) / NS_PER_MS;
		if (rest_ms <= 0)
			return -ETIME;
	}
	if (max_ms >= 0 && rest_ms > max_ms)
		rest_ms = max_ms;
	if (rest_ms > INT32_MAX)
		rest_ms = INT32_MAX;
	return poll(&pollfd, 1, rest_ms) < 0 && errno != EINTR ? -errno : 0;
}

/* After a call that failed with @err: returns 0 when it is to be tried again, or -errno. */
static int again(const struct connection *connection, short events, int err)
{
	if (err == EINTR)
		return 0;
	return err == EAGAIN ? await(connection, events, -1) : -err;
}

static int try_connect(const struct connection *connection, const struct sockaddr_un *address)
{
	const struct connection nothing = { .fd = -1, .end_ns = connection->end_ns };
	int err;

	for (;;) {
		if (!connect(connection->fd, (const void *)address, sizeof(*address)))
			return 0;
		if (errno != EINTR && errno != EAGAIN)
			return -errno;
		err = errno == EAGAIN ? await(&nothing, 0, RETRY_MS) : 0;
		if (err)
			return err;
	}
}

static int connect_to(struct connection *connection, const char *path, uint32_t timeout_ms)
{
	int type = SOCK_STREAM | SOCK_CLOEXEC | (timeout_ms ? SOCK_NONBLOCK : 0), err;
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	connection->end_ns =
		timeout_ms ? (int64_t)bfk_clock_ns() + (int64_t)timeout_ms * NS_PER_MS : 0;
	connection->fd = socket(AF_UNIX, type, 0);
	if (connection->fd < 0)
		return -errno;
	err = try_connect(connection, &address);
	if (err)
		close(connection->fd);
	return err;
}

/* A closed connection is no error here: the reply may already be there and give the reason. */
static int send_all(const struct connection *connection, const void *bytes, size_t len)
{
	ssize_t ret;
	int err;

	while (len) {
		ret = send(connection->fd, bytes, len, MSG_NOSIGNAL);
		if (ret >= 0) {
			len -= ret;
			bytes = (const char *)bytes + ret;
			continue;
		}
		if (errno == EPIPE || errno == ECONNRESET)
			return 0;
		err = again(connection, POLLOUT, errno);
		if (err)
			return err;
	}
	return 0;
}

/* Receives some of the rest of the reply, and the descriptor if it comes with that. */
static ssize_t receive_some(const struct connection *connection, struct iovec rest,
			    int *instance_fd)
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
	int err;

	for (;;) {
		ret = recvmsg(connection->fd, &message, MSG_CMSG_CLOEXEC);
		if (ret >= 0)
			break;
		err = again(connection, POLLIN, errno);
		if (err)
			return err;
	}
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_type == SCM_RIGHTS) {
		if (*instance_fd >= 0)
			close(*instance_fd);
		memcpy(instance_fd, CMSG_DATA(header), sizeof(int));
	}
	return ret;
}

static int receive_reply(const struct connection *connection, struct service_reply *reply,
			 int *instance_fd)
{
	size_t have_len = 0;
	ssize_t ret;

	while (have_len < sizeof(*reply)) {
		struct iovec rest = { (char *)reply + have_len, sizeof(*reply) - have_len };

		ret = receive_some(connection, rest, instance_fd);
		if (ret <= 0)
			return ret ? ret : -ECONNRESET;
		have_len += ret;
	}
	if (reply->magic != SERVICE_MAGIC || reply->version != SERVICE_VERSION)
		return -EPROTO;
	return !reply->err && *instance_fd < 0 ? -EPROTO : -(int)reply->err;
}

static int ask(const struct connection *connection, const struct bfk_service *service,
	       const void *source, size_t source_len, struct service_reply *reply, int *instance_fd)
{
	struct service_request request = { .magic = SERVICE_MAGIC,
					   .version = SERVICE_VERSION,
					   .flags = service->flags,
					   .passes = service->passes,
					   .allowed = service->allowed,
					   .source_len = source_len,
					   .tape_len = service->tape_len };
	int err = send_all(connection, &request, sizeof(request));

	if (!err)
		err = send_all(connection, source, source_len);
	if (!err)
		err = send_all(connection, service->tape, service->tape_len);
	return err ? err : receive_reply(connection, reply, instance_fd);
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
	struct connection connection;
	int instance_fd = -1, err;

	*bfk = NULL;
	*result = (struct bfk_result){};
	*service->message = 0;
	if (has_reserved(service))
		return -EINVAL;
	if (source_len > UINT32_MAX || service->tape_len > UINT32_MAX)
		return -E2BIG;
	err = connect_to(&connection, service->socket ? service->socket : SERVICE_SOCKET,
			 service->timeout_ms);
	if (err)
		return err;
	err = ask(&connection, service, source, source_len, &reply, &instance_fd);
	close(connection.fd);
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
