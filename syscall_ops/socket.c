// SPDX-License-Identifier: GPL-2.0-only
/*
 * The socket family. What each operation takes and gives is in bfk(7). A socket is received from
 * and sent to as any file (file.c); none is ever made but by accepting.
 */
#include "table.h"

/*
 * Waits for a connection. One that finds all slots in use is closed. Only these protocols make no
 * other socket for the kernel's own use, which outlives its network namespace, than for a user's.
 */
int bfk_op_accept(struct bfk_call *call)
{
	struct socket *sock = sock_from_file(call->file), *peer;
	int err = !sock ? -ENOTSOCK :
		  sock->sk->sk_family != AF_UNIX && sock->sk->sk_protocol != IPPROTO_TCP ?
			  -EOPNOTSUPP :
			  kernel_accept(sock, &peer, call->file->f_flags & O_NONBLOCK);

	return err ?: bfk_slot_add(call->run, 0, sock_alloc_file(peer, 0, NULL), &call->frame.arg);
}

int bfk_op_shutdown(struct bfk_call *call)
{
	struct socket *sock = sock_from_file(call->file);

	return sock ? kernel_sock_shutdown(sock, call->frame.arg) : -ENOTSOCK;
}
