// SPDX-License-Identifier: GPL-2.0-only
/* bfkd: users with clients or instances. Main thread only, except charges. Interface: users.h */
#include "users.h"
#include "bfkd.h"
#include "options.h"
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include "bfk/limits.h"

#define BUCKETS 256

#define PASSWD_ROOM 16384 /* bytes: maximum size of an account's strings */
#define OP_TEXT_LEN 32	  /* bytes of machine code of an op, about the most */

static struct bfkd_user *buckets[BUCKETS];
static _Atomic uint64_t all_memory_len;

/* Finds or makes the user; NULL: no memory. It stays while it has clients or instances. */
struct bfkd_user *bfkd_user_get(uid_t uid)
{
	struct bfkd_user **bucket = &buckets[uid % BUCKETS], *user;

	for (user = *bucket; user; user = user->next)
		if (user->uid == uid)
			return user;
	user = calloc(1, sizeof(*user));
	if (!user)
		return NULL;
	user->uid = uid;
	user->next = *bucket;
	*bucket = user;
	return user;
}

/* Frees a user without clients and instances. */
void bfkd_user_put(struct bfkd_user *user)
{
	struct bfkd_user **link = &buckets[user->uid % BUCKETS];

	if (user->n_clients || user->n_instances)
		return;
	while (*link != user)
		link = &(*link)->next;
	*link = user->next;
	free(user);
}

/* An account that cannot be looked up counts as none: the safe choice for the policy. */
bool bfkd_user_name(uid_t uid, char *name, size_t room)
{
	char strings[PASSWD_ROOM];
	struct passwd passwd, *found;

	if (getpwuid_r(uid, &passwd, strings, sizeof(strings), &found) || !found)
		return false;
	snprintf(name, room, "%s", passwd.pw_name);
	return true;
}

bool bfkd_user_has_room(const struct bfkd_user *user, const struct bfkd_limits *limits,
			uint64_t n_ops)
{
	uint64_t memory_len = BFK_TAPE_CELLS + n_ops * sizeof(struct bfk_op);

	return user->memory_len + memory_len <= limits->memory_max_len &&
	       user->text_len + n_ops * OP_TEXT_LEN <= limits->text_max_len;
}

/* Two callers that compete for the rest may both fail. */
static bool charge(_Atomic uint64_t *counter, uint64_t len, uint64_t max_len)
{
	if (atomic_fetch_add(counter, len) + len <= max_len)
		return true;
	atomic_fetch_sub(counter, len);
	return false;
}

bool bfkd_user_charge_text(struct bfkd_user *user, uint64_t len, uint64_t max_len)
{
	return charge(&user->text_len, len, max_len);
}

bool bfkd_user_charge_memory(struct bfkd_user *user, uint64_t len, uint64_t max_len)
{
	if (!charge(&all_memory_len, len, bfkd_settings.memory_max_len))
		return false;
	if (charge(&user->memory_len, len, max_len))
		return true;
	atomic_fetch_sub(&all_memory_len, len);
	return false;
}

/* Charges an instance even beyond the limit. */
void bfkd_user_charge_anyway(struct bfkd_user *user, const struct bfkd_account *account)
{
	atomic_fetch_add(&user->text_len, account->text_len);
	atomic_fetch_add(&user->memory_len, account->memory_len);
	atomic_fetch_add(&all_memory_len, account->memory_len);
}

void bfkd_user_uncharge(struct bfkd_user *user, const struct bfkd_account *account)
{
	atomic_fetch_sub(&user->text_len, account->text_len);
	atomic_fetch_sub(&user->memory_len, account->memory_len);
	atomic_fetch_sub(&all_memory_len, account->memory_len);
}
