// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd: its connections. Main thread only.
 *
 * Interface: clients.h
 * Invariants:
 * 1. Nothing waits for a client: it is read when it has sent something, a piece at a time, and must
 *    have sent everything by its deadline. The reply fits an empty socket buffer; a client that
 *    does not read its reply gets none.
 * 2. The identity and the limits of a client are known before any of its data is trusted.
 * 3. All clients have equally long deadlines, so the list of clients is in order of deadlines.
 */
#define _GNU_SOURCE
#include "clients.h"
#include "bfkd.h"
#include "cache.h"
#include "instances.h"
#include "jobs.h"
#include "log.h"
#include "options.h"
#include "policy.h"
#include "refusals.h"
#include "refuse.h"
#include "request.h"
#include "store.h"
#include "users.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define GROUPS_MAX 65536  /* supplementary groups a process can have (NGROUPS_MAX) */
#define READ_LEN 65536ul  /* bytes read from one client before others have their turn */
#define SHORTAGE_US 10000 /* delay if there is no descriptor or memory for a client */

static struct bfkd_client *first, *last;
static unsigned int n_clients;

struct bfkd_counters bfkd_counters;

unsigned int bfkd_clients_count(void)
{
	return n_clients;
}

/* The deadline of the next client; UINT64_MAX: there is none. */
uint64_t bfkd_clients_deadline_ns(void)
{
	return first ? first->deadline_ns : UINT64_MAX;
}

static void add(struct bfkd_client *client)
{
	client->prev = last;
	*(last ? &last->next : &first) = client;
	last = client;
	client->is_read = true;
}

static void stop_reading(struct bfkd_client *client)
{
	if (!client->is_read)
		return;
	*(client->next ? &client->next->prev : &last) = client->prev;
	*(client->prev ? &client->prev->next : &first) = client->next;
	client->is_read = false;
}

/* Ends a connection and releases everything counted for it. */
static void destroy(struct bfkd_client *client)
{
	struct bfkd_user *user = client->user;

	stop_reading(client);
	if (client->instance_fd >= 0)
		close(client->instance_fd);
	bfkd_store_remove(&client->account);
	bfkd_user_uncharge(user, &client->account);
	if (client->compiled)
		bfkd_cache_put(client->compiled);
	bfkd_request_release(client);
	user->n_clients--;
	n_clients--;
	bfkd_user_put(user);
	close(client->fd);
	free(client->body);
	free(client);
}

