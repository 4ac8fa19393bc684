// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd: from a source to an instance, in a worker.
 *
 * Interface: compile.h
 * Invariants:
 * 1. Compiling and caching depend only on the source and on the way to compile it; the limits of
 *    this client are checked separately. LOAD checks them again.
 * 2. The source is checked before it is optimised: an operation that is not allowed is refused even
 *    in dead code.
 */
#include "compile.h"
#include "bfkd.h"
#include "cache.h"
#include "refuse.h"
#include "store.h"
#include "users.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "bfk/limits.h"
#include "userspace/engine/device.h"

static void note_operations(struct bfkd_compiled *compiled)
{
	size_t i;

	for (i = 0; i < compiled->n_ops; i++) {
		const struct bfk_op *op = &compiled->ops[i];
		uint32_t letter_ix = op->val - 'a';

		if (op->kind != BFK_OP_SYS || compiled->used >> letter_ix & 1)
			continue;
		compiled->used |= 1u << letter_ix;
		compiled->first_off[letter_ix] = op->source_off;
	}
}

/* bfk_compile() allocates as many ops as the source has bytes, which the cache does not count. */
static void shrink(struct bfkd_compiled *compiled)
{
	size_t len = compiled->n_ops * sizeof(*compiled->ops);
	struct bfk_op *smaller = compiled->err || !len ? NULL : realloc(compiled->ops, len);

	if (smaller)
		compiled->ops = smaller;
}

/* Compiles once to find the operations it uses, and once to optimise. */
static void compile(struct bfkd_compiled *compiled)
{
	uint32_t passes[] = { 0, compiled->passes };
	size_t i, n = compiled->passes ? 2 : 1;

	for (i = 0; i < n && !compiled->err; i++) {
		free(compiled->ops);
		compiled->err = bfk_compile(compiled->source, compiled->source_len, compiled->flags,
					    BFK_ALLOW_ALL, passes[i], &compiled->ops,
					    &compiled->n_ops, &compiled->result);
		if (!i)
			note_operations(compiled);
	}
	shrink(compiled);
}

/* Sets the error at @off of the source, and its LINE:COL. */
static void refuse_at(struct bfkd_client *client, uint32_t error, uint32_t off, int err,
		      const char *why)
{
	const uint8_t *source = client->body;
	size_t i, end = off < client->request.source_len ? off : client->request.source_len;
	uint32_t line = 1, col = 1;

	for (i = 0; i < end; i++) {
		col = source[i] == '\n' ? 1 : col + 1;
		line += source[i] == '\n';
	}
	client->reply.error = error;
	client->reply.error_off = off;
	client->reply.line = line;
	client->reply.col = col;
	bfkd_client_refuse(client, -err, "%u:%u: %s", line, col, why);
}

/* Reports the first operation that is denied. */
static void refuse_operation(struct bfkd_client *client, const struct bfkd_compiled *compiled,
			     uint32_t denied)
{
	uint32_t off = UINT32_MAX;
	char why[] = "operation %? is not allowed";
	int i;

	for (i = 0; i < 26; i++) {
		if (!(denied >> i & 1) || compiled->first_off[i] > off)
			continue;
		off = compiled->first_off[i];
		why[sizeof("operation %") - 1] = 'a' + i;
	}
	client->is_denied = denied &
			    ~client->limits.allowed; /* otherwise the client itself denies it */
	refuse_at(client, BFK_ERROR_DENIED_OP, off, -EACCES, why);
}

/* Returns a descriptor of an instance with the program, or -errno. */
static int load(struct bfkd_client *client, const struct bfkd_compiled *compiled, uint32_t flags)
{
	struct bfk_load_args args = {
		.source = (uintptr_t)compiled->ops,
		.source_len = compiled->n_ops * sizeof(*compiled->ops),
		.flags = (flags & ~BFK_LOAD_PLAIN) | BFK_LOAD_OPS | BFK_LOAD_SEAL,
		.tape = (uintptr_t)(client->body + client->request.source_len),
		.tape_len = client->request.tape_len,
		.allowed = client->request.allowed & client->limits.allowed,
		.ops_version = BFK_OPS_VERSION,
	};
	int fd = open(BFK_DEVICE, O_RDWR | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = ioctl(fd, BFK_LOAD, &args) ? -errno : 0;
	client->reply.engine = args.engine;
	client->reply.n_ops = args.n_ops;
	client->reply.text_len = args.text_len;
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* Charges the memory that the kernel keeps for the instance: ops and tape. */
static bool charge_memory(struct bfkd_client *client, const struct bfkd_compiled *compiled)
{
	uint64_t len = BFK_TAPE_CELLS + compiled->n_ops * sizeof(*compiled->ops);

	if (!bfkd_user_charge_memory(client->user, len, client->limits.memory_max_len))
		return false;
	client->account.memory_len = len;
	return true;
}

/* Beyond the user's share of machine code, the program is interpreted. */
static int load_within_share(struct bfkd_client *client, const struct bfkd_compiled *compiled)
{
	uint32_t flags = client->request.flags;
	int fd = load(client, compiled, flags);

	if (fd < 0)
		return fd;
	if (bfkd_user_charge_text(client->user, client->reply.text_len,
				  client->limits.text_max_len)) {
		client->account.text_len = client->reply.text_len;
		return fd;
	}
	close(fd);
	return load(client, compiled, flags | BFK_LOAD_INTERP);
}

static void make_instance(struct bfkd_client *client, const struct bfkd_compiled *compiled)
{
	int fd;

	if (!charge_memory(client, compiled)) {
		bfkd_client_deny(client, EDQUOT, "the programs in use have too much memory");
		return;
	}
	fd = load_within_share(client, compiled);
	if (fd >= 0) {
		client->instance_fd = fd;
		bfkd_store_add(fd, &client->account);
	} else if (fd == -ENOENT || fd == -ENXIO || fd == -ENODEV) {
		bfkd_client_refuse(client, ENODEV, "the service has no " BFK_DEVICE);
	} else {
		bfkd_client_refuse(client, -fd, "the service cannot load it: %s", strerror(-fd));
	}
}

bool bfkd_compile(struct bfkd_client *client)
{
	const struct service_request *request = &client->request;
	const struct bfkd_compiled *compiled;
	uint32_t denied;

	if (!bfkd_cache_get(client, compile))
		return false;
	compiled = client->compiled;
	if (!compiled) {
		bfkd_client_refuse(client, ENOMEM, "the service is out of memory");
		return true;
	}
	denied = compiled->used & ~(request->allowed & client->limits.allowed);
	if (compiled->err && compiled->result.error)
		refuse_at(client, compiled->result.error, compiled->result.error_off, compiled->err,
			  bfk_error_name(compiled->result.error));
	else if (compiled->err)
		bfkd_client_refuse(client, -compiled->err, "the service cannot compile it: %s",
				   strerror(-compiled->err));
	else if (denied)
		refuse_operation(client, compiled, denied);
	else
		make_instance(client, compiled);
	return true;
}
