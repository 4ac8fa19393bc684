/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bfkd, the compile service: the structs that its files share.
 *
 * Threads: only the main thread uses the sockets, users, clients and instances. A worker owns the
 * client whose job it does, until it hands it back. The cache has its own lock, and owns a client
 * that waits there for a program that another worker compiles.
 */
#ifndef BFK_DAEMON_BFKD_H
#define BFK_DAEMON_BFKD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "userspace/include/libbfk.h"
#include "userspace/lib/service.h"

/* The limits of one user: a rule of the policy. */
struct bfkd_limits {
	uint32_t allowed, source_max_len, tape_max_len, instances_max, text_max_len, memory_max_len;
	bool is_refused;
};

/*
 * struct bfkd_account - what an instance is charged
 * @uid: the user who is charged
 * @text_len, @memory_len: bytes of machine code and of memory
 * @store_id: its number in systemd's store of descriptors; 0: it is not stored
 */
struct bfkd_account {
	uint64_t store_id, memory_len;
	uint32_t text_len;
	uid_t uid;
};

/* The source of an epoll event: the event's data always points to one of these. */
enum bfkd_watch_kind {
	BFKD_WATCH_LISTENER,
	BFKD_WATCH_SIGNALS,
	BFKD_WATCH_DONE,
	BFKD_WATCH_CLIENT,
};

struct bfkd_watch {
	enum bfkd_watch_kind kind;
	struct bfkd_client *client; /* of BFKD_WATCH_CLIENT */
};

/*
 * struct bfkd_user - a user with clients or instances
 * @n_instances: instances in use, or promised to a client
 * @taken_len: bytes its clients have announced
 * @text_len, @memory_len: machine code and memory of its instances, including those being made
 * @scanned_ns: time of the last scan of its instances
 * @jobs, @jobs_end: its clients that wait for a worker, under the lock of jobs.c
 * @next_waiting: next user with such clients
 */
struct bfkd_user {
	uid_t uid;
	unsigned int n_clients, n_instances;
	size_t taken_len;
	_Atomic uint64_t text_len, memory_len;
	uint64_t scanned_ns;
	struct bfkd_client *jobs, *jobs_end;
	struct bfkd_user *next, *next_waiting;
};

/*
 * struct bfkd_client - a connection
 * @pid: the process that connected; 0: it is in another PID namespace
 * @watch: the target of its epoll events
 * @have_len: bytes read, of the request and of what follows it
 * @body: source and tape; NULL until the request is accepted
 * @is_promised: an instance and @taken_len are counted for it
 * @is_denied: policy or a quota refuses it, which is logged
 * @instance_fd: its instance, or -1
 * @account: what that instance is charged
 * @compiled: its program, or NULL; held until the client is destroyed
 * @is_read: it is still being read, and has a deadline
 * @prev, @next: order of deadlines while it has one; afterwards @next is the next job
 */
struct bfkd_client {
	int fd, instance_fd;
	pid_t pid;
	struct bfkd_watch watch;
	struct bfkd_user *user;
	struct bfkd_limits limits;
	struct bfkd_account account;
	struct bfkd_compiled *compiled;
	struct service_request request;
	struct service_reply reply;
	uint8_t *body;
	size_t have_len, taken_len;
	uint64_t deadline_ns;
	bool is_promised, is_read, is_denied;
	struct bfkd_client *prev, *next;
};

#endif
