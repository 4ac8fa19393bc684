// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The socket family over POSIX calls, with the errnos of syscall_ops/socket.c. bfk(7) documents
 * each operation.
 *
 * Interface: sysop_socket.h
 */
#define _GNU_SOURCE
#include "sysop_socket.h"
#include "slots.h"
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* Returns 0 for a socket of a family or protocol that the kernel's %a supports. */
static int check(int fd)
{
	int domain, protocol;
	socklen_t len = sizeof(int);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) ||
	    getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &len))
		return -errno;
	return domain == AF_UNIX || protocol == IPPROTO_TCP ? 0 : -EOPNOTSUPP;
}

int local_op_accept(struct local_call *call)
{
	int err = check(call->fd), fd, slot;

	if (err)
		return err;
	slot = local_slot_find_free(call->local);
	if (slot < 0)
		return slot;
	fd = accept4(call->fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = local_slot_set(call->local, slot, fd);
	if (!err)
		call->frame.arg = slot;
	return err;
}

int local_op_shutdown(struct local_call *call)
{
	return shutdown(call->fd, call->frame.arg) ? -errno : 0;
}
