// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd: checks requests, and a client's right to make them. Main thread only.
 *
 * Interface: request.h
 * Invariants:
 * 1. Each length is checked before memory is allocated for it.
 * 2. A refusal by policy or a quota is marked as denied, and so is logged.
 */
#include "request.h"
#include "bfkd.h"
#include "instances.h"
#include "refuse.h"
#include "users.h"
#include <errno.h>

#define TAKEN_MAX_LEN (128ul << 20)	/* bytes announced by all clients */
#define USER_TAKEN_MAX_LEN (32ul << 20) /* bytes announced by those of one user */
#define REQUEST_FLAGS (BFK_LOAD_PLAIN | BFK_LOAD_INTERP | BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP)
#define REQUEST_PASSES (BFK_LEVEL_2 | BFK_PASS_ZEROED)

static size_t taken_len;

/* Checks everything that does not depend on policy. */
static bool is_well_formed(struct bfkd_client *client)
{
	const struct service_request *request = &client->request;
	uint32_t both = BFK_LOAD_EOF_255 | BFK_LOAD_EOF_KEEP;

	if (request->magic != SERVICE_MAGIC || request->version != SERVICE_VERSION) {
		bfkd_client_refuse(client, EPROTO, "this service speaks version %d",
				   SERVICE_VERSION);
		return false;
	}
	if (request->flags & ~REQUEST_FLAGS || (request->flags & both) == both ||
	    request->passes & ~REQUEST_PASSES || request->allowed & ~BFK_ALLOW_ALL ||
	    request->reserved) {
		bfkd_client_refuse(client, EINVAL, "unknown flags, passes or operations");
		return false;
	}
	return true;
}

/* Counts @len bytes that the client will send, if the limits allow them. */
static bool take(struct bfkd_client *client, size_t len)
{
	if (taken_len + len > TAKEN_MAX_LEN || client->user->taken_len + len > USER_TAKEN_MAX_LEN)
		return false;
	client->taken_len = len;
	client->user->taken_len += len;
	taken_len += len;
	return true;
}

/* Releases what is_permitted() has counted. */
void bfkd_request_release(struct bfkd_client *client)
{
	if (client->is_promised)
		bfkd_instance_break(client->user);
	client->user->taken_len -= client->taken_len;
	taken_len -= client->taken_len;
}

static bool is_permitted(struct bfkd_client *client)
{
	const struct service_request *request = &client->request;
	const struct bfkd_limits *limits = &client->limits;
	bool has_room;

	if (request->source_len > limits->source_max_len)
		return bfkd_client_deny(client, E2BIG, "the source may have %u bytes, not %u",
					limits->source_max_len, request->source_len);
	if (request->tape_len > limits->tape_max_len)
		return bfkd_client_deny(client, E2BIG, "the tape may have %u cells, not %u",
					limits->tape_max_len, request->tape_len);
	if (!take(client, (size_t)request->source_len + request->tape_len))
		return bfkd_client_deny(client, EAGAIN, "too much data is being sent");
	has_room = bfkd_user_has_room(client->user, limits, (uint64_t)request->source_len + 1);
	client->is_promised = bfkd_instance_promise(client->user, limits->instances_max, has_room);
	if (!client->is_promised)
		return bfkd_client_deny(client, EDQUOT, "too many instances are in use (%u of %u)",
					client->user->n_instances, limits->instances_max);
	return true;
}

/* Counts what the request asks for, or refuses it. */
bool bfkd_request_accept(struct bfkd_client *client)
{
	return is_well_formed(client) && is_permitted(client);
}
