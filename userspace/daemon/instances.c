// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd: instances in use by clients. Main thread only.
 *
 * Interface: instances.h
 * Invariants:
 * 1. bfkd holds each by its own descriptor, which no client can close, and systemd's store by
 *    another if it has a store_id. An instance without any other reference (forks, maps, messages
 *    in flight and io_uring count) is gone; only then is it closed here and no longer counted.
 * 2. Closing our descriptor closes nothing else: a stopped run has files, but it ends with the last
 *    descriptor of its process (uapi.h), and that is a reference other than ours.
 * 3. Promised instances count as if they were in use, until they are kept or broken.
 */
#include "instances.h"
#include "bfkd.h"
#include "log.h"
#include "options.h"
#include "references.h"
#include "store.h"
#include "users.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "userspace/engine/device.h"

/* Minimum time between scans of the whole table, and of the instances of a user with room for more. */
#define SCAN_EVERY_NS 100000000ull

struct instance {
	struct bfkd_user *user;
	struct bfkd_account account;
	int fd;
};

static struct instance *instances;
static unsigned int n_instances, n_promised, scan_ix, room;

bool bfkd_instances_init(void)
{
	room = bfkd_settings.instances_max;
	instances = calloc(room, sizeof(*instances));
	return instances;
}

unsigned int bfkd_instances_count(void)
{
	return n_instances;
}

/* Are our descriptor and that in systemd's store the only references? */
static bool is_gone(int fd, const struct bfkd_account *account)
{
	long n = bfkd_references(fd), n_ours = account->store_id ? 2 : 1;

	return n > 0 && n <= n_ours;
}

static void drop(struct instance *instance)
{
	struct bfkd_user *user = instance->user;

	close(instance->fd);
	bfkd_store_remove(&instance->account);
	bfkd_user_uncharge(user, &instance->account);
	user->n_instances--;
	*instance = instances[--n_instances];
	bfkd_user_put(user);
}

/*
 * Checks the next @n instances (only those of @user, unless it is NULL) and drops those that are
 * gone.
 */
void bfkd_instances_reap(const struct bfkd_user *user, unsigned int n)
{
	for (n = n < n_instances ? n : n_instances; n; n--) {
		if (scan_ix >= n_instances)
			scan_ix = 0;
		if ((user && instances[scan_ix].user != user) ||
		    !is_gone(instances[scan_ix].fd, &instances[scan_ix].account))
			scan_ix++;
		else
			drop(&instances[scan_ix]);
	}
}

static bool is_full(void)
{
	return n_instances + n_promised >= bfkd_settings.instances_max;
}

/*
 * Counts one more for @user, which has a client and so stays; false: too many are in use. Without @has_room, memory
 * and text that are charged to instances which are gone may be needed.
 */
bool bfkd_instance_promise(struct bfkd_user *user, unsigned int max, bool has_room)
{
	static uint64_t scanned_ns;
	uint64_t now_ns = bfkd_now_ns();

	if (user->n_instances >= max || !has_room || now_ns - user->scanned_ns > SCAN_EVERY_NS) {
		bfkd_instances_reap(user, n_instances);
		user->scanned_ns = now_ns;
	}
	if (is_full() && now_ns - scanned_ns > SCAN_EVERY_NS) {
		bfkd_instances_reap(NULL, n_instances);
		scanned_ns = now_ns;
	}
	if (user->n_instances >= max || is_full())
		return false;
	n_promised++;
	user->n_instances++;
	return true;
}

void bfkd_instance_break(struct bfkd_user *user)
{
	n_promised--;
	user->n_instances--;
}

/* Takes over the promised instance of @client, which it now has, and its charges. */
void bfkd_instance_keep(struct bfkd_client *client)
{
	n_promised--;
	instances[n_instances++] = (struct instance){ .user = client->user,
						      .fd = client->instance_fd,
						      .account = client->account };
	client->instance_fd = -1;
	client->account = (struct bfkd_account){ .uid = client->user->uid };
	client->is_promised = false;
}

static bool is_device(int fd)
{
	struct stat device, stat_of_fd;

	return !stat(BFK_DEVICE, &device) && !fstat(fd, &stat_of_fd) && S_ISCHR(device.st_mode) &&
	       S_ISCHR(stat_of_fd.st_mode) && device.st_rdev == stat_of_fd.st_rdev;
}

static bool is_known(uint64_t store_id)
{
	unsigned int i;

	for (i = 0; i < n_instances; i++)
		if (instances[i].account.store_id == store_id)
			return true;
	return false;
}

static bool add_restored(int fd, const struct bfkd_account *account)
{
	struct bfkd_user *user = bfkd_user_get(account->uid);
	struct instance *larger = instances;

	if (n_instances == room)
		larger = realloc(instances, (room + 1) * sizeof(*larger));
	if (!larger || !user)
		return false;
	instances = larger;
	room += n_instances == room;
	instances[n_instances++] = (struct instance){ .user = user, .fd = fd, .account = *account };
	user->n_instances++;
	bfkd_user_charge_anyway(user, account);
	return true;
}

/*
 * Refuses nothing: an instance in use counts, however many there are by now. A name or a file that
 * is not ours is not trusted, and systemd is asked to drop it.
 */
bool bfkd_instance_restore(int fd, const char *name)
{
	struct bfkd_account account;

	if (!is_device(fd) || !bfkd_store_restore(name, &account)) {
		bfkd_log(4,
			 "dropped the descriptor '%s' from systemd's store: not an instance of bfkd",
			 name);
		bfkd_store_remove_name(name);
		close(fd);
		return true;
	}
	if (is_known(account.store_id)) {
		bfkd_log(4, "dropped a second descriptor '%s' from systemd's store", name);
		close(fd);
		return true;
	}
	if (!bfkd_store_is_there())
		account.store_id = 0; /* the manager that passed it has no store */
	if (is_gone(fd, &account)) {
		bfkd_store_remove(&account);
		close(fd);
		return true;
	}
	return add_restored(fd, &account);
}