static bool send_reply(const struct bfkd_client *client)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS } };
	struct iovec reply = { (void *)&client->reply, sizeof(client->reply) };
	struct msghdr message = { .msg_iov = &reply, .msg_iovlen = 1 };

	if (client->instance_fd >= 0) {
		memcpy(CMSG_DATA(&control.header), &client->instance_fd, sizeof(int));
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	return sendmsg(client->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof(client->reply);
}

static const char *outcome(const struct bfkd_client *client, bool is_sent)
{
	if (!is_sent)
		return "gone";
	return client->reply.err ? client->reply.message : "served";
}

/* Sends the reply, and the instance if there is one, and ends the connection. */
void bfkd_client_finish(struct bfkd_client *client)
{
	const struct service_reply *reply = &client->reply;
	bool is_sent;

	client->reply.magic = SERVICE_MAGIC;
	client->reply.version = SERVICE_VERSION;
	is_sent = send_reply(client);
	if (client->is_denied)
		bfkd_refusal_log(client, reply->message);
	bfkd_counters.refused += is_sent && reply->err;
	bfkd_counters.served += is_sent && !reply->err;
	bfkd_counters.dropped += !is_sent;
	if (bfkd_settings.is_verbose)
		bfkd_log(7, "user %u: %u bytes: %s", client->user->uid, client->request.source_len,
			 outcome(client, is_sent));
	if (is_sent && client->instance_fd >= 0)
		bfkd_instance_keep(client);
	destroy(client);
}

/* The request is complete: allocates room for what follows it, or refuses the client. */
static bool begin_body(struct bfkd_client *client)
{
	struct service_request *request = &client->request;

	if (!bfkd_request_accept(client))
		return false;
	if (request->tape_len)
		request->passes &= ~BFK_PASS_ZEROED;
	client->body = malloc(client->taken_len + 1);
	if (!client->body)
		bfkd_client_refuse(client, ENOMEM, "the service is out of memory");
	return client->body;
}

/* Reads some of the missing bytes. Returns bytes, 0 at the end, or -errno. */
static ssize_t read_some(struct bfkd_client *client)
{
	size_t head_len = sizeof(client->request), all_len = head_len + client->taken_len, len;
	bool is_head = client->have_len < head_len;
	void *to = is_head ? (uint8_t *)&client->request + client->have_len :
			     client->body + client->have_len - head_len;
	ssize_t ret;

	len = (is_head ? head_len : all_len) - client->have_len;
	ret = recv(client->fd, to, len < READ_LEN ? len : READ_LEN, MSG_DONTWAIT);
	if (ret > 0)
		client->have_len += ret;
	return ret < 0 ? -errno : ret;
}

/* The client has sent something, or hung up. */
void bfkd_client_read(int epoll_fd, struct bfkd_client *client)
{
	ssize_t ret = read_some(client);

	if (ret == -EAGAIN || ret == -EINTR)
		return;
	if (ret <= 0) {
		bfkd_counters.dropped++;
		destroy(client);
		return;
	}
	if (client->have_len == sizeof(client->request) && !begin_body(client)) {
		bfkd_client_finish(client);
		return;
	}
	if (client->have_len < sizeof(client->request) + client->taken_len || !client->body)
		return;
	stop_reading(client);
	epoll_ctl(epoll_fd, EPOLL_CTL_DEL, client->fd, NULL);
	bfkd_job_add(client);
}

/* Looks up the peer's limits. False: it cannot be identified, or there is no memory. */
static bool identify(struct bfkd_client *client, const struct bfkd_policy *policy)
{
	static gid_t gids[GROUPS_MAX + 1];
	socklen_t len = GROUPS_MAX * sizeof(*gids), peer_len = sizeof(struct ucred);
	struct ucred peer;

	if (getsockopt(client->fd, SOL_SOCKET, SO_PEERCRED, &peer, &peer_len) ||
	    getsockopt(client->fd, SOL_SOCKET, SO_PEERGROUPS, gids, &len))
		return false;
	gids[len / sizeof(*gids)] = peer.gid;
	client->limits = bfkd_policy_find(policy, peer.uid, gids, len / sizeof(*gids) + 1);
	client->user = bfkd_user_get(peer.uid);
	client->pid = peer.pid;
	client->account.uid = peer.uid;
	return client->user;
}

/* Makes a client for a new connection; NULL: the connection is dropped. */
static struct bfkd_client *create(int fd, const struct bfkd_policy *policy)
{
	struct bfkd_client *client = calloc(1, sizeof(*client));

	if (!client)
		return NULL;
	client->fd = fd;
	client->instance_fd = -1;
	client->watch = (struct bfkd_watch){ .kind = BFKD_WATCH_CLIENT, .client = client };
	client->deadline_ns = bfkd_now_ns() + bfkd_settings.timeout_ns;
	if (identify(client, policy))
		return client;
	free(client);
	return NULL;
}

/* Accepts a pending connection, if there is one. */
void bfkd_client_accept(int epoll_fd, int listen_fd, const struct bfkd_policy *policy)
{
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct epoll_event event = { .events = EPOLLIN };
	struct bfkd_client *client;

	if (fd < 0) {
		if (errno != EAGAIN && errno != ECONNABORTED)
			usleep(SHORTAGE_US);
		return;
	}
	client = create(fd, policy);
	if (!client) {
		bfkd_counters.dropped++;
		close(fd);
		return;
	}
	n_clients++;
	client->user->n_clients++;
	add(client);
	event.data.ptr = &client->watch;
	if (client->limits.is_refused) /* at once: it must not hold a connection until its deadline */
		bfkd_client_deny(client, EACCES, "policy refuses this user");
	else if (client->user->n_clients > bfkd_settings.user_clients_max)
		bfkd_client_deny(client, EAGAIN, "this user already has %u connections",
				 bfkd_settings.user_clients_max);
	else if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event))
		bfkd_client_refuse(client, errno, "the service: %s", strerror(errno));
	if (client->reply.err)
		bfkd_client_finish(client);
}

/* Drops clients whose deadline has passed. */
void bfkd_clients_expire(uint64_t now_ns)
{
	while (first && first->deadline_ns <= now_ns) {
		bfkd_refusal_log(first, "not everything was sent in time");
		bfkd_counters.dropped++;
		destroy(first);
	}
}

/* Drops all clients that have not sent everything. */
void bfkd_clients_drop(void)
{
	while (first) {
		bfkd_counters.dropped++;
		destroy(first);
	}
}
