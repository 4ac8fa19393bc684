/* SPDX-License-Identifier: GPL-2.0-only */
/* Passing file descriptors (SCM_RIGHTS). */
#ifndef BFK_TESTS_PASS_H
#define BFK_TESTS_PASS_H

#include "dev.h"
#include <sys/socket.h>
#include <sys/uio.h>

/* A message of one byte, with room for a descriptor. */
struct pass {
	char byte;
	struct iovec iov;
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr head;
	} control;
	struct msghdr msg;
};

static inline void pass_init(struct pass *p)
{
	*p = (struct pass){ .iov = { &p->byte, 1 },
			    .control.head = { .cmsg_len = CMSG_LEN(sizeof(int)),
					      .cmsg_level = SOL_SOCKET,
					      .cmsg_type = SCM_RIGHTS },
			    .msg = { .msg_iov = &p->iov,
				     .msg_iovlen = 1,
				     .msg_control = &p->control,
				     .msg_controllen = sizeof(p->control) } };
}

/* Sends @fd, which is then in flight; false: it was not sent. @flags are those of sendmsg(2). */
static inline bool fd_send(int socket, int fd, int flags)
{
	struct pass p;

	pass_init(&p);
	memcpy(CMSG_DATA(&p.control.head), &fd, sizeof(fd));
	return sendmsg(socket, &p.msg, flags) == 1;
}

/*
 * Returns the next message's descriptor, owned by the caller; -1: there is none. @flags are those
 * of recvmsg(2).
 */
static inline int fd_receive(int socket, int flags)
{
	struct pass p;
	int fd;

	pass_init(&p);
	if (recvmsg(socket, &p.msg, flags | MSG_CMSG_CLOEXEC) != 1 || !p.msg.msg_controllen)
		return -1;
	memcpy(&fd, CMSG_DATA(&p.control.head), sizeof(fd));
	return fd;
}

#endif
