// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd: the instances handed out. Main thread only.
 *
 * Interface: instances.h
 * Invariants:
 * 1. Each is held by a descriptor of ours, which no client can close, and by one in systemd's store
 *    if it has a store_id. An instance that has no other reference (forks, maps, messages under way
 *    and io_uring count) is gone, and only then is it closed here and no longer counted.
 * 2. Closing ours closes nothing else: a stopped run has files, but it ends with the last descriptor
 *    of its process (uapi.h), and so with a reference that is not ours.
 * 3. What is promised counts as if it were handed out, until it is kept or broken.
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

/* The whole table is scanned at most that often, and the instances of a user that has room. */
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

/* Does nobody but us, and systemd's store, refer to it? */
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

/* Looks at the next @n instances, those of @user if it is not NULL, and drops the ones that are gone. */
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

/* Counts one more for @user, which has a client and so stays; false: too many in use. */
bool bfkd_instance_promise(struct bfkd_user *user, unsigned int max)
{
	static uint64_t scanned_ns;
	uint64_t now_ns = bfkd_now_ns();

	if (user->n_instances >= max || now_ns - user->scanned_ns > SCAN_EVERY_NS) {
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

/* Takes the instance of @client over, which was promised and is handed out, and what it is charged. */
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
 * Nothing is refused here: an instance in use counts, however many there may be by now. A name or a
 * file that is not ours is not believed, and systemd is asked to forget it.
 */
bool bfkd_instance_restore(int fd, const char *name)
{
	struct bfkd_account account;

	if (!is_device(fd) || !bfkd_store_restore(name, &account)) {
		bfkd_log(4, "dropped the descriptor '%s' from systemd's store: no instance of ours",
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
		account.store_id = 0; /* whoever handed it over has no store */
	if (is_gone(fd, &account)) {
		bfkd_store_remove(&account);
		close(fd);
		return true;
	}
	return add_restored(fd, &account);
}
