/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the client of bfkd share: its cases, and how one sends a request and reads the reply. */
#ifndef BFK_TESTS_CLIENT_H
#define BFK_TESTS_CLIENT_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "userspace/include/libbfk.h"
#include "userspace/lib/service.h"

/* Of the service's socket. */
extern const char *path;

static const char hello[] = "+++[>+++<-]>.";

#define HELLO_LEN (sizeof(hello) - 1)

/* The cases. N is what each of them counts. */
void served(int n);
void malformed(int n);
void truncated(int n);
void pieces(int n);
void slow(int n);
void fuzz(int n);
void refused(int n);
void vanish(int n);
void many(int n);
void flood(int n);
void idle(int n);
void sealed(int n);
void hidden(int n);
void untaken(int n);
void reused(int n);
void linger(int n);

static inline void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

static inline void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	exit(1);
}

static inline int dial(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, path);
	if (fd < 0 || connect(fd, (void *)&address, sizeof(address)))
		die("connect: %s", strerror(errno));
	return fd;
}

static inline struct service_request request(void)
{
	return (struct service_request){ .magic = SERVICE_MAGIC,
					 .version = SERVICE_VERSION,
					 .allowed = BFK_ALLOW_ALL,
					 .source_len = HELLO_LEN };
}

/* Returns the errno of the reply; 0 for an instance, its descriptor in *instance_fd; -1: no reply. */
static inline int receive(int fd, int *instance_fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct service_reply reply;
	struct iovec iovec = { &reply, sizeof(reply) };
	struct msghdr message = { .msg_iov = &iovec,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };

	*instance_fd = -1;
	if (recvmsg(fd, &message, MSG_WAITALL | MSG_CMSG_CLOEXEC) != sizeof(reply))
		return -1;
	if (CMSG_FIRSTHDR(&message))
		memcpy(instance_fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	if ((*instance_fd >= 0) != !reply.err)
		die("errno %u, and descriptor %d", reply.err, *instance_fd);
	return reply.err;
}

static inline void put(int fd, const void *bytes, size_t len)
{
	if (send(fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
		die("send: %s", strerror(errno));
}

/* Sends @from and a good source. Returns the errno of the reply. */
static inline int ask(struct service_request from, int *instance_fd)
{
	int fd = dial(), err;

	put(fd, &from, sizeof(from));
	send(fd, hello, HELLO_LEN, MSG_NOSIGNAL);
	err = receive(fd, instance_fd);
	close(fd);
	return err;
}

static inline void expect(const char *what, struct service_request from, int wanted)
{
	int instance_fd, err = ask(from, &instance_fd);

	close(instance_fd);
	if (err != wanted)
		die("%s: %s, expected %s", what, err < 0 ? "no reply" : strerror(err),
		    strerror(wanted));
}

#endif
