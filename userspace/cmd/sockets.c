// SPDX-License-Identifier: GPL-2.0-only
/* Sockets for slots: --listen and --connect. Interface: sockets.h */
#include "sockets.h"
#include "cli.h"
#include "say.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

static socklen_t address_len(const union address *address)
{
	switch (address->any.sa_family) {
	case AF_INET:
		return sizeof(address->in);
	case AF_INET6:
		return sizeof(address->in6);
	default:
		return sizeof(address->un);
	}
}

/* Takes numeric addresses only: a static program cannot use the resolver. */
static bool parse_host(union address *address, const char *host, uint16_t port)
{
	*address = (union address){ .in = { .sin_family = AF_INET, .sin_port = htons(port) } };
	if (!strcmp(host, "*"))
		return true; /* INADDR_ANY */
	if (inet_pton(AF_INET, strcmp(host, "localhost") ? host : "127.0.0.1",
		      &address->in.sin_addr) == 1)
		return true;
	*address = (union address){ .in6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) } };
	return inet_pton(AF_INET6, host, &address->in6.sin6_addr) == 1;
}

/* Parses "PORT", "HOST:PORT", "[HOST]:PORT", or a path, which has a '/' in it. */
static bool parse_where(union address *address, const char *where)
{
	const char *colon = strrchr(where, ':'), *port = colon ? colon + 1 : where;
	char host[INET6_ADDRSTRLEN + 2] = "localhost", *end;
	size_t len = colon ? colon - where : 0;
	unsigned long number;

	if (strchr(where, '/')) {
		*address = (union address){ .un = { .sun_family = AF_UNIX } };
		if (strlen(where) >= sizeof(address->un.sun_path))
			return false;
		strcpy(address->un.sun_path, where);
		return true;
	}
	number = strtoul(port, &end, 10);
	if (*port < '0' || *port > '9' || *end || number > UINT16_MAX || len >= sizeof(host))
		return false;
	if (colon) {
		bool has_brackets = len >= 2 && where[0] == '[' && where[len - 1] == ']';

		len -= 2 * has_brackets;
		memcpy(host, where + has_brackets, len);
		host[len] = 0;
	}
	return parse_host(address, host, number);
}

/* Prints the port that the kernel has chosen, which users cannot know otherwise. */
static void say_port(unsigned int slot, int fd)
{
	union address address;
	socklen_t len = sizeof(address);

	if (!getsockname(fd, &address.any, &len))
		cli_say("slot %u listens on port %u", slot, ntohs(address.in.sin_port));
}

static int do_listen(int fd, const union address *address)
{
	int one = 1;

	if (address->any.sa_family != AF_UNIX &&
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)))
		return -1;
	return bind(fd, &address->any, address_len(address)) ? -1 : listen(fd, SOMAXCONN);
}

static void say_failed(unsigned int slot, const char *where, bool is_listening, int err)
{
	cli_say("slot %u: cannot %s %s: %s", slot, is_listening ? "listen on" : "connect to", where,
		strerror(err));
	if (is_listening && err == EADDRINUSE && strchr(where, '/'))
		cli_hint("if nobody listens there any more, remove it");
}

/*
 * Opens a socket that listens on @where, or is connected to it, and sets @fd.
 * Returns CLI_OK, CLI_USAGE or CLI_FAILED.
 */
int cli_socket(const char *where, bool is_listening, unsigned int slot, int *fd)
{
	union address address;

	if (!parse_where(&address, where)) {
		cli_say("'%s' is not a place to %s", where,
			is_listening ? "listen on" : "connect to");
		cli_hint("PORT, ADDRESS:PORT, [ADDRESS]:PORT with a numeric ADDRESS, or the path "
			 "of a Unix socket with a '/' in it");
		return CLI_USAGE;
	}
	*fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*fd < 0 || (is_listening ? do_listen(*fd, &address) :
				       connect(*fd, &address.any, address_len(&address)))) {
		say_failed(slot, where, is_listening, errno);
		if (*fd >= 0)
			close(*fd);
		return CLI_FAILED;
	}
	if (is_listening && address.any.sa_family != AF_UNIX && !address.in.sin_port)
		say_port(slot, *fd);
	return CLI_OK;
}
