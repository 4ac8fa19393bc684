// SPDX-License-Identifier: GPL-2.0-only
/*
 * The socket family. bfk(7) says what each operation takes and gives. A socket is received from
 * and sent to as any file (file.c); none is ever made but by accepting.
 */
#include <net/sock.h>
#include "bfk/run.h"

/*
 * Waits for a connection. While no slot is free none is taken, as accept(2) does it. The socket
 * is made as one of the kernel's own, and of other protocols than these such a socket does not hold
 * its network namespace.
 */
int bfk_op_accept(struct bfk_call *call)
{
	struct socket *sock = sock_from_file(call->file), *peer;
	int slot, err;

	if (!sock)
		return -ENOTSOCK;
	if (sock->sk->sk_family != AF_UNIX && !sk_is_tcp(sock->sk))
		return -EOPNOTSUPP;
	slot = bfk_slot_find_free(call->run);
	if (slot < 0)
		return slot;
	err = kernel_accept(sock, &peer, call->file->f_flags & O_NONBLOCK) ?:
		      bfk_slot_set(call->run, slot, sock_alloc_file(peer, 0, NULL));
	if (!err)
		call->frame.arg = slot;
	return err;
}

int bfk_op_shutdown(struct bfk_call *call)
{
	struct socket *sock = sock_from_file(call->file);

	return sock ? kernel_sock_shutdown(sock, call->frame.arg) : -ENOTSOCK;
}
