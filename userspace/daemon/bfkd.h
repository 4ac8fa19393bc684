/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bfkd, the compile service, to its parts.
 *
 * Threads: only the main thread touches the sockets, users, clients and instances. A worker owns
 * the client whose job it does, until it hands it back. The cache has a lock of its own, and while
 * a client waits there for a program that another worker compiles, the cache owns it.
 */
#ifndef BFKD_H
#define BFKD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "userspace/include/libbfk.h"
#include "userspace/lib/service.h"

#define BFKD_DEVICE "/dev/bfk"
#define BFKD_GROUPS_MAX 65536 /* supplementary groups a process can have (NGROUPS_MAX) */

/* What one user may have: a rule of the policy. */
struct bfkd_limits {
	uint32_t allowed, source_max_len, tape_max_len, instances_max, text_max_len, memory_max_len;
	bool is_refused;
};

/* policy.c: who may what. A policy is read whole, or not at all, with a message. */
struct bfkd_policy;
struct bfkd_policy *bfkd_policy_read(const char *path);
void bfkd_policy_free(struct bfkd_policy *policy);
struct bfkd_limits bfkd_policy_find(const struct bfkd_policy *policy, uid_t uid, const gid_t *gids,
				    size_t n_gids);

/*
 * struct bfkd_settings - the command line
 * @timeout_ns: in which a client has to send all
 * @clients_max, @user_clients_max: connections at a time, in all and of one user
 * @instances_max: handed out and in use, in all
 * @memory_max_len: bytes of memory of these, in all
 * @cache_max_len: bytes of compiled programs that are kept
 */
struct bfkd_settings {
	const char *socket, *policy;
	uint64_t timeout_ns, memory_max_len, cache_max_len;
	unsigned int n_workers, clients_max, user_clients_max, instances_max;
	bool is_verbose, is_check;
};

extern struct bfkd_settings bfkd_settings;

/* options.c: reads the command line. Returns an exit status, or -1: go on. */
int bfkd_options(int argc, char **argv);

/*
 * struct bfkd_account - what an instance is counted as
 * @uid: who it is charged to
 * @text_len, @memory_len: bytes of machine code and of memory
 * @store_id: its number in systemd's store of descriptors; 0: it is not there
 */
struct bfkd_account {
	uint64_t store_id, memory_len;
	uint32_t text_len;
	uid_t uid;
};

/* What an epoll event is about: its data always points to one of these. */
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
 * @n_instances: handed out and in use, or promised to a client
 * @taken_len: bytes its clients have announced
 * @text_len, @memory_len: machine code and memory of its instances, and of those that are being made
 * @scanned_ns: when its instances were looked at last
 * @jobs, @jobs_end: its clients that wait for a worker, under the lock of jobs.c
 * @next_waiting: of the users that have such
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
 * @pid: the process that connected; 0: it is in another process namespace
 * @watch: what its epoll events point to
 * @have_len: bytes read, of the request and of what follows it
 * @body: source and tape; NULL until the request was found good
 * @is_promised: an instance and @taken_len are counted for it
 * @is_denied: policy or a quota refuses it, which is logged
 * @instance_fd: what it gets, or -1
 * @account: what is counted for that
 * @compiled: its program, or NULL; until the client is destroyed
 * @is_read: it is read from still, and has a deadline
 * @prev, @next: the order of deadlines while it does; afterwards @next is the next job
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

/* users.c */
struct bfkd_user *bfkd_user_get(uid_t uid);
void bfkd_user_put(struct bfkd_user *user);

/* The name of the account that @uid has; false: it has none. */
bool bfkd_user_name(uid_t uid, char *name, size_t room);

/* Counts what an instance takes, if there is that much left; any thread. */
bool bfkd_user_charge_text(struct bfkd_user *user, uint64_t len, uint64_t max_len);
bool bfkd_user_charge_memory(struct bfkd_user *user, uint64_t len, uint64_t max_len);
void bfkd_user_charge_anyway(struct bfkd_user *user, const struct bfkd_account *account);
void bfkd_user_uncharge(struct bfkd_user *user, const struct bfkd_account *account);

