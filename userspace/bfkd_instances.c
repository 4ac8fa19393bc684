// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd: the instances handed out. Main thread only.
 *
 * Interface: bfkd.h
 * Invariants:
 * 1. Each is held by a descriptor of ours, which no client can close. An instance that has no
 *    other reference (forks, maps, messages under way and io_uring count) is gone, and only then
 *    is it closed here and no longer counted.
 * 2. Closing ours closes nothing else: a stopped run has files, but it ends with the last descriptor
 *    of its process (uapi.h), and so with a reference that is not ours.
 * 3. What is promised counts as if it were handed out, until it is kept or broken.
 */
#include "bfkd.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCAN_EVERY_NS \
	100000000ull /* the whole table at most that often, one user's if it has room */

struct instance {
	struct bfkd_user *user;
	int fd;
	uint32_t text_len;
	uint64_t memory_len;
};

static struct instance *instances;
static unsigned int n_instances, n_promised, scan_ix;

bool bfkd_instances_init(void)
{
	instances = calloc(bfkd_settings.instances_max, sizeof(*instances));
	return instances;
}

unsigned int bfkd_instances_count(void)
{
	return n_instances;
}

/* References to the open file; 0 if the kernel does not say. */
static long references(int fd)
{
	char path[64], text[2048], *line;
	int info_fd;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	info_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (info_fd < 0)
		return 0;
	len = read(info_fd, text, sizeof(text) - 1);
	close(info_fd);
	text[len > 0 ? len : 0] = 0;
	line = strstr(text, "\nrefs:");
	return line ? strtol(line + strlen("\nrefs:"), NULL, 10) : 0;
}

static void drop(struct instance *instance)
{
	struct bfkd_user *user = instance->user;

	close(instance->fd);
	bfkd_user_uncharge(user, instance->text_len, instance->memory_len);
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
		    references(instances[scan_ix].fd) != 1)
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
						      .text_len = client->reply.text_len,
						      .memory_len = client->instance_len };
	client->instance_fd = -1;
	client->instance_len = 0;
	client->is_promised = false;
}
