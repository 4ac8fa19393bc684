/* SPDX-License-Identifier: GPL-2.0-only */
/* For drivers of the operations of servers: an instance, listening sockets and their clients. */
#ifndef BFK_TESTS_SERVER_H
#define BFK_TESTS_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>
#include "dev.h"

#define SLOTS 64
#define NAP 0.3 /* seconds; duration of waits that end by themselves */
#define NAP_NS 300000000ull

static struct dev dev;

/* The kernel chooses the address; *len bytes of @address are the place to connect to. */
static inline int listener(int family, int type, struct sockaddr_storage *address, socklen_t *len)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	CHECK(fd >= 0);
	*len = sizeof(*address);
	if (family == AF_INET)
		EQUAL(bind(fd, (void *)&in, sizeof(in)), 0);
	else if (family == AF_INET6)
		EQUAL(bind(fd, (void *)&in6, sizeof(in6)), 0);
	else
		EQUAL(bind(fd, (void *)&un, sizeof(un.sun_family)), 0);
	EQUAL(listen(fd, 100), 0);
	EQUAL(getsockname(fd, (void *)address, len), 0);
	return fd;
}

static inline int client(const struct sockaddr_storage *address, socklen_t len, int type)
{
	int fd = socket(address->ss_family, type | SOCK_CLOEXEC, 0);

	CHECK(fd >= 0);
	EQUAL(connect(fd, (void *)address, len), 0);
	return fd;
}

static inline int connect_to(int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);

	EQUAL(getsockname(fd, (void *)&address, &len), 0);
	return client(&address, len, SOCK_STREAM);
}

/* A listening Unix socket, and one that is connected to it, as most cases need. */
static inline int pair_listener(int *peer)
{
	struct sockaddr_storage address;
	socklen_t len;
	int fd = listener(AF_UNIX, SOCK_STREAM, &address, &len);

	if (peer)
		*peer = client(&address, len, SOCK_STREAM);
	return fd;
}

/* Does %e on @n pairs of @slots; the results are in dev.tape after the frame. */
static inline struct frame events(const uint8_t *slots, int n, struct frame frame, const int *fds,
				  uint32_t n_fds)
{
	uint8_t pairs[2 * SLOTS] = {};
	int i;

	for (i = 0; i < n; i++) {
		pairs[2 * i] = slots[i];
		pairs[2 * i + 1] = 0xaa; /* ignored by %e */
	}
	frame.len = 2 * n;
	return op(&dev, 'e', frame, pairs, 2 * n, fds, n_fds);
}

static inline uint8_t revents(int ix)
{
	return dev.tape[16 + 2 * ix + 1];
}

#endif