/* clients.c */
void bfkd_client_accept(int epoll_fd, int listen_fd, const struct bfkd_policy *policy);
void bfkd_client_read(int epoll_fd, struct bfkd_client *client);
void bfkd_client_finish(struct bfkd_client *client);
void bfkd_client_refuse(struct bfkd_client *client, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same because of policy or a quota, which is logged when the client is finished. Returns false. */
bool bfkd_client_deny(struct bfkd_client *client, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void bfkd_clients_expire(uint64_t now_ns);
void bfkd_clients_drop(void);
uint64_t bfkd_clients_deadline_ns(void);
unsigned int bfkd_clients_count(void);

/*
 * request.c: counts what the request of @client asks for, which bfkd_request_release() gives
 * back; false: it is refused.
 */
bool bfkd_request_accept(struct bfkd_client *client);
void bfkd_request_release(struct bfkd_client *client);

/* refusals.c: logs that @client was refused and @why, unless its user had many such lines. */
void bfkd_refusal_log(const struct bfkd_client *client, const char *why);

/* instances.c: those handed out, each by a descriptor of our own. */
bool bfkd_instances_init(void);
bool bfkd_instance_promise(struct bfkd_user *user, unsigned int max);
void bfkd_instance_break(struct bfkd_user *user);
void bfkd_instance_keep(struct bfkd_client *client);
void bfkd_instances_reap(const struct bfkd_user *user, unsigned int n);
unsigned int bfkd_instances_count(void);

/* Counts an instance again that systemd has kept as @name; false: no memory. @fd is consumed. */
bool bfkd_instance_restore(int fd, const char *name);

/* References to the open file; 0 if the kernel does not say. Any thread. */
long bfkd_instance_references(int fd);

/*
 * store.c: systemd keeps a descriptor of each instance, so that a restart does not forget it.
 * bfkd_store_add() waits for systemd, and sets the store_id of @account; 0: it keeps none. Any thread.
 */
void bfkd_store_init(void);
bool bfkd_store_is_there(void);
void bfkd_store_add(int fd, struct bfkd_account *account);
void bfkd_store_remove(const struct bfkd_account *account);
void bfkd_store_remove_name(const char *name);

/* Finds the account in the @name of a descriptor that systemd has kept; false: it is no name of ours. */
bool bfkd_store_restore(const char *name, struct bfkd_account *account);

/* jobs.c: the workers. Finished clients are counted by the eventfd. */
int bfkd_jobs_init(void);
void bfkd_job_add(struct bfkd_client *client);

/* Puts a job back that a worker has begun and that had to wait; it is the next of its user. */
void bfkd_job_resume(struct bfkd_client *client);
struct bfkd_client *bfkd_jobs_done(void);
unsigned int bfkd_jobs_count(void);
void bfkd_jobs_stop(void);

/*
 * compile.c, in a worker: from the source to an instance, or to why not. False: the client
 * waits for a program that another worker compiles, and bfkd_job_resume() puts it back then.
 */
bool bfkd_compile(struct bfkd_client *client);

/*
 * struct bfkd_compiled - what a source came to, whoever sent it: nothing in it is about policy
 * @err, @result: of bfk_compile()
 * @used: operations in the source, bit i: 'a' + i
 * @first_off: byte of the source where each of them is first
 * The rest belongs to cache.c.
 */
struct bfkd_compiled {
	int err;
	struct bfk_result result;
	struct bfk_op *ops;
	size_t n_ops;
	uint32_t used, first_off[26];

	uint8_t *source;
	size_t source_len, cached_len;
	uint32_t flags, passes;
	uint64_t hash;
	unsigned int n_users;
	bool is_ready, is_cached;
	struct bfkd_client *waiting;
	struct bfkd_compiled *newer, *older, *next;
};

/*
 * cache.c: sets client->compiled to the program of @client, from the cache or made with
 * @compile; NULL: no memory. False: another worker is making it, and the client is the cache's
 * until bfkd_job_resume(). Any thread.
 */
bool bfkd_cache_init(void);
bool bfkd_cache_get(struct bfkd_client *client, void (*compile)(struct bfkd_compiled *compiled));
void bfkd_cache_put(struct bfkd_compiled *compiled);
int bfkd_cache_describe(char *text, size_t room);

/* log.c: one line on standard error; with a priority in front if that is the journal. */
void bfkd_log(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint64_t bfkd_now_ns(void);

/*
 * listen.c: takes over what systemd hands over, a socket and instances it has kept; false with
 * a message. Then bfkd_listen() gives the listening socket, systemd's or our own; -1 with a message.
 */
bool bfkd_take_over(void);
int bfkd_listen(void);
void bfkd_unlisten(int fd);

/* What SIGUSR1 prints: replies with an instance, replies without, and clients that got none. */
struct bfkd_counters {
	uint64_t served, refused, dropped;
};

extern struct bfkd_counters bfkd_counters;

#endif
