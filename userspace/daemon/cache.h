/* SPDX-License-Identifier: GPL-2.0-only */
/* bfkd: the cache of compiled programs. */
#ifndef BFK_DAEMON_CACHE_H
#define BFK_DAEMON_CACHE_H

#include "bfkd.h"

/*
 * struct bfkd_compiled - the result of compiling a source, independent of the client and of policy
 * @err, @result: from bfk_compile()
 * @used: operations in the source, bit i: 'a' + i
 * @first_off: byte offset of the first occurrence of each
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
 * Sets client->compiled to the program of @client, from the cache or made with @compile; NULL: no
 * memory. False: another worker is compiling it, and the cache owns the client until
 * bfkd_job_resume(). Any thread.
 */
bool bfkd_cache_init(void);
bool bfkd_cache_get(struct bfkd_client *client, void (*compile)(struct bfkd_compiled *compiled));
void bfkd_cache_put(struct bfkd_compiled *compiled);
int bfkd_cache_describe(char *text, size_t room);

#endif
