// SPDX-License-Identifier: GPL-2.0-only
/*
 * bfkd: systemd's store of descriptors, which outlives this process.
 *
 * Interface: store.h
 * Invariants:
 * 1. An account has a store_id only after systemd was seen to hold the descriptor: whether an
 *    instance is gone is decided by counting references, so the count must be exact.
 * 2. A name contains everything an instance is charged, and no two are the same: removing a name
 *    removes all descriptors with it. systemd accepts 255 printable ASCII characters except a
 *    colon.
 * 3. Only workers wait for systemd. The main thread, which removes descriptors, waits only if
 *    systemd's message queue is full.
 */
#include "store.h"
#include "bfkd.h"
#include "log.h"
#include "references.h"
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include "bfk/limits.h"

#define STORE_US 1000000 /* time for systemd to take a descriptor */
#define NAME_ROOM 128	 /* bytes: any of our names, terminated */
#define MESSAGE_ROOM 512 /* bytes: a name and the request about it */
#define MEMORY_MAX_LEN (BFK_TAPE_CELLS + BFK_OPS_MAX * sizeof(struct bfk_op))

static _Atomic uint64_t next_id = 1;
static _Atomic unsigned int n_stored;
static unsigned int stored_max = UINT_MAX;
static atomic_bool is_reported;

/* Later versions of systemd report how many they keep, and close those beyond with some delay. */
void bfkd_store_init(void)
{
	const char *max = getenv("FDSTORE");

	if (max)
		stored_max = strtoul(max, NULL, 10);
}

/* Is there a service manager with a store? */
bool bfkd_store_is_there(void)
{
	return getenv("NOTIFY_SOCKET");
}

static void write_name(char name[NAME_ROOM], const struct bfkd_account *account)
{
	snprintf(name, NAME_ROOM,
		 "bfk1 uid=%" PRIu32 " text=%" PRIu32 " memory=%" PRIu64 " id=%" PRIu64,
		 (uint32_t)account->uid, account->text_len, account->memory_len, account->store_id);
}

/* The name is ours if it is exactly what we would write for its values. */
bool bfkd_store_restore(const char *name, struct bfkd_account *account)
{
	uint32_t uid = 0;
	char same[NAME_ROOM];

	*account = (struct bfkd_account){};
	sscanf(name, "bfk1 uid=%" SCNu32 " text=%" SCNu32 " memory=%" SCNu64 " id=%" SCNu64, &uid,
	       &account->text_len, &account->memory_len, &account->store_id);
	account->uid = uid;
	write_name(same, account);
	if (strcmp(name, same) || uid == UINT32_MAX || account->text_len > BFK_TEXT_LEN ||
	    account->memory_len > MEMORY_MAX_LEN || !account->store_id ||
	    account->store_id > INT64_MAX)
		return false;
	if (account->store_id >= next_id)
		next_id = account->store_id + 1;
	n_stored++;
	return true;
}

void bfkd_store_remove_name(const char *name)
{
	char message[MESSAGE_ROOM];

	snprintf(message, sizeof(message), "FDSTOREREMOVE=1\nFDNAME=%s", name);
	sd_notify(0, message);
}

void bfkd_store_remove(const struct bfkd_account *account)
{
	char name[NAME_ROOM];

	if (!account->store_id)
		return;
	write_name(name, account);
	bfkd_store_remove_name(name);
	n_stored--;
}

/* Sends the descriptor, and waits until systemd has or has not taken it. */
static bool is_taken(int fd, const char *name)
{
	char message[MESSAGE_ROOM];

	/* FDPOLL=0: EPOLLHUP from the device does not mean that the instance is gone. */
	snprintf(message, sizeof(message), "FDSTORE=1\nFDPOLL=0\nFDNAME=%s", name);
	return sd_pid_notify_with_fds(0, 0, message, &fd, 1) > 0 &&
	       sd_notify_barrier(0, STORE_US) > 0 && bfkd_references(fd) == 2;
}

/* Called before a client gets the descriptor, so all references are ours or systemd's. */
void bfkd_store_add(int fd, struct bfkd_account *account)
{
	char name[NAME_ROOM];

	if (!bfkd_store_is_there())
		return;
	account->store_id = next_id++;
	write_name(name, account);
	if (n_stored++ < stored_max && is_taken(fd, name))
		return;
	bfkd_store_remove(account); /* in case systemd takes it later */
	account->store_id = 0;
	if (!atomic_exchange(&is_reported, true))
		bfkd_log(4, "systemd does not keep an instance (see FileDescriptorStoreMax=): "
			    "a restart will forget that it is in use");
}
